"""In which order records stand: that of their collection, or one that was asked for, within which it decides ties.

The key of a record in an order is unique, for its last part is the number under which the record came. It can be
written as JSON, for a cursor: a *rank*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from apitwin.contracts import pointers
from apitwin.mock_server.world.record import Record

Rank = list[Any]
"""The key of a record as a JSON array."""
Key = tuple[Any, ...]
"""What a record is ordered by: no two records of a table have the same."""


@dataclass(frozen=True)
class Sort:
    """One thing to sort by. nulls_first: where records without a value stand, whatever the direction."""

    pointer: str
    descending: bool = False
    nulls_first: bool = False


Order = tuple[Sort, ...]
"""What to sort by, the most significant first. What is equal in all of it stands as in the collection."""


@total_ordering
class Descending:
    """A place that comes before another one where it is larger."""

    __slots__ = ("place",)

    def __init__(self, place: tuple[Any, ...]) -> None:
        self.place = place

    def __lt__(self, other: Descending) -> bool:
        return bool(other.place < self.place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and self.place == other.place

    __hash__ = None  # type: ignore[assignment]


def _place(record: Record, sort: Sort) -> tuple[Any, ...]:
    """Return where a record stands by one thing, before the direction is looked at: numbers before texts."""
    value = pointers.find(record.values, sort.pointer)
    if value is None:
        return (0,) if sort.nulls_first != sort.descending else (2,)
    return (1, *_comparable(value))


def _comparable(value: Any) -> tuple[bool, Any]:
    number = isinstance(value, (bool, int, float)) and value == value  # NaN has no place among numbers
    return (not number, value if number else str(value))


def _ranked(value: Any) -> tuple[str, Any]:
    """Return where any value stands in the order of a collection: numbers first, then by the name of their type."""
    is_text, comparable = _comparable(value)
    return (type(value).__name__ if is_text else "", comparable)


@dataclass(frozen=True)
class Ordering:
    """An order to the last: what was asked for, then the pointers that a collection sorts by, then the serial."""

    pointers: tuple[str, ...]
    order: Order = ()

    def within(self, order: Order) -> Ordering:
        """Return the ordering by something that was asked for, within which this one's collection decides."""
        return Ordering(self.pointers, order)

    def key(self, record: Record) -> Key:
        """Return the key of a record."""
        values, find = record.values, pointers.find
        default = [_ranked(find(values, pointer)) for pointer in self.pointers]
        if not self.order:
            return (*default, record.serial)
        return (*self._turned(_place(record, sort) for sort in self.order), *default, record.serial)

    def _turned(self, places: Iterable[tuple[Any, ...]]) -> Iterable[Any]:
        return (Descending(place) if sort.descending else place for place, sort in zip(places, self.order, strict=True))

    def rank(self, record: Record) -> Rank:
        """Return the key of a record as JSON."""
        default = [_ranked(pointers.find(record.values, pointer)) for pointer in self.pointers]
        return [*map(list, (_place(record, sort) for sort in self.order)), *map(list, default), record.serial]

    def key_of(self, rank: Rank) -> Key:
        """Return the key that a rank was written of. Raises ValueError for what is no rank of this ordering."""
        sorts = len(self.order)
        fits = isinstance(rank, list) and len(rank) == sorts + len(self.pointers) + 1 and type(rank[-1]) is int
        if not (fits and all(map(_is_place, rank[:sorts])) and all(map(_is_ranked, rank[sorts:-1]))):
            raise ValueError("not a rank in this order")
        parts = [tuple(part) for part in rank[:-1]]
        return (*self._turned(parts[:sorts]), *parts[sorts:], rank[-1])


def _is_place(part: Any) -> bool:
    return part in ([0], [2]) or (
        isinstance(part, list)
        and len(part) == 3
        and part[0] == 1
        and isinstance(part[2], str if part[1] is True else (bool, int, float))
        and isinstance(part[1], bool)
    )


def _is_ranked(part: Any) -> bool:
    if not (isinstance(part, list) and len(part) == 2 and isinstance(part[0], str)):
        return False
    return isinstance(part[1], str if part[0] else (bool, int, float))


def arranged(records: Iterable[Record], order: Order) -> list[Record]:
    """Return records sorted by an order; ties stay as they are."""
    listed = list(records)
    for sort in reversed(order):
        # A reversed sort keeps ties in place.
        listed.sort(key=lambda record, sort=sort: _place(record, sort), reverse=sort.descending)  # type: ignore[misc]
    return listed
