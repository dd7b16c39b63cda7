"""A twin asks for the cookies that its document requires, and the laws bring them along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from apitwin.contracts import load
from apitwin.mock_server import Twin
from tests.testkit.test_cli import apitwin

TRAIN = {"type": "object", "properties": {"id": {"type": "integer"}, "from": {"type": "string"}}}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    parameters = [
        {"name": "line", "in": "cookie", "required": True, "schema": {"type": "integer", "minimum": 3, "maximum": 9}},
        {"name": "colour", "in": "cookie", "schema": {"enum": ["red", "blue"]}},
        {"name": "session", "in": "cookie", "required": True, "schema": {"type": "string"}},
    ]
    content = {"application/json": {"schema": {"type": "array", "items": TRAIN}}}
    refused = {"content": {"application/json": {"schema": {"type": "object"}}}, "description": ""}
    trains = {
        "operationId": "trains",
        "parameters": parameters,
        "security": [{"session": []}],
        "responses": {"200": {"description": "", "content": content}, "400": refused, "401": refused},
    }
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Trains", "version": "1"},
        "paths": {"/trains": {"get": trains}},
        "components": {"securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "session"}}},
    }
    path = tmp_path / "trains.json"
    path.write_text(json.dumps(whole), "utf-8")
    return path


def test_a_required_cookie_is_asked_for_and_read(document: Path) -> None:
    with Twin(load(document)) as twin:

        def status(**cookies: str) -> tuple[int, str]:
            answer = requests.get(f"{twin.url}/trains", cookies={"session": twin.token, **cookies}, timeout=30)
            return answer.status_code, answer.text

        missing, wrong, choice = status(), status(line="2"), status(line="3", colour="green")
        good, unasked = status(line="3", colour="red"), status(line="3", other="x")

    assert (missing[0], "line" in missing[1]) == (400, True)
    assert (wrong[0], "line" in wrong[1]) == (400, True)
    assert (choice[0], "colour" in choice[1]) == (400, True)
    assert (good[0], unasked[0]) == (200, 200)


def test_the_laws_send_it_to_a_twin(document: Path) -> None:
    laws = [word for name in ("status", "schema", "token-required", "content-type") for word in ("--law", name)]
    done = apitwin("check", str(document), *laws)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 hold" in done.stdout
