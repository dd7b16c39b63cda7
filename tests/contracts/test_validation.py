"""Judging values by schemas, pointers into values, reading files, and schemas that stand alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies

from apitwin.contracts import documents, formats, load, pointers, timestamps
from apitwin.contracts.references import References
from apitwin.contracts.validation import CompiledSchema

FORMATS = jsonschema.FormatChecker(tuple(formats.FORMATS))
"""What `jsonschema` itself says of the formats that are judged."""
PATTERNS = ("^https?://", "^#?[0-9a-fA-F]{6}$", "^[-a-zA-Z0-9_]+$", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T.*\.[0-9]{6}Z$")
"""The patterns of the bundled contracts, or as good as."""
TEXTS = (
    "", "a", "abc", "A-b_9", "#a0b1c2", "a0b1c2", "https://x", "2026-05-17T22:08:49.693952Z", "2026-13-17T22:08:49Z",
    "2026-05-17", "someone@example.test", "127.0.0.1", "::1", "é", "a\u0300", "😀", "0", "true", "null", "a\0b",
)  # fmt: skip
NUMBERS = (0, 1, -1, 1.0, 0.5, -0.0, 2**53, 2**53 + 1, float(2**53), 2**64, -(2**63), 10**30, 1e30, 1e300, 10**400)
NAMES = ("id", "name", "default", "const", "$defs", "properties", "é", "")
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")

texts = strategies.sampled_from(TEXTS) | strategies.text(max_size=6).filter(lambda text: not text.endswith("\n"))
numbers = (
    strategies.sampled_from(NUMBERS) | strategies.integers() | strategies.floats(allow_nan=False, allow_infinity=False)
)
names = strategies.sampled_from(NAMES)
values = strategies.recursive(
    strategies.none() | strategies.booleans() | numbers | texts,
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
sizes = strategies.integers(0, 3)
plain = strategies.fixed_dictionaries(
    {},
    optional={
        "type": strategies.sampled_from(TYPES)
        | strategies.lists(strategies.sampled_from(TYPES), min_size=1, unique=True),
        "enum": strategies.lists(values, min_size=1, max_size=3),
        "const": values,
        "minimum": numbers,
        "maximum": numbers,
        "minLength": sizes,
        "maxLength": sizes,
        "minItems": sizes,
        "minProperties": sizes,
        "required": strategies.lists(names, max_size=2, unique=True),
        "pattern": strategies.sampled_from(PATTERNS),
        "format": strategies.sampled_from(sorted(FORMATS.checkers)),
        "title": texts,
        "examples": strategies.lists(values, max_size=1),
    },
)


def _holding(inner: strategies.SearchStrategy[Any]) -> strategies.SearchStrategy[Any]:
    members = strategies.dictionaries(names, inner, max_size=3)
    several = strategies.lists(inner, min_size=1, max_size=3)
    return strategies.builds(
        lambda left, right: {**left, **right},
        plain,
        strategies.fixed_dictionaries(
            {},
            optional={
                "properties": members,
                "additionalProperties": inner,
                "items": inner,
                "anyOf": several,
                "oneOf": several,
                "$ref": strategies.just("#/$defs/node"),
            },
        ),
    )


schemas = strategies.recursive(plain | strategies.booleans(), _holding, max_leaves=5)
node = {"type": ["object", "integer", "null"], "properties": {"id": {"$ref": "#/$defs/node"}}}


@given(schema=schemas, value=values)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(schema={"type": "integer"}, value=1.0)
@example(schema={"type": "integer"}, value=10**400)
@example(schema={"enum": [1]}, value=True)
@example(schema={"enum": [1]}, value=1.0)
@example(schema={"const": [0]}, value=[False])
@example(schema={"const": {"a": 1}}, value={"a": 1.0})
@example(schema={"maximum": 2**53}, value=2**53 + 1)
@example(schema={"minLength": 2}, value="😀")
@example(schema={"oneOf": [{"type": "integer"}, {"type": "number"}]}, value=1.0)
def test_the_fast_verdict_is_that_of_jsonschema(schema: Any, value: Any) -> None:
    schema = {**schema, "$defs": {"node": node}} if isinstance(schema, dict) else schema
    explained = jsonschema.Draft202012Validator(schema, format_checker=FORMATS)

    assert CompiledSchema(schema, "here").accepts(value) == (not list(explained.iter_errors(value)))


@given(schema=schemas, value=values)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(schema={"anyOf": [False]}, value=1)
@example(schema={"oneOf": [{"type": "integer"}, False]}, value="1")
@example(schema={"type": "string", "pattern": "^[a-z]+$"}, value="abc\n")
@example(schema={"type": "string", "format": "uri"}, value="no address at all")
@example(schema={"type": "string", "format": "hostname"}, value="-")
@example(schema={"type": "string", "format": "regex"}, value="(")
@example(schema={"type": "number"}, value=float("inf"))
def test_what_is_refused_is_explained_and_nothing_else_is(schema: Any, value: Any) -> None:
    schema = {**schema, "$defs": {"node": node}} if isinstance(schema, dict) else schema
    compiled = CompiledSchema(schema, "here")

    assert compiled.accepts(value) == (compiled.violations(value) == [])


@pytest.mark.parametrize("value", ["\ud800", ["\udfff"], {"name": "a\ud800"}, {"\ud800": 1}], ids=ascii)
def test_half_a_surrogate_pair_is_a_text_like_any_other(value: Any) -> None:
    """JSON can spell it, so a server can send it, and judging it must not fail."""
    assert json.loads(json.dumps(value)) == value
    assert CompiledSchema({"type": ["string", "array", "object"]}, "here").accepts(value)
    violations = CompiledSchema({"type": "integer"}, "here").violations(value)
    assert [violation.keyword for violation in violations] == ["type"]


def test_a_violation_names_its_place_its_keyword_and_its_reason() -> None:
    schema = CompiledSchema(
        {"type": "object", "required": ["id"], "properties": {"a/b": {"items": {"type": "integer"}}}}, "here"
    )

    violations = schema.violations({"a/b": [1, "2", None]})

    assert [(violation.pointer, violation.keyword) for violation in violations] == [
        ("", "required"),
        ("/a~1b/1", "type"),
        ("/a~1b/2", "type"),
    ]
    assert str(violations[0]) == "the whole body: 'id' is a required property (required)"
    assert str(violations[1]) == "/a~1b/1: '2' is not of type 'integer' (type)"


def test_a_long_message_is_cut_in_the_middle() -> None:
    (violation,) = CompiledSchema({"type": "integer"}, "here").violations("x" * 10_000)

    assert len(violation.message) <= 240
    assert violation.message.startswith("'xxx")
    assert violation.message.endswith("is not of type 'integer'")
    assert " ... " in violation.message


TOKENS = strategies.lists(strategies.text(max_size=5) | strategies.sampled_from(["", "~", "/", "~1", "~0", "~01", "0"]))


@given(tokens=TOKENS)
@settings(deadline=None)
def test_pointers_are_split_into_what_they_were_joined_from(tokens: list[str]) -> None:
    assert pointers.split(pointers.join(tokens)) == tuple(tokens)


@given(tokens=TOKENS.filter(bool), value=values)
@settings(deadline=None)
def test_what_is_put_at_a_pointer_is_found_there(tokens: list[str], value: Any) -> None:
    document: dict[str, Any] = {}

    pointers.put(document, pointers.join(tokens), value)

    assert pointers.follow(document, pointers.join(tokens)) is value


@given(value=values)
@settings(deadline=None)
def test_every_place_of_a_value_is_found_by_its_pointer(value: Any) -> None:
    def visit(here: Any, pointer: str) -> None:
        assert pointers.follow(value, pointer) is here
        members = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
        for key, member in members:
            visit(member, pointer + pointers.join([key]))

    visit(value, "")


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", {"foo": ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8}),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/m~0n", 8),
    ],
)
def test_a_pointer_means_what_its_standard_prints(pointer: str, expected: Any) -> None:
    """RFC 6901 section 5."""
    document = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "m~n": 8}

    assert pointers.follow(document, pointer) == expected


@pytest.mark.parametrize("pointer", ["/none", "/foo/2", "/foo/-1", "/foo/x", "/foo/٠", "/foo/0/0"])
def test_a_pointer_to_nothing_finds_nothing(pointer: str) -> None:
    document = {"foo": ["bar", "baz"]}

    with pytest.raises(LookupError, match="on the way to"):
        pointers.follow(document, pointer)
    assert pointers.find(document, pointer, "none") == "none"


@pytest.mark.parametrize("pointer", ["foo", "#/foo", "foo/bar"])
def test_a_text_that_is_no_pointer_is_refused(pointer: str) -> None:
    with pytest.raises(ValueError, match="is no JSON pointer"):
        pointers.split(pointer)


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/name", ["Ada"]),
        ("/labels", [1, 2]),
        ("/none", []),
        ("/owners/*/id", [7, 8]),
        ("/owners/*/none", []),
        ("/owners/*", [{"id": 7}, {"id": 8}]),
        ("/name/*", []),
        ("/nothing", [None]),
    ],
)
def test_a_star_stands_for_every_element(pointer: str, expected: list[Any]) -> None:
    document = {"name": "Ada", "labels": [1, 2], "owners": [{"id": 7}, {"id": 8}], "nothing": None}

    assert pointers.values(document, pointer) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04:05", "2026-01-02 03:04:05"),
        ("{2026-01-02: 2026-01-02}", {"2026-01-02": "2026-01-02"}),
        ("{200: a}", {"200": "a"}),
        ("{true: a, false: b}", {"true": "a", "false": "b"}),
        ("{null: a}", {"null": "a"}),
        ("{1.5: a}", {"1.5": "a"}),
        ("[1, 1.5, -2, true, null, ~, '1']", [1, 1.5, -2, True, None, None, "1"]),
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}", {"a": {"b": 1}, "c": {"b": 2}}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ('"\\u00e9\\U0001F600"', "é😀"),
        ("", None),
    ],
)
def test_yaml_is_read_as_the_json_it_looks_like(text: str, expected: Any) -> None:
    assert documents.parse(text, "here.yaml") == expected


@given(value=values)
@settings(deadline=None)
def test_json_is_read_as_itself(value: Any) -> None:
    text = json.dumps(value)

    assert documents.parse(text, "here.json") == value


@pytest.mark.parametrize("fraction", ["", ".0", ".5", ".50", ".500", ".5000", ".50000", ".500000"])
@pytest.mark.parametrize("zone", ["Z", "+00:00", "-00:00"])
def test_a_moment_may_have_any_fraction_of_a_second(fraction: str, zone: str) -> None:
    """RFC 3339 section 5.6, on every Python: before 3.11, fromisoformat knows three and six digits only."""
    half = 500_000 if "5" in fraction else 0

    assert timestamps.parse(f"2026-05-17T22:08:49{fraction}{zone}") == datetime(
        2026, 5, 17, 22, 8, 49, half, tzinfo=timezone.utc
    )


FILES: dict[str, Any] = {
    "page.json": {
        "$id": "https://crates.example/page",
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": {"$ref": "parts/crate.json"}},
            "next": {"$ref": "parts/common.json#/$defs/link"},
            "first": {"$ref": "#/$defs/mark"},
        },
        "required": ["results"],
        "$defs": {"mark": {"type": "boolean"}},
    },
    "parts/crate.json": {
        "$id": "https://crates.example/crate",
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "inside": {"type": "array", "items": {"$ref": "#"}},
            "on": {"$ref": "../page.json"},
            "link": {"$ref": "common.json#/$defs/link"},
        },
        "required": ["id"],
    },
    "parts/common.json": {"$defs": {"link": {"type": ["string", "null"], "pattern": "^/"}}},
}


def alone(folder: Path, files: dict[str, Any], root: str) -> Any:
    """Write schema files, and return the one at the root as a schema that needs no other."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return References(folder / root, files[root]).standalone(files[root], (folder / root).resolve(), "")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"results": []}, []),
        ({"results": [{"id": 1, "inside": [{"id": 2, "inside": [{"id": 3}]}]}], "next": "/2", "first": True}, []),
        ({"results": [{"id": 1, "on": {"results": [{"id": 2, "link": None}]}}]}, []),
        ({"results": [{"id": 1, "inside": [{"id": 2, "inside": [{"id": "3"}]}]}]}, ["/results/0/inside/0/inside/0/id"]),
        ({"results": [{"id": 1, "on": {"results": [{"id": 2, "link": "x"}]}}]}, ["/results/0/on/results/0/link"]),
        ({"results": [], "next": "2"}, ["/next"]),
        ({"results": [], "first": 1}, ["/first"]),
    ],
)
def test_a_schema_of_several_files_that_refer_to_each_other_stands_alone(
    tmp_path: Path, value: Any, expected: list[str]
) -> None:
    schema = CompiledSchema(alone(tmp_path, FILES, "page.json"), "here")

    assert [violation.pointer for violation in schema.violations(value)] == expected


def test_a_schema_that_stands_alone_refers_only_into_itself(tmp_path: Path) -> None:
    made = alone(tmp_path, FILES, "page.json")

    text = json.dumps(made)
    assert "$id" not in text
    assert text.count('"$ref"') == text.count('"$ref": "#/$defs/')


ODD_NAMES = (
    "default",
    "const",
    "enum",
    "examples",
    "$defs",
    "properties",
    "$ref",
    "$id",
    "$schema",
    "items",
    "a/b~c %41#",
)


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("holder", ["properties", "patternProperties"])
def test_a_property_called_like_a_keyword_is_a_property(tmp_path: Path, holder: str, name: str) -> None:
    key = name if holder == "properties" else name.replace("$", r"\$")
    files = {
        "root.json": {holder: {key: {"$ref": "other.json"}}},
        "other.json": {holder: {key: {"type": "integer"}}},
    }
    schema = CompiledSchema(alone(tmp_path, files, "root.json"), "here")

    assert schema.accepts({name: {name: 1}})
    assert not schema.accepts({name: {name: "1"}})


@pytest.mark.parametrize("keyword", ["const", "enum", "examples", "default", "example"])
def test_a_value_in_a_schema_is_left_as_it_is(tmp_path: Path, keyword: str) -> None:
    value = [{"$ref": "#/nowhere", "$id": "x", "$defs": {}}]

    assert alone(tmp_path, {"root.json": {keyword: value}}, "root.json") == {keyword: value}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("big crate.json", "big%20crate.json"),
        ("big crate.json", "big crate.json"),
        ("crate~1.json", "crate~1.json"),
        ("100%.json", "100%25.json"),
        ("kräte.json", "kräte.json"),
        ("crate#2.json", "crate%232.json"),
        ("crate.v1.json", "crate.v1.json"),
    ],
)
def test_a_schema_file_may_have_any_name(tmp_path: Path, name: str, written: str) -> None:
    files = {"root.json": {"items": {"$ref": written}}, name: {"type": "integer"}}
    schema = CompiledSchema(alone(tmp_path, files, "root.json"), "here")

    assert schema.accepts([1])
    assert not schema.accepts(["1"])


def test_siblings_of_a_reference_count_too(tmp_path: Path) -> None:
    files = {"root.json": {"$ref": "other.json", "minimum": 5}, "other.json": {"type": "integer"}}
    schema = CompiledSchema(alone(tmp_path, files, "root.json"), "here")

    assert [schema.accepts(value) for value in (5, 4, "5")] == [True, False, False]


def test_a_reference_to_a_boolean_schema_is_one(tmp_path: Path) -> None:
    files = {"root.json": {"properties": {"no": {"$ref": "#/$defs/no"}}, "$defs": {"no": False}}}
    schema = CompiledSchema(alone(tmp_path, files, "root.json"), "here")

    assert schema.accepts({})
    assert not schema.accepts({"no": 1})


@pytest.mark.parametrize(
    "where", ["definitions", "dependentSchemas", "not", "if", "prefixItems", "propertyNames", "contains"]
)
def test_a_reference_is_followed_wherever_a_schema_may_stand(tmp_path: Path, where: str) -> None:
    reference: Any = {"$ref": "other.json"}
    mapped = where in ("definitions", "dependentSchemas")
    holder = [reference] if where == "prefixItems" else {"crate": reference} if mapped else reference

    made = alone(tmp_path, {"root.json": {where: holder}, "other.json": {"type": "integer"}}, "root.json")

    assert "other.json" not in json.dumps(made)


def test_every_response_of_the_bundled_contract_is_judged_alike_by_both_validators() -> None:
    for operation in load("viktor").operations:
        for response in operation.responses.values():
            if response.schema is None:
                continue
            explained = jsonschema.Draft202012Validator(response.schema.schema, format_checker=FORMATS)
            for value in ({}, [], None, {"count": 0, "next": None, "previous": None, "results": []}, response.example):
                assert response.schema.accepts(value) == explained.is_valid(value), operation.id


def at_depth(frames: int, act: Callable[[], object]) -> object:
    """Do something that many calls further down."""
    return act() if frames == 0 else at_depth(frames - 1, act)


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {"$ref": "#"}},
        {"anyOf": [{"$ref": "#"}], "type": "integer"},
        {"$ref": "#/$defs/node", "$defs": {"node": {"allOf": [{"$ref": "#/$defs/node"}, {"type": "integer"}]}}},
    ],
)
def test_a_schema_that_is_itself_ends_wherever_the_stack_ends(schema: Any) -> None:
    """The registry of `jsonschema` panics, past every `except Exception`, where the stack ends inside of it."""
    compiled = CompiledSchema(schema, "here")
    told = {str(at_depth(frames, lambda: compiled.violations("x"))) for frames in range(0, 300)}
    assert len(told) == 1 and "too large to say why" in told.pop()
