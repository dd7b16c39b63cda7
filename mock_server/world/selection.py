"""The records that a query selects of a table, answered when they are first looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from apitwin.mock_server.world.blocks import Blocks
from apitwin.mock_server.world.conditions import Condition
from apitwin.mock_server.world.order import Order, Ordering, Rank
from apitwin.mock_server.world.queries import Query
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records
from apitwin.mock_server.world.state import State

EVERYTHING = Query()


class Selection(Records):
    """Records of one state of a table that meet some conditions, in an order."""

    def __init__(self, state: State, query: Query = EVERYTHING) -> None:
        self._state = state
        self._query = query
        self._answer: Blocks[Record] | None = None

    @property
    def _records(self) -> Blocks[Record]:
        if self._answer is None:
            self._answer = self._query.answered(self._state)
        return self._answer

    def __len__(self) -> int:
        return self._state.size if self._query == EVERYTHING else len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        return self._records[place]

    def where(self, *conditions: Condition) -> Records:
        """Return those that meet some more conditions; nothing is looked at yet."""
        query = self._query
        return Selection(self._state, Query((*query.conditions, *conditions), query.order)) if conditions else self

    def ordered(self, order: Order) -> Records:
        """Return the same in an order within which the present one decides; nothing is looked at yet."""
        query = self._query
        return Selection(self._state, Query(query.conditions, (*order, *query.order))) if order else self

    def rank(self, record: Record) -> Rank:
        """Return the values by which a record stands where it does, and the number under which it came."""
        return self._ordering.rank(record)

    def place_after(self, rank: Rank) -> int:
        """Return how many stand at a rank or before it, in a time that grows with the logarithm of their number.

        Raises ValueError for what is no rank of this order.
        """
        return self._records.place_after(self._ordering.key_of(rank))

    @property
    def _ordering(self) -> Ordering:
        return self._state.ordering.within(self._query.order)
