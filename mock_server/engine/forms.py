"""Bodies that are no JSON: forms, whose texts become what the schema says, and bytes that nobody looks into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apitwin.contracts.plain_schema import kinds, plain_schemas

TRUE, FALSE = ("true", "1", "on"), ("false", "0", "off")
"""The words of forms for true and false (HTML 5, checkboxes, and what clients send; assumed)."""
FORM = "application/x-www-form-urlencoded"


def base_of(media_type: str) -> str:
    """Return a media type without its parameters, in small letters (RFC 9110 section 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Return whether bodies of a media type are JSON (RFC 8259; RFC 6839 section 3.1)."""
    base = base_of(media_type)
    return base in ("application/json", "text/json") or base.endswith("+json")


def documented(media_type: str, keys: Iterable[str]) -> str | None:
    """Return the documented media type that covers one: itself before a range such as `text/*`; None without any."""
    known = {base_of(key): key for key in keys}
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_type and media_range in known:
            return known[media_range]
    return None


def members(pairs: Iterable[tuple[str, str]], schema: Any) -> dict[str, Any]:
    """Return the fields of a form as the members of a value: numbers, truth values and lists where the schema has them.

    A text that is none of these stays a text, for the schema to complain about.
    """
    properties = _properties(schema)
    made: dict[str, Any] = {}
    for name, text in pairs:
        member = properties.get(name, properties.get(name.removesuffix("[]")))
        key = name if name in properties else name.removesuffix("[]") if member is not None else name
        if member is not None and "array" in _kinds(member, schema):
            element = next((way.get("items") for way in plain_schemas(member, schema)), None)
            made.setdefault(key, []).append(_read(text, _kinds(element, schema)))
        else:
            made[key] = text if member is None else _read(text, _kinds(member, schema))
    return made


def _properties(schema: Any) -> Mapping[str, Any]:
    ways = plain_schemas(schema, schema) if schema is not None else []
    return {name: member for way in ways for name, member in way.get("properties", {}).items()}


def _kinds(schema: Any, root: Any) -> set[str]:
    return {kind for way in plain_schemas(schema, root) for kind in kinds(way)}


def _read(text: str, wanted: set[str]) -> Any:
    """Return a text of a form as the first of JSON's types that is wanted and that it can be."""
    if "string" in wanted:
        return text
    if "boolean" in wanted and text.lower() in (*TRUE, *FALSE):
        return text.lower() in TRUE
    if wanted & {"integer", "number"}:
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError:
            return text
    return text
