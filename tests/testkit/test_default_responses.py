"""`default` stands for every status without a line of its own: it is documented, has that body, and twins speak so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin.contracts import load
from apitwin.mock_server import Twin
from apitwin.testkit.server.judge import judge
from apitwin.testkit.settings import Settings, plan
from tests.serving import answering_json

PROBLEM = {
    "type": "object",
    "required": ["code", "why"],
    "properties": {"code": {"type": "integer"}, "why": {"type": "string"}},
}
BOAT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    def answer(schema: Any) -> dict[str, Any]:
        return {"description": "", "content": {"application/json": {"schema": schema}}}

    size = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 10}}
    tide = {"name": "tide", "in": "query", "schema": {"type": "integer"}}
    start = {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    boat = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    answers = {"default": answer(PROBLEM)}
    paths = {
        "/boats": {
            "get": {
                "operationId": "boats",
                "parameters": [size, start, tide],
                "responses": {"200": answer({"type": "array", "items": BOAT}), **answers},
            }
        },
        "/boats/{id}": {
            "get": {"operationId": "boat", "parameters": [boat], "responses": {"200": answer(BOAT), **answers}}
        },
    }
    path = tmp_path / "boats.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Boats", "version": "1"}, "paths": paths}))
    return path


def test_a_twin_refuses_in_the_shape_of_the_default_response(document: Path) -> None:
    with Twin(load(document), check_answers=True) as twin:
        unknown = requests.get(f"{twin.url}/boats/987654", timeout=30)
        wrong = requests.get(f"{twin.url}/boats?tide=high", timeout=30)

    assert (unknown.status_code, set(unknown.json())) == (404, {"code", "why"})
    assert (wrong.status_code, set(wrong.json())) == (400, {"code", "why"})


@pytest.mark.parametrize(
    ("refusal", "outcome", "reason"),
    [
        ((404, {"code": 7, "why": "no such boat"}), "holds", ""),
        ((418, {"code": 7, "why": "a teapot"}), "holds", ""),
        ((404, {"code": "seven"}), "broken", "the body of status 404 breaks its schema"),
        ((418, ["a teapot"]), "broken", "the body of status 418 breaks its schema"),
    ],
)
def test_a_server_is_held_to_the_default_response(
    document: Path, refusal: tuple[int, Any], outcome: str, reason: str
) -> None:
    def answer(target: str, header: str | None) -> tuple[int, Any]:
        path = target.partition("?")[0]
        boats = [{"id": number} for number in range(1, 8)]
        if path == "/boats":
            return 200, boats
        return next(((200, boat) for boat in boats if path == f"/boats/{boat['id']}"), refusal)

    with answering_json(answer) as address:
        run = plan(Settings(str(document), target=address, laws=("not-found",), operations=("boat",), rate=0))
        verdict = judge(*run.pairs[0], run.context)

    assert (verdict.outcome, verdict.reason) == (outcome, reason)
