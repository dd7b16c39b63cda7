"""What is known of VIKTOR's API, in tables, for the tests of its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from apitwin.contracts import load, pointers
from apitwin.contracts.explaining import FORMATS

CONTRACT = load("viktor")
FOLDER = CONTRACT.path.parent
SCHEMAS = sorted((FOLDER / "schemas").glob("*.json"))
SEED = yaml.safe_load((FOLDER / "world.yaml").read_text(encoding="utf-8"))

W = "/api/workspaces/{workspace_id}"
E = f"{W}/entities"
OPERATIONS: Mapping[tuple[str, str], tuple[str, bool]] = {
    ("GET", "/api/workspaces/"): ("workspaces_list", True),
    ("GET", "/api/workspaces/{id}/"): ("workspaces_read", True),
    ("GET", "/api/workspaces/{id}/settings/"): ("workspaces_app_version_settings", True),
    ("GET", "/api/workspaces/{id}/assets/"): ("workspaces_assets", True),
    ("GET", "/api/workspaces/{id}/statistics/"): ("workspaces_statistics", True),
    ("GET", f"{W}/users/"): ("workspaces_users_list", True),
    ("GET", f"{W}/groups/"): ("workspaces_groups_list", True),
    ("GET", f"{W}/entity_types/"): ("workspaces_entity_types_list", True),
    ("GET", f"{W}/entity_types/{{id}}/"): ("workspaces_entity_types_read", True),
    ("GET", f"{W}/entity_types/{{id}}/entity_types/"): ("workspaces_entity_types_entity_types", True),
    ("GET", f"{W}/entity_types/{{id}}/entities/"): ("workspaces_entity_types_entities_read", True),
    ("POST", f"{W}/entity_types/{{id}}/upload/"): ("workspaces_entity_types_upload", True),
    ("GET", f"{E}/"): ("workspaces_entities_list", True),
    ("POST", f"{E}/"): ("workspaces_entities_create", True),
    ("GET", f"{E}/{{id}}/"): ("workspaces_entities_read", True),
    ("PUT", f"{E}/{{id}}/"): ("workspaces_entities_update", True),
    ("PATCH", f"{E}/{{id}}/"): ("workspaces_entities_partial_update", False),
    ("DELETE", f"{E}/{{id}}/"): ("workspaces_entities_delete", False),
    ("POST", f"{E}/{{id}}/rename/"): ("workspaces_entities_rename", False),
    ("GET", f"{E}/{{id}}/entities/"): ("workspaces_entities_entities_read", True),
    ("POST", f"{E}/{{id}}/entities/"): ("workspaces_entities_entities_create", True),
    ("GET", f"{E}/{{id}}/parent/"): ("workspaces_entities_parent", True),
    ("GET", f"{E}/{{id}}/parents/"): ("workspaces_entities_parents", False),
    ("GET", f"{E}/{{id}}/siblings/"): ("workspaces_entities_siblings", True),
    ("GET", f"{E}/{{id}}/revisions/"): ("workspaces_entities_revisions", False),
    ("GET", f"{E}/{{id}}/download/"): ("workspaces_entities_download", True),
    ("POST", f"{E}/{{id}}/session/"): ("workspaces_entities_session", True),
    ("POST", f"{E}/{{id}}/parametrization/"): ("workspaces_entities_parametrization", True),
    ("POST", f"{E}/{{id}}/jobs/"): ("workspaces_entities_jobs", True),
    ("POST", f"{W}/files/"): ("workspaces_files_create", True),
    ("GET", f"{W}/files/{{id}}/"): ("workspaces_files_read", True),
    ("GET", f"{W}/files/{{id}}/download/"): ("workspaces_files_download", True),
    ("POST", f"{W}/files/{{id}}/uploaded/"): ("workspaces_files_uploaded", True),
    ("GET", "/api/jobs/{id}/"): ("jobs_read", True),
    ("DELETE", "/api/jobs/{id}/"): ("jobs_delete", True),
    ("GET", "/api/apps/"): ("apps_list", True),
    ("GET", "/api/apps/{id}/"): ("apps_read", True),
    ("GET", "/api/statistics/"): ("statistics_list", True),
    ("GET", "/api/statistics/details/audit_events/"): ("statistics_details_audit_events", True),
    ("GET", "/api/statistics/details/daily_developer_logins/"): ("statistics_details_daily_developer_logins", True),
    ("GET", "/api/statistics/details/daily_user_logins/"): ("statistics_details_daily_user_logins", True),
    ("GET", "/api/users/current/"): ("users_current", False),
    ("GET", "/api/verify/"): ("verify", False),
    ("POST", "/api/o/token/"): ("o_token", True),
    ("POST", "/api/o/revoke_token/"): ("o_revoke_token", False),
}
"""Method and path of every operation: its id, and whether a page of the documentation describes it."""
NAMES = sorted(name for name, _ in OPERATIONS.values())
WITHOUT_TOKEN = {"o_token", "o_revoke_token"}
BODIES = {
    "workspaces_entities_create",
    "workspaces_entities_update",
    "workspaces_entities_partial_update",
    "workspaces_entities_rename",
    "workspaces_entities_entities_create",
    "workspaces_entities_parametrization",
    "workspaces_entities_jobs",
    "workspaces_files_create",
    "workspaces_files_uploaded",
    *WITHOUT_TOKEN,
}
"""The operations that take a body."""
EFFECTS = {
    "workspaces_entities_create": ("create", "entities"),
    "workspaces_entities_entities_create": ("create", "entities"),
    "workspaces_entities_update": ("update", "entities"),
    "workspaces_entities_partial_update": ("update", "entities"),
    "workspaces_entities_rename": ("update", "entities"),
    "workspaces_entities_delete": ("delete", "entities"),
    "workspaces_entities_jobs": ("create", "jobs"),
    "jobs_delete": ("update", "jobs"),
    "workspaces_files_create": ("create", "files"),
    "workspaces_files_uploaded": ("update", "files"),
}
"""What the operations that write do, and to which collection."""
ADMINS, ENTER, OPEN, OWNER = ("organisation-admin",), ("workspace",), ("workspace-or-public",), ("job-owner",)
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((name for name in NAMES if name.startswith("workspaces_entity_types_")), OPEN),
    **dict.fromkeys((name for name in NAMES if name.startswith("workspaces_entities_")), OPEN),
    **dict.fromkeys((name for name in NAMES if name.startswith("workspaces_files_")), OPEN),
    **dict.fromkeys((name for name in NAMES if name.startswith("statistics_")), ADMINS),
    **dict.fromkeys((name for name, (_, collection) in EFFECTS.items() if collection == "entities"), ENTER),
    "workspaces_list": (),
    "workspaces_read": OPEN,
    "workspaces_app_version_settings": (*ENTER, "not-app"),
    "workspaces_assets": (*ENTER, "not-app"),
    "workspaces_statistics": ("workspace-admin", "not-app"),
    "workspaces_users_list": (*ENTER, "not-app"),
    "workspaces_groups_list": (*ENTER, "not-app", "not-editor"),
    "workspaces_entity_types_upload": (*ENTER, "not-editor"),
    "workspaces_entities_entities_create": (*ENTER, "tree"),
    "workspaces_entities_parent": (*ENTER, "tree"),
    "workspaces_entities_session": (*OPEN, "not-app"),
    "workspaces_entities_parametrization": (*OPEN, "not-app"),
    "workspaces_files_uploaded": (*OPEN, "not-app"),
    **dict.fromkeys(("jobs_read", "jobs_delete"), OWNER),
    **dict.fromkeys(("apps_list", "apps_read", "users_current", "verify", *WITHOUT_TOKEN), ()),
}
"""Who may, in the words of the contract."""
ONE_ENTITY = {"privileged", "properties", "clean_params", "param_types", "summary_types"}
MANY_ENTITIES = {
    *ONE_ENTITY,
    "limit",
    "offset",
    "entity_type",
    "sort",
    "name",
    "search",
    "only_name",
    "created_by",
    "last_updated_by",
    "created_at_min",
    "created_at_max",
    "updated_at_min",
    "updated_at_max",
}
QUERY_PARAMETERS: Mapping[str, set[str]] = {
    "users_current": set(),
    "apps_list": {
        "limit",
        "offset",
        "detail_level",
        "maintainer",
        "label",
        "sort",
        "search",
        "is_published",
        "include_archived",
        "is_verified",
        "is_public",
    },
    "apps_read": set(),
    "workspaces_list": {
        "limit",
        "offset",
        "detail_level",
        "include_development",
        "include_archived",
        "visibility",
        "is_dev",
        "archived",
        "app",
        "label",
        "project",
        "sort",
        "search",
    },
    "workspaces_read": set(),
    "workspaces_entity_types_list": {"limit", "offset"},
    "workspaces_entity_types_read": set(),
    "workspaces_entity_types_entity_types": {"limit", "offset"},
    "workspaces_entities_list": MANY_ENTITIES,
    "workspaces_entity_types_entities_read": MANY_ENTITIES,
    "workspaces_entities_read": ONE_ENTITY,
    "workspaces_entities_entities_read": MANY_ENTITIES,
    "workspaces_entities_siblings": MANY_ENTITIES,
    "workspaces_entities_parent": ONE_ENTITY,
    "workspaces_app_version_settings": set(),
    "workspaces_assets": {"path"},
    "workspaces_statistics": {"start", "end"},
    "workspaces_users_list": {"limit", "offset"},
    "workspaces_groups_list": {"limit", "offset", "sort", "search"},
    "workspaces_entity_types_upload": {"privileged"},
    "workspaces_entities_create": set(),
    "workspaces_entities_update": ONE_ENTITY,
    "workspaces_entities_partial_update": {"privileged"},
    "workspaces_entities_delete": {"privileged"},
    "workspaces_entities_rename": {"privileged"},
    "workspaces_entities_entities_create": {"privileged"},
    "workspaces_entities_parents": set(),
    "workspaces_entities_revisions": {"limit", "offset", "privileged", "param_types"},
    "workspaces_entities_download": {"privileged"},
    "workspaces_entities_session": set(),
    "workspaces_entities_parametrization": set(),
    "workspaces_entities_jobs": set(),
    "workspaces_files_create": set(),
    "workspaces_files_read": set(),
    "workspaces_files_download": {"redirect", "editor_session"},
    "workspaces_files_uploaded": set(),
    "jobs_read": set(),
    "jobs_delete": set(),
    "statistics_list": {"stats_type", "start", "end", "org_domain"},
    "statistics_details_audit_events": {
        "event_type",
        "start_date",
        "end_date",
        "limit",
        "offset",
        "user",
        "app",
        "workspace",
        "sort",
        "export",
    },
    "statistics_details_daily_developer_logins": {"limit", "offset", "start_date", "end_date", "user", "export"},
    "statistics_details_daily_user_logins": {
        "limit",
        "offset",
        "start_date",
        "end_date",
        "user",
        "workspace",
        "export",
    },
    "verify": set(),
    "o_token": set(),
    "o_revoke_token": set(),
}
"""What the documentation's pages print under "Query Parameters", and what clients send where there is no page."""
REQUIRED = {
    ("workspaces_assets", "path"),
    ("statistics_list", "stats_type"),
    ("statistics_list", "start"),
    ("statistics_list", "end"),
    ("statistics_details_audit_events", "event_type"),
    ("statistics_details_audit_events", "start_date"),
    ("statistics_details_audit_events", "end_date"),
}
"""Operation and query parameter, where it cannot be left out."""
EVENT_TYPES = [
    f"{thing}.{action}"
    for thing, actions in {
        "APP": "ARCHIVE CREATE PUBLISH PUBLISH_FAIL UNARCHIVE UPDATE UPDATE_VARIABLES",
        "EDITOR": "COMPUTE ENTER EXIT",
        "ENTITY": "COPY COPY_RECURSIVE CREATE DELETE RENAME REVISE SAVE",
        "ORG": "DELETE_USERS INVITE_USERS INVITE_USERS_BY_EMAIL",
        "USER": "CLI_DOWNLOAD DEV_PAIRING_ACTIVATE DEV_PAIRING_RETRIEVE DEV_PAIRING_VERIFY LOCK LOGIN LOGIN_FAIL LOGOUT"
        " SUBMIT_SUPPORT_TICKET",
        "WORKSPACE": "ARCHIVE CHANGE_VISIBILITY CREATE DELETE_USERS ENTER INVITE_USERS UNARCHIVE",
    }.items()
    for action in actions.split()
]
SCHEMA_OF_PARAMETER: Mapping[str, dict[str, Any]] = {
    "detail_level": {"enum": ["minimal", "basic", "full"]},
    "visibility": {"type": "array", "items": {"enum": ["INTERNAL", "PRIVATE", "DEVELOPMENT", "PUBLIC"]}},
    "app": {"type": "array", "items": {"type": "integer"}},
    "label": {"type": "array", "items": {"type": "integer"}},
    "maintainer": {"type": "array", "items": {"type": "integer"}},
    "project": {"type": "integer", "minimum": 1},
    "entity_type": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "name": {"type": "string", "minLength": 1},
    "search": {"type": "string", "minLength": 1},
    "created_by": {"type": "array", "items": {"type": "integer"}},
    "last_updated_by": {"type": "array", "items": {"type": "integer"}},
    "path": {"type": "string", "minLength": 1, "maxLength": 2048},
    "stats_type": {"enum": ["users", "developers", "workspaces"]},
    "org_domain": {"type": "string", "minLength": 1},
    "user": {"type": "array", "items": {"type": "integer"}},
    "workspace": {"type": "array", "items": {"type": "integer"}},
    "event_type": {"enum": EVENT_TYPES},
    "export": {"enum": ["csv"]},
    "redirect": {"type": "boolean", "default": True},
    "editor_session": {"type": "string", "format": "uuid"},
    "offset": {"type": "integer"},
    **{
        name: {"type": "string", "format": "date-time"}
        for name in (*sorted(MANY_ENTITIES), "start", "end", "start_date", "end_date")
        if name.endswith(("min", "max")) or name.startswith(("start", "end"))
    },
    **{
        name: {"type": "boolean"}
        for name in (
            "privileged",
            "properties",
            "clean_params",
            "param_types",
            "summary_types",
            "only_name",
            "is_published",
            "is_verified",
            "is_public",
            "include_archived",
            "include_development",
            "is_dev",
            "archived",
        )
    },
}
WORKSPACE_SORT = ["name", "created_at", "views", "views_last_30_days", "user_last_visit"]
APP_SORT = ["is_verified", "created_at", "readable_name", "name", "views", "views_last_30_days", "dev_connect"]
ENTITY_SORT = ["name", "updated_at", "summary_updated_at", "summary"]
OWN_LIMIT_OF_ONE = {
    "workspaces_entity_types_entity_types",
    "workspaces_entity_types_entities_read",
    "workspaces_entities_entities_read",
}
"""The lists whose page prints a minimum of 1 for the limit."""
FACTS = (
    "sort",
    "search",
    "filters",
    "projection",
    "restricted",
    "within",
    "where",
    "unspecified",
    "identified-by",
    "permission",
    "effect",
    "unreadable-body",
)
SHARED_FACTS = ("auth", "errors", "parameters", "requests", "pagination", "collections")


def leaves(value: Any, pointer: str) -> Iterator[str]:
    """Give the pointer of every value that holds no other."""
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from leaves(member, pointer + pointers.join([key]))
    else:
        yield pointer


def stated_facts() -> Iterator[str]:
    root = CONTRACT.document["x-apitwin"]
    for name in SHARED_FACTS:
        yield from leaves(root[name], f"/x-apitwin/{name}")
    for operation in CONTRACT.operations:
        rules = pointers.follow(CONTRACT.document, f"{operation.pointer}/x-apitwin")
        for name in FACTS:
            if name in rules:
                yield f"{operation.pointer}/x-apitwin/{name}"
                yield from leaves(rules[name], f"{operation.pointer}/x-apitwin/{name}")
        if rules.get("behaviour") == "own":
            yield f"{operation.pointer}/x-apitwin/behaviour"


def judge(schema: Any) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


def schema_file(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def schema_of(collection: str) -> Any:
    name = CONTRACT.document["x-apitwin"]["collections"][collection]["schema"]["$ref"]
    return schema_file(FOLDER / name)


def private(collection: str) -> tuple[str, ...]:
    return CONTRACT.collections[collection].private


def seed_objects() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give every object that stands in the seed: a name for it, its collection, its members."""
    for collection, values in SEED["defaults"].items():
        yield f"{collection}-defaults", collection, values
    for collection, items in SEED["collections"].items():
        for index, item in enumerate(items):
            yield f"{collection}-{index}", collection, item.get("item", item)
