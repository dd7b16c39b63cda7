"""Forms: what stands inside objects and lists has names with brackets, or is one text of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin.mock_server import Twin

OWNER = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}}
BOAT = {
    "type": "object",
    "properties": {
        "owner": {"anyOf": [OWNER, {"type": "string", "enum": [""]}]},
        "crew": {"type": "array", "items": OWNER},
        "tags": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string", "enum": [""]}]},
        "sails": {"anyOf": [{"type": "integer"}, {"type": "string", "enum": ["none"]}]},
        "berth": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {"at": {"type": "object", "properties": {"dock": {"type": "integer"}}}},
                },
                {"type": "object", "properties": {"at": {"type": "object", "properties": {"lat": {"type": "number"}}}}},
            ]
        },
        "notes": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
ANSWER = {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {
    "id": {"type": "integer"}, **BOAT["properties"]}, "required": ["id"]}}}}  # fmt: skip
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Boats", "version": "1"},
    "paths": {
        "/boats": {"post": {
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": BOAT}}},
            "responses": {"201": ANSWER, "400": {"description": ""}},
        }},
        "/boats/{id}": {"get": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "responses": {"200": ANSWER},
        }},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    path: Path = tmp_path_factory.mktemp("boats") / "boats.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    with Twin(path, check_answers=True) as twin:
        yield twin


@pytest.mark.parametrize(
    ("form", "member", "value"),
    [
        ([("owner[name]", "Ada"), ("owner[age]", "36")], "owner", {"name": "Ada", "age": 36}),
        ([("owner", '{"name": "Ada", "age": 36}')], "owner", {"name": "Ada", "age": 36}),
        ([("owner", "")], "owner", ""),
        ([("berth[at][dock]", "7")], "berth", {"at": {"dock": 7}}),
        ([("berth[at][lat]", "52.5")], "berth", {"at": {"lat": 52.5}}),
        ([("crew[0][name]", "Ada"), ("crew[1][name]", "Bo")], "crew", [{"name": "Ada"}, {"name": "Bo"}]),
        ([("crew[10][name]", "Bo"), ("crew[9][name]", "Ada")], "crew", [{"name": "Ada"}, {"name": "Bo"}]),
        ([("tags[]", "a"), ("tags[]", "b")], "tags", ["a", "b"]),
        ([("tags", "a")], "tags", ["a"]),
        ([("tags", "")], "tags", ""),
        ([("sails", "2")], "sails", 2),
        ([("sails", "none")], "sails", "none"),
        ([("notes[a b]", "x")], "notes", {"a b": "x"}),
    ],
)
def test_a_form_says_what_json_would(twin: Twin, form: list[tuple[str, str]], member: str, value: Any) -> None:
    made = requests.post(f"{twin.url}/boats", data=form, timeout=10)
    assert made.status_code == 201, made.text
    assert made.json()[member] == value
    assert requests.get(f"{twin.url}/boats/{made.json()['id']}", timeout=10).json()[member] == value


@pytest.mark.parametrize(
    "form",
    [
        [("owner[age]", "36")],
        [("crew[0]", "Ada")],
        [("owner[name][first]", "Ada")],
        [("owner", "[NaN")],
        [("owner", '{"name": "\\ud800"}')],
        [("owner" + "[a]" * 5000, "x")],
        [("crew", "[" * 5000)],
        [("sails", "many")],
    ],
)
def test_a_form_that_does_not_fit_is_refused(twin: Twin, form: list[tuple[str, str]]) -> None:
    refused = requests.post(f"{twin.url}/boats", data=form, timeout=10)
    assert refused.status_code in (201, 400), refused.text
    if not form[0][0].endswith("[a]" * 5000):  # a name like others, which this schema does not forbid
        assert refused.status_code == 400, refused.text
