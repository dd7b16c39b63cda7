"""The things a twin holds: ordered tables of records, stored files, a clock, and the tokens that open them.

A table's state is one immutable value that is swapped as a whole. So a reader in another thread always sees one
moment, and a snapshot or a restore costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from contracts import pointers
from contracts.model import Collection, Contract
from mock_server.answers import encode
from mock_server.clock import Clock
from mock_server.errors import TwinError
from mock_server.storage import Blob, Storage

LONGEST_NUMBER = 19
"""Digits from which on an identity is no number that a twin would count on from: 64 bits end there."""


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


@dataclass(frozen=True)
class _State:
    records: tuple[Record, ...]
    by_identity: Mapping[str, Record]
    last: int = 0
    """The largest number that was ever an identity here: what was deleted does not come back."""
    by_fields: dict[tuple[str, ...], dict[tuple[str, ...], tuple[Record, ...]]] = field(default_factory=dict)


class Table:
    """The records of one collection, in its default order."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.state = _State((), {})
        self._writing = threading.Lock()

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, in the collection's default order."""
        return self.state.records

    def get(self, identity: str) -> Record | None:
        """Return the record of that identity, written as in a path, or None; a number may have zeros before it."""
        found = self.state.by_identity.get(identity)
        if found is None and identity.isascii() and identity.isdigit():
            found = self.state.by_identity.get(identity.lstrip("0") or "0")
            number = found is not None and isinstance(pointers.find(found.values, self.collection.identity), int)
            return found if number else None
        return found

    def where(self, *conditions: tuple[str, Any]) -> tuple[Record, ...]:
        """Return the records whose fields have those values, compared as texts, in order.

        The same fields are indexed at the first call, so that a page costs the page and not the table.
        """
        state, names = self.state, tuple(name for name, _ in conditions)
        if names not in state.by_fields:
            found: dict[tuple[str, ...], list[Record]] = {}
            for record in state.records:
                found.setdefault(tuple(str(record.values.get(name)) for name in names), []).append(record)
            state.by_fields[names] = {key: tuple(records) for key, records in found.items()}
        return state.by_fields[names].get(tuple(str(value) for _, value in conditions), ())

    def add(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Add records. Raises TwinError when an identity is missing or there already."""
        with self._writing:
            self._replace((*self.records, *(self.record(one) for one in items)))

    def update(self, identity: str, changes: Mapping[str, Any]) -> Record:
        """Give a record other values for some fields, and return it. Raises KeyError when there is none."""
        with self._writing:
            old = self.state.by_identity[identity]
            new = self.record({**old.values, **changes})
            self._replace(tuple(new if one is old else one for one in self.records))
            return new

    def remove(self, *identities: str) -> None:
        """Remove the records of those identities. Raises KeyError when one is not there."""
        with self._writing:
            gone = {id(self.state.by_identity[one]) for one in identities}
            self._replace(tuple(one for one in self.records if id(one) not in gone))

    def record(self, values: Mapping[str, Any]) -> Record:
        """Return a record of this table's kind that is not in the table."""
        return Record(values, self.collection.private)

    def next_identity(self) -> int:
        """Return a number that no record has or ever had, where identities are numbers."""
        return self.state.last + 1

    def identity(self, values: Mapping[str, Any]) -> str:
        """Return the identity of a record's values, written as in a path."""
        return str(pointers.find(values, self.collection.identity))

    def _replace(self, records: tuple[Record, ...]) -> None:
        by_identity: dict[str, Record] = {}
        for record in records:
            if pointers.find(record.values, self.collection.identity) is None:
                raise TwinError(f"{self.collection.name}: the identity None is missing ({self.collection.identity})")
            identity = self.identity(record.values)
            if identity in by_identity:
                raise TwinError(f"{self.collection.name}: the identity {identity} stands twice")
            by_identity[identity] = record
        numbers = (int(one) for one in by_identity if one.isascii() and one.isdigit() and len(one) < LONGEST_NUMBER)
        last = max(numbers, default=0)
        order = self.collection.order
        ordered = sorted(records, key=lambda one: [_rank(pointers.find(one.values, key)) for key in order])
        self.state = _State(tuple(ordered), by_identity, max(last, self.state.last))


def _rank(value: Any) -> tuple[str, Any]:
    """A sort key for any JSON scalar, so that mixed types never fail to compare."""
    if isinstance(value, (bool, int, float)):
        return ("", value)
    return (type(value).__name__, str(value))


@dataclass(frozen=True)
class Token:
    """A key to the twin.

    state: valid, expired, revoked or refresh (it opens nothing, and buys a new one); user: an identity in the
    collection of users, or None; expires: when a valid one no longer is, None for never.
    """

    secret: str = field(repr=False)
    state: str = "valid"
    user: str | None = None
    roles: frozenset[str] = frozenset()
    expires: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """What a world held at one moment: values that never change, so that taking one costs nothing."""

    tables: Mapping[str, _State]
    blobs: Mapping[str, Blob]
    tokens: tuple[Token, ...] = field(repr=False)


class World:
    """Everything a twin holds: a table for each collection of its contract, stored files, a clock and the tokens."""

    def __init__(self, contract: Contract, tokens: Iterable[Token] = (), clock: Clock | None = None) -> None:
        """clock: the time in this world; without one the machine's."""
        self.tables = {name: Table(collection) for name, collection in contract.collections.items()}
        self.storage = Storage()
        self.clock = clock or Clock()
        self.tokens = tuple(tokens)
        self.faults: tuple[Any, str] = ([], "")
        """Faults that a twin of this world starts with, as a seed says them, and where it does."""
        self._writing = threading.RLock()
        self._start = self.snapshot()

    @contextmanager
    def changing(self) -> Iterator[Callable[[], None]]:
        """Keep other writers out while several tables are changed together. Yields what undoes the changes.

        What raises is undone.
        """
        with self._writing:
            before = self.snapshot()
            try:
                yield lambda: self.restore(before)
            except BaseException:
                self.restore(before)
                raise

    def snapshot(self) -> Snapshot:
        """Return the state of everything but the clock, to be given to `restore`. Costs nothing."""
        tables = {name: table.state for name, table in self.tables.items()}
        return Snapshot(tables, self.storage.state, self.tokens)

    def restore(self, snapshot: Snapshot) -> None:
        """Bring everything but the clock back to a snapshot."""
        with self._writing:
            for name, state in snapshot.tables.items():
                self.tables[name].state = state
            self.storage.state = snapshot.blobs
            self.tokens = snapshot.tokens

    def keep(self) -> None:
        """Make the present state the one that `reset` returns to."""
        self._start = self.snapshot()

    def reset(self) -> None:
        """Return to the state that was kept, and to the time before any advance."""
        self.restore(self._start)
        self.clock.reset()

    def keys(self) -> tuple[Token, ...]:
        """Return the tokens as they are now: those whose time is over are expired."""
        now = self.clock.now()
        return tuple(
            replace(one, state="expired") if one.expires is not None and one.expires <= now else one
            for one in self.tokens
        )

    def token(self, state: str = "valid", restricted: bool = False) -> str | None:
        """Return the secret of the first token in that state; restricted: one without any role. None without one."""
        for one in self.tokens:
            if one.state == state and bool(one.roles) is not restricted:
                return one.secret
        return None
