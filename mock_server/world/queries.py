"""Indexes, and the answers to queries that are kept like indexes: recipes of what is derived of a state."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from apitwin.mock_server.world.blocks import Blocks
from apitwin.mock_server.world.conditions import TERMS, Condition, Fields, Has, Kind
from apitwin.mock_server.world.log import Change
from apitwin.mock_server.world.order import Order, Ordering, arranged
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
        by_terms = Shards((term, Blocks.of(records, key)) for term, records in by_term.items())
        return Index(self, by_terms, state.ordering)


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
class Query:
    """The recipe of an answer: the records that meet all conditions, in an order."""

    conditions: tuple[Condition, ...] = ()
    order: Order = ()

    def answered(self, state: State) -> Blocks[Record]:
        """Return the answer: what the table has in store, an index has under a term, or a view has."""
        if not self.conditions and not self.order:
            return state.records
        if len(self.conditions) == 1 and not self.order:
            condition = self.conditions[0]
            if isinstance(condition, Has) and len(condition.terms) == 1:
                return looked_up(condition, state)[0]
        return state.derived(self).records

    def made(self, state: State) -> View:
        """Return the answer by looking at as few records as the indexes leave."""
        kept, met = self._candidates(state)
        for condition in self.conditions:
            if condition is not met:
                kept = [record for record in kept if condition.keeps(record.values)]
        return View(self, Blocks.of(arranged(kept, self.order), state.ordering.within(self.order).key))

    def keeps(self, record: Record | None) -> bool:
        """Return whether a record meets all conditions; none does not."""
        return record is not None and all(condition.keeps(record.values) for condition in self.conditions)

    def _candidates(self, state: State) -> tuple[Iterable[Record], Condition | None]:
        """Return the fewest records that one condition can be looked up for, in the default order, and which it is."""
        fewest: list[Blocks[Record]] = [state.records]
        least, by = len(state.records), None
        for condition in self.conditions:
            parts = looked_up(condition, state) if isinstance(condition, Has) else fewest
            size = sum(map(len, parts))
            if size < least:
                fewest, least, by = parts, size, condition
        return fewest[0] if len(fewest) == 1 else _united(fewest, state.ordering), by


def looked_up(condition: Has, state: State) -> list[Blocks[Record]]:
    """Return the records under each term of a condition."""
    return [state.derived(IndexOf(kind, condition.fields)).get(term) for kind, term in condition.terms]


def _united(parts: Iterable[Iterable[Record]], ordering: Ordering) -> list[Record]:
    """Return the records that are in any of the parts, once each, in order."""
    return sorted({id(record): record for part in parts for record in part}.values(), key=ordering.key)


@dataclass(frozen=True)
class View:
    """The answer to a query: records in its order."""

    recipe: Query
    records: Blocks[Record]

    def changed(self, change: Change) -> View:
        """Return the answer after a change."""
        old, new = (record if self.recipe.keeps(record) else None for record in change)
        return self if old is None and new is None else View(self.recipe, self.records.changed(old, new))
