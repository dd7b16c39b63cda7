"""Walking by limit and offset: the next page begins after as many items as have come."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies

from apitwin.contracts.model import Contract
from apitwin.contracts.pagination.limit_offset import LimitOffset
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.places import Places


def at(style: LimitOffset, text: Any, start: int) -> Position:
    """Return the position of an offset. text: how it is written; start: what it means."""
    return Position(((style.parameter, str(text)),), start)


def numbered(style: LimitOffset, text: str, number: int, size: int) -> Position:
    """Return the position that a number means, however it is written."""
    return at(style, text, number)


def first(style: LimitOffset) -> Position:
    """Return the position of the first page."""
    return at(style, 0, 0)


def after(style: LimitOffset, position: Position, page: Page) -> Position | None:
    """Return the position after a page, None after an empty one, where the list ends."""
    start = position.start + len(page.items)
    return at(style, start, start) if page.items else None


def refuses(style: LimitOffset, start: int, total: int) -> bool:
    """Return whether the contract says that a page that begins there is refused."""
    return style.past_end == "reject" and start > total


def is_end(style: LimitOffset, contract: Contract, status: int) -> bool:
    """Return whether a status says, as documented, that there is no such page any more."""
    return style.past_end == "reject" and status == contract.errors["invalid-parameter"].status


def draw(probe: Probe, style: LimitOffset, places: Places) -> Position:
    """Draw an offset inside a list or a little beyond its end, if that is no error."""
    highest = places.total + places.beyond if style.past_end == "empty" else places.total
    if style.past_end == "reject":
        highest = max(0, places.total - 1)
    offset = probe.draw(strategies.integers(0, highest), "offset")
    return at(style, offset, offset)


def stated(style: LimitOffset, start: int, size: int) -> dict[str, str]:
    """Return what a link to a page states."""
    return {style.parameter: str(start)}
