"""Limit and offset on the twin: the offset is how many items come before the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apitwin.contracts.pagination.limit_offset import LimitOffset
from apitwin.mock_server.engine import numbers
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.record import Record


def start(asked: Asked, style: LimitOffset, limit: int, records: Sequence[Record]) -> int | Rejected:
    """Return where the page begins: at the offset, or why that is refused."""
    text = asked.text(style.parameter)
    offset = 0 if text is None else _read(text, style)
    if not isinstance(offset, Rejected) and style.past_end == "reject" and offset > len(records):
        return Rejected(style.parameter, "maximum", str(offset), len(records))
    return offset


def _read(text: str, style: LimitOffset) -> int | Rejected:
    number = numbers.read(text, style.spelling)
    if number.kind == "number" and number.value >= 0:
        return number.value
    kind = "negative" if number.kind == "number" else number.kind
    if getattr(style, f"when_{kind}") == "reject":
        message = "minimum" if kind == "negative" else "integer"
        return Rejected(style.parameter, message, text, 0 if kind == "negative" else None)
    return 0


def names(style: LimitOffset) -> tuple[str, ...]:
    """Return the parameter that says where a page begins."""
    return style.parameters


def parameters(asked: Asked, style: LimitOffset, index: int, limit: int, records: Sequence[Record]) -> dict[str, str]:
    """Return what leads to the page that begins at an index."""
    return {style.parameter: str(index)}


def last(style: LimitOffset, limit: int, count: int) -> int:
    """Return where the last page of a list begins: as many items as fit on it are on it."""
    return max(0, count - limit)


def members(asked: Asked, style: LimitOffset, seen: Window, records: Sequence[Record]) -> Mapping[str, Any]:
    """Return nothing: a page of this style states nothing of itself."""
    return {}


def itself(asked: Asked, style: LimitOffset) -> Mapping[str, Any]:
    """Return nothing: only links lead on."""
    return {}
