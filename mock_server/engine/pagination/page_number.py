"""Page numbers on the twin: so many whole pages come before the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apitwin.contracts.pagination.page_number import PageNumber
from apitwin.mock_server.engine import numbers
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.record import Record


def start(asked: Asked, style: PageNumber, limit: int, records: Sequence[Record]) -> int | Rejected:
    """Return where the page begins, or why its number is refused. The first page is there also in an empty list."""
    text = asked.text(style.parameter)
    pages = _pages(limit, len(records))
    number = style.first if text is None else _read(text, style, pages)
    if isinstance(number, Rejected):
        return number
    if style.past_end == "reject" and number > style.first + max(1, pages) - 1:
        return Rejected(
            style.parameter, "maximum", str(number), style.first + max(1, pages) - 1, error=style.refused_as
        )
    return (number - style.first) * limit


def _pages(limit: int, count: int) -> int:
    """Return how many pages there are."""
    return -(-count // limit) if limit else 0


def _read(text: str, style: PageNumber, pages: int) -> int | Rejected:
    if text == style.last_word:
        return style.first + max(1, pages) - 1
    number = numbers.read(text, style.spelling, style.largest)
    if number.kind == "number" and number.value >= style.first:
        return number.value
    kind = "below" if number.kind == "number" else number.kind
    if getattr(style, f"when_{kind}") == "reject":
        message = "minimum" if kind == "below" else "integer"
        return Rejected(
            style.parameter, message, text, style.first if kind == "below" else None, error=style.refused_as
        )
    return style.first


def names(style: PageNumber) -> tuple[str, ...]:
    """Return the parameter that says where a page begins."""
    return style.parameters


def parameters(asked: Asked, style: PageNumber, index: int, limit: int, records: Sequence[Record]) -> dict[str, str]:
    """Return what leads to the page that begins at an index."""
    return {style.parameter: str(style.first + index // limit)}


def last(style: PageNumber, limit: int, count: int) -> int:
    """Return where the last page of a list begins."""
    return max(0, _pages(limit, count) - 1) * limit


def members(asked: Asked, style: PageNumber, seen: Window, records: Sequence[Record]) -> Mapping[str, Any]:
    """Return the number of the page, how many there are, the size in effect, and the numbers beside it or null."""
    limit = seen.limit or 0
    pages = _pages(limit, len(records))
    number = style.first + (seen.start // limit if limit else 0)
    final = style.first + pages - 1
    return {
        "page": number,
        "pages": pages,
        "size": limit,
        "next-page": number + 1 if number < final else None,
        "previous-page": number - 1 if number > style.first else None,
    }


def itself(asked: Asked, style: PageNumber) -> Mapping[str, Any]:
    """Return the number of the page that was asked for, as the next one's."""
    text = asked.text(style.parameter) or ""
    return {"next-page": int(text) if text.isdigit() else style.first}
