"""Query parameters that keep some items: those that are a member of the item, and the ends of its ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apitwin.contracts import pointers
from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.nodes import Node, Shape, Shapes
from apitwin.contracts.inference.said import MOMENTS
from apitwin.contracts.inference.spelling import joined
from apitwin.contracts.words import Certainty, FilterMatch

LEAST = (
    "gte",
    "min",
    "minimum",
    "from",
    "after",
    "since",
    "start",
    "gt",
    "startdate",
    "starting",
    "greaterthan",
    "ge",
    "atleast",
)
MOST = ("lte", "max", "maximum", "to", "before", "until", "end", "lt", "enddate", "ending", "lessthan", "le", "atmost")
"""The words of a parameter for the two ends of a range (assumed)."""
INCLUSIVE = frozenset({"gte", "lte", "min", "max", "minimum", "maximum", "ge", "le", "atleast", "atmost"})
_OTHER = re.compile(
    r"\b(expand|embed|sort|order(ed)? by|fields? to|columns to|wildcard|contains?|containing|partial|substring|like"
    r"|search|case.insensitive|prefix|starts? with|regex|pattern|fuzzy|exclude|comma)"
)
_FAMILIES = {"integer": "number"}


@dataclass(frozen=True)
class FilterGuess:
    """A parameter that keeps some items: how, by which member of an item, why, and how sure that is."""

    parameter: str
    match: FilterMatch
    place: str
    reason: str
    certainty: Certainty


def filters(query: Mapping[str, Asked], members: Mapping[str, Node], shapes: Shapes) -> Iterator[FilterGuess]:
    """Give the filters among the query parameters that are left. members: of an item."""
    by_name = {joined(name): name for name in reversed(list(members))}
    for asked in query.values():
        name = joined(re.sub(r"^(filters?|where|q)(?=[\[._])", "", asked.name))
        field = by_name.get(name)
        if field is not None:
            guess = _same(asked, field, shapes.of(members[field]), shapes)
        else:
            guess = _end(asked, name, by_name, members, shapes)
        if guess is not None:
            yield guess


def _same(asked: Asked, field: str, shape: Shape, shapes: Shapes) -> FilterGuess | None:
    """Return the filter of a parameter that is called as a member is, where their types allow it."""
    is_list = asked.shape.is_a("array")
    one = shapes.of(asked.shape.items) if is_list else asked.shape
    value = shapes.of(shape.items) if shape.is_a("array") else shape
    if value.members or not _alike(one, value):
        return None
    several = is_list or shape.is_a("array")
    return FilterGuess(
        asked.name,
        "any-of" if several else "equals",
        pointers.join([field, "*"] if shape.is_a("array") else [field]),
        f"{asked.name} is {field} of an item",
        _sure(asked, one, value, asked.name == field and not several),
    )


def _sure(asked: Asked, one: Shape, value: Shape, is_plain: bool) -> Certainty:
    """A text of any kind may be compared in any way; a choice, a truth value or a number in one only."""
    if "default" in asked.shape.words or _OTHER.search(asked.said) or not is_plain:
        return "likely"
    if one.choices is not None:
        return (
            "certain"
            if value.choices is None or set(map(str, one.choices)) <= set(map(str, value.choices))
            else "likely"
        )
    is_exact = one.is_a("boolean", "integer") or one.format == "uuid" or "exact" in asked.said
    return "certain" if is_exact and value.types else "likely"


def _alike(one: Shape, value: Shape) -> bool:
    if not one.types or not value.types:
        return True
    return bool({_FAMILIES.get(kind, kind) for kind in one.types} & {_FAMILIES.get(kind, kind) for kind in value.types})


def _end(
    asked: Asked, name: str, by_name: Mapping[str, str], members: Mapping[str, Node], shapes: Shapes
) -> FilterGuess | None:
    """Return the filter of a parameter that is one end of a range of a member, such as `created_after`."""
    ends: tuple[tuple[tuple[str, ...], FilterMatch], ...] = ((LEAST, "at-least"), (MOST, "at-most"))
    for listed, match in ends:
        for word in listed:
            stem = (
                name.removesuffix(word)
                if name.endswith(word)
                else name.removeprefix(word)
                if name.startswith(word)
                else ""
            )
            field = _ranged(stem, by_name, members, shapes) if stem else None
            if field is None or not asked.shape.may_be("string", "integer", "number"):
                continue
            sure: Certainty = "certain" if word in INCLUSIVE and asked.shape.is_a("integer", "number") else "likely"
            return FilterGuess(asked.name, match, pointers.join([field]), f"{asked.name} is an end of {field}", sure)
    return None


def _ranged(stem: str, by_name: Mapping[str, str], members: Mapping[str, Node], shapes: Shapes) -> str | None:
    """Return the member that a stem names, if it is a number or a moment."""
    for name in (
        stem,
        f"{stem}at",
        f"{stem}on",
        f"{stem}date",
        f"{stem}time",
        f"date{stem}",
        f"{stem}ed",
        f"{stem}dat",
    ):
        field = by_name.get(name)
        if field is not None:
            shape = shapes.of(members[field])
            if shape.is_a("integer", "number") or shape.format in MOMENTS or name.endswith(("at", "date", "time")):
                return field
    return None
