"""A `oneOf` whose alternatives are not told apart: what is meant is `anyOf`, and so it is read.

`oneOf` is met by what meets exactly one alternative (JSON Schema 2020-12, Core section 10.2.1.3). Many documents write
it for alternatives that say only which members there may be; a value of one is then a value of the other, and nothing
at all would be valid. What a document cannot have meant is held against no server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.contracts.errors import ContractError
from apitwin.contracts.walking import Place, Walk

FOLLOWED = 8
"""Schemas inside `allOf` that are looked into, one below the other."""
SAYING = frozenset(
    ("$ref", "$defs", "$id", "$schema", "$comment", "title", "description", "default", "example", "examples",
     "deprecated", "readOnly", "writeOnly", "type", "properties", "additionalProperties", "discriminator", "xml",
     "externalDocs", "required", "allOf", "patternProperties", "nullable")
)  # fmt: skip
"""Keywords that take an object without members, whatever they say, but for a type and for required names."""
ABOUT_NOTHING = SAYING - {"properties", "additionalProperties", "patternProperties", "allOf", "required", "$ref"}
"""Those that take every value of a type."""


def without_overlap(value: dict[str, Any], place: Place, walk: Walk) -> None:
    """Make an `anyOf` of a `oneOf` of which two alternatives take the same."""
    choices = value.get("oneOf")
    if not isinstance(choices, list) or "anyOf" in value:
        return
    found = [_resolved(choice, place, walk) for choice in choices]
    empty = sum(_takes_an_empty_object(choice, where, walk, FOLLOWED) for choice, where in found)
    if empty > 1 or _one_takes_all_of_another([choice for choice, _ in found]):
        value["anyOf"] = value.pop("oneOf")


def _resolved(choice: Any, place: Place, walk: Walk) -> tuple[Any, Place]:
    """Return what a schema leads to, and where that stands; itself where it leads nowhere."""
    try:
        found, holder, _ = walk.references.resolved(choice, place.holder, place.pointer)
    except ContractError:
        return choice, place
    return found, Place(holder)


def _takes_an_empty_object(schema: Any, place: Place, walk: Walk, depth: int) -> bool:
    """Return whether a schema is one of objects that takes `{}`, as far as its keywords show."""
    if not isinstance(schema, dict) or depth == 0 or not {word for word in schema if _counts(word)} <= SAYING:
        return False
    parts = [_resolved(part, place, walk) for part in _list(schema.get("allOf")) if not _takes_everything(part)]
    is_of_objects = _types(schema) == {"object"} or ("type" not in schema and ("properties" in schema or bool(parts)))
    takes = not _list(schema.get("required"))
    return (
        is_of_objects and takes and all(_takes_an_empty_object(part, where, walk, depth - 1) for part, where in parts)
    )


def _one_takes_all_of_another(schemas: list[Any]) -> bool:
    """Return whether an alternative takes every value of a type that another one is of, too."""
    if any(
        schema is True or (isinstance(schema, dict) and set(schema) <= ABOUT_NOTHING - {"type"}) for schema in schemas
    ):
        return len(schemas) > 1
    typed = [(types, schema) for schema in schemas if isinstance(schema, dict) and (types := _types(schema))]
    for place, (types, schema) in enumerate(typed):
        if not {word for word in schema if _counts(word)} <= ABOUT_NOTHING:
            continue
        whole = types | ({"integer"} if "number" in types else set())
        if any(other and other <= whole for number, (other, _) in enumerate(typed) if number != place):
            return True
    return False


def _takes_everything(schema: Any) -> bool:
    """Return whether a schema takes every value: it says nothing of any."""
    return schema is True or (isinstance(schema, dict) and set(schema) <= ABOUT_NOTHING - {"type"})


def _counts(word: str) -> bool:
    return not word.startswith("x-")


def _types(schema: Mapping[str, Any]) -> set[str]:
    listed = schema.get("type")
    return {one for one in ([listed] if isinstance(listed, str) else _list(listed)) if isinstance(one, str)}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
