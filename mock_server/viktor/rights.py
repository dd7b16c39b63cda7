"""Who may do what on VIKTOR: the words of the contract's permissions. Source: SOURCES.md, Authentication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.mock_server.engine.call import Access, Call
from apitwin.mock_server.engine.extension import Permission
from apitwin.mock_server.engine.refusal import refusal
from apitwin.mock_server.world.conditions import Meets
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records

ADMIN, EXTERNAL, APP = "organisation-admin", "external", "app"
"""The roles of a token."""


def caller(access: Access) -> int | None:
    """Return the number of the user who asks, None for a token of nobody."""
    user = access.token.user if access.token is not None else None
    return int(user) if user is not None and user.isdigit() else None


def has_role(access: Access, role: str) -> bool:
    """Return whether the token of a call has a role."""
    return access.token is not None and role in access.token.roles


def workspace(access: Access) -> Record | None:
    """Return the workspace that the path names, None where there is no such one or the path names none."""
    own = access.path.get("id") if "/workspaces/{id}/" in access.operation.path else None
    identity = access.path.get("workspace_id") or own
    return None if identity is None else access.world.tables["workspaces"].get(identity)


def known_workspace(call: Call, unknown: str = "forbidden") -> Record:
    """Return the workspace that the path names. Raises Refusal with the error `unknown` where there is no such one."""
    record = workspace(call)
    if record is None:
        raise refusal(call, unknown)
    return record


def may_enter(access: Access, values: Mapping[str, Any]) -> bool:
    """Return whether the caller has access to a workspace: by an invitation, as an admin, or because all have it."""
    if has_role(access, ADMIN):
        return True
    if values.get("visibility") == "INTERNAL":
        return not has_role(access, EXTERNAL)
    return caller(access) in (*values.get("members", ()), *values.get("admins", ()))


def visible(access: Access, records: Records) -> Records:
    """The workspaces that the caller may enter or that are public."""
    if has_role(access, ADMIN):
        return records
    who = (caller(access), has_role(access, EXTERNAL))
    return records.where(Meets(("visible", *who), lambda values: _is_public(values) or may_enter(access, values)))


def _is_public(values: Mapping[str, Any]) -> bool:
    return bool(values.get("visibility") == "PUBLIC")


def _workspace(access: Access) -> bool:
    record = workspace(access)  # one that is not there is for the behaviour to refuse
    return record is None or may_enter(access, record.values)


def _workspace_or_public(access: Access) -> bool:
    record = workspace(access)
    return record is None or _is_public(record.values) or may_enter(access, record.values)


def _workspace_admin(access: Access) -> bool:
    record = workspace(access)
    return record is None or has_role(access, ADMIN) or caller(access) in record.values.get("admins", ())


def app_type(values: Mapping[str, Any]) -> str:
    """Return the type of a workspace's app: tree, simple or editor; tree where it has none (assumed)."""
    version = values.get("app_version") or {}
    return str(version.get("app_type", "tree"))


def _is_tree(access: Access) -> bool:
    record = workspace(access)
    return record is None or app_type(record.values) == "tree"


def _is_no_editor(access: Access) -> bool:
    record = workspace(access)
    return record is None or app_type(record.values) != "editor"


def _owns_job(access: Access) -> bool:
    job = access.world.tables["jobs"].get(access.path["id"])
    return job is None or job.values["owner"] == caller(access)


PERMISSIONS: Mapping[str, Permission] = {
    "workspace": _workspace,
    "workspace-or-public": _workspace_or_public,
    "workspace-admin": _workspace_admin,
    "not-app": lambda access: not has_role(access, APP),
    "tree": _is_tree,
    "not-editor": _is_no_editor,
    "job-owner": _owns_job,
}
"""What each word of a `permission` asks, besides the roles of tokens, which are words themselves."""
