"""What the twin does for each style of pagination. Another style is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.pagination.cursor import Cursor
from apitwin.contracts.pagination.limit_offset import LimitOffset
from apitwin.contracts.pagination.page_number import PageNumber
from apitwin.contracts.pagination.rules import Pagination, Style
from apitwin.contracts.pagination.start_index import StartIndex
from apitwin.mock_server.engine.pagination import cursor, limit_offset, page_number, start_index
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.record import Record

Records = Sequence[Record]


@dataclass(frozen=True)
class Pager:
    """One style on the twin.

    start: where the page that was asked for begins, or why it is refused; here, and nowhere else, is decided what lies
    beyond the end. names: the parameters in which a page is asked for. parameters: what leads to the page that begins
    at an index above 0. last: where the last page of a list begins, by limit and count. members: what a page states of
    itself, by the style's words; itself: of these, what a page would state that leads to itself. fitted: the style as
    it states members of these types, by their words.
    """

    start: Callable[[Asked, Any, int, Records], int | Rejected]
    names: Callable[[Any], tuple[str, ...]]
    parameters: Callable[[Asked, Any, int, int, Records], dict[str, str]]
    last: Callable[[Any, int, int], int]
    members: Callable[[Asked, Any, Window, Records], Mapping[str, Any]]
    itself: Callable[[Asked, Any], Mapping[str, Any]]
    fitted: Callable[[Any, Mapping[str, str]], Any]


def _pager(module: Any) -> Pager:
    return Pager(
        module.start,
        module.names,
        module.parameters,
        module.last,
        module.members,
        module.itself,
        getattr(module, "fitted", _as_it_is),
    )


def _as_it_is(style: Style, kinds: Mapping[str, str]) -> Style:
    """Return a style whose members are of one type everywhere."""
    return style


PAGERS: Mapping[type[Style], Pager] = {
    LimitOffset: _pager(limit_offset),
    PageNumber: _pager(page_number),
    Cursor: _pager(cursor),
    StartIndex: _pager(start_index),
}
"""The pager of every style that a contract can have."""


def of_a_place(rule: Pagination) -> tuple[str, ...]:
    """Return the parameters that say where a page begins on the twin, also those that the contract does not name."""
    return PAGERS[type(rule.style)].names(rule.style)


def fitted(style: Style, kinds: Mapping[str, str]) -> Style:
    """Return a style that states what it says of its pages in the types that a schema has for it, by its words."""
    as_described: Style = PAGERS[type(style)].fitted(style, kinds)
    return as_described


def pager(asked: Asked) -> Pager:
    """Return the pager of a request."""
    return PAGERS[type(asked.rule.style)]
