"""Limit and offset: which window of a list a request asks for, and the links to the windows beside it.

Plain functions of values: a rule of the contract and a query go in, a window comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

from apitwin.contracts.model import LimitRule, OffsetRule, Pagination
from apitwin.mock_server.engine import numbers
from apitwin.mock_server.messages import Query, Rejected, chosen

T = TypeVar("T")

ASSUMED_DEFAULT = 20
"""Items a page where a contract says neither default nor maximum nor what an absent limit means (assumed)."""


@dataclass(frozen=True)
class Window:
    """A stretch of a list. limit: items at most, None for the whole list as a bare array. asked: as it was sent."""

    limit: int | None
    offset: int
    asked: str | None = None


def window(query: Query, rule: Pagination, repeated: str) -> Window | Rejected:
    """Return the window that a query asks for under a rule, or which parameter it is refused for."""
    asked = chosen(query, rule.limit.parameter, repeated)
    limit = _limit(asked, rule.limit)
    if isinstance(limit, Rejected):
        return limit
    offset = _offset(chosen(query, rule.offset.parameter, repeated), rule.offset)
    if isinstance(offset, Rejected):
        return offset
    return Window(limit, 0 if limit is None else offset, asked)


def _limit(text: str | None, rule: LimitRule) -> int | Rejected | None:
    if text is None:
        return _treated(rule.when_absent, "required", "", 0, rule)
    number = numbers.read(text, rule.spelling)
    if number.kind == "empty":
        return _treated(rule.when_empty, "integer", text, 0, rule)
    if number.kind == "fraction":
        return _treated(rule.when_fraction, "integer", text, number.value, rule)
    if number.kind == "text":
        return _treated(rule.when_text, "integer", text, 0, rule)
    if number.value == 0:
        return _treated(rule.when_zero, "minimum", text, 0, rule)
    if number.value < 0:
        return _treated(rule.when_negative, "minimum", text, 0, rule)
    return _within_maximum(number.value, text, rule)


def _within_maximum(limit: int, text: str, rule: LimitRule) -> int | Rejected:
    if rule.maximum is None or limit <= rule.maximum or rule.over_maximum == "honour":
        return limit
    if rule.over_maximum == "reject":
        return Rejected(rule.parameter, "maximum", text, rule.maximum)
    return rule.maximum


def _treated(treatment: str, message: str, text: str, floor: int, rule: LimitRule) -> int | Rejected | None:
    """Return what a treatment named by the contract makes of a limit that is no positive integer."""
    if treatment == "reject":
        return Rejected(rule.parameter, message, text, 1 if message == "minimum" else None)
    if treatment == "bare-array":
        return None
    if treatment == "floor" and floor > 0:
        return _within_maximum(floor, text, rule)
    known = {"empty": 0, "floor": 0, "one": 1, "maximum": rule.maximum, "default": rule.default}
    limit = known.get(treatment)
    return limit if limit is not None else rule.default or rule.maximum or ASSUMED_DEFAULT


def _offset(text: str | None, rule: OffsetRule) -> int | Rejected:
    if text is None:
        return 0
    number = numbers.read(text, rule.spelling)
    if number.kind == "number" and number.value >= 0:
        return number.value
    kind = "negative" if number.kind == "number" else number.kind
    if getattr(rule, f"when_{kind}") == "reject":
        message = "minimum" if kind == "negative" else "integer"
        return Rejected(rule.parameter, message, text, 0 if kind == "negative" else None)
    return 0


def cut(items: Sequence[T], seen: Window) -> Sequence[T]:
    """Return the items inside a window."""
    if seen.limit is None:
        return items
    return items[seen.offset : seen.offset + seen.limit]


@dataclass(frozen=True)
class Links:
    """The addresses of the windows after and before this one, None at the ends."""

    next: str | None
    previous: str | None


def links(base: str, query: Query, seen: Window, count: int, rule: Pagination) -> Links:
    """Return next and previous for a window of a list of `count` items.

    base: scheme, host and path; a relative form keeps the path only. The query's other parameters stay, sorted by
    name, as Django REST framework writes them (measured on 3.18). previous at the first window's edge has no offset.
    """
    if seen.limit is None or rule.links is None:
        return Links(None, None)
    limit = seen.asked if rule.links.limit == "asked" and seen.asked is not None else str(seen.limit)
    after, before = seen.offset + seen.limit, seen.offset - seen.limit
    more = after < count and seen.limit > 0
    less = seen.offset > 0 and seen.limit > 0
    start = base if rule.links.form != "relative" else "/" + base.partition("://")[2].partition("/")[2]

    def address(offset: str | None) -> str:
        return _address(start, query, {rule.limit.parameter: limit, rule.offset.parameter: offset})

    return Links(
        next=address(str(after)) if more else None,
        previous=address(str(before) if before > 0 else None) if less else None,
    )


def _address(start: str, query: Query, changed: dict[str, str | None]) -> str:
    """Return an address with a query of which some parameters are changed; None: left out."""
    parameters: dict[str, list[str]] = {}
    for name, value in query:
        if name not in changed:
            parameters.setdefault(name, []).append(value)
    parameters.update({name: [value] for name, value in changed.items() if value is not None})
    return f"{start}?{urlencode(sorted(parameters.items()), doseq=True, errors='replace')}"


def path_of(text: str) -> str:
    """Return a path as it is written in a link."""
    return quote(text, safe="/:@!$&'()*+,;=~-._")
