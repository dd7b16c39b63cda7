"""What the engine needs of the records of a collection, whatever keeps them.

`Records` are read: some records in an order, at one moment. A `Store` is written to, and gives the records that it has
now. The table in memory (`table.py`) is the first store; the engine uses nothing of it but what is named here.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, overload

from apitwin.contracts.model import Collection
from apitwin.contracts.validation import Violation
from apitwin.mock_server.world.conditions import Condition
from apitwin.mock_server.world.order import Order, Rank
from apitwin.mock_server.world.record import Record


class Records(Sequence[Record]):
    """Some records of a collection in an order, at one moment. What is asked of them costs no more than its answer."""

    @abstractmethod
    def where(self, *conditions: Condition) -> Records:
        """Return those that meet some conditions, in the same order."""

    @abstractmethod
    def ordered(self, order: Order) -> Records:
        """Return the same in another order; what is equal there stays as it stands here."""

    @abstractmethod
    def rank(self, record: Record) -> Rank:
        """Return what says where a record stands among these, as JSON; it stays true when others come and go."""

    @abstractmethod
    def place_after(self, rank: Rank) -> int:
        """Return how many of these stand at a rank or before it, also where its own record is gone.

        Raises ValueError for what is no rank of this order.
        """

    def mapped(self, change: Callable[[Record], Record]) -> Records:
        """Return the same with another record in the place of each, made when it is looked at.

        change: adds members that no condition and no order of this list looks at: these go by the record as it was.
        """
        return _Mapped(self, change)


class _Mapped(Records):
    """Records in whose places others are shown."""

    def __init__(self, plain: Records, change: Callable[[Record], Record]) -> None:
        self._plain = plain
        self._change = change

    def __len__(self) -> int:
        return len(self._plain)

    def __iter__(self) -> Iterator[Record]:
        return map(self._change, self._plain)

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | Sequence[Record]:
        if isinstance(place, slice):
            return [self._change(record) for record in self._plain[place]]
        return self._change(self._plain[place])

    def where(self, *conditions: Condition) -> Records:
        return _Mapped(self._plain.where(*conditions), self._change)

    def ordered(self, order: Order) -> Records:
        return _Mapped(self._plain.ordered(order), self._change)

    def rank(self, record: Record) -> Rank:
        return self._plain.rank(record)

    def place_after(self, rank: Rank) -> int:
        return self._plain.place_after(rank)


class Store(Protocol):
    """The records of one collection, which are changed as a whole: a reader sees what was there before or after."""

    collection: Collection
    state: Any
    """What it holds, as a value that never changes: a snapshot, which is put back to restore it. Both cost nothing."""

    @property
    def records(self) -> Records:
        """All records, in the collection's default order."""
        ...

    @property
    def by_identity(self) -> Mapping[str, Record]:
        """All records by their identity, written as in a path."""
        ...

    def get(self, identity: str) -> Record | None:
        """Return the record of that identity as a path may write it, or None."""
        ...

    def where(self, *members: tuple[str, Any]) -> Records:
        """Return the records whose members have those values, compared as texts, in order."""
        ...

    def identity(self, values: Mapping[str, Any]) -> str:
        """Return the identity of a record's values, written as in a path."""
        ...

    def record(self, values: Mapping[str, Any]) -> Record:
        """Return a record of this store's kind that is not in it."""
        ...

    def next_identity(self) -> int:
        """Return a number that no record has or ever had, where identities are numbers."""
        ...

    def violations(self, values: Mapping[str, Any]) -> list[Violation]:
        """Return every way in which a record's values break the collection's schema."""
        ...

    def add(self, items: Iterable[Mapping[str, Any]], *, checked: bool = True) -> None:
        """Add records: all of them or, with TwinError, none."""
        ...

    def update(self, identity: str, changes: Mapping[str, Any], *, checked: bool = True) -> Record:
        """Give a record other values for some fields, and return it. Raises KeyError where there is no such one."""
        ...

    def remove(self, *identities: str) -> None:
        """Remove the records of those identities. Raises KeyError when one is not there."""
        ...
