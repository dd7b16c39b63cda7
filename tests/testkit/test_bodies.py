"""Bodies are what their schema takes, or the law says that it cannot draw one; and what comes back is compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apitwin.contracts import Contract, load
from apitwin.contracts.model import Body, Operation
from apitwin.contracts.validation import CompiledSchema
from apitwin.testkit.errors import NothingToCompare
from apitwin.testkit.server.drawing.bodies import body, differing, refusable
from apitwin.testkit.server.judge import TWIN_PROFILE, RunContext, judge
from apitwin.testkit.server.verdict import HOLDS, INCONCLUSIVE
from apitwin.testkit.transport.twins import twin_target
from tests.sabotage.matrix import named
from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour"
CREATE = load("viktor").operation("workspaces_entities_create")


def taking(schema: Any) -> Operation:
    """Return an operation that takes such a body."""
    return replace(CREATE, body=Body(True, {"application/json": CompiledSchema(schema, "test#")}))


def drawing(data: st.DataObject) -> Any:
    return SimpleNamespace(draw=lambda strategy, name: data.draw(strategy))


TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")
WORDS = {
    "minLength": st.integers(0, 70),
    "maxLength": st.integers(0, 70),
    "pattern": st.sampled_from(["^[A-Z]{3}$", "^\\p{L}+$", "x", "^(?=.*a).*$", "^[0-9]{2} [a-z]$", "ü+"]),
    "format": st.sampled_from(["date-time", "date", "email", "uuid", "ipv4", "ipv6", "uri", "unheard-of"]),
    "minimum": st.integers(-9, 9) | st.sampled_from([0.5, -0.25, 1e300]),
    "maximum": st.integers(-9, 9) | st.sampled_from([0.9, -0.1]),
    "exclusiveMinimum": st.integers(-9, 9),
    "exclusiveMaximum": st.integers(-9, 9),
    "multipleOf": st.sampled_from([1, 2, 0.5, 0.01, 7]),
    "minItems": st.integers(0, 4),
    "maxItems": st.integers(0, 4),
    "uniqueItems": st.booleans(),
    "minProperties": st.integers(0, 4),
    "maxProperties": st.integers(0, 4),
    "const": st.sampled_from([None, 1, "x", [], {}]),
    "enum": st.lists(st.sampled_from([None, 1, 2.5, "x", "", True]), min_size=1, unique_by=repr),
    "readOnly": st.booleans(),
    "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True),
}
LEAVES = st.booleans() | st.fixed_dictionaries({}, optional=WORDS).map(
    lambda values: {name: values[name] for name in sorted(values)[:4] + (["type"] if "type" in values else [])}
)
NAMES = st.sampled_from(("a", "b", "name"))
SCHEMAS = st.recursive(
    LEAVES | st.sampled_from([{"$ref": "#/$defs/node"}, {"$ref": "#"}, {"$ref": "#/$defs/word"}]),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(("object", "array", ["object", "null"])),
            "properties": st.dictionaries(NAMES, inner, max_size=3),
            "required": st.lists(NAMES, unique=True, max_size=2),
            "additionalProperties": inner,
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "contains": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        },
    ),
    max_leaves=8,
)
DEFINITIONS = {
    "word": {"type": "string", "minLength": 2, "maxLength": 30},
    "node": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/$defs/node"}}},
}
OBJECTS = st.dictionaries(NAMES, SCHEMAS, max_size=3).flatmap(
    lambda members: st.fixed_dictionaries(
        {"properties": st.just(members), "$defs": st.just(DEFINITIONS)},
        optional={
            "type": st.just("object"),
            "required": st.lists(NAMES, unique=True),
            "additionalProperties": SCHEMAS,
            "minProperties": st.integers(0, 4),
            "anyOf": st.lists(SCHEMAS, min_size=1, max_size=2),
            "allOf": st.lists(SCHEMAS, min_size=1, max_size=2),
        },
    )
)
ITEMS = st.lists(st.dictionaries(NAMES, st.none() | st.integers() | st.text() | st.lists(st.integers())), max_size=2)


@settings(max_examples=400, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(schema=OBJECTS, items=ITEMS, mark=st.sampled_from(("", "k0k0k0k0")), data=st.data())
def test_a_drawn_body_is_accepted_or_the_law_says_that_it_cannot_draw_one(
    schema: Any, items: list[Any], mark: str, data: st.DataObject
) -> None:
    operation = taking(schema)
    assert operation.body is not None and operation.body.schema is not None
    try:
        drawn = body(drawing(data), operation, items, mark)
    except NothingToCompare as error:
        assert str(error).startswith(f"no body for {CREATE.id} can be drawn: ")
    else:
        assert operation.body.schema.accepts(drawn)


@settings(max_examples=200, database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(schema=OBJECTS, items=ITEMS, data=st.data())
def test_a_refusable_body_is_refused_by_its_schema(schema: Any, items: list[Any], data: st.DataObject) -> None:
    operation = taking(schema)
    assert operation.body is not None and operation.body.schema is not None
    wrong = refusable(drawing(data), operation, items)
    assert wrong is None or not operation.body.schema.accepts(wrong)


@pytest.mark.parametrize(
    "member",
    [
        {"type": "string", "format": "date-time"},
        {"type": "string", "pattern": "^[A-Z]{3}$"},
        {"type": "string", "minLength": 60},
        {"type": "string", "minLength": 3000},
        {"type": "string", "maxLength": 1},
        {"type": "array", "items": {"type": "string"}, "minItems": 2},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        {"const": 7},
        {"type": "number", "minimum": 0.5, "maximum": 0.9},
        {"type": "number", "exclusiveMinimum": 0.25, "exclusiveMaximum": 0.26},
        {"type": "integer", "maximum": -1},
        {"type": ["null", "integer"]},
        {"type": "null"},
        True,
        {},
        {"$ref": "#/$defs/word"},
        {"allOf": [{"$ref": "#/$defs/word"}, {"maxLength": 3}]},
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "multipleOf": 7}}},
    ],
    ids=str,
)
def test_a_body_can_be_drawn_with_a_required_member_like(member: Any) -> None:
    schema = {"type": "object", "required": ["x"], "properties": {"x": member}, "$defs": DEFINITIONS}
    met = []

    @settings(max_examples=20, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def collect(data: st.DataObject) -> None:
        met.append(body(drawing(data), taking(schema), [{"x": None}]))

    collect()
    assert met and all(CompiledSchema(schema, "test#").accepts(value) for value in met)


@pytest.mark.parametrize(
    "member", [False, {"$ref": "#/$defs/node"}, {"type": "string", "format": "unheard-of"}, {"minLength": 9**9}]
)
def test_a_member_that_cannot_be_drawn_is_named(member: Any) -> None:
    schema = {"type": "object", "required": ["x"], "properties": {"x": member}, "$defs": DEFINITIONS}
    with pytest.raises(NothingToCompare, match="can be drawn: member x"):
        body(SimpleNamespace(draw=None), taking(schema), [])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("member", "free"),
    [
        ({"type": "string"}, True),
        ({"type": ["string", "null"]}, True),
        ({"type": "object"}, True),
        ({"$ref": "#/$defs/word"}, True),
        ({"type": "string", "enum": ["a", "b"]}, False),
        ({"type": "string", "pattern": "^a"}, False),
        ({"type": "string", "format": "uuid"}, False),
        ({"type": "string", "readOnly": True}, False),
        ({"type": "integer"}, False),
        (True, False),
    ],
)
def test_of_optional_members_only_free_texts_and_objects_are_drawn(member: Any, free: bool) -> None:
    operation = taking({"type": "object", "properties": {"x": member}, "$defs": DEFINITIONS})
    probe: Any = SimpleNamespace(draw=lambda strategy, name: {"x": "was"} if name == "like" else "some text")
    if member == {"type": "object"}:
        probe.draw = lambda strategy, name: {"x": {}}
    assert ("x" in body(probe, operation, [{"x": "was"}])) == free


@pytest.mark.parametrize(
    ("member", "why"),
    [
        ("x: {type: string, format: date-time}", None),
        ("x: {type: array, items: {type: string}}", None),
        ("x: {anyOf: [{type: integer}, {type: string}]}", None),
        ("x: {type: number, minimum: 0.5, maximum: 0.9}", None),
        ("x: true", None),
        ("x: {type: string, format: unheard-of}", "no body for makeMooring can be drawn: member x"),
        (
            "x: {type: array, items: {type: boolean}, minItems: 3, uniqueItems: true}",
            "no example of listMoorings could be drawn",
        ),
    ],
)
def test_a_correct_server_is_not_accused_whatever_its_bodies_are(member: str, why: str | None, tmp_path: Path) -> None:
    text = (HARBOUR / "openapi.yaml").read_text(encoding="utf-8")
    named_members = "properties: &mooring-members\n"
    text = text.replace(named_members, f"{named_members}        {member}\n")
    text = text.replace(
        "NewMooring:\n      type: object\n      required: [ship, lines]",
        "NewMooring:\n      type: object\n      required: [ship, lines, x]",
    )
    shown = '        remarks: {type: [string, "null"]}\n      additionalProperties: false\n    NewMooring'
    text = text.replace(shown, shown.replace("      additional", "        x: {}\n      additional"))
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "world.yaml").write_bytes((HARBOUR / "world.yaml").read_bytes())
    contract = load(tmp_path)
    context = RunContext(contract, twin_target(contract), TWIN_PROFILE, "", {"harbour": "north"})
    verdict = judge(named("state"), contract.operation("listMoorings"), context)
    assert (verdict.outcome, verdict.reason) == ((HOLDS, "") if why is None else (INCONCLUSIVE, why))


# What comes back


@pytest.mark.parametrize(
    ("sent", "read", "same"),
    [
        (1, True, False),
        (1, 1.0, False),
        (True, 1, False),
        ({"a": 1}, {"a": True}, False),
        ([0], [False], False),
        (4.0, 4, True),
        (0.5, 0.5, True),
        (1.0, True, False),
        ("2024-02-29T12:00:00Z", "2024-02-29T13:00:00+01:00", True),
        ("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z", True),
        ("2024-02-29T12:00:00Z", "2024-02-29T12:00:01Z", False),
        ("1", 1, False),
        ({}, {"lost": True}, False),
        ({"b": 1, "a": 2}, {"a": 2, "b": 1}, True),
        (None, None, True),
    ],
)
def test_what_comes_back_is_compared_as_json(sent: Any, read: Any, same: bool) -> None:
    assert (differing({"properties": sent}, {"properties": read}, [CREATE]) == {}) == same


def test_a_server_may_add_members_to_an_object_whose_members_are_named(viktor: Contract) -> None:
    operation = taking({"properties": {"at": {"type": "object", "properties": {"street": {"type": "string"}}}}})
    sent = {"at": {"street": "Quay 1"}}
    assert differing(sent, {"at": {"street": "Quay 1", "country": None}}, [operation]) == {}
    assert differing(sent, {"at": {"country": None}}, [operation]) == sent
    assert differing(sent, {}, [operation]) == {}, "what does not come back is none"
