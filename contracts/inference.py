"""Guessing the pagination of a document that does not declare it, from its parameters and response schemas.

A guess is a line for the user to read, never a silent fact: what cannot be seen in the document stays `unspecified`,
and the laws do not judge it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from apitwin.contracts.model import Parameter
from apitwin.contracts.pagination import reading
from apitwin.contracts.pagination.rules import EnvelopeRule, LimitRule, LinkRule, Pagination, Style
from apitwin.contracts.pagination.styles import STYLES, StyleReader

LIMITS = ("limit", "per_page", "page_size", "pageSize", "size", "max_results", "maxResults", "perPage", "_limit", "top")
RESULTS = ("results", "items", "data", "objects", "values", "entries", "records", "rows")
MORE = ("has_more", "hasMore", "has_next", "hasNext", "more")
COUNTS = ("count", "total", "total_count", "totalCount", "total_entries", "numberMatched", "recordsTotal")
NUMBERS = frozenset({"integer", "number"})
HOLDERS = ("", "/meta", "/_pagination", "/pagination", "/paging", "/page")


@dataclass(frozen=True)
class Guess:
    """What an operation's pages look like. rule: None where they could not be read; line: for the user, of both."""

    rule: Pagination | None
    line: str


def pagination(parameters: Iterable[Parameter], schema: Any, operation_id: str, pointer: str) -> Guess | None:
    """Return the guessed rule and a line that describes it, or None where the operation does not look paginated.

    schema: the self-contained JSON Schema of the 200 body. Source: aliases seen in public APIs (assumed).
    """
    query = {parameter.name: parameter.schema for parameter in parameters if parameter.place == "query"}
    limit = next((name for name in LIMITS if name in query), None)
    guessed = _style(query)
    if guessed is None:
        return None
    reader, style = guessed
    envelope = _envelope(schema, reader)
    if envelope is None or (limit is None and reader is next(iter(STYLES.values()))):
        return None
    told = f"{operation_id}: inferred {'/'.join((*filter(None, [limit]), *style.parameters))} ({style.word})"
    if not style.is_walkable(envelope):
        return Guess(None, f"{told}, but its pages do not say how to go on: not paginated")
    rule = Pagination(
        name=f"inferred-{operation_id}",
        pointer=pointer,
        style=style,
        limit=_limit_rule(limit, query),
        envelope=envelope,
        links=LinkRule("unspecified", "unspecified") if envelope.next or envelope.previous else None,
    )
    at = f"results at {envelope.results or 'the whole body'}, count at {envelope.count or 'nowhere'}"
    return Guess(rule, f"{told}, {at}, maximum {rule.limit.maximum or 'unknown'}")


def _style(query: Mapping[str, Mapping[str, Any]]) -> tuple[StyleReader, Style] | None:
    """Return the first style that the query parameters look like, in the order of the table."""
    guesses = ((reader, reader.guess(query)) for reader in STYLES.values())
    return next(((reader, style) for reader, style in guesses if style is not None), None)


def _limit_rule(name: str | None, query: Mapping[str, Mapping[str, Any]]) -> LimitRule:
    """Return what a schema says of the size of a page; what it does not say is unspecified."""
    schema = {} if name is None else query[name]
    maximum, default = schema.get("maximum"), schema.get("default")
    return replace(
        reading.limit_rule({"parameter": name, "over-maximum": "unspecified", "when-absent": "unspecified"}),
        maximum=maximum if isinstance(maximum, int) else None,
        default=default if isinstance(default, int) else None,
        when_absent="default" if isinstance(default, int) else "unspecified",
    )


def _properties(schema: Any, root: Any) -> Mapping[str, Any]:
    schema = _seen_through(schema, root)
    properties = dict(schema.get("properties", {})) if isinstance(schema, dict) else {}
    for part in schema.get("allOf", []) if isinstance(schema, dict) else []:
        properties.update(_properties(part, root))
    return properties


def _seen_through(schema: Any, root: Any) -> Any:
    for _ in range(20):
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema
        schema = root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2])
    return schema


def _types(schema: Any, root: Any) -> set[str]:
    schema = _seen_through(schema, root)
    types = schema.get("type", ()) if isinstance(schema, dict) else ()
    return {types} if isinstance(types, str) else set(types)


def _envelope(schema: Any, style: StyleReader) -> EnvelopeRule | None:
    if "array" in _types(schema, schema):
        return EnvelopeRule("", None, None, None, False)
    members = _properties(schema, schema)
    arrays = [name for name in members if "array" in _types(members[name], schema)]
    results = next((name for name in RESULTS if name in arrays), arrays[0] if len(arrays) == 1 else None)
    if results is None:
        return None
    count = _member(schema, members, COUNTS, NUMBERS)
    links = {name: f"/{name}" for name in ("next", "previous") if "string" in _types(members.get(name), schema)}
    stated = {word: _member(schema, members, names, {*NUMBERS, "string"}) for word, names in style.members.items()}
    more = _member(schema, members, MORE, {"boolean"})
    return EnvelopeRule(
        f"/{results}",
        count and count[0],
        links.get("next"),
        links.get("previous"),
        bool(count and count[1]),
        more and more[0],
        {word: place[0] for word, place in stated.items() if place is not None},
    )


def _member(
    schema: Any, members: Mapping[str, Any], names: Iterable[str], kinds: Collection[str]
) -> tuple[str, bool] | None:
    """Return the pointer of the first member with one of some names and types, and whether it may be null."""
    for holder in HOLDERS:
        here = _properties(members.get(holder[1:]), schema) if holder else members
        for name in names:
            types = _types(here.get(name), schema)
            if types & set(kinds):
                return f"{holder}/{name}", "null" in types
    return None
