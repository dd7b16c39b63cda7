"""Start and count on the twin: the index is the place of the page's first item, counted from 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apitwin.contracts.pagination.start_index import StartIndex
from apitwin.mock_server.engine import numbers
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.record import Record


def start(asked: Asked, style: StartIndex, limit: int, records: Sequence[Record]) -> int | Rejected:
    """Return how many items come before the page, or why its index is refused."""
    text = asked.text(style.parameter)
    index = 1 if text is None else _read(text, style)
    if not isinstance(index, Rejected) and style.past_end == "reject" and index > max(1, len(records)):
        return Rejected(style.parameter, "maximum", str(index), len(records))
    return index if isinstance(index, Rejected) else index - 1


def _read(text: str, style: StartIndex) -> int | Rejected:
    number = numbers.read(text, style.spelling)
    if number.kind == "number" and number.value >= 1:
        return number.value
    kind = "below" if number.kind == "number" else number.kind
    if getattr(style, f"when_{kind}") == "reject":
        return Rejected(style.parameter, *(("minimum", text, 1) if kind == "below" else ("integer", text)))
    return 1


def names(style: StartIndex) -> tuple[str, ...]:
    """Return the parameter that says where a page begins."""
    return style.parameters


def parameters(asked: Asked, style: StartIndex, index: int, limit: int, records: Sequence[Record]) -> dict[str, str]:
    """Return what leads to the page that begins after so many items."""
    return {style.parameter: str(index + 1)}


def last(style: StartIndex, limit: int, count: int) -> int:
    """Return where the last page of a list begins: as many items as fit on it are on it."""
    return max(0, count - limit)


def members(asked: Asked, style: StartIndex, seen: Window, records: Sequence[Record]) -> Mapping[str, Any]:
    """Return the index of the page's first item, and how many it has."""
    return {"start": seen.start + 1, "items": max(0, min(seen.limit or 0, len(records) - seen.start))}


def itself(asked: Asked, style: StartIndex) -> Mapping[str, Any]:
    """Return nothing: no member leads on."""
    return {}
