"""How a twin refuses requests is its contract's profile: over HTTP, and beside the frameworks that profiles name."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import fastapi
import httpx
import pytest
import requests
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from apitwin import Twin

TOKEN = {"Authorization": "Bearer key"}
ANY = {"description": "Any answer", "content": {"application/json": {}}}
WITHOUT_EXAMPLE = {"description": "Numbers", "content": {"application/json": {"schema": {"type": "array"}}}}
CRATE = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "size": {"type": "integer", "minimum": 1},
        "colour": {"enum": ["red", "blue"]},
        "lid": {"type": "boolean"},
    },
}


def operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": {"200": ANY, "default": ANY}, **more}


def query(name: str, schema: Mapping[str, Any], required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def document(**extension: Any) -> dict[str, Any]:
    """Return the contract of crates with what its `x-apitwin` says besides."""
    crates = {"schema": {"type": "object"}, "identity": "/id"}
    filters = [
        query("size", {"type": "integer", "minimum": 1, "maximum": 9}),
        query("lid", {"type": "boolean"}),
        query("colour", {"enum": ["red", "blue", "green"]}),
        query("q", {"type": "string"}),
    ]
    body = {"required": True, "content": {"application/json": {"schema": CRATE}}}
    of_one = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    named = {"collection": "crates", "identified-by": "id"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Crates", "version": "1"},
        "security": [{"key": []}],
        "x-apitwin": {
            "world": "world.yaml",
            "auth": {"missing": "unauthenticated", "invalid": "invalid-token", "challenge": "Bearer"},
            "collections": {"crates": crates},
            **extension,
        },
        "paths": {
            "/crates": {
                "get": operation(
                    "list", parameters=filters, **{"x-apitwin": {"collection": "crates", "behaviour": "list"}}
                ),
                "post": operation(
                    "create", requestBody=body, **{"x-apitwin": {"collection": "crates", "effect": "create"}}
                ),
            },
            "/needing": {
                "get": operation("need", parameters=[query("q", {"type": "string"}, required=True)])
                | {"responses": {"200": WITHOUT_EXAMPLE, "default": ANY}}
            },
            "/crates/{id}": {"get": operation("read", parameters=[of_one], **{"x-apitwin": named})},
        },
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


@contextmanager
def twin(folder: Path, **extension: Any) -> Iterator[Twin]:
    (folder / "world.yaml").write_text(
        "tokens: [{token: key, roles: [any]}]\ncollections: {crates: [{id: 1, name: a}]}", encoding="utf-8"
    )
    path = folder / "crates.json"
    path.write_text(json.dumps(document(**extension)), encoding="utf-8")
    with Twin(path) as running:
        yield running


Asked = tuple[str, str, Any]
"""A method, a path with its query, and a body: bytes as they are, or a value to be sent as JSON. None: no body."""


def arguments(asked: Asked, headers: Mapping[str, str]) -> dict[str, Any]:
    body = asked[2]
    if body is None:
        return {"headers": dict(headers)}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {"headers": {**headers, "Content-Type": "application/json"}, "data": content}


def ask(server: Twin, asked: Asked, headers: Mapping[str, str] = TOKEN) -> requests.Response:
    return requests.request(asked[0], server.url + asked[1], timeout=10, **arguments(asked, headers))


ERRORS: Mapping[str, Asked] = {
    "no-token": ("GET", "/crates", None),
    "wrong-token": ("GET", "/crates", None),
    "parameter": ("GET", "/crates?size=abc", None),
    "missing": ("GET", "/needing", None),
    "too-small": ("GET", "/crates?size=0", None),
    "unknown-id": ("GET", "/crates/99", None),
    "no-id": ("GET", "/crates/abc", None),
    "method": ("PUT", "/crates", None),
    "member": ("POST", "/crates", {"name": "a", "size": 0}),
    "no-member": ("POST", "/crates", {"size": 1}),
    "no-object": ("POST", "/crates", [1]),
    "malformed": ("POST", "/crates", b'{"name": }'),
}
CREDENTIALS: Mapping[str, Mapping[str, str]] = {"no-token": {}, "wrong-token": {"Authorization": "Bearer wrong"}}


def jsonapi(status: int, code: str, title: str, detail: str, **source: str) -> tuple[int, Any]:
    error = {"status": str(status), "code": code, "title": title, "detail": detail}
    return status, {"errors": [error | ({"source": source} if source else {})]}


def problem(status: int, title: str, detail: str, *errors: Mapping[str, str]) -> tuple[int, Any]:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return status, body | ({"errors": list(errors)} if errors else {})


def invalid(kind: str, place: list[str], message: str, sent: Any) -> tuple[int, Any]:
    return 422, {"detail": [{"type": kind, "loc": place, "msg": message, "input": sent}]}


MALFORMED = "Expecting value: line 1 column 10 (char 9)"
NUMBER = "A valid integer is required."
LEAST = "Ensure this value is greater than or equal to 1."
NO_OBJECT = "Invalid data. Expected a dictionary, but got list."
NO_INTEGER = "Input should be a valid integer, unable to parse string as an integer"
DJANGO: Mapping[str, tuple[int, Any]] = {
    "no-token": (401, {"detail": "Authentication credentials were not provided."}),
    "wrong-token": (401, {"detail": "Invalid token."}),
    "parameter": (400, {"size": [NUMBER]}),
    "missing": (400, {"q": ["This field is required."]}),
    "too-small": (400, {"size": [LEAST]}),
    "unknown-id": (404, {"detail": "Not found."}),
    "no-id": (404, {"detail": "Not found."}),
    "method": (405, {"detail": 'Method "PUT" not allowed.'}),
    "member": (400, {"size": [LEAST]}),
    "no-member": (400, {"name": ["This field is required."]}),
    "no-object": (400, {"non_field_errors": [NO_OBJECT]}),
    "malformed": (400, {"detail": f"JSON parse error - {MALFORMED}"}),
}
PLAIN: Mapping[str, tuple[int, Any]] = {
    **DJANGO,
    "wrong-token": (401, {"detail": "The token is not valid."}),
    "parameter": (400, {"detail": f"size: {NUMBER}"}),
    "missing": (400, {"detail": "q: This field is required."}),
    "too-small": (400, {"detail": f"size: {LEAST}"}),
    "member": (400, {"detail": f"size: {LEAST}"}),
    "no-member": (400, {"detail": "name: This field is required."}),
    "no-object": (400, {"detail": f"non_field_errors: {NO_OBJECT}"}),
}
FASTAPI: Mapping[str, tuple[int, Any]] = {
    "no-token": (401, {"detail": "Not authenticated"}),
    "wrong-token": (401, {"detail": "Invalid authentication credentials"}),
    "parameter": invalid("int_parsing", ["query", "size"], NO_INTEGER, "abc"),
    "missing": invalid("missing", ["query", "q"], "Field required", None),
    "too-small": invalid("greater_than_equal", ["query", "size"], "Input should be greater than or equal to 1", "0"),
    "unknown-id": (404, {"detail": "Not Found"}),
    "no-id": invalid("int_parsing", ["path", "id"], NO_INTEGER, "abc"),
    "method": (405, {"detail": "Method Not Allowed"}),
    "member": invalid("greater_than_equal", ["body", "size"], "Input should be greater than or equal to 1", 0),
    "no-member": invalid("missing", ["body", "name"], "Field required", {"size": 1}),
    "no-object": invalid(
        "model_attributes_type",
        ["body"],
        "Input should be a valid dictionary or object to extract fields from",
        [1],
    ),
    "malformed": (
        422,
        {
            "detail": [
                {
                    "type": "json_invalid",
                    "loc": ["body", 9],
                    "msg": "JSON decode error",
                    "input": {},
                    "ctx": {"error": "Expecting value"},
                }
            ]
        },
    ),
}
WHOLE = "must be a whole number"
JSON_API: Mapping[str, tuple[int, Any]] = {
    "no-token": jsonapi(401, "unauthenticated", "Unauthorized", "No credentials were given."),
    "wrong-token": jsonapi(401, "invalid-token", "Unauthorized", "The credentials are not valid."),
    "parameter": jsonapi(400, "integer", "Invalid Query Parameter", WHOLE, parameter="size"),
    "missing": jsonapi(400, "required", "Invalid Query Parameter", "is required", parameter="q"),
    "too-small": jsonapi(400, "minimum", "Invalid Query Parameter", "must be 1 or more", parameter="size"),
    "unknown-id": jsonapi(404, "not-found", "Not Found", "The resource does not exist."),
    "no-id": jsonapi(404, "not-found", "Not Found", "The resource does not exist."),
    "method": jsonapi(405, "method-not-allowed", "Method Not Allowed", "PUT is not allowed here."),
    "member": jsonapi(422, "minimum", "Invalid Attribute", "must be 1 or more", pointer="/size"),
    "no-member": jsonapi(422, "required", "Invalid Attribute", "is required", pointer="/name"),
    "no-object": jsonapi(422, "body", "Invalid Attribute", "must be an object", pointer=""),
    "malformed": jsonapi(400, "malformed-body", "Bad Request", MALFORMED, pointer=""),
}
INVALID_BODY = (422, "Unprocessable Content", "The body is not valid.")
PROBLEM: Mapping[str, tuple[int, Any]] = {
    "no-token": problem(401, "Unauthorized", "No credentials were given."),
    "wrong-token": problem(401, "Unauthorized", "The credentials are not valid."),
    "parameter": problem(400, "Bad Request", f"size {WHOLE}", {"detail": WHOLE, "parameter": "size"}),
    "missing": problem(400, "Bad Request", "q is required", {"detail": "is required", "parameter": "q"}),
    "too-small": problem(
        400, "Bad Request", "size must be 1 or more", {"detail": "must be 1 or more", "parameter": "size"}
    ),
    "unknown-id": problem(404, "Not Found", "There is nothing here."),
    "no-id": problem(404, "Not Found", "There is nothing here."),
    "method": problem(405, "Method Not Allowed", "PUT is not allowed here."),
    "member": problem(*INVALID_BODY, {"detail": "must be 1 or more", "pointer": "#/size"}),
    "no-member": problem(*INVALID_BODY, {"detail": "is required", "pointer": "#/name"}),
    "no-object": problem(*INVALID_BODY, {"detail": "must be an object", "pointer": "#"}),
    "malformed": problem(400, "Bad Request", f"The body is no JSON: {MALFORMED}"),
}


def laravel(member: str, message: str) -> tuple[int, Any]:
    said = f"The {member} field {message}"
    return 422, {"message": said, "errors": {member: [said]}}


LARAVEL: Mapping[str, tuple[int, Any]] = {
    "no-token": (401, {"message": "Unauthenticated."}),
    "wrong-token": (401, {"message": "Unauthenticated."}),
    "parameter": laravel("size", "must be an integer."),
    "missing": laravel("q", "is required."),
    "too-small": laravel("size", "must be at least 1."),
    "unknown-id": (404, {"message": "Not Found."}),
    "no-id": (404, {"message": "Not Found."}),
    "method": (405, {"message": "The PUT method is not supported for this route."}),
    "member": laravel("size", "must be at least 1."),
    "no-member": laravel("name", "is required."),
    "no-object": laravel("body", "must be an array."),
    "malformed": (400, {"message": f"The body is no JSON: {MALFORMED}"}),
}
PROFILES: Mapping[str, tuple[str, Mapping[str, tuple[int, Any]]]] = {
    "plain": ("application/json", PLAIN),
    "django": ("application/json", DJANGO),
    "fastapi": ("application/json", FASTAPI),
    "json-api": ("application/vnd.api+json", JSON_API),
    "laravel": ("application/json", LARAVEL),
    "problem-details": ("application/problem+json", PROBLEM),
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_refuses_as_its_framework_is_documented_to(name: str, tmp_path: Path) -> None:
    media_type, expected = PROFILES[name]
    with twin(tmp_path, profile=name) as server:
        for case, asked in ERRORS.items():
            answer = ask(server, asked, CREDENTIALS.get(case, TOKEN))
            assert (answer.status_code, answer.json()) == expected[case], case
            assert answer.headers["Content-Type"] == media_type, case
        assert ask(server, ERRORS["no-token"], {}).headers["WWW-Authenticate"] == "Bearer"
        assert ask(server, ERRORS["method"]).headers["Allow"] == "GET, HEAD, POST"


def test_a_contract_without_a_profile_is_plain(tmp_path: Path) -> None:
    with twin(tmp_path) as server:
        said = {case: ask(server, asked, CREDENTIALS.get(case, TOKEN)) for case, asked in ERRORS.items()}

    assert {case: (answer.status_code, answer.json()) for case, answer in said.items()} == PLAIN


@pytest.mark.parametrize("name", PROFILES)
def test_what_a_twin_says_of_itself_has_the_same_shape(name: str, tmp_path: Path) -> None:
    """A client that reads errors reads these too: an unknown path, an operation without behaviour, faults."""
    media_type, expected = PROFILES[name]
    members = expected["unknown-id"][1].keys()
    with twin(tmp_path, profile=name) as server:
        answers = [ask(server, ("GET", "/nowhere", None)), ask(server, ("GET", "/needing?q=a", None))]
        for fault in ("too-many-requests", "unavailable", "server-error"):
            server.reset()
            server.fault(fault, times=1)
            answers.append(ask(server, ("GET", "/crates", None)))

    assert [answer.status_code for answer in answers] == [404, 501, 429, 503, 500]
    assert [answer.headers["Content-Type"] for answer in answers] == [media_type] * 5
    assert all(answer.json().keys() == members for answer in answers), [answer.text for answer in answers]
    assert "Nearest: GET /needing, GET /crates" in answers[0].text


def test_an_answer_that_breaks_the_contract_has_that_shape_too(tmp_path: Path) -> None:
    with twin(tmp_path, profile="problem-details") as running:
        path = running.contract.path
    loaded = json.loads(path.read_text("utf-8"))
    loaded["paths"]["/crates"]["get"]["responses"] = {
        "200": {"description": "Never so", "content": {"application/json": {"schema": {"type": "string"}}}}
    }
    path.write_text(json.dumps(loaded), encoding="utf-8")
    with Twin(path, check_answers=True) as server:
        answer = ask(server, ("GET", "/crates", None))

    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["detail"].startswith("apitwin: its own answer breaks the contract: list, status 200")


# A contract's own words


def test_a_contract_says_more_than_its_profile_member_by_member(tmp_path: Path) -> None:
    own = {
        "profile": "problem-details",
        "errors": {"not-found": {"body": {"title": "No crate"}}, "own": {"status": 418, "body": {}}},
        "parameters": {"messages": {"integer": "is no number"}},
        "requests": {"wrong-path": "reject"},
    }
    with twin(tmp_path, **own) as server:
        unknown, wrong, no_id, small = (
            ask(server, ERRORS[case]) for case in ("unknown-id", "parameter", "no-id", "too-small")
        )
        assert server.contract.errors["own"].content_type == "application/json"

    assert (unknown.status_code, unknown.json()) == (404, {"title": "No crate"})
    assert unknown.headers["Content-Type"] == "application/problem+json"
    assert wrong.json()["errors"] == [{"detail": "is no number", "parameter": "size"}]
    assert no_id.json()["errors"] == [{"detail": "is no number", "parameter": "id"}]
    assert small.json()["errors"] == [{"detail": "must be 1 or more", "parameter": "size"}]


OWN_PROFILE = """
title: Our gateway
profile: json-api
errors:
  invalid-parameter: {status: 422, body: {bad: "{parameter}", in: "{location}", because: "{code}", got: "{input}"}}
parameters:
  codes: {integer: NOT_A_NUMBER}
"""


def test_a_contract_may_have_a_profile_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "gateway.yaml").write_text(OWN_PROFILE, encoding="utf-8")
    with twin(tmp_path, profile="./gateway.yaml") as server:
        wrong, missing, method = (ask(server, ERRORS[case]) for case in ("parameter", "missing", "method"))

    assert (wrong.status_code, wrong.json()) == (
        422,
        {"bad": "size", "in": "query", "because": "NOT_A_NUMBER", "got": "abc"},
    )
    assert wrong.headers["Content-Type"] == "application/vnd.api+json"
    assert missing.json() == {"bad": "q", "in": "query", "because": "required", "got": None}
    assert (method.status_code, method.json()) == JSON_API["method"]


@pytest.mark.parametrize(
    ("rules", "asked", "headers", "status"),
    [
        ({}, ("PUT", "/crates", None), {}, 401),
        (
            {"order": ["method", "auth", "path", "permission", "things", "restrictions", "query", "body"]},
            ("PUT", "/crates", None),
            {},
            405,
        ),
        ({"null-character": "accept"}, ("GET", "/crates?q=a%00b", None), TOKEN, 200),
        ({"null-character": "reject"}, ("GET", "/crates?q=a%00b", None), TOKEN, 400),
        ({"null-character": "accept"}, ("POST", "/crates", {"name": "\0"}), TOKEN, 200),
        ({"null-character": "reject"}, ("POST", "/crates", {"name": "\0"}), TOKEN, 400),
        ({"empty-text": "left-out"}, ("GET", "/crates?size=", None), TOKEN, 200),
        ({"empty-text": "value"}, ("GET", "/crates?size=", None), TOKEN, 400),
        ({"wrong-path": "reject"}, ("GET", "/crates/abc", None), TOKEN, 400),
        ({"wrong-path": "not-found"}, ("GET", "/crates/abc", None), TOKEN, 404),
    ],
)
def test_each_habit_is_a_fact(
    rules: Mapping[str, Any], asked: Asked, headers: Mapping[str, str], status: int, tmp_path: Path
) -> None:
    with twin(tmp_path, requests=rules) as server:
        assert ask(server, asked, headers).status_code == status


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"absent-body": "empty"}, {"detail": "name: This field is required."}),
        ({"absent-body": "reject"}, {"detail": "non_field_errors: This field is required."}),
        ({"absent-body": "reject", "whole-body": "body"}, {"detail": "body: This field is required."}),
    ],
)
def test_no_body_is_an_empty_one_or_a_mistake(rules: Mapping[str, Any], expected: Any, tmp_path: Path) -> None:
    with twin(tmp_path, requests=rules) as server:
        assert ask(server, ("POST", "/crates", b"")).json() == expected


# Beside the frameworks themselves


class Crate(BaseModel):
    """What FastAPI takes for a crate."""

    name: str = Field(min_length=1, max_length=5)
    size: int = Field(default=1, ge=1)
    colour: Literal["red", "blue"] = "red"
    lid: bool = True


def framework() -> fastapi.FastAPI:
    """Return the same API written with FastAPI."""
    api, bearer = fastapi.FastAPI(), HTTPBearer()
    key = fastapi.Depends(bearer)

    @api.get("/crates", dependencies=[key])
    def listed(
        size: int | None = fastapi.Query(None, ge=1, le=9),
        lid: bool | None = None,
        colour: Literal["red", "blue", "green"] = "red",
        q: str | None = None,
    ) -> list[int]:
        return []

    @api.post("/crates", dependencies=[key])
    def created(body: Crate) -> None: ...

    @api.get("/needing", dependencies=[key])
    def needing(q: str) -> list[int]:
        return []

    @api.get("/crates/{id}", dependencies=[key])
    def read(id: int) -> None:
        raise fastapi.HTTPException(404, "Not Found")

    return api


BESIDE_FASTAPI: Mapping[str, Asked] = {
    **{case: asked for case, asked in ERRORS.items() if case != "wrong-token"},
    "empty": ("GET", "/crates?size=", None),
    "too-large": ("GET", "/crates?size=10", None),
    "boolean": ("GET", "/crates?lid=maybe", None),
    "choice": ("GET", "/crates?colour=pink", None),
    "no-body": ("POST", "/crates", b""),
    "empty-name": ("POST", "/crates", {"name": ""}),
    "long-name": ("POST", "/crates", {"name": "abcdefg"}),
    "no-text": ("POST", "/crates", {"name": 5}),
    "no-choice": ("POST", "/crates", {"name": "a", "colour": "pink"}),
    "no-number": ("POST", "/crates", {"name": "a", "size": "x"}),
    "broken": ("POST", "/crates", b"{"),
    "method-first": ("DELETE", "/crates", None),
}
WITHOUT_TOKEN = ("no-token", "method-first")


def without_context(body: Any) -> Any:
    """Return an error of FastAPI without `ctx` of a validation, which the profile leaves out."""
    detail = body["detail"]
    if isinstance(detail, list):
        kept = [entry for entry in detail if entry["type"] == "json_invalid"]
        detail = kept or [{name: value for name, value in entry.items() if name != "ctx"} for entry in detail]
    return {"detail": detail}


def test_the_profile_fastapi_refuses_as_fastapi_itself(tmp_path: Path) -> None:
    async def real(asked: Asked, headers: Mapping[str, str]) -> httpx.Response:
        said = arguments(asked, headers)
        transport = httpx.ASGITransport(app=framework())
        async with httpx.AsyncClient(transport=transport, base_url="http://crates.test") as client:
            return await client.request(asked[0], asked[1], headers=said["headers"], content=said.get("data"))

    with twin(tmp_path, profile="fastapi") as server:
        for case, asked in BESIDE_FASTAPI.items():
            headers = {} if case in WITHOUT_TOKEN else TOKEN
            ours, theirs = ask(server, asked, headers), asyncio.run(real(asked, headers))
            assert (ours.status_code, ours.json()) == (theirs.status_code, without_context(theirs.json())), case
            assert ours.headers["Content-Type"] == theirs.headers["Content-Type"], case


BESIDE_DJANGO: Mapping[str, Asked] = {
    "no-token": ("GET", "/api/workspaces/?limit=5", None),
    "wrong-token": ("GET", "/api/workspaces/?limit=5", None),
    "parameter": ("GET", "/api/workspaces/1/entities/1/entities/?limit=0", None),
    "choice": ("GET", "/api/workspaces/?limit=5&visibility=NOWHERE", None),
    "boolean": ("GET", "/api/apps/?limit=5&is_public=maybe", None),
    "unknown-id": ("GET", "/api/workspaces/987654321/", None),
    "no-id": ("GET", "/api/workspaces/987654321/entities/1/", None),
    "method": ("DELETE", "/api/apps/", None),
    "malformed": ("POST", "/api/workspaces/1/entities/1/entities/", b'{"name": }'),
    "no-object": ("POST", "/api/workspaces/1/entities/1/entities/", [1]),
    "no-member": ("POST", "/api/workspaces/1/entities/1/entities/", {"properties": {}}),
}


def test_the_profile_django_refuses_as_rest_framework_itself(live: dict[str, str]) -> None:
    with Twin("viktor") as server:
        for case, asked in BESIDE_DJANGO.items():
            said = []
            for url, token in ((server.url, server.token), (live["url"], live["token"])):
                headers = CREDENTIALS.get(case, {"Authorization": f"Bearer {token}"})
                answer = requests.request(asked[0], url + asked[1], timeout=10, **arguments(asked, headers))
                said.append((answer.status_code, answer.json(), answer.headers["Content-Type"]))
            assert said[0] == said[1], case
