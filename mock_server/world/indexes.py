"""Indexes: recipes of what is derived of a state so that a condition is looked up and not tried on each record."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apitwin.mock_server.world.blocks import Blocks
from apitwin.mock_server.world.conditions import TERMS, Bound, Condition, Fields, Has, Kind
from apitwin.mock_server.world.log import Change
from apitwin.mock_server.world.order import Ordering
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.shards import Shards
from apitwin.mock_server.world.state import State


@dataclass(frozen=True)
class IndexOf:
    """The recipe of an index: the records under each term of a kind that some fields have."""

    kind: Kind
    fields: Fields

    def terms(self, record: Record | None) -> set[Hashable]:
        """Return what a record is found under; nothing for none."""
        return set() if record is None else set(TERMS[self.kind](record.values, self.fields))

    def made(self, state: State) -> Index:
        """Return the index of all records of a state."""
        by_term: dict[Hashable, list[Record]] = {}
        for record in state.records:
            for term in self.terms(record):
                by_term.setdefault(term, []).append(record)
        key = state.ordering.key
        return Index(self, Shards((term, Blocks.of(records, key)) for term, records in by_term.items()), state.ordering)


@dataclass(frozen=True)
class Index:
    """Records by term, each in the default order of the collection."""

    recipe: IndexOf
    by_term: Shards[Hashable, Blocks[Record]]
    ordering: Ordering

    def get(self, term: Hashable) -> Blocks[Record]:
        """Return the records under a term."""
        records = self.by_term.get(term)
        return Blocks((), self.ordering.key) if records is None else records

    def changed(self, change: Change) -> Index:
        """Return the index after a change."""
        old, new = change
        before, after = self.recipe.terms(old), self.recipe.terms(new)
        changed = {
            term: self.get(term).changed(old if term in before else None, new if term in after else None)
            for term in before | after
        }
        gone = [term for term in before if not changed[term]]
        come = [(term, records) for term, records in changed.items() if records]
        return Index(self.recipe, self.by_term.changed(gone, come), self.ordering)


@dataclass(frozen=True)
class RangeOf:
    """The recipe of an index by size: records by the largest (or smallest) number or moment that some fields have."""

    kind: Kind
    fields: Fields
    is_largest: bool

    def size(self, record: Record | None) -> Any:
        """Return what a record is ordered by, None for one that has nothing of the kind, and for none."""
        sizes: list[Any] = [] if record is None else TERMS[self.kind](record.values, self.fields)
        sizes = [size for size in sizes if size == size]  # NaN is neither larger nor smaller than anything
        return None if not sizes else max(sizes) if self.is_largest else min(sizes)

    def made(self, state: State) -> Range:
        """Return the index of all records of a state."""

        def key(record: Record) -> tuple[Any, ...]:
            # The 0 leaves room: before all that are equal to a bound stands (bound,), and after them (bound, 1).
            return (self.size(record), 0, *state.ordering.key(record))

        sized = [record for record in state.records if self.size(record) is not None]
        return Range(self, Blocks.of(sorted(sized, key=key), key))


@dataclass(frozen=True)
class Range:
    """Records by size."""

    recipe: RangeOf
    records: Blocks[Record]

    def within(self, bound: Any) -> slice:
        """Return where the records stand of which one value is at or beyond a bound."""
        if self.recipe.is_largest:
            return slice(self.records.place_after((bound,)), len(self.records))
        return slice(0, self.records.place_after((bound, 1)))

    def changed(self, change: Change) -> Range:
        """Return the index after a change."""
        old, new = (record if self.recipe.size(record) is not None else None for record in change)
        return self if old is None and new is None else Range(self.recipe, self.records.changed(old, new))


@dataclass(frozen=True)
class Candidates:
    """The records that an index leaves. count: how many, about; listed: gives them, in the default order."""

    count: int
    listed: Callable[[], Iterable[Record]]


def candidates(condition: Condition, state: State) -> Candidates | None:
    """Return what an index has for a condition, None where there is none for its kind."""
    if isinstance(condition, Has):
        parts = under_terms(condition, state)
        return Candidates(sum(map(len, parts)), lambda: parts[0] if len(parts) == 1 else _united(parts, state.ordering))
    if isinstance(condition, Bound) and isinstance(condition.bound, (int, float, datetime)):
        kind: Kind = "moment" if isinstance(condition.bound, datetime) else "number"
        index = state.derived(RangeOf(kind, condition.fields, condition.is_least))
        place = index.within(condition.bound)
        return Candidates(place.stop - place.start, lambda: _united([index.records[place]], state.ordering))
    return None


def under_terms(condition: Has, state: State) -> list[Blocks[Record]]:
    """Return the records under each term of a condition."""
    return [state.derived(IndexOf(kind, condition.fields)).get(term) for kind, term in condition.terms]


def _united(parts: Iterable[Iterable[Record]], ordering: Ordering) -> list[Record]:
    """Return the records that are in any of the parts, once each, in order."""
    return sorted({id(record): record for part in parts for record in part}.values(), key=ordering.key)
