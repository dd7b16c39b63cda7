"""Schemas without references and branches: the ways in which a JSON value can meet a schema.

A schema with `$ref`, `allOf`, `anyOf` or `oneOf` is written out as plain schemas. Meeting any one of them meets the
whole, as far as one plain schema can say what several ask for together.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apitwin.contracts import pointers

Plain = dict[str, Any]
"""A schema without references and branches."""

DEEPEST = 5
"""Schemas inside schemas that are followed."""
MOST_BRANCHES = 8
"""Plain schemas that are made of two schemas at most, both of which have branches."""
MOST_CHOICES = 32
"""Branches of one choice that are looked at (assumed: GitHub has 16 kinds of events)."""
BRANCHED = ("$ref", "allOf", "anyOf", "oneOf")


def plain_schemas(schema: Any, root: Any, depth: int = DEEPEST) -> list[Plain]:
    """Return plain schemas, each of which is one way to meet a schema: the first few, where there are many.

    root: the schema that its references lead into. depth: schemas inside schemas that are followed.
    """
    return _ways(schema, root, depth, {})


def _ways(schema: Any, root: Any, depth: int, known: dict[tuple[int, int], list[Plain]]) -> list[Plain]:
    """Return the same. known: what was found, by schema and depth, so that no schema is written out again and again."""
    if schema is True:
        return [{}]
    if not isinstance(schema, dict) or depth == 0:
        return []
    key = (id(schema), depth)
    if key in known:
        return known[key]
    ways: list[Plain] = [{word: value for word, value in schema.items() if word not in BRANCHED}]
    if "$ref" in schema:
        ways = _combined(ways, _ways(_referred(schema["$ref"], root), root, depth - 1, known))
    for part in schema.get("allOf", ()):
        ways = _combined(ways, _ways(part, root, depth - 1, known))
    for word in ("anyOf", "oneOf"):
        if word in schema:
            branches = [plain for branch in schema[word] for plain in _ways(branch, root, depth - 1, known)]
            ways = _combined(ways, branches)
    known[key] = ways
    return ways


def kinds(plain: Mapping[str, Any]) -> list[str]:
    """Return the types that a plain schema takes; where it names none, the type that its other words are about."""
    named = plain.get("type")
    if named is not None:
        return list(named) if isinstance(named, list) else [named]
    return [next((kind for kind, words in WORDS.items() if any(word in plain for word in words)), "any")]


WORDS: Mapping[str, tuple[str, ...]] = {
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties", "propertyNames"),
    "string": ("pattern", "format", "minLength", "maxLength"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""The words of a schema that say something about one type only."""


def _referred(reference: str, root: Any) -> Any:
    return pointers.find(root, reference[1:]) if reference == "#" or reference.startswith("#/") else None


def _combined(ways: Sequence[Plain], others: Sequence[Plain]) -> list[Plain]:
    """Return the ways to meet two schemas at once: every pair of their plain schemas, up to the most."""
    most = max(MOST_BRANCHES, min(MOST_CHOICES, max(len(ways), len(others))))
    return [_both(*pair) for pair in itertools.islice(itertools.product(ways, others), most)]


def _both(left: Plain, right: Plain) -> Plain:
    """Return a schema that asks for what two ask for, as far as one plain schema can say it."""
    both = {**left, **right}
    for word in left.keys() & right.keys() & _TOGETHER.keys():
        both[word] = _TOGETHER[word](left[word], right[word])
    for one in (left, right):
        if one.get("additionalProperties") is False and "patternProperties" not in one and "properties" in both:
            own = one.get("properties", {})  # the other may name more, which this one does not take
            both["properties"] = {name: member for name, member in both["properties"].items() if name in own}
    return both


def _types(left: Any, right: Any) -> list[str]:
    """Return the types that two lists share; every integer is a number."""
    lefts, rights = ([types] if isinstance(types, str) else types for types in (left, right))
    shared = [kind for kind in lefts if kind in rights or (kind == "integer" and "number" in rights)]
    return shared + [kind for kind in rights if kind == "integer" and "number" in lefts and kind not in shared]


def _members(left: Mapping[str, Any], right: Mapping[str, Any]) -> dict[str, Any]:
    shared = {name: {"allOf": [left[name], right[name]]} for name in left if name in right}
    return {**left, **right, **shared}


_TOGETHER: Mapping[str, Callable[[Any, Any], Any]] = {
    "type": _types,
    "properties": _members,
    "required": lambda left, right: [*left, *(name for name in right if name not in left)],
    "enum": lambda left, right: [value for value in left if value in right],
    "additionalProperties": lambda left, right: False if left is False else right,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}
"""How a word is said of two schemas at once; of any other word the second schema has the last say."""
