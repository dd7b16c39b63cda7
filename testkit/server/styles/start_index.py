"""Walking by start and count: the next page begins with the item after the last one that has come."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies

from apitwin.contracts.model import Contract
from apitwin.contracts.pagination.start_index import StartIndex
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.places import Places


def at(style: StartIndex, text: Any, start: int) -> Position:
    """Return the position of an index. text: how it is written; start: how many items come before it."""
    return Position(((style.parameter, str(text)),), start)


def numbered(style: StartIndex, text: str, number: int, size: int) -> Position:
    """Return the position that a number means, however it is written."""
    return at(style, text, number - 1)


def first(style: StartIndex) -> Position:
    """Return the position of the first page."""
    return at(style, 1, 0)


def after(style: StartIndex, position: Position, page: Page) -> Position | None:
    """Return the position after a page, None after an empty one, where the list ends."""
    start = position.start + len(page.items)
    return at(style, start + 1, start) if page.items else None


def refuses(style: StartIndex, start: int, total: int) -> bool:
    """Return whether the contract says that a page that begins there is refused."""
    return style.past_end == "reject" and start > 0 and start >= total


def is_end(style: StartIndex, contract: Contract, status: int) -> bool:
    """Return whether a status says, as documented, that there is no such page any more."""
    return style.past_end == "reject" and status == contract.errors["invalid-parameter"].status


def draw(probe: Probe, style: StartIndex, places: Places) -> Position:
    """Draw an index inside a list or a little beyond its end, if that is no error."""
    highest = places.total + places.beyond if style.past_end == "empty" else max(1, places.total)
    index = probe.draw(strategies.integers(1, max(1, highest)), "start")
    return at(style, index, index - 1)


def stated(style: StartIndex, start: int, size: int) -> dict[str, str]:
    """Return what a link to a page states."""
    return {style.parameter: str(start + 1)}
