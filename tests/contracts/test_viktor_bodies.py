"""The bodies of VIKTOR's contract: what is taken, what is refused, and what the official client can work with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.viktor_facts import CONTRACT

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
