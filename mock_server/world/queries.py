"""The answers to queries, kept like indexes: recipes of what is derived of a state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apitwin.mock_server.world.blocks import Blocks
from apitwin.mock_server.world.conditions import Condition, Has
from apitwin.mock_server.world.indexes import candidates, under_terms
from apitwin.mock_server.world.log import Change
from apitwin.mock_server.world.order import Order, arranged
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.state import State

WORTH_SORTING = 4
"""How many times fewer than all records an index must leave, for these have to be put in order again."""


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
                return under_terms(condition, state)[0]
        return state.derived(self).records

    def made(self, state: State) -> View:
        """Return the answer by looking at as few records as the indexes leave."""
        kept, met = self._fewest(state)
        for condition in self.conditions:
            if condition is not met:
                kept = [record for record in kept if condition.keeps(record.values)]
        return View(self, Blocks.of(arranged(kept, self.order), state.ordering.within(self.order).key))

    def keeps(self, record: Record | None) -> bool:
        """Return whether a record meets all conditions; none does not."""
        return record is not None and all(condition.keeps(record.values) for condition in self.conditions)

    def _fewest(self, state: State) -> tuple[Iterable[Record], Condition | None]:
        """Return the fewest records that one condition leaves, in the default order, and which condition it is."""
        least, listed, by = len(state.records), None, None
        for condition in self.conditions:
            left = candidates(condition, state)
            if left is not None and left.count * (1 if isinstance(condition, Has) else WORTH_SORTING) < least:
                least, listed, by = left.count, left.listed, condition
        return state.records if listed is None else listed(), by


@dataclass(frozen=True)
class View:
    """The answer to a query: records in its order."""

    recipe: Query
    records: Blocks[Record]

    def changed(self, change: Change) -> View:
        """Return the answer after a change."""
        old, new = (record if self.recipe.keeps(record) else None for record in change)
        return self if old is None and new is None else View(self.recipe, self.records.changed(old, new))
