"""The way through a list for each style of pagination. Another style is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.model import Contract
from apitwin.contracts.pagination.cursor import Cursor
from apitwin.contracts.pagination.limit_offset import LimitOffset
from apitwin.contracts.pagination.page_number import PageNumber
from apitwin.contracts.pagination.rules import Pagination, Style
from apitwin.contracts.pagination.start_index import StartIndex
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles import cursor, limit_offset, page_number, start_index
from apitwin.testkit.server.styles.places import Places


@dataclass(frozen=True)
class Walker:
    """One style, as the laws walk it.

    first: where the list begins. after: where the page after one begins, None where there is none. refuses: whether a
    page that begins at some item of so many must, or may, be refused. is_end: whether a status says that the list is
    over. draw: some page of a list. stated: the parameters in a link to a page, by its first item and the size of a
    page; None where only the server knows. numbered: what a number means, by its text, its value and the size of a
    page; None where pages have no numbers.
    """

    first: Callable[[Any], Position]
    after: Callable[[Any, Position, Page], Position | None]
    refuses: Callable[[Any, int, int], bool]
    is_end: Callable[[Any, Contract, int], bool]
    draw: Callable[[Probe, Any, Places], Position]
    stated: Callable[[Any, int, int], dict[str, str] | None]
    numbered: Callable[[Any, str, int, int], Position] | None


def _walker(module: Any) -> Walker:
    numbered = getattr(module, "numbered", None)
    return Walker(module.first, module.after, module.refuses, module.is_end, module.draw, module.stated, numbered)


WALKERS: Mapping[type[Style], Walker] = {
    LimitOffset: _walker(limit_offset),
    PageNumber: _walker(page_number),
    Cursor: _walker(cursor),
    StartIndex: _walker(start_index),
}
"""The walker of every style that a contract can have."""


def walker(rule: Pagination) -> Walker:
    """Return the walker of a pagination rule."""
    return WALKERS[type(rule.style)]


def first(rule: Pagination) -> Position:
    """Return where the first page of a list begins."""
    return walker(rule).first(rule.style)
