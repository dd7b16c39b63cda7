"""In which order records stand: that of their collection, or one that was asked for, within which it decides ties.

The key of a record in an order is unique, for its last part is the number under which the record came. It can be
written as JSON, for a cursor: a *rank*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from apitwin.contracts import pointers
from apitwin.mock_server.world.record import Record

Rank = list[Any]
"""The key of a record as a JSON array."""
Key = Callable[[Record], tuple[Any, ...]]


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


def default_key(pointers_: Sequence[str]) -> Key:
    """Return the key of records in the order of their collection, which sorts by some pointers."""
    find = pointers.find

    def key(record: Record) -> tuple[Any, ...]:
        return (*[_ranked(find(record.values, pointer)) for pointer in pointers_], record.serial)

    return key


def sorted_key(order: Order, default: Key) -> Key:
    """Return the key of records in an order within which the default one decides."""
    if not order:
        return default

    def key(record: Record) -> tuple[Any, ...]:
        places = (_place(record, sort) for sort in order)
        turned = (Descending(place) if sort.descending else place for place, sort in zip(places, order, strict=True))
        return (*turned, *default(record))

    return key


def arranged(records: Iterable[Record], order: Order) -> list[Record]:
    """Return records sorted by an order; ties stay as they are."""
    listed = list(records)
    for sort in reversed(order):
        # A reversed sort keeps ties in place.
        listed.sort(key=lambda record, sort=sort: _place(record, sort), reverse=sort.descending)  # type: ignore[misc]
    return listed


def rank(key: tuple[Any, ...]) -> Rank:
    """Return the key of a record as JSON."""
    places = [part.place if isinstance(part, Descending) else part for part in key]
    return [list(place) if isinstance(place, tuple) else place for place in places]


def key_of(written: Rank, order: Order) -> tuple[Any, ...]:
    """Return the key that a rank was written of, in the same order."""
    parts = [tuple(part) if isinstance(part, list) else part for part in written]
    turned = [Descending(part) if sort.descending else part for part, sort in zip(parts, order, strict=False)]
    return (*turned, *parts[len(order) :])
