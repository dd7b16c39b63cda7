"""Bodies that are no JSON: forms, whose texts become what the schema says, and bytes that nobody looks into."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from apitwin.contracts import deep_objects
from apitwin.contracts.plain_schema import Plain, kinds, plain_schemas

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
    """Return the fields of a form as the members of a value: what else than texts the schema has, the texts become.

    A text that is none of these stays a text, for the schema to complain about. What is in an object or a list has
    names with brackets, or is one text of JSON (OpenAPI 3.1.1, section 4.8.15, Encoding Object: both occur).
    """
    properties = _properties(schema, schema)
    plain: dict[str, list[str]] = {}
    deep: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name, text in pairs:
        path = deep_objects.steps(name)
        if name in properties or path[0] not in properties:
            plain.setdefault(name, []).append(text)
        elif path[1:] == ("",):
            plain.setdefault(path[0], []).append(text)
        else:
            deep.setdefault(path[0], []).append((path[1:], text))
    made = {name: _field(texts, properties.get(name, True), schema) for name, texts in plain.items()}
    return made | {name: typed(deep_objects.gathered(inner), properties[name], schema) for name, inner in deep.items()}


def _field(texts: list[str], schema: Any, root: Any) -> Any:
    """Return the value of a field that stands once or more; of one that is no list the last counts (assumed)."""
    ways = plain_schemas(schema, root)
    listing = next((way for way in ways if "array" in kinds(way)), None)
    if listing is None or (len(texts) == 1 and _is_word(texts[0], ways)):
        return _read(texts[-1], ways)
    whole = _json(texts[0]) if len(texts) == 1 and texts[0][:1] == "[" else None
    element = plain_schemas(listing.get("items", True), root)
    return whole if isinstance(whole, list) else [_read(text, element) for text in texts]


def typed(value: Any, schema: Any, root: Any) -> Any:
    """Return texts, and objects of them, as what a schema has: lists, numbers and truth values.

    root: the schema that its references lead into.
    """
    ways = plain_schemas(schema, root)
    if not isinstance(value, dict):
        return _read(value, ways) if isinstance(value, str) else value  # what JSON says is what it is
    listing = next((way for way in ways if "array" in kinds(way)), None)
    listed = None if listing is None else deep_objects.elements(value)
    if listing is not None and listed is not None:
        return [typed(one, listing.get("items", True), root) for one in listed]
    known = _properties(schema, root)
    other = next((way["additionalProperties"] for way in ways if "additionalProperties" in way), True)
    return {name: typed(inner, known.get(name, other), root) for name, inner in value.items()}


def _properties(schema: Any, root: Any) -> Mapping[str, Any]:
    """Return the members that a schema names; one that several of its branches name may be as any of them says."""
    said: dict[str, list[Any]] = {}
    for way in plain_schemas(schema, root) if schema is not None else []:
        for name, member in way.get("properties", {}).items():
            if member not in said.setdefault(name, []):
                said[name].append(member)
    return {name: members[0] if len(members) == 1 else {"anyOf": members} for name, members in said.items()}


def _is_word(text: str, ways: Iterable[Plain]) -> bool:
    """Return whether a text is one of the words that are valid in the place of another type, often the empty one."""
    return any(text in way.get("enum", ()) for way in ways)


def _read(text: str, ways: list[Plain]) -> Any:
    """Return a text of a form as the first of JSON's types that is wanted and that it can be."""
    wanted = {kind for way in ways for kind in kinds(way)}
    if _is_word(text, ways) or any("string" in kinds(way) and "enum" not in way for way in ways):
        return text
    if "boolean" in wanted and text.lower() in (*TRUE, *FALSE):
        return text.lower() in TRUE
    if wanted & {"integer", "number"}:
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError:
            return text
    return _json(text) if wanted & {"object", "array"} and text[:1] in ("{", "[") else text


def _json(text: str) -> Any:
    """Return the object or the list that a text of JSON is; the text where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
