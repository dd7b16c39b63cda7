"""Reading query parameters by their schemas: which value each text becomes, and which one is refused and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings, strategies
from werkzeug.test import Client

from apitwin.contracts import Contract, load
from apitwin.mock_server import World, create_app
from apitwin.mock_server.engine.parameters import read
from apitwin.mock_server.messages import Rejected

Read = Callable[..., Any]
VIKTOR = load("viktor")


def contract(
    folder: Path,
    schema: Any,
    *,
    required: bool = False,
    more: Any = None,
    match: str | None = None,
    search: Any = None,
) -> Contract:
    """Load a contract of one list with the parameter `p`.

    match: how a filter on the field `p` compares it, if any; search: the rule by which it is searched for, if any.
    """
    operation: dict[str, Any] = {
        "operationId": "crates_list",
        "parameters": [
            {"name": "limit", "in": "query", "schema": {"type": "integer"}},
            {"name": "offset", "in": "query", "schema": {"type": "integer"}},
            {"name": "p", "in": "query", "required": required, "schema": schema},
        ],
        "responses": {"200": {"description": ""}},
        "x-apitwin": {
            "pagination": "pages",
            "collection": "crates",
            "filters": {"p": {"match": match}} if match else {},
            **({"search": search} if search else {}),
        },
    }
    root = {
        "pagination": {
            "pages": {
                "limit": {"parameter": "limit", "when-absent": "bare-array", "when-invalid": "reject"},
                "offset": {"parameter": "offset", "when-invalid": "reject"},
                "envelope": {"results": "/results"},
            }
        },
        "collections": {"crates": {"identity": "/id"}},
    }
    document = {
        "openapi": "3.1.0",
        "paths": {"/crates": {"get": operation}},
        "x-apitwin": {**root, **(more or {})},
    }
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(path)


@pytest.fixture
def reading(tmp_path: Path) -> Read:
    """A function that reads a query under a schema, and gives the value of `p`, `absent`, or what was refused."""

    def reads(query: str, schema: Any, **more: Any) -> Any:
        loaded = contract(tmp_path, schema, **more)
        values = read(parse_qsl(query, keep_blank_values=True), loaded.operations[0], loaded)
        return values if isinstance(values, Rejected) else values.get("p", "absent")

    return reads


INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
TEXT = {"type": "string"}
WORD = {"type": "string", "minLength": 1}
CHOICE = {"enum": ["red", "blue"]}
MOMENT = {"type": "string", "format": "date-time"}


def several(schema: Any) -> Any:
    return {"type": "array", "items": schema}


@pytest.mark.parametrize(
    ("schema", "query", "expected"),
    [
        (INTEGER, "p=5", 5),
        (INTEGER, "p=-5", -5),
        (INTEGER, "p=%2B5", 5),
        (INTEGER, "p=0", 0),
        (INTEGER, "p=" + "9" * 40, int("9" * 40)),
        (INTEGER, "p=", "absent"),
        (INTEGER, "q=5", "absent"),
        (INTEGER, "p=abc", Rejected("p", "integer", "abc")),
        (INTEGER, "p=1.5", Rejected("p", "integer", "1.5")),
        (INTEGER, "p=%20", Rejected("p", "integer", " ")),
        ({**INTEGER, "minimum": 1}, "p=1", 1),
        ({**INTEGER, "minimum": 1}, "p=0", Rejected("p", "minimum", "0", 1)),
        ({**INTEGER, "maximum": 9}, "p=9", 9),
        ({**INTEGER, "maximum": 9}, "p=10", Rejected("p", "maximum", "10", 9)),
        (BOOLEAN, "p=true", True),
        (BOOLEAN, "p=True", True),
        (BOOLEAN, "p=1", True),
        (BOOLEAN, "p=false", False),
        (BOOLEAN, "p=False", False),
        (BOOLEAN, "p=0", False),
        (BOOLEAN, "p=", "absent"),
        (BOOLEAN, "p=TRUE", Rejected("p", "boolean", "TRUE")),
        (BOOLEAN, "p=yes", Rejected("p", "boolean", "yes")),
        (TEXT, "p=caf%C3%A9+1", "café 1"),
        (TEXT, "p=", ""),
        (TEXT, "p=%20", " "),
        (TEXT, "p=a%00b", Rejected("p", "other", "a\0b")),
        (WORD, "p=a", "a"),
        (WORD, "p=", Rejected("p", "blank", "")),
        (WORD, "p=+", Rejected("p", "blank", " ")),
        ({**TEXT, "maxLength": 3}, "p=abc", "abc"),
        ({**TEXT, "maxLength": 3}, "p=abcd", Rejected("p", "other", "abcd")),
        ({**TEXT, "maxLength": 2}, "p=%F0%9F%98%80%F0%9F%98%80", "😀😀"),
        ({**TEXT, "minLength": 3}, "p=abc", "abc"),
        ({**TEXT, "minLength": 3}, "p=ab", Rejected("p", "other", "ab")),
        ({**TEXT, "pattern": "^[A-Z]"}, "p=Abc", "Abc"),
        ({**TEXT, "pattern": "^[A-Z]"}, "p=abc", Rejected("p", "other", "abc")),
        (CHOICE, "p=red", "red"),
        (CHOICE, "p=RED", Rejected("p", "choice", "RED")),
        (CHOICE, "p=", Rejected("p", "choice", "")),
        (MOMENT, "p=2026-05-17T22:08:49Z", datetime(2026, 5, 17, 22, 8, 49, tzinfo=timezone.utc)),
        (MOMENT, "p=2026-05-18T00:08:49%2B02:00", datetime(2026, 5, 17, 22, 8, 49, tzinfo=timezone.utc)),
        (MOMENT, "p=2026-05-17", datetime(2026, 5, 17, tzinfo=timezone.utc)),
        (MOMENT, "p=", "absent"),
        (MOMENT, "p=yesterday", Rejected("p", "date-time", "yesterday")),
        (MOMENT, "p=2026-02-30T00:00:00Z", Rejected("p", "date-time", "2026-02-30T00:00:00Z")),
        (several(INTEGER), "p=1&p=2&p=1", [1, 2, 1]),
        (several(INTEGER), "p=1&q=3&p=2", [1, 2]),
        (several(INTEGER), "p=1&p=", Rejected("p", "integer", "")),
        (several(INTEGER), "p=1,2", Rejected("p", "integer", "1,2")),
        (several(CHOICE), "p=red&p=green", Rejected("p", "choice", "green")),
        (several(WORD), "p=a&p=+", Rejected("p", "blank", " ")),
        (several(BOOLEAN), "p=true&p=0", [True, False]),
        ({}, "p=x", "x"),
        ({"type": ["string", "null"]}, "p=x", "x"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else None,
)
def test_a_text_becomes_the_value_its_schema_says(reading: Read, schema: Any, query: str, expected: Any) -> None:
    value = reading(query, schema)

    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(("repeated", "expected"), [("last", 3), ("first", 1)])
def test_of_a_repeated_scalar_one_counts(reading: Read, repeated: str, expected: int) -> None:
    assert reading("p=1&p=2&p=3", INTEGER, more={"parameters": {"repeated": repeated}}) == expected


def test_a_contract_has_its_own_words_for_true_and_false(reading: Read) -> None:
    words = {"parameters": {"true": ["ja"], "false": ["nee", "No"]}}

    assert reading("p=ja", BOOLEAN, more=words) is True
    assert reading("p=No", BOOLEAN, more=words) is False
    assert reading("p=true", BOOLEAN, more=words) == Rejected("p", "boolean", "true")


@pytest.mark.parametrize("query", ["", "q=1", "p=", "p=&q=1"])
def test_a_required_parameter_must_be_there(reading: Read, query: str) -> None:
    assert reading(query, INTEGER, required=True) == Rejected("p", "required")


def test_limit_and_offset_are_not_read_here(reading: Read) -> None:
    assert reading("limit=x&offset=y&p=1", INTEGER) == 1


@given(query=strategies.text(max_size=30))
@settings(deadline=None)
def test_reading_any_text_gives_a_value_or_a_refusal(query: str) -> None:
    for operation in VIKTOR.operations:
        for parameter in operation.query_parameters():
            values = read([(parameter.name, query)], operation, VIKTOR)
            assert isinstance(values, (dict, Rejected))


def listed(folder: Path, schema: Any, match: str, values: list[Any], query: str) -> tuple[int, Any]:
    """Return status and body of a list of crates whose field `p` has the values, asked with a query."""
    loaded = contract(folder, schema, match=match)
    world = World(loaded)
    world.tables["crates"].add({"id": number, "p": value} for number, value in enumerate(values, 1))
    answer = Client(create_app(loaded, world)).get("/crates", query_string=query)
    return answer.status_code, json.loads(answer.data)


@pytest.mark.parametrize(
    ("schema", "match", "values", "query", "expected"),
    [
        ({"type": "number"}, "at-least", [1, 2.5, 3], "p=2.5", [2, 3]),
        ({"type": "number"}, "at-most", [1, 2.5, 3], "p=2.6", [1, 2]),
        ({"type": "number"}, "equals", [1, 2.5, 3], "p=2.5", [2]),
        ({"type": "number"}, "equals", [1, 2.5, 3], "p=3", [3]),
        ({"type": "string", "format": "date"}, "at-least", ["2026-05-16", "2026-05-17"], "p=2026-05-17", [2]),
        ({"type": "integer"}, "at-least", [1, 2.5, 3, None, "4"], "p=2", [2, 3]),
        ({"enum": [1, 2]}, "equals", [1, 2, 3], "p=2", [2]),
        ({"type": "string"}, "equals", [1, 2, "2"], "p=2", [2, 3]),
        ({"type": "integer"}, "equals", [1, True, 2], "p=1", [1]),
        (MOMENT, "at-least", ["2026-05-17T00:00:00Z", 5, None, True], "p=2026-05-01T00:00:00Z", [1]),
        ({"type": "integer"}, "at-least", ["2026-05-17T00:00:00Z", 5], "p=3", [2]),
    ],
    ids=[
        "number-at-least",
        "number-at-most",
        "number-equals",
        "integer-as-number",
        "date",
        "integer-among-others",
        "enum-of-integers",
        "text-of-a-number",
        "true-is-not-one",
        "moment-among-others",
        "number-among-moments",
    ],
)
def test_a_value_is_compared_with_a_field_of_its_kind(
    tmp_path: Path, schema: Any, match: str, values: list[Any], query: str, expected: list[int]
) -> None:
    status, body = listed(tmp_path, schema, match, values, query)

    assert status == 200
    assert [item["id"] for item in body] == expected


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    status, body = listed(tmp_path, {"type": "number"}, "at-least", [1], "p=abc")

    assert status == 400
    assert body["detail"].startswith("p: ")


@pytest.mark.parametrize(
    ("query", "expected"),
    [("p=rhi", [1]), ("p=rhi&p=MAAS", [1, 2]), ("p=nothing&p=a", [2, 3]), ("p=nothing", []), ("", [1, 2, 3])],
)
def test_a_search_for_several_texts_finds_what_has_any_of_them_in_any_field(
    tmp_path: Path, query: str, expected: list[int]
) -> None:
    rule = {"parameter": "p", "fields": ["/name", "/note"], "match": "substring"}
    searched = contract(tmp_path, several(TEXT), search=rule)
    world = World(searched)
    world.tables["crates"].add(
        [{"id": 1, "name": "Rhine"}, {"id": 2, "name": "M", "note": "maas"}, {"id": 3, "name": "A", "note": None}]
    )

    answer = Client(create_app(searched, world)).get("/crates", query_string=query)

    assert answer.status_code == 200
    assert [crate["id"] for crate in json.loads(answer.data)] == expected
