"""What a schema says of the values that are not null, for a place where null cannot stand: the text of a parameter.

`anyOf: [{type: integer}, {type: "null"}]`, as FastAPI writes what may be left out, says of a query what `type: integer`
does; so do a `$ref`, an `allOf` of one schema, and a list of types with null in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.contracts import pointers

LISTED = ("allOf", "anyOf", "oneOf")
LAYERS = 20
"""References and branches that are looked through. Assumed."""


def without_null(schema: Any) -> Any:
    """Return the one schema of a stand-alone schema that speaks of values other than null, with its `$defs`.

    Where there are several such, the schema is returned as far as it could be looked through.
    """
    if not isinstance(schema, Mapping):
        return schema
    definitions = schema.get("$defs")
    found = schema
    for _ in range(LAYERS):
        inner = _inner(found, schema)
        if inner is None:
            break
        beside = {word: value for word, value in found.items() if word not in (*LISTED, "$ref", "$defs")}
        found = {**beside, **inner}
    found = _typed(found)
    return found if definitions is None or found is schema else {**found, "$defs": definitions}


def _inner(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema that another one is no more than, None where it says something itself."""
    if isinstance(schema.get("$ref"), str):
        inner = pointers.find(root, schema["$ref"].removeprefix("#"))
        return inner if isinstance(inner, Mapping) else None
    named = [word for word in LISTED if isinstance(schema.get(word), list)]
    if len(named) != 1:
        return None
    branches = [branch for branch in schema[named[0]] if named[0] == "allOf" or not _is_null(branch)]
    return branches[0] if len(branches) == 1 and isinstance(branches[0], Mapping) else None


def _is_null(schema: Any) -> bool:
    return isinstance(schema, Mapping) and (schema.get("type") == "null" or schema.get("enum") == [None])


def _typed(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take null out of a list of types, and out of an enum."""
    types = schema.get("type")
    if not isinstance(types, list) or "null" not in types or len(types) == 1:
        return schema
    rest = [word for word in types if word != "null"]
    plain = {**schema, "type": rest[0] if len(rest) == 1 else rest}
    if isinstance(schema.get("enum"), list):
        plain["enum"] = [value for value in schema["enum"] if value is not None]
    return plain
