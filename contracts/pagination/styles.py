"""The styles of pagination by the words of the contract. Another style is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.inference.described import Asked
from apitwin.contracts.pagination import cursor, limit_offset, page_number, start_index
from apitwin.contracts.pagination.guess import StyleGuess
from apitwin.contracts.pagination.rules import Style


@dataclass(frozen=True)
class StyleReader:
    """How a style is read from a contract.

    key: under which a rule of this style says where a page begins; schema: of what stands there; members: what pages of
    this style may state beyond what every page may; read: makes the style of it; guesses: what query parameters look
    like to it, the likeliest first; settled: a guess where what a page says is known, too; needs_size: whether only a
    parameter for the size of a page makes it one; support: what an answer states that speaks for the style, with its
    weight; given_out: the members that are texts to send back.
    """

    key: str
    schema: Mapping[str, Any]
    members: Mapping[str, tuple[str, ...]]
    read: Callable[[Mapping[str, Any]], Style]
    guesses: Callable[[Mapping[str, Asked]], Iterable[StyleGuess]]
    settled: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]
    needs_size: bool
    support: Mapping[str, int]
    given_out: tuple[str, ...]


def _as_guessed(value: Mapping[str, Any], envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Return a guess for which it does not matter what a page says."""
    return dict(value)


def _reader(style: type[Style], module: Any) -> StyleReader:
    return StyleReader(
        style.key,
        module.SCHEMA,
        module.MEMBERS,
        module.read,
        module.guesses,
        getattr(module, "settled", _as_guessed),
        module.NEEDS_SIZE,
        module.SUPPORT,
        module.GIVEN_OUT,
    )


STYLES: Mapping[str, StyleReader] = {
    limit_offset.LimitOffset.word: _reader(limit_offset.LimitOffset, limit_offset),
    page_number.PageNumber.word: _reader(page_number.PageNumber, page_number),
    cursor.Cursor.word: _reader(cursor.Cursor, cursor),
    start_index.StartIndex.word: _reader(start_index.StartIndex, start_index),
}
"""Every style by its word; the first is that of a rule that names none."""
USUAL = next(iter(STYLES))
LINKS_ONLY = cursor.LINKS_ONLY
"""The style of lists whose pages are only linked."""
