"""Every operation that writes, against every kind of body: a documented refusal, nothing changed, never a failure."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import flask
import pytest
from hypothesis import HealthCheck, given, settings, strategies

from apitwin.contracts import load
from apitwin.contracts.model import Operation
from apitwin.mock_server import STEPS, Backend, RunningTwin, create_app
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.viktor.builder import ADMIN_TOKEN, WorldBuilder

CONTRACT = load("viktor")
WRITING = [operation for operation in CONTRACT.operations if operation.method != "GET"]
TAKING = [
    operation
    for operation in WRITING
    if operation.body is not None and operation.body.when_unreadable == "reject" and operation.secured
]
VALUES = {"workspace_id": "1", "id": "1"}
HEADERS = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
JSON = "application/json"
DEEP = b'{"properties":' * 100_000 + b"1" + b"}" * 100_000
TOO_LARGE = b'{"name":"' + b"x" * 10_000_000 + b'"}'

UNREADABLE = {
    "no-json": b"{",
    "a-word": b"hello",
    "no-utf-8": b'{"name": "\xff\xfe"}',
    "byte-order-mark": b"\xef\xbb\xbf{}",
    "not-a-number": b'{"properties": NaN}',
    "endless": b'{"properties": 1e999}',
    "too-many-digits": b'{"entity_type": ' + b"9" * 10_000 + b"}",
    "too-deep": DEEP[:150_000],
    "half-a-character": b'{"name": "\\ud800", "entity_type": 1, "properties": {}}',
    "two-values": b"{} {}",
    "null-byte": b"\0",
    "python": b"{'name': 'x'}",
}
"""Bytes that are no JSON that anybody could store."""

MISSHAPEN: tuple[Any, ...] = ([], "text", 1, 1.5, True, None, [{}], {"": ""}, {"__proto__": {}}, {"name": {"$gt": ""}})


@pytest.fixture(scope="module")
def application() -> flask.Flask:
    """A twin with one workspace, an entity, a file and a job, that fails loudly where it fails."""
    builder = WorldBuilder()
    section = builder.workspace("Bridges").entity_type("Section")
    section.entity("Rhine")
    builder.method("calculate", {"data": {}})
    made = create_app(builder.contract, builder.world, checked(STEPS))
    made.config["PROPAGATE_EXCEPTIONS"] = True
    client = made.test_client()
    job = client.post("/api/workspaces/1/entities/1/jobs/", headers=HEADERS, json={"method_name": "calculate"})
    file = {"scope": "entity", "entity_id": 1, "filename": "plan.pdf"}
    assert (job.status_code, client.post("/api/workspaces/1/files/", headers=HEADERS, json=file).status_code) == (
        201,
        201,
    )
    twin(made).world.checkpoint()
    return made


@pytest.fixture(autouse=True)
def as_at_first(application: flask.Flask) -> Iterator[None]:
    twin(application).reset()
    yield


def twin(application: flask.Flask) -> Backend:
    backend: Backend = application.extensions["apitwin"]
    return backend


def path(operation: Operation) -> str:
    filled = operation.path
    for name, value in VALUES.items():
        filled = filled.replace("{" + name + "}", value)
    return filled


def send(application: flask.Flask, operation: Operation, body: bytes, content_type: str = JSON) -> tuple[int, Any]:
    """Send a body; return the status and the answer, after making sure of what every answer must be."""
    client, world = application.test_client(), twin(application).world
    before = world.snapshot()
    answer = client.open(
        path(operation), method=operation.method, headers=HEADERS, data=body, content_type=content_type
    )
    assert answer.status_code < 500, answer.text
    assert str(answer.status_code) in operation.responses, f"{answer.status_code} is not documented: {answer.text}"
    if answer.status_code >= 400:
        assert world.snapshot() == before, "a refused write changes nothing"
    return answer.status_code, json.loads(answer.data) if answer.data else None


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("operation", TAKING, ids=lambda operation: operation.id)
def test_bytes_that_are_no_json_are_refused_with_a_reason(
    application: flask.Flask, operation: Operation, kind: str
) -> None:
    status, said = send(application, operation, UNREADABLE[kind])
    assert status == 400
    assert said["detail"].startswith("JSON parse error - ") and len(said["detail"]) < 200


@pytest.mark.parametrize("operation", TAKING, ids=lambda operation: operation.id)
def test_a_body_of_ten_megabytes_is_too_large(application: flask.Flask, operation: Operation) -> None:
    assert send(application, operation, TOO_LARGE)[0] == 413


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", "", "a/b; c", "é"])
@pytest.mark.parametrize("operation", TAKING, ids=lambda operation: operation.id)
def test_a_body_that_is_said_to_be_no_json_is_refused(
    application: flask.Flask, operation: Operation, content_type: str
) -> None:
    status, said = send(application, operation, b'{"name": "x"}', content_type)
    assert (status, said.keys()) == (415, {"detail"})


@pytest.mark.parametrize("value", MISSHAPEN, ids=repr)
@pytest.mark.parametrize("operation", TAKING, ids=lambda operation: operation.id)
def test_a_value_of_another_shape_is_refused_by_name_or_taken_whole(
    application: flask.Flask, operation: Operation, value: Any
) -> None:
    status, said = send(application, operation, json.dumps(value).encode())
    if status == 400:
        assert said and all(isinstance(messages, list) and messages for messages in said.values())
    else:
        assert isinstance(value, dict) and operation.body is not None
        assert operation.body.schema is not None and operation.body.schema.accepts(value)


@pytest.mark.parametrize(
    ("operation", "body", "member", "message"),
    [
        ("entities_create", {}, "entity_type", "This field is required."),
        ("entities_create", {"entity_type": 1}, "properties", "This field is required."),
        ("entities_create", {"entity_type": None, "properties": {}}, "entity_type", "This field may not be null."),
        ("entities_create", {"entity_type": "1", "properties": {}}, "entity_type", "A valid integer is required."),
        ("entities_create", {"entity_type": True, "properties": {}}, "entity_type", "A valid integer is required."),
        ("entities_create", {"entity_type": 99, "properties": {}}, "entity_type", 'Invalid pk "99" - object does not'),
        ("entities_create", {"entity_type": 10**30, "properties": {}}, "entity_type", "Invalid pk"),
        ("entities_create", {"entity_type": 1, "properties": []}, "properties", "Expected a dictionary of items"),
        ("entities_create", {"entity_type": 1, "properties": {}, "name": ""}, "name", "may not be blank"),
        ("entities_create", {"entity_type": 1, "properties": {}, "name": "x" * 129}, "name", "no more than 128"),
        ("entities_create", {"entity_type": 1, "properties": {}, "name": "a\0b"}, "name", "Null characters"),
        ("entities_create", {"entity_type": 1, "properties": {"a": "\0"}}, "properties", "Null characters"),
        ("entities_rename", {"name": 5}, "name", "Not a valid string."),
        ("entities_rename", {}, "name", "This field is required."),
        ("entities_update", {"name": ""}, "name", "may not be blank"),
        ("entities_update", {"message": ["x"]}, "message", "Not a valid string."),
        ("entities_jobs", {"method_name": ""}, "method_name", "may not be blank"),
        ("entities_jobs", {}, "method_name", "This field is required."),
        ("entities_jobs", {"method_name": "m", "timeout": 0}, "timeout", "greater than or equal to 1"),
        ("entities_jobs", {"method_name": "m", "timeout": 86401}, "timeout", "less than or equal to 86400"),
        ("entities_jobs", {"method_name": "m", "editor_session": "no-uuid"}, "editor_session", "Must be a valid UUID"),
        ("entities_jobs", {"method_name": "m", "events": "x"}, "events", "Expected a list of items"),
        ("files_create", {"scope": "planet", "filename": "x"}, "scope", '"planet" is not a valid choice.'),
        ("files_create", {"scope": "entity", "filename": "x"}, "entity_id", "This field is required."),
        ("files_create", {"scope": "entity", "filename": "x", "entity_id": 99}, "entity_id", "object does not exist"),
        ("files_create", {"scope": "entity", "entity_id": 1, "filename": "x" * 513}, "filename", "no more than 512"),
    ],
)
def test_a_refusal_names_the_member_and_what_is_wrong_with_it(
    application: flask.Flask, operation: str, body: dict[str, Any], member: str, message: str
) -> None:
    status, said = send(application, CONTRACT.operation(f"workspaces_{operation}"), json.dumps(body).encode())
    assert status == 400
    assert list(said) == [member]
    assert message in said[member][0]


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "a\nb", '"; rm -rf', "é" * 40])
def test_a_file_name_is_only_a_name(application: flask.Flask, name: str) -> None:
    body = {"scope": "entity", "entity_id": 1, "filename": name}
    status, said = send(application, CONTRACT.operation("workspaces_files_create"), json.dumps(body).encode())
    assert (status, said["filename"]) == (201, name)
    assert name not in said["temp_upload_data"]["key"]


def test_a_form_under_a_json_content_type_is_taken_where_a_plugin_sends_one(application: flask.Flask) -> None:
    """An official plugin does this when it has sent a file."""
    client = application.test_client()
    file = {"scope": "entity", "entity_id": 1, "filename": "plan.pdf"}
    made = client.post("/api/workspaces/1/files/", headers=HEADERS, json=file).get_json()
    address = made["temp_upload_url"].removeprefix("http://localhost")
    sent = client.post(address, data={**made["temp_upload_data"], "file": (io.BytesIO(b"x"), "p")})
    assert sent.status_code == 204

    uploaded = CONTRACT.operation("workspaces_files_uploaded")
    answer = client.post(
        f"/api/workspaces/1/files/{made['id']}/uploaded/",
        headers=HEADERS,
        data=b"editor_session=&x=1",
        content_type=JSON,
    )
    assert answer.status_code == 200, answer.text
    assert uploaded.body is not None and uploaded.body.when_unreadable == "ignore"


@pytest.mark.parametrize("number", ["0", "-1", "1e3", "9" * 30, "%31", "1;2", "null", "١", "1%00", "%2e%2e"])
@pytest.mark.parametrize(
    "operation",
    [operation for operation in CONTRACT.operations if operation.path_parameters()],
    ids=lambda operation: operation.id,
)
def test_a_number_that_nothing_has_is_refused_and_harms_nothing(
    application: flask.Flask, operation: Operation, number: str
) -> None:
    world, client = twin(application).world, application.test_client()
    before = world.snapshot()
    for parameter in operation.path_parameters():
        where = operation.path.replace("{" + parameter.name + "}", number)
        for name, value in VALUES.items():
            where = where.replace("{" + name + "}", value)
        answer = client.open(where, method=operation.method, headers=HEADERS, json={})
        assert answer.status_code < 500, answer.text
        if number != "%31":
            assert answer.status_code in (400, 403, 404, 405), answer.text
            assert world.snapshot() == before


JSONS = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats() | strategies.text(),
    lambda inner: strategies.lists(inner, max_size=4) | strategies.dictionaries(strategies.text(), inner, max_size=4),
    max_leaves=10,
)
MEMBERS = sorted(
    {
        name
        for operation in TAKING
        if operation.body and operation.body.schema
        for name in operation.body.schema.resolved["properties"]
    }
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    strategies.sampled_from(WRITING),
    strategies.dictionaries(strategies.sampled_from(MEMBERS), JSONS, max_size=5) | JSONS,
)
def test_any_json_is_answered_as_documented(application: flask.Flask, operation: Operation, value: Any) -> None:
    twin(application).reset()
    send(application, operation, json.dumps(value).encode())


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.sampled_from(WRITING), strategies.binary(max_size=60), strategies.sampled_from([JSON, "a/b", ""]))
def test_any_bytes_are_answered_as_documented(
    application: flask.Flask, operation: Operation, content: bytes, content_type: str
) -> None:
    twin(application).reset()
    send(application, operation, content, content_type)


def test_a_body_that_never_ends_as_it_was_said_to_stops_nobody(application: flask.Flask) -> None:
    with RunningTwin(application) as running, socket.create_connection(("127.0.0.1", running.port)) as waiting:
        waiting.sendall(b"POST /api/workspaces/1/entities/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as other:
            other.sendall(b"GET /__twin__/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert b"200" in other.recv(100)
        assert time.monotonic() - start < 5
