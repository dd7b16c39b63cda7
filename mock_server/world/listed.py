"""Records that somebody has put into a list: no index, each is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from apitwin.mock_server.world.conditions import Condition
from apitwin.mock_server.world.order import Order, Rank, arranged
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records


class Listed(Records):
    """Records in the order of a list. The rank of one is its place, which is true for as long as the list is."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records if isinstance(records, (list, tuple)) else list(records)

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        return self._records[place]

    def where(self, *conditions: Condition) -> Records:
        """Return those that meet some conditions, each of which is tried on each record."""
        kept = self._records
        for condition in conditions:
            kept = [record for record in kept if condition.keeps(record.values)]
        return Listed(kept)

    def ordered(self, order: Order) -> Records:
        """Return the same, sorted anew."""
        return Listed(arranged(self._records, order))

    def rank(self, record: Record) -> Rank:
        """Return the place of a record. Raises ValueError where it is not in the list."""
        return [next(place for place, listed in enumerate(self._records) if listed is record)]

    def place_after(self, rank: Rank) -> int:
        """Return how many stand at a rank or before it. Raises ValueError for what is no place."""
        if len(rank) != 1 or isinstance(rank[0], bool) or not isinstance(rank[0], int) or rank[0] < 0:
            raise ValueError("not a place in this list")
        return min(rank[0] + 1, len(self._records))


def as_records(records: Sequence[Record]) -> Records:
    """Return a list as records, and records as they are."""
    return records if isinstance(records, Records) else Listed(records)
