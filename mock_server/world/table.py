"""The records of one collection, in memory, in an order, behind indexes.

A table's state is one immutable value that is swapped as a whole. So a reader in another thread always sees one
moment and needs no lock, and a snapshot or a restore costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Collection
from apitwin.contracts.validation import Violation
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.world.blocks import Blocks
from apitwin.mock_server.world.conditions import member
from apitwin.mock_server.world.fitting import require_fitting, violations
from apitwin.mock_server.world.log import Change
from apitwin.mock_server.world.order import Ordering
from apitwin.mock_server.world.queries import Query
from apitwin.mock_server.world.record import Record as Record
from apitwin.mock_server.world.selection import Selection
from apitwin.mock_server.world.shards import Shards
from apitwin.mock_server.world.state import State

LONGEST_NUMBER = 19
"""Digits from which on an identity is no number that a twin would count on from: 64 bits end there."""


class Table:
    """The records of one collection, in its default order: a `Store`."""

    def __init__(self, collection: Collection, writing: AbstractContextManager[Any] | None = None) -> None:
        """writing: the lock of the world that the table is in; one of its own where it is in none."""
        self.collection = collection
        ordering = Ordering(collection.order)
        self.state = State(Blocks((), ordering.key), Shards(), ordering)
        self._writing = writing if writing is not None else threading.RLock()

    @property
    def records(self) -> Selection:
        """All records, in the collection's default order."""
        return Selection(self.state)

    @property
    def by_identity(self) -> Mapping[str, Record]:
        """All records by their identity, written as in a path."""
        return self.state.by_identity

    def get(self, identity: str) -> Record | None:
        """Return the record of that identity, written as in a path, or None; a number may have zeros before it."""
        by_identity = self.state.by_identity
        record = by_identity.get(identity)
        if record is None and identity.isascii() and identity.isdigit():
            record = by_identity.get(identity.lstrip("0") or "0")
            number = record is not None and isinstance(pointers.find(record.values, self.collection.identity), int)
            return record if number else None
        return record

    def where(self, *members: tuple[str, Any]) -> Selection:
        """Return the records whose members have those values, compared as texts, in order.

        The same members are indexed at the first look, so that a page costs the page and not the table.
        """
        return Selection(self.state, Query(tuple(member(name, value) for name, value in members)))

    def add(self, items: Iterable[Mapping[str, Any]], *, checked: bool = True) -> None:
        """Add records. checked: only those that fit the collection's schema; false for what fits or shall not.

        Raises TwinError, and adds none of them, when an identity is missing or there already, and naming the
        collection, the item and the key when something does not fit.
        """
        with self._writing:
            private, first = self.collection.private, self.state.serial + 1
            self._change(
                [(None, Record(values, private, serial)) for serial, values in enumerate(items, first)],
                checked=checked,
            )

    def violations(self, values: Mapping[str, Any]) -> list[Violation]:
        """Return every way in which a record's values break the collection's schema."""
        return violations(values, self.collection)

    def update(self, identity: str, changes: Mapping[str, Any], *, checked: bool = True) -> Record:
        """Give a record other values for some fields, and return it. checked: as `add` has it.

        Raises KeyError when there is no such record, and TwinError as `add` does when something does not fit.
        """
        with self._writing:
            old, key = self.state.by_identity[identity], self.state.ordering.key
            new = old.extended(changes)
            if key(new) != key(old):  # it stands elsewhere now, after those that are there already
                new = Record(new.values, self.collection.private, self.state.serial + 1)
            self._change([(old, new)], checked=checked)
            return new

    def remove(self, *identities: str) -> None:
        """Remove the records of those identities. Raises KeyError when one is not there."""
        with self._writing:
            gone = [self.state.by_identity[identity] for identity in dict.fromkeys(identities)]
            self._change([(record, None) for record in gone])

    def record(self, values: Mapping[str, Any]) -> Record:
        """Return a record of this table's kind that is not in the table."""
        return Record(values, self.collection.private)

    def next_identity(self) -> int:
        """Return a number that no record has or ever had, where identities are numbers."""
        return self.state.last + 1

    def identity(self, values: Mapping[str, Any]) -> str:
        """Return the identity of a record's values, written as in a path."""
        return str(pointers.find(values, self.collection.identity))

    def _change(self, changes: Sequence[Change], *, checked: bool = False) -> None:
        """Swap the state for one with some changes."""
        come = self._identified(changes)
        for identity, record in come.items() if checked else ():
            require_fitting(record.values, self.collection, f"{self.collection.name} {identity}")
        state = self.state
        gone = [self.identity(old.values) for old, _ in changes if old is not None]
        last = max([state.last, *map(_number, come)])
        serial = max([state.serial, *(record.serial for record in come.values())])
        self.state = state.changed(changes, state.by_identity.changed(gone, come.items()), last, serial)

    def _identified(self, changes: Sequence[Change]) -> Mapping[str, Record]:
        """Return the records that come by their identity. Raises TwinError where one is missing or stands twice."""
        leaving = {self.identity(old.values) for old, _ in changes if old is not None}
        come: dict[str, Record] = {}
        for _, new in changes:
            if new is None:
                continue
            if pointers.find(new.values, self.collection.identity) is None:
                raise TwinError(f"{self.collection.name}: the identity None is missing ({self.collection.identity})")
            identity = self.identity(new.values)
            if identity in come or (identity in self.state.by_identity and identity not in leaving):
                raise TwinError(f"{self.collection.name}: the identity {identity} stands twice")
            come[identity] = new
        return come


def _number(identity: str) -> int:
    """Return an identity as a number that a twin counts on from, 0 where it is none."""
    counts = identity.isascii() and identity.isdigit() and len(identity) < LONGEST_NUMBER
    return int(identity) if counts else 0
