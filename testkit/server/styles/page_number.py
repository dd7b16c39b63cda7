"""Walking by page numbers: after each page comes the one with the next number."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies

from apitwin.contracts.model import Contract
from apitwin.contracts.pagination.page_number import PageNumber
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.places import Places


def at(style: PageNumber, text: Any, start: int) -> Position:
    """Return the position of a page. text: how its number is written; start: how many items come before it."""
    return Position(((style.parameter, str(text)),), start)


def numbered(style: PageNumber, text: str, number: int, size: int) -> Position:
    """Return the position that a number means, however it is written. size: of a page, in effect."""
    return at(style, text, (number - style.first) * size)


def first(style: PageNumber) -> Position:
    """Return the position of the first page."""
    return at(style, style.first, 0)


def after(style: PageNumber, position: Position, page: Page) -> Position | None:
    """Return the position after a page, None after an empty one, where the list ends."""
    number = int(position.parameters[0][1])
    return at(style, number + 1, position.start + len(page.items)) if page.items else None


def refuses(style: PageNumber, start: int, total: int) -> bool:
    """Return whether the contract says, or does not deny, that a page that begins there is refused."""
    return style.past_end != "empty" and start > 0 and start >= total


def is_end(style: PageNumber, contract: Contract, status: int) -> bool:
    """Return whether a status says that there is no such page any more.

    Where the contract does not say what comes past the end, any refusal says so.
    """
    if style.past_end == "unspecified":
        return 400 <= status < 500
    return style.past_end == "reject" and status == contract.errors[style.refused_as].status


def draw(probe: Probe, style: PageNumber, places: Places) -> Position:
    """Draw the number of a page of a list, or of one a little beyond its end, if that is no error."""
    pages = max(1, -(-places.total // max(1, places.size)))
    beyond = places.beyond if style.past_end == "empty" else 0
    number = probe.draw(strategies.integers(style.first, style.first + pages - 1 + beyond), "page")
    return numbered(style, str(number), number, places.size)


def stated(style: PageNumber, start: int, size: int) -> dict[str, str]:
    """Return what a link to a page states."""
    return {style.parameter: str(style.first + start // max(1, size))}
