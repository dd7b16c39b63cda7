"""Objects in queries: twins read them in the style that is said, and the laws send them so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from apitwin.contracts import load, object_parameters
from apitwin.mock_server import Twin
from apitwin.testkit.server.judge import judge
from apitwin.testkit.settings import Settings, plan
from tests.serving import answering_json

SPAN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["low"],
    "properties": {"low": {"type": "integer", "minimum": 3, "maximum": 9}, "word": {"enum": ["a", "b"]}},
}
DEEP = {"style": "deepObject", "explode": True}


def document(folder: Path, words: Mapping[str, Any]) -> Path:
    """Write a document of one operation whose parameter is an object. words: of the parameter."""
    parameter = {"name": "span", "in": "query", "schema": SPAN, **words}
    answer = {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}}
    responses = {"200": answer, "400": {"description": ""}}
    tides = {"operationId": "tides", "parameters": [parameter], "responses": responses}
    path = folder / "tides.json"
    whole = {"openapi": "3.1.0", "info": {"title": "Tides", "version": "1"}, "paths": {"/tides": {"get": tides}}}
    path.write_text(json.dumps(whole), "utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "right", "wrong"),
    [
        (DEEP, "span[low]=3&span[word]=a", "span[low]=2"),
        (DEEP, "span%5Blow%5D=9", "span[low]=3&span[other]=1"),
        (DEEP, "", "span[word]=a"),
        ({}, "low=3&word=b", "low=many"),
        ({"explode": False}, "span=low,3,word,b", "span=low,3,word,c"),
        ({"style": "deepObject"}, 'span={"low":3}', 'span={"low":2}'),
        ({**DEEP, "required": True}, "span[low]=3", ""),
        ({**DEEP, "schema": {"anyOf": [SPAN, {"type": "integer"}]}}, "span=7", "span[low]=2"),
    ],
)
def test_a_twin_reads_an_object_by_its_style(tmp_path: Path, words: Mapping[str, Any], right: str, wrong: str) -> None:
    with Twin(load(document(tmp_path, words))) as twin:
        statuses = [requests.get(f"{twin.url}/tides?{query}", timeout=30).status_code for query in (right, wrong)]

    assert statuses == [200, 400]


@pytest.mark.parametrize("words", [DEEP, {}, {"explode": False}, {**DEEP, "required": True, "example": {"low": 5}}])
def test_the_laws_write_an_object_by_its_style(tmp_path: Path, words: Mapping[str, Any]) -> None:
    path = document(tmp_path, words)
    (span,) = load(path).operation("tides").parameters
    seen: list[dict[str, Any]] = []

    def answer(target: str, header: str | None) -> tuple[int, Any]:
        query = parse_qsl(urlsplit(target).query, keep_blank_values=True)
        told = object_parameters.members(span, query)
        if told is None:
            return (400, {}) if query or span.required else (200, {})
        seen.append(told)
        is_right = 3 <= int(told["low"]) <= 9 and told.get("word", "a") in ("a", "b") and set(told) <= {"low", "word"}
        return (200 if is_right else 422), {}

    with answering_json(answer) as address:
        run = plan(Settings(str(path), target=address, laws=("status",), rate=0, examples=20))
        verdict = judge(*run.pairs[0], run.context)

    assert (verdict.outcome, verdict.reason) == ("holds", "")
    assert len(seen) >= 3
