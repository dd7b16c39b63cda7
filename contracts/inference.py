"""Guessing the pagination of a document that does not declare it, from its parameters and response schemas.

A guess is a line for the user to read, never a silent fact: what cannot be seen in the document stays `unspecified`,
and the laws do not judge it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from apitwin.contracts.model import EnvelopeRule, LimitRule, LinkRule, OffsetRule, Pagination, Parameter

LIMITS = ("limit", "per_page", "page_size", "pageSize", "size", "max_results", "maxResults", "perPage", "_limit", "top")
OFFSETS = ("offset", "start", "skip", "startAt", "start_index", "startIndex", "_start", "from", "first_result")
RESULTS = ("results", "items", "data", "objects", "values", "entries", "records", "rows")
COUNTS = ("count", "total", "total_count", "totalCount", "total_entries", "numberMatched", "recordsTotal")
HOLDERS = ("", "/meta", "/_pagination", "/pagination", "/paging", "/page")


def pagination(
    parameters: Iterable[Parameter], schema: Any, operation_id: str, pointer: str
) -> tuple[Pagination, str] | None:
    """Return the guessed rule and a line that describes it, or None where the operation does not look paginated.

    schema: the self-contained JSON Schema of the 200 body. Source: aliases seen in public APIs (assumed).
    """
    query = {parameter.name: parameter for parameter in parameters if parameter.place == "query"}
    limit = next((query[name] for name in LIMITS if name in query), None)
    offset = next((query[name] for name in OFFSETS if name in query), None)
    envelope = _envelope(schema)
    if limit is None or offset is None or envelope is None:
        return None
    maximum, default = limit.schema.get("maximum"), limit.schema.get("default")
    rule = Pagination(
        name=f"inferred-{operation_id}",
        pointer=pointer,
        limit=_limit_rule(limit.name, maximum, default),
        offset=OffsetRule(offset.name, "empty", *["unspecified"] * 5),
        envelope=envelope,
        links=LinkRule("unspecified", "unspecified") if envelope.next or envelope.previous else None,
    )
    pages = f"{limit.name}/{offset.name}, results at {envelope.results or 'the whole body'}"
    places = f"{pages}, count at {envelope.count or 'nowhere'}, maximum {maximum or 'unknown'}"
    return rule, f"{operation_id}: inferred {places}"


def _limit_rule(name: str, maximum: Any, default: Any) -> LimitRule:
    rule = LimitRule(
        parameter=name,
        maximum=maximum if isinstance(maximum, int) else None,
        default=default if isinstance(default, int) else None,
        over_maximum="unspecified",
        when_absent="unspecified",
        when_zero="unspecified",
        when_negative="unspecified",
        when_text="unspecified",
        when_empty="unspecified",
        when_fraction="unspecified",
        spelling="unspecified",
    )
    return replace(rule, when_absent="default") if rule.default is not None else rule


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


def _envelope(schema: Any) -> EnvelopeRule | None:
    if "array" in _types(schema, schema):
        return EnvelopeRule("", None, None, None, False)
    members = _properties(schema, schema)
    arrays = [name for name in members if "array" in _types(members[name], schema)]
    results = next((name for name in RESULTS if name in arrays), arrays[0] if len(arrays) == 1 else None)
    if results is None:
        return None
    count = _count(schema, members)
    links = {name: f"/{name}" for name in ("next", "previous") if "string" in _types(members.get(name), schema)}
    return EnvelopeRule(
        f"/{results}", count and count[0], links.get("next"), links.get("previous"), bool(count and count[1])
    )


def _count(schema: Any, members: Mapping[str, Any]) -> tuple[str, bool] | None:
    for holder in HOLDERS:
        here = _properties(members.get(holder[1:]), schema) if holder else members
        for name in COUNTS:
            types = _types(here.get(name), schema)
            if types & {"integer", "number"}:
                return f"{holder}/{name}", "null" in types
    return None
