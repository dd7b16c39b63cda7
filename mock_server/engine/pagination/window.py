"""The window that a request asks for, cut out of a list, and the pages beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from apitwin.mock_server.engine.pagination import limit as limits
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.pagers import of_a_place, pager
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.record import Record

T = TypeVar("T")


def window(asked: Asked, records: Sequence[Record]) -> Window | Rejected:
    """Return the window of a list that a request asks for, or which parameter it is refused for."""
    text = asked.text(asked.rule.limit.parameter)
    limit = limits.read(text, asked.rule.limit)
    if isinstance(limit, Rejected) or limit is None:
        return Window(None, 0, text) if limit is None else limit
    start = pager(asked).start(asked, asked.rule.style, limit, records)
    return start if isinstance(start, Rejected) else Window(limit, start, text)


def cut(records: Sequence[T], seen: Window) -> Sequence[T]:
    """Return the records inside a window."""
    return records if seen.limit is None else records[seen.start : seen.after]


@dataclass(frozen=True)
class Links:
    """What a page states of the pages beside it. next, previous: their addresses, None at the ends.

    more: whether there is a next page; members: what else the style states.
    """

    next: str | None
    previous: str | None
    more: bool = False
    members: Mapping[str, Any] = field(default_factory=dict)


def links(asked: Asked, seen: Window, records: Sequence[Record]) -> Links:
    """Return what the page of a window states of the pages beside it."""
    if seen.limit is None:
        return Links(None, None)
    before = seen.start - seen.limit
    more = seen.after < len(records) and seen.limit > 0
    less = seen.start > 0 and seen.limit > 0
    stated = asked.rule.envelope.members
    return Links(
        next=address(asked, seen, seen.after, records) if more else None,
        previous=address(asked, seen, before, records) if less else None,
        more=more,
        members=pager(asked).members(asked, asked.rule.style, seen, records) if stated else {},
    )


def address(asked: Asked, seen: Window, index: int, records: Sequence[Record]) -> str | None:
    """Return the address of the page that begins at an index, None where pages have no links.

    A relative form keeps the path only. The query's other parameters stay; the first page's address says nothing of
    where it begins.
    """
    rule = asked.rule.links
    if rule is None:
        return None
    effective = str(seen.limit)
    limit = {"asked": effective if seen.asked is None else seen.asked, "kept": seen.asked}.get(rule.limit, effective)
    position = pager(asked).parameters(asked, asked.rule.style, index, seen.limit or 0, records) if index > 0 else {}
    size = {} if asked.rule.limit.parameter is None else {asked.rule.limit.parameter: limit}
    changed = {**size, **dict.fromkeys(of_a_place(asked.rule)), **position}
    start = asked.base if rule.form != "relative" else "/" + asked.base.partition("://")[2].partition("/")[2]
    pairs = _changed(asked, changed)
    query = "&".join(_written(*pair) for pair in (sorted(pairs, key=_name) if rule.order == "sorted" else pairs))
    return f"{start}?{query}" if query else start


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


@lru_cache(maxsize=4096)
def _written(name: str, value: str) -> str:
    """Return a parameter as it is written in a query."""
    return urlencode([(name, value)], errors="replace")


def _changed(asked: Asked, changed: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Return the query with some parameters changed, each in its place or at the end; None: left out."""
    pairs: list[tuple[str, str | None]] = []
    left = dict(changed)
    for name, value in asked.query:
        if name in left:
            pairs.append((name, left.pop(name)))
        elif name not in changed:
            pairs.append((name, value))
    return [(name, value) for name, value in (*pairs, *left.items()) if value is not None]


def path_of(text: str) -> str:
    """Return a path as it is written in a link."""
    return quote(text, safe="/:@!$&'()*+,;=~-._")
