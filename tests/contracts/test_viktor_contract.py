"""VIKTOR's contract against the specifications it is written in, and against the tables it was written from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
import yaml
from openapi_spec_validator.readers import read_from_filename
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from apitwin.contracts import load, pointers
from apitwin.contracts.validation import FORMATS
from apitwin.mock_server import create_app

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


def test_the_document_is_valid_openapi() -> None:
    document, base = read_from_filename(str(CONTRACT.path))

    openapi_spec_validator.validate(document, base_uri=base)


def test_the_validator_of_openapi_would_notice_a_mistake() -> None:
    document, base = read_from_filename(str(CONTRACT.path))
    del document["paths"]["/api/apps/"]["get"]["responses"]["401"]["$ref"]

    with pytest.raises(OpenAPIValidationError):
        openapi_spec_validator.validate(document, base_uri=base)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_is_json_schema_2020_12(path: Path) -> None:
    schema = schema_file(path)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_has_examples_and_each_matches_it(path: Path) -> None:
    schema = schema_file(path)

    assert schema["examples"]
    for example in schema["examples"]:
        assert [error.message for error in judge(schema).iter_errors(example)] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_needs_no_other_file(path: Path) -> None:
    references = [reference for key, reference in members(schema_file(path)) if key == "$ref"]

    assert [reference for reference in references if not reference.startswith("#/")] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_describes_every_member(path: Path) -> None:
    silent = [name for name, schema in properties(schema_file(path)) if not {"description", "$ref"} & schema.keys()]

    assert silent == []


def properties(schema: Any) -> Iterator[tuple[str, Any]]:
    """Give every member that a schema names, with its own schema."""
    for name, part in schema.get("properties", {}).items():
        yield name, part
        yield from properties(part)
    for part in (*schema.get("$defs", {}).values(), *([schema["items"]] if "items" in schema else [])):
        yield from properties(part)


def members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from members(item)
    elif isinstance(value, list):
        for item in value:
            yield from members(item)


def test_every_example_of_a_response_matches_its_schema() -> None:
    examples = [
        (operation.id, status, response)
        for operation in CONTRACT.operations
        for status, response in operation.responses.items()
        if response.example is not None
    ]

    assert {status for _, status, _ in examples} == {"400", "401", "403", "404", "405", "413", "415", "504"}
    for operation, status, response in examples:
        assert response.schema is not None, f"{operation} {status} has an example and no schema"
        assert response.schema.violations(response.example) == [], f"{operation} {status}"


@pytest.mark.parametrize(
    ("collection", "values"),
    [row[1:] for row in seed_objects()],
    ids=[name for name, _, _ in seed_objects()],
)
def test_an_object_in_the_seed_has_only_members_that_its_schema_describes(
    collection: str, values: Mapping[str, Any]
) -> None:
    schema = schema_of(collection)
    for name, value in values.items():
        if name in private(collection):
            continue
        assert name in schema["properties"], f"{name} is no member of {collection}"
        if "{n}" in json.dumps(value) or "{each}" in json.dumps(value):
            continue  # a template; the finished records are judged below
        # Judged alone: its own schema, with the definitions of the whole.
        alone = {"$defs": schema.get("$defs", {}), **schema["properties"][name]}
        assert [error.message for error in judge(alone).iter_errors(value)] == [], name


def test_every_record_of_a_new_twin_matches_the_schema_of_its_collection() -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world
    for name, table in world.tables.items():
        validator = judge(schema_of(name))
        assert table.records, name
        for record in table.records:
            shown = {key: value for key, value in record.values.items() if key not in private(name)}
            assert [error.message for error in validator.iter_errors(shown)] == [], (
                f"{name} {table.identity(record.values)}"
            )


def test_the_operations_are_these() -> None:
    assert {
        (operation.method, operation.path): (operation.id, operation.documented) for operation in CONTRACT.operations
    } == OPERATIONS


def test_thirty_six_operations_have_a_page_and_nine_are_known_otherwise() -> None:
    paged = [name for name, documented in OPERATIONS.values() if documented and name != "o_token"]

    assert len(paged) == 36
    assert len(OPERATIONS) - len(paged) == 9


def test_every_operation_stands_in_the_table_of_sources() -> None:
    text = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([A-Z]+) `([^`]+)` \|", text, re.MULTILINE)

    assert {(method, "/api" + path.replace("…", W.removeprefix("/api"))): name for name, method, path in rows} == {
        key: name for key, (name, _) in OPERATIONS.items()
    }


def test_every_path_is_under_the_documented_base_and_ends_in_a_slash() -> None:
    for operation in CONTRACT.operations:
        assert operation.path.startswith("/api/")
        assert operation.path.endswith("/")


@pytest.mark.parametrize("operation", NAMES)
def test_an_operation_lists_what_may_be_answered_to_anyone(operation: str) -> None:
    described = CONTRACT.operation(operation)
    expected = {"401"} if described.secured else set()
    expected |= {"403"} if described.permission else set()
    expected |= {"404"} if "id" in [parameter.name for parameter in described.path_parameters()] else set()
    expected |= {"400"} if described.query_parameters() or described.body is not None else set()
    expected |= {"413", "415"} if described.body is not None else set()

    assert described.secured == (operation not in WITHOUT_TOKEN)
    assert expected <= described.responses.keys()
    assert [response for response in described.responses if response.startswith("2")]


def test_the_operations_that_take_a_body_are_these() -> None:
    assert {operation.id for operation in CONTRACT.operations if operation.body is not None} == BODIES


@pytest.mark.parametrize("operation", sorted(BODIES))
def test_a_complaint_about_a_body_is_one_message_or_a_list_for_each_member(operation: str) -> None:
    schema = CONTRACT.operation(operation).responses["400"].schema

    assert schema is not None
    assert schema.accepts({"detail": "JSON parse error - Expecting value: line 1 column 1 (char 0)"})
    assert schema.accepts({"name": ["This field is required."]})
    assert schema.accepts({"error": "invalid_grant"}) == (operation in WITHOUT_TOKEN)
    assert not schema.accepts({})


def test_what_is_written_is_this() -> None:
    assert {
        operation.id: (operation.effect, operation.collection.name if operation.collection else None)
        for operation in CONTRACT.operations
        if operation.effect is not None
    } == EFFECTS


def test_who_may_is_said_of_every_operation() -> None:
    assert {operation.id: operation.permission for operation in CONTRACT.operations} == PERMISSIONS


def test_only_one_operation_ignores_a_body_that_cannot_be_read() -> None:
    ignoring = [
        operation.id
        for operation in CONTRACT.operations
        if operation.body is not None and operation.body.when_unreadable == "ignore"
    ]

    assert ignoring == ["workspaces_files_uploaded"]


@pytest.mark.parametrize("operation", sorted(WITHOUT_TOKEN))
def test_a_token_is_asked_for_as_json_or_as_a_form(operation: str) -> None:
    body = CONTRACT.operation(operation).body

    assert body is not None
    assert list(body.schemas) == ["application/json", "application/x-www-form-urlencoded"]
    assert len(set(body.schemas.values())) == 1


NAME = "x" * 128
ENTITY = {"entity_type": 1, "properties": {}}
FILE = {"scope": "entity", "filename": "a"}


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("workspaces_entities_create", ENTITY),
        ("workspaces_entities_create", {**ENTITY, "properties": None, "name": NAME, "filename": NAME, "groups": [1]}),
        ("workspaces_entities_entities_create", {**ENTITY, "name": "Section 1"}),
        ("workspaces_entities_update", {}),
        ("workspaces_entities_update", {"name": "n", "properties": {"a": 1}, "filename": "f", "message": "m"}),
        ("workspaces_entities_partial_update", {"properties": {"day": "2026-01-01"}}),
        ("workspaces_entities_rename", {"name": NAME}),
        ("workspaces_entities_parametrization", {}),
        ("workspaces_entities_jobs", {"params": {"width": 1}, "method_name": "calculate"}),
        ("workspaces_entities_jobs", {"params": None, "method_name": "calculate", "timeout": 86400}),
        ("workspaces_entities_jobs", {"arguments": {}, "method": "calculate"}),
        ("workspaces_files_create", {**FILE, "entity_id": 1}),
        ("workspaces_files_create", {**FILE, "scope": "session", "filename": "x" * 512}),
        ("workspaces_files_uploaded", {}),
        ("o_token", {"grant_type": "password", "client_id": "c", "username": "u", "password": "p"}),
        ("o_token", {"grant_type": "refresh_token", "client_id": "c", "refresh_token": "r"}),
        ("o_revoke_token", {"client_id": "c", "token": "t"}),
    ],
)
def test_what_clients_send_is_taken_and_so_are_members_that_nobody_knows(operation: str, body: Any) -> None:
    rule = CONTRACT.operation(operation).body

    assert rule is not None and rule.schema is not None
    assert rule.schema.violations(body) == []
    assert rule.schema.violations({**body, "unknown": [1]}) == []


@pytest.mark.parametrize(
    ("operation", "body", "place"),
    [
        ("workspaces_entities_create", {"entity_type": 1}, ""),
        ("workspaces_entities_create", {"properties": {}}, ""),
        ("workspaces_entities_create", {**ENTITY, "properties": []}, "/properties"),
        ("workspaces_entities_create", {**ENTITY, "entity_type": "Section"}, "/entity_type"),
        ("workspaces_entities_create", {**ENTITY, "entity_type": None}, "/entity_type"),
        ("workspaces_entities_create", {**ENTITY, "name": ""}, "/name"),
        ("workspaces_entities_create", {**ENTITY, "name": NAME + "x"}, "/name"),
        ("workspaces_entities_entities_create", {**ENTITY, "filename": NAME + "x"}, "/filename"),
        ("workspaces_entities_entities_create", {**ENTITY, "groups": 1}, "/groups"),
        ("workspaces_entities_update", {"name": ""}, "/name"),
        ("workspaces_entities_update", {"message": ""}, "/message"),
        ("workspaces_entities_partial_update", {"properties": "{}"}, "/properties"),
        ("workspaces_entities_partial_update", [], ""),
        ("workspaces_entities_rename", {}, ""),
        ("workspaces_entities_rename", {"name": None}, "/name"),
        ("workspaces_entities_rename", {"name": NAME + "x"}, "/name"),
        ("workspaces_entities_parametrization", {"params": None}, "/params"),
        ("workspaces_entities_parametrization", {"editor_session": "1"}, "/editor_session"),
        ("workspaces_entities_jobs", {"timeout": 0}, "/timeout"),
        ("workspaces_entities_jobs", {"timeout": 86401}, "/timeout"),
        ("workspaces_entities_jobs", {"method_name": ""}, "/method_name"),
        ("workspaces_entities_jobs", {"events": [1]}, "/events/0"),
        ("workspaces_entities_jobs", {"poll_result": "yes"}, "/poll_result"),
        ("workspaces_files_create", {"scope": "entity"}, ""),
        ("workspaces_files_create", {"filename": "a"}, ""),
        ("workspaces_files_create", {**FILE, "scope": "workspace"}, "/scope"),
        ("workspaces_files_create", {**FILE, "filename": "x" * 513}, "/filename"),
        ("workspaces_files_uploaded", {"editor_session": 1}, "/editor_session"),
    ],
)
def test_a_body_that_breaks_a_documented_rule_is_refused(operation: str, body: Any, place: str) -> None:
    rule = CONTRACT.operation(operation).body

    assert rule is not None and rule.schema is not None
    assert {violation.pointer for violation in rule.schema.violations(body)} == {place}


T0 = "2026-03-01T00:00:00.000000Z"
PERSON = {"id": 2, "first_name": "Ada", "last_name": "Test", "email": "ada@example.test", "job_title": None}
VERSION = {"id": 5, "tag": "v2", "status": "PUBLISHED", "app_type": "tree", "sdk_version": "14.36.2"}
LABEL = {"id": 2, "name": "L", "description": "", "color": "#336699"}
WORKSPACE = {
    "id": 8,
    "name": "W8",
    "description": "",
    "visibility": "PRIVATE",
    "created_at": T0,
    "updated_at": T0,
    "is_archived": False,
    "app": {"id": 4, "name": "demo"},
    "app_version": {**VERSION, "python_version": "3.11", "created_at": T0},
    "labels": [LABEL],
}
REVISION = {"id": 41, "properties": {"a": 2}, "param_types": {}, "created_at": "2026-03-01T00:00:00.123456Z"}
PAGE = {"count": 1, "next": None, "previous": None}
JOB: dict[str, Any] = {"uid": 66, "kind": "result", "status": "running", "completed_at": None}
ENDED: dict[str, Any] = {**JOB, "completed_at": "2026-03-01T00:00:01.000Z", "message": {}}
MESSAGE = {"message_type": "progress", "message": "busy", "percentage": 20, "timestamp_epoch": None}
NO_ERROR = {"type": "", "message": "", "invalid_fields": None}
ERROR = {"type": "error_user", "message": "too wide", "invalid_fields": {}}


@pytest.mark.parametrize(
    ("operation", "status", "body"),
    [
        ("users_current", "200", PERSON),
        ("workspaces_list", "200", {**PAGE, "results": [WORKSPACE]}),
        (
            "workspaces_entity_types_read",
            "200",
            {"id": 6, "class_name": "Beam", "name": "Beam", "child_entity_type_ids": []},
        ),
        (
            "workspaces_entities_read",
            "200",
            {
                "id": 4,
                "name": "E4",
                "entity_type": 6,
                "entity_type_name": "Beam",
                "properties": {"a": 2},
                "param_types": {"a": {"type": "number"}},
                "summary": {},
            },
        ),
        (
            "workspaces_entities_entities_create",
            "200",
            {"id": 4, "name": "E4", "entity_type": 6, "entity_type_name": "Beam"},
        ),
        ("workspaces_entities_revisions", "200", {**PAGE, "results": [{**REVISION, "previous_revision_id": None}]}),
        ("workspaces_entities_revisions", "200", [REVISION]),
        ("workspaces_entities_download", "200", {"temporary_download_url": "http://127.0.0.1:8001/blob/2"}),
        ("workspaces_entity_types_upload", "200", {"url": "http://127.0.0.1:8001/s3", "fields": {"key": "tmp/2"}}),
        ("workspaces_entities_jobs", "201", {"uid": 66, "url": "http://127.0.0.1:8001/api/jobs/66/"}),
        ("jobs_read", "200", {**JOB, "message": MESSAGE}),
        (
            "jobs_read",
            "200",
            {**ENDED, "status": "success", "error": NO_ERROR, "result": {"data": {"x": 2}}, "log_download_url": None},
        ),
        ("jobs_read", "200", {**ENDED, "status": "failed", "error": ERROR}),
        ("jobs_read", "200", {**ENDED, "status": "cancelled"}),
        (
            "workspaces_entities_jobs",
            "200",
            {**ENDED, "status": "success", "result": {}, "url": "http://h/api/jobs/66/"},
        ),
        ("workspaces_entities_jobs", "200", {"uid": 66, "status": "success", "message": "", "content": {}}),
        ("workspaces_files_read", "200", {"id": 3, "scope": "entity", "entity_id": 4, "filename": "a.csv"}),
        ("workspaces_files_download", "200", {"temp_download_url": "http://127.0.0.1:8001/blob/3"}),
        ("verify", "200", {}),
    ],
)
def test_the_least_that_the_official_client_can_work_with_is_an_answer(operation: str, status: str, body: Any) -> None:
    schema = CONTRACT.operation(operation).responses[status].schema

    assert schema is not None
    assert schema.violations(body) == []


@pytest.mark.parametrize(
    ("operation", "status", "body"),
    [
        ("users_current", "200", {name: value for name, value in PERSON.items() if name != "job_title"}),
        ("workspaces_list", "200", {**PAGE, "count": None, "results": []}),
        ("workspaces_list", "200", {**PAGE, "results": [{**WORKSPACE, "labels": [{**LABEL, "color": "#369"}]}]}),
        (
            "workspaces_entities_entities_create",
            "200",
            [{"id": 4, "name": "E4", "entity_type": 6, "entity_type_name": "B"}],
        ),
        ("workspaces_entities_revisions", "200", [{**REVISION, "created_at": "2026-03-01T00:00:00Z"}]),
        ("workspaces_entities_revisions", "200", [{**REVISION, "created_at": "2026-03-01T00:00:00.123456+00:00"}]),
        ("workspaces_entities_revisions", "200", [{**REVISION, "created_at": "2026-03-01T00:00:00.1234567Z"}]),
        ("workspaces_entities_download", "200", {"temp_download_url": "http://127.0.0.1:8001/blob/2"}),
        ("workspaces_files_download", "200", {"temporary_download_url": "http://127.0.0.1:8001/blob/2"}),
        ("workspaces_entity_types_upload", "200", {"url": "http://127.0.0.1:8001/s3"}),
        ("workspaces_files_create", "201", {"id": 3, "scope": "entity", "entity_id": 4, "filename": "a.csv"}),
        ("workspaces_entities_jobs", "201", {"uid": 66}),
        ("workspaces_entities_jobs", "201", {"uid": 66, "url": "/api/jobs/66/"}),
        ("jobs_read", "200", {**JOB, "message": None}),
        ("jobs_read", "200", JOB),
        ("jobs_read", "200", {**ENDED, "status": "success", "result": None}),
        ("jobs_read", "200", {**ENDED, "status": "success"}),
        ("jobs_read", "200", {**ENDED, "status": "success", "result": {"pdf": {}}}),
        ("jobs_read", "200", {**ENDED, "status": "success", "result": {"geometry": {"geometry": {}}}}),
        ("jobs_read", "200", {**ENDED, "status": "failed", "error": None}),
        ("jobs_read", "200", {**ENDED, "status": "failed"}),
        ("jobs_read", "200", {**ENDED, "status": "failed", "error": NO_ERROR}),
        ("jobs_read", "200", {**ENDED, "status": "failed", "error": {"type": "error_user"}}),
        ("jobs_read", "200", {**ENDED, "status": "stopped"}),
    ],
)
def test_what_the_official_client_fails_on_is_no_answer(operation: str, status: str, body: Any) -> None:
    schema = CONTRACT.operation(operation).responses[status].schema

    assert schema is not None
    assert not schema.accepts(body)


@pytest.mark.parametrize("name", ["audit_events", "daily_developer_logins", "daily_user_logins"])
def test_details_of_statistics_are_json_first_and_csv_where_asked(name: str) -> None:
    operation = CONTRACT.operation(f"statistics_details_{name}")

    assert list(operation.responses["200"].bodies) == ["application/json", "text/csv"]
    assert "export" in operation.unspecified


def test_a_parametrization_may_time_out_and_a_file_may_be_elsewhere() -> None:
    assert "504" in CONTRACT.operation("workspaces_entities_parametrization").responses
    assert "302" in CONTRACT.operation("workspaces_files_download").responses
    assert "405" in CONTRACT.operation("workspaces_files_uploaded").responses


@pytest.mark.parametrize("operation", NAMES)
def test_an_operation_has_the_documented_query_parameters(operation: str) -> None:
    names = {parameter.name for parameter in CONTRACT.operation(operation).query_parameters()}

    assert names == QUERY_PARAMETERS[operation]


@pytest.mark.parametrize("operation", NAMES)
def test_a_query_parameter_has_the_documented_type(operation: str) -> None:
    for parameter in CONTRACT.operation(operation).query_parameters():
        if parameter.name == "limit":
            minimum = {"minimum": 1} if operation in OWN_LIMIT_OF_ONE else {}
            assert parameter.schema == {"type": "integer", **minimum}
        elif parameter.name != "sort":
            assert parameter.schema == SCHEMA_OF_PARAMETER[parameter.name], parameter.name
        assert parameter.required == ((operation, parameter.name) in REQUIRED), parameter.name


def test_a_parameter_that_cannot_be_left_out_has_an_example_that_is_valid() -> None:
    required = {
        (operation.id, parameter.name): parameter
        for operation in CONTRACT.operations
        for parameter in operation.query_parameters()
    }
    for key in sorted(REQUIRED):
        assert list(judge(required[key].schema).iter_errors(required[key].example)) == [], key


def test_a_path_parameter_comes_from_a_list_or_has_an_example() -> None:
    for operation in CONTRACT.operations:
        for parameter in operation.path_parameters():
            assert (parameter.drawn_from is None) == isinstance(parameter.example, int), (
                f"{operation.id} {parameter.name}"
            )


@pytest.mark.parametrize(
    ("operation", "collection"),
    [("workspaces_files_read", "files"), ("jobs_read", "jobs"), ("workspaces_entities_download", "entities")],
)
def test_the_example_of_a_path_parameter_is_there_in_a_new_twin(operation: str, collection: str) -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world
    parameter = CONTRACT.operation(operation).parameter("id")

    assert parameter is not None
    assert world.tables[collection].get(str(parameter.example)) is not None


def test_an_asset_of_the_seed_is_the_example_of_its_parameter() -> None:
    parameter = CONTRACT.operation("workspaces_assets").parameter("path")

    assert parameter is not None
    assert parameter.example in [asset["path"] for asset in SEED["collections"]["assets"]]


def test_every_file_that_the_seed_says_is_stored_is_stored() -> None:
    collections = SEED["collections"]
    named = [entity["file"] for entity in collections["entities"] if entity.get("file") is not None]
    named += [asset["key"] for asset in collections["assets"]]
    named += [file["key"] for file in collections["files"] if file["uploaded"]]

    assert sorted(named) == sorted(SEED["storage"])
    for file in collections["files"]:
        stored = SEED["storage"].get(file["key"])
        assert file["file_size"] == (None if stored is None else len(stored["text"].encode()))


def test_the_first_tokens_of_the_seed_are_those_of_an_admin_and_of_a_member() -> None:
    valid = [token for token in SEED["tokens"] if token.get("state", "valid") == "valid"]

    assert next(token["user"] for token in valid if token.get("roles")) == 1
    assert next(token["user"] for token in valid if not token.get("roles")) == 2


@pytest.mark.parametrize("collection", ["users", "groups", "revisions", "user_logins", "developer_logins"])
def test_a_collection_that_is_listed_fills_more_than_a_page(collection: str) -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world

    assert len(world.tables[collection].records) > 100


def test_events_of_one_type_fill_more_than_a_page_and_there_is_one_of_each_type() -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world
    types = [record.values["event_type"] for record in world.tables["audit_events"].records]
    parameter = CONTRACT.operation("statistics_details_audit_events").parameter("event_type")

    assert len(EVENT_TYPES) == 36
    assert set(types) == set(EVENT_TYPES)
    assert parameter is not None and types.count(parameter.example) > 100


@pytest.mark.parametrize(
    ("operation", "keys", "directions", "several"),
    [
        ("workspaces_list", WORKSPACE_SORT, True, False),
        ("apps_list", APP_SORT, True, True),
        ("workspaces_entities_list", ENTITY_SORT, False, True),
        ("workspaces_entities_entities_read", ENTITY_SORT, False, True),
        ("workspaces_entities_siblings", ENTITY_SORT, False, True),
        ("workspaces_entity_types_entities_read", ENTITY_SORT, False, True),
        ("workspaces_groups_list", ["name"], True, False),
        ("statistics_details_audit_events", ["timestamp"], True, False),
    ],
    ids=["workspaces", "apps", "roots", "children", "siblings", "by-type", "groups", "audit-events"],
)
def test_a_list_sorts_by_the_documented_words(operation: str, keys: list[str], directions: bool, several: bool) -> None:
    described = CONTRACT.operation(operation)
    words = [key + suffix for key in keys for suffix in (("", ":asc", ":desc") if directions else ("",))]
    parameter = described.parameter("sort")

    assert described.sort is not None and parameter is not None
    assert list(described.sort.keys) == keys
    assert described.sort.directions == ("suffix" if directions else "none")
    assert described.sort.several == several == parameter.several
    assert parameter.item_schema == {"enum": words}


def test_a_list_without_a_documented_sort_has_none() -> None:
    unsorted = {
        operation.id for operation in CONTRACT.operations if operation.sort is None and operation.pagination is not None
    }

    assert unsorted == {
        "workspaces_entity_types_list",
        "workspaces_entity_types_entity_types",
        "workspaces_users_list",
        "workspaces_entities_revisions",
        "statistics_details_daily_developer_logins",
        "statistics_details_daily_user_logins",
    }


def test_every_paginated_operation_follows_the_rule_of_its_page() -> None:
    followed = {
        operation.id: operation.pagination.name for operation in CONTRACT.operations if operation.pagination is not None
    }

    assert followed == {
        "apps_list": "standard",
        "workspaces_list": "standard",
        "workspaces_entity_types_list": "standard",
        "workspaces_entities_list": "standard",
        "workspaces_entities_siblings": "standard",
        "workspaces_users_list": "standard",
        "workspaces_groups_list": "standard",
        "workspaces_entities_revisions": "standard",
        "statistics_details_audit_events": "standard",
        "statistics_details_daily_developer_logins": "standard",
        "statistics_details_daily_user_logins": "standard",
        **dict.fromkeys(OWN_LIMIT_OF_ONE, "positive"),
    }


def test_there_are_facts_to_ask_evidence_for() -> None:
    facts = list(stated_facts())

    assert len(facts) > 400
    assert "/x-apitwin/pagination/standard/limit/maximum" in facts
    assert "/x-apitwin/pagination/positive/limit/when-empty" in facts
    assert "/x-apitwin/auth/challenge" in facts
    assert "/paths/~1api~1workspaces~1/get/x-apitwin/restricted/include_archived/to" in facts
    assert "/paths/~1api~1jobs~1{id}~1/delete/x-apitwin/permission" in facts
    assert "/paths/~1api~1jobs~1{id}~1/delete/x-apitwin/effect" in facts


@pytest.mark.parametrize("pointer", sorted(stated_facts()))
def test_a_fact_has_evidence(pointer: str) -> None:
    evidence = CONTRACT.evidence_for(pointer)

    assert evidence is not None
    assert evidence.status in {"documented", "observed", "assumed"}
    assert evidence.source.strip()
