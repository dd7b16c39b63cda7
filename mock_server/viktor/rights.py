"""Who may do what on VIKTOR: the words of the contract's permissions. Source: SOURCES.md, Authentication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.extension import Permission
from apitwin.mock_server.world.table import Record

ADMIN, EXTERNAL, APP = "organisation-admin", "external", "app"
"""The roles of a token."""


def caller(call: Call) -> int | None:
    """Return the number of the user who asks, None for a token of nobody."""
    user = call.token.user if call.token is not None else None
    return int(user) if user is not None and user.isdigit() else None


def has_role(call: Call, role: str) -> bool:
    """Return whether the token of a call has a role."""
    return call.token is not None and role in call.token.roles


def workspace(call: Call) -> Record | None:
    """Return the workspace that the path names, None where there is no such one or the path names none."""
    identity = call.path.get("workspace_id") or (call.path.get("id") if "/workspaces/{id}/" in _path(call) else None)
    return None if identity is None else call.world.tables["workspaces"].get(identity)


def _path(call: Call) -> str:
    return call.operation.path


def may_enter(call: Call, values: Mapping[str, Any]) -> bool:
    """Return whether the caller has access to a workspace: by an invitation, as an admin, or because all have it."""
    if has_role(call, ADMIN):
        return True
    if values.get("visibility") == "INTERNAL":
        return not has_role(call, EXTERNAL)
    return caller(call) in (*values.get("members", ()), *values.get("admins", ()))


def visible(call: Call, records: Sequence[Record]) -> Sequence[Record]:
    """The workspaces that the caller may enter or that are public."""
    return [one for one in records if one.values.get("visibility") == "PUBLIC" or may_enter(call, one.values)]


def _workspace(call: Call) -> bool:
    found = workspace(call)  # one that is not there is for the behaviour to refuse
    return found is None or may_enter(call, found.values)


def _workspace_or_public(call: Call) -> bool:
    found = workspace(call)
    return found is None or found.values.get("visibility") == "PUBLIC" or may_enter(call, found.values)


def _workspace_admin(call: Call) -> bool:
    found = workspace(call)
    return found is None or has_role(call, ADMIN) or caller(call) in found.values.get("admins", ())


def app_type(values: Mapping[str, Any]) -> str:
    """Return the type of a workspace's app: tree, simple or editor; tree where it has none (assumed)."""
    version = values.get("app_version") or {}
    return str(version.get("app_type", "tree"))


def _is_tree(call: Call) -> bool:
    found = workspace(call)
    return found is None or app_type(found.values) == "tree"


def _is_no_editor(call: Call) -> bool:
    found = workspace(call)
    return found is None or app_type(found.values) != "editor"


def _owns_job(call: Call) -> bool:
    job = call.world.tables["jobs"].get(call.path["id"])
    return job is None or job.values["owner"] == caller(call)


PERMISSIONS: Mapping[str, Permission] = {
    "workspace": _workspace,
    "workspace-or-public": _workspace_or_public,
    "workspace-admin": _workspace_admin,
    "not-app": lambda call: not has_role(call, APP),
    "tree": _is_tree,
    "not-editor": _is_no_editor,
    "job-owner": _owns_job,
}
"""What each word of a `permission` asks, besides the roles of tokens, which are words themselves."""
