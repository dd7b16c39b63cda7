"""The records of one collection, in an order, behind indexes.

A table's state is one immutable value that is swapped as a whole. So a reader in another thread always sees one
moment and needs no lock, and a snapshot or a restore costs nothing.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, overload

from apitwin.contracts import pointers
from apitwin.contracts.model import Collection
from apitwin.contracts.validation import Violation
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.messages import encode
from apitwin.mock_server.world.fitting import require_fitting, violations

LONGEST_NUMBER = 19
"""Digits from which on an identity is no number that a twin would count on from: 64 bits end there."""
FEW = 32
"""Changed records up to which each is put into its place; of more, everything is sorted once and indexed anew."""


class Record:
    """One thing, never changed after it is made. values: all its fields, private ones too."""

    __slots__ = ("_encoded", "_private", "values")

    def __init__(self, values: Mapping[str, Any], private: tuple[str, ...]) -> None:
        self.values = values
        self._private = private
        self._encoded: dict[Any, bytes] = {}

    def shown(self, hidden: frozenset[str], only: frozenset[str] | None) -> bytes:
        """Return the JSON of the record without its private and hidden fields (only: just these). Made once each."""
        key = (hidden, only)
        if key not in self._encoded:
            self._encoded[key] = encode(
                {
                    name: value
                    for name, value in self.values.items()
                    if name not in self._private and name not in hidden and (only is None or name in only)
                }
            )
        return self._encoded[key]


Change = tuple[Record | None, Record | None]
"""A record that goes and one that comes, in its place where both are there."""
Key = tuple[str, ...]


@dataclass(frozen=True)
class State:
    """What a table holds at one moment. by_fields: the indexes that were asked for until then."""

    records: tuple[Record, ...]
    by_identity: Mapping[str, Record]
    last: int = 0
    """The largest number that was ever an identity here: what was deleted does not come back."""
    by_fields: dict[Key, dict[Key, tuple[Record, ...]]] = field(default_factory=dict)


class Table:
    """The records of one collection, in its default order."""

    def __init__(self, collection: Collection, writing: AbstractContextManager[Any] | None = None) -> None:
        """writing: the lock of the world that the table is in; one of its own where it is in none."""
        self.collection = collection
        self.state = State((), {})
        self._writing = writing if writing is not None else threading.RLock()

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, in the collection's default order."""
        return self.state.records

    def get(self, identity: str) -> Record | None:
        """Return the record of that identity, written as in a path, or None; a number may have zeros before it."""
        record = self.state.by_identity.get(identity)
        if record is None and identity.isascii() and identity.isdigit():
            record = self.state.by_identity.get(identity.lstrip("0") or "0")
            number = record is not None and isinstance(pointers.find(record.values, self.collection.identity), int)
            return record if number else None
        return record

    def where(self, *conditions: tuple[str, Any]) -> tuple[Record, ...]:
        """Return the records whose fields have those values, compared as texts, in order.

        The same fields are indexed at the first call, so that a page costs the page and not the table.
        """
        state, names = self.state, tuple(name for name, _ in conditions)
        if names not in state.by_fields:
            index: dict[Key, list[Record]] = {}
            for record in state.records:
                index.setdefault(_key(record, names), []).append(record)
            state.by_fields[names] = {key: tuple(records) for key, records in index.items()}
        return state.by_fields[names].get(tuple(str(value) for _, value in conditions), ())

    def add(self, items: Iterable[Mapping[str, Any]], *, checked: bool = True) -> None:
        """Add records. checked: only those that fit the collection's schema; false for what fits or shall not.

        Raises TwinError, and adds none of them, when an identity is missing or there already, and naming the
        collection, the item and the key when something does not fit.
        """
        with self._writing:
            self._change([(None, self.record(values)) for values in items], checked=checked)

    def violations(self, values: Mapping[str, Any]) -> list[Violation]:
        """Return every way in which a record's values break the collection's schema."""
        return violations(values, self.collection)

    def update(self, identity: str, changes: Mapping[str, Any], *, checked: bool = True) -> Record:
        """Give a record other values for some fields, and return it. checked: as `add` has it.

        Raises KeyError when there is no such record, and TwinError as `add` does when something does not fit.
        """
        with self._writing:
            old = self.state.by_identity[identity]
            new = self.record({**old.values, **changes})
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
        """Swap the state for one with some changes; what stays is copied, and not looked at again."""
        state = self.state
        by_identity, last = self._identified(state, changes)
        for _, new in changes if checked else ():
            if new is not None:
                place = f"{self.collection.name} {self.identity(new.values)}"
                require_fitting(new.values, self.collection, place)
        if len(changes) <= FEW:
            records = self._put(state.records, changes)
            # A copy first: a reader may just be adding to it.
            by_fields = {names: self._indexed(index, names, changes) for names, index in state.by_fields.copy().items()}
        else:
            records, by_fields = self._sorted(state.records, changes), {}
        self.state = State(records, by_identity, last, by_fields)

    def _identified(self, state: State, changes: Sequence[Change]) -> tuple[dict[str, Record], int]:
        """Return the records by identity after some changes, and the largest number that was ever one."""
        by_identity, last = dict(state.by_identity), state.last
        for old, _ in changes:
            if old is not None:
                del by_identity[self.identity(old.values)]
        for _, new in changes:
            if new is None:
                continue
            if pointers.find(new.values, self.collection.identity) is None:
                raise TwinError(f"{self.collection.name}: the identity None is missing ({self.collection.identity})")
            identity = self.identity(new.values)
            if identity in by_identity:
                raise TwinError(f"{self.collection.name}: the identity {identity} stands twice")
            by_identity[identity] = new
            if identity.isascii() and identity.isdigit() and len(identity) < LONGEST_NUMBER:
                last = max(last, int(identity))
        return by_identity, last

    def _put(self, records: Sequence[Record], changes: Sequence[Change]) -> tuple[Record, ...]:
        """Return ordered records with a few changes, each put into its place."""
        listed = list(records)
        for old, new in changes:
            if old is not None:
                at = bisect_left(listed, self._rank(old), key=self._rank)
                while listed[at] is not old:  # others of the same rank may stand before it
                    at += 1
                if new is not None and self._rank(new) == self._rank(old):
                    listed[at] = new
                    continue
                del listed[at]
            if new is not None:
                insort_right(listed, new, key=self._rank)
        return tuple(listed)

    def _sorted(self, records: Sequence[Record], changes: Sequence[Change]) -> tuple[Record, ...]:
        """Return ordered records with any number of changes."""
        instead = {id(old): new for old, new in changes if old is not None}
        listed = [instead.get(id(record), record) for record in records] + [new for old, new in changes if old is None]
        return tuple(sorted((record for record in listed if record is not None), key=self._rank))

    def _indexed(
        self, index: Mapping[Key, tuple[Record, ...]], names: Key, changes: Sequence[Change]
    ) -> dict[Key, tuple[Record, ...]]:
        """Return an index by some fields with a few changes."""
        changed = dict(index)
        for old, new in changes:
            before, after = _key(old, names), _key(new, names)
            for key, change in {before: (old, None), after: (None, new)}.items():
                if key is not None:
                    changed[key] = self._put(changed.get(key, ()), [(old, new) if before == after else change])
        return changed

    def _rank(self, record: Record) -> list[tuple[str, Any]]:
        """Return what a record is ordered by."""
        return [_ranked(pointers.find(record.values, key)) for key in self.collection.order]


@overload
def _key(record: Record, names: Key) -> Key: ...
@overload
def _key(record: Record | None, names: Key) -> Key | None: ...
def _key(record: Record | None, names: Key) -> Key | None:
    """Return the texts of some fields of a record, None without one."""
    return None if record is None else tuple(str(record.values.get(name)) for name in names)


def _ranked(value: Any) -> tuple[str, Any]:
    """A sort key for any JSON scalar, so that mixed types never fail to compare."""
    if isinstance(value, (bool, int, float)):
        return ("", value)
    return (type(value).__name__, str(value))
