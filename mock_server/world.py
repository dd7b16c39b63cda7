"""The things a twin holds: ordered tables of records, and the tokens that open them.

A table's state is one immutable value that is swapped as a whole. So a reader in another thread always sees one
moment, and a snapshot or a restore costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts import pointers
from contracts.model import Collection, Contract
from mock_server.answers import encode
from mock_server.errors import TwinError


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
            self._replace((*self.records, *(Record(one, self.collection.private) for one in items)))

    def remove(self, identity: str) -> None:
        """Remove the record of that identity. Raises KeyError when there is none."""
        with self._writing:
            gone = self.state.by_identity[identity]
            self._replace(tuple(one for one in self.records if one is not gone))

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
        order = self.collection.order
        ordered = sorted(records, key=lambda one: [_rank(pointers.find(one.values, key)) for key in order])
        self.state = _State(tuple(ordered), by_identity)


def _rank(value: Any) -> tuple[str, Any]:
    """A sort key for any JSON scalar, so that mixed types never fail to compare."""
    if isinstance(value, (bool, int, float)):
        return ("", value)
    return (type(value).__name__, str(value))


@dataclass(frozen=True)
class Token:
    """A key to the twin. state: valid, expired or revoked; user: an identity in the collection of users, or None."""

    secret: str = field(repr=False)
    state: str = "valid"
    user: str | None = None
    roles: frozenset[str] = frozenset()


class World:
    """Everything a twin holds: a table for each collection of its contract, and the tokens."""

    def __init__(self, contract: Contract, tokens: Iterable[Token] = ()) -> None:
        self.tables = {name: Table(collection) for name, collection in contract.collections.items()}
        self.tokens = tuple(tokens)
        self._start: dict[str, _State] = self.snapshot()

    def snapshot(self) -> dict[str, _State]:
        """Return the state of every table, to be given to `restore`. Costs nothing."""
        return {name: table.state for name, table in self.tables.items()}

    def restore(self, snapshot: Mapping[str, _State]) -> None:
        """Bring every table back to a snapshot."""
        for name, state in snapshot.items():
            self.tables[name].state = state

    def keep(self) -> None:
        """Make the present state the one that `reset` returns to."""
        self._start = self.snapshot()

    def reset(self) -> None:
        """Return to the state that was kept."""
        self.restore(self._start)

    def token(self, state: str = "valid", restricted: bool = False) -> str | None:
        """Return the secret of the first token in that state; restricted: one without any role. None without one."""
        for one in self.tokens:
            if one.state == state and bool(one.roles) is not restricted:
                return one.secret
        return None
