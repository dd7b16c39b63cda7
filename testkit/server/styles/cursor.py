"""Walking by cursors: only a page, or its last item, says where the next one begins.

The laws have no other way on, so here, and only here, what the server says is followed; what it leads to is compared
with a walk in pages of another size, which has other cursors.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import strategies

from apitwin.contracts.model import Contract
from apitwin.contracts.pagination.cursor import Cursor
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.places import Places
from apitwin.testkit.transport.exchange import Query


def first(style: Cursor) -> Position:
    """Return the position of the first page, which needs no cursor."""
    return Position((), 0)


def after(style: Cursor, position: Position, page: Page) -> Position | None:
    """Return the position after a page, None where the list ends.

    A cursor that is an item's identity needs no word of the server; such a walk ends at an empty page. Else the page
    says where to go on, also where it is empty itself, and the list ends where it does not.
    """
    start = position.start + len(page.items)
    if style.value == "identity" and style.parameter is not None:
        return Position(((style.parameter, page.ids[-1]),), start) if page.items else None
    cursor = page.stated.get("next-cursor")
    if style.parameter is not None and cursor is not None and cursor != "":
        return Position(((style.parameter, str(cursor)),), start)
    return Position(_in_link(style, str(page.next)), start, str(page.next)) if page.next else None


def _in_link(style: Cursor, link: str) -> Query:
    """Return the cursor in a link, nothing where it has none by the name that is known."""
    pairs = parse_qsl(link.partition("?")[2], keep_blank_values=True)
    return tuple(pair for pair in pairs if pair[0] == style.parameter)


def refuses(style: Cursor, start: int, total: int) -> bool:
    """Return that no place is refused: who has its cursor was given it."""
    return False


def is_end(style: Cursor, contract: Contract, status: int) -> bool:
    """Return that no refusal is an end: the end is where there is no cursor any more."""
    return False


def draw(probe: Probe, style: Cursor, places: Places) -> Position:
    """Draw a page of a list, to which the pages before it have led."""
    met = places.met()
    return met[probe.draw(strategies.integers(0, len(met) - 1), "page")] if met else first(style)


def stated(style: Cursor, start: int, size: int) -> None:
    """Return that nobody but the server knows what a link to a page states."""
    return None
