"""An object in a query: its members under names of their own, under names with brackets, or in one text.

Source: OpenAPI 3.1.1, section 4.8.12.4 (Style Values). `deepObject`: `owner[name]=Ada`; `form` with `explode`, as which
a parameter counts that says nothing: `name=Ada`, under the name of the member alone; `form` without it:
`owner=name,Ada`. One text of JSON under the parameter's own name is read, too: many servers take that (assumed).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from apitwin.contracts import deep_objects
from apitwin.contracts.model import Parameter
from apitwin.contracts.plain_schema import kinds, plain_schemas

DEEP = "deepObject"
BRANCHED = frozenset(("properties", "additionalProperties", "$ref", "allOf", "anyOf", "oneOf"))
"""Words of schemas that may be of objects without a word of it."""


def is_object(parameter: Parameter) -> bool:
    """Return whether the value of a query parameter is an object, and nothing else."""
    if not may_be_object(parameter):
        return False
    ways = plain_schemas(parameter.schema, parameter.schema)
    return bool(ways) and all(kinds(way) == ["object"] for way in ways)


def may_be_object(parameter: Parameter) -> bool:
    """Return at once whether a schema could be of an object: nearly all are of scalars and arrays."""
    schema = parameter.schema
    if parameter.place != "query" or parameter.several:
        return False
    return schema.get("type") == "object" or ("type" not in schema and not BRANCHED.isdisjoint(schema))


def members(parameter: Parameter, query: Iterable[tuple[str, str]]) -> dict[str, Any] | None:
    """Return the members of an object as texts, or objects of texts; None where the query has none of it."""
    pairs = list(query)
    whole = next((text for name, text in reversed(pairs) if name == parameter.name), None)
    if whole is not None:
        return _of_one_text(whole, parameter)
    if parameter.style == DEEP:
        return in_brackets(parameter, pairs)
    if parameter.style == "form" and parameter.explode:
        named = _named(parameter)
        return {name: text for name, text in pairs if name in named} or None
    return None


def in_brackets(parameter: Parameter, query: Iterable[tuple[str, str]]) -> dict[str, Any] | None:
    """Return what stands under names with brackets, None where nothing does."""
    paths = ((deep_objects.steps(name), text) for name, text in query)
    inner = [(path[1:], text) for path, text in paths if len(path) > 1 and path[0] == parameter.name]
    return deep_objects.gathered(inner) if inner else None


def _of_one_text(text: str, parameter: Parameter) -> dict[str, Any] | None:
    if text[:1] == "{":
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        return value if isinstance(value, dict) else {}
    parts = text.split(",") if text else []
    return dict(zip(parts[::2], parts[1::2], strict=False)) if parameter.style == "form" else {}


def _named(parameter: Parameter) -> set[str]:
    """Return the names of the members that a schema knows."""
    ways = plain_schemas(parameter.schema, parameter.schema)
    return {name for way in ways for name in way.get("properties", {})}


def written(parameter: Parameter, value: Mapping[str, Any]) -> tuple[tuple[str, str], ...] | None:
    """Return the pairs of a query that say an object, None where the style has no way to say it."""
    if parameter.style == DEEP:
        pairs = list(deep_objects.written(parameter.name, dict(value)))
        return None if not pairs or _has_gaps(value) else tuple((name, _text(one)) for name, one in pairs)
    if parameter.style != "form" or not value or any(isinstance(one, (dict, list)) for one in value.values()):
        return None
    texts = {name: _text(one) for name, one in value.items()}
    if None in value.values() or "" in texts.values():
        return None
    if parameter.explode:
        return tuple(texts.items()) if texts.keys() <= _named(parameter) else None
    parts = [part for pair in texts.items() for part in pair]
    return None if any("," in part for part in parts) else ((parameter.name, ",".join(parts)),)


def _has_gaps(value: Any) -> bool:
    """Return whether there is an empty list or object in a value, a null, or a name that would be read as brackets."""
    if isinstance(value, dict):
        return not value or any("[" in name or "]" in name or _has_gaps(one) for name, one in value.items())
    if isinstance(value, list):
        return not value or any(map(_has_gaps, value))
    return value is None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
