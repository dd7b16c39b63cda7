"""What a table holds at one moment, and what was found out about it: kept from one moment to the next.

What is derived of a state (an index, the answer to a query) is made when it is first asked for. A write does not touch
it: the next state knows what was changed since, and whoever asks there makes just these changes in it. So a write pays
for nothing that nobody looks at any more, and a reader pays for a query once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar, cast

from apitwin.mock_server.world.blocks import Blocks
from apitwin.mock_server.world.log import Change, Log
from apitwin.mock_server.world.order import Ordering
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.shards import Shards

MOST_DERIVED = 64
"""Things of one kind that are kept with a state. What was made or brought up to date longest ago goes first."""
FEW = 16
"""Changes that are made one by one however few records there are."""
DEAR = 16
"""How much more a change in something derived costs than a record when it is made anew, about."""

D = TypeVar("D", bound="Derived")
D_co = TypeVar("D_co", bound="Derived", covariant=True)


class Derived(Protocol):
    """Something that follows from the records of a state."""

    def changed(self, change: Change) -> Derived:
        """Return what it becomes by a change."""
        ...


class Recipe(Hashable, Protocol[D_co]):
    """How something is derived. Two that are equal derive the same."""

    def made(self, state: State) -> D_co:
        """Return what follows from the records of a state."""
        ...


class Memory:
    """Derived things by recipe, with the version of the state that they are true of. Bounded; safe under threads."""

    def __init__(self, entries: Mapping[Any, tuple[int, Derived]] | None = None) -> None:
        self._entries: dict[Any, tuple[int, Derived]] = dict(entries or {})
        self._changing = threading.Lock()

    def get(self, recipe: Hashable) -> tuple[int, Derived] | None:
        """Return what is known, and of which version, or None."""
        return self._entries.get(recipe)

    def put(self, recipe: Hashable, version: int, derived: Derived) -> None:
        """Keep something; of too many of its kind the oldest goes."""
        with self._changing:
            self._entries.pop(recipe, None)
            self._entries[recipe] = (version, derived)
            alike = [other for other in self._entries if type(other) is type(recipe)]
            if len(alike) > MOST_DERIVED:
                del self._entries[alike[0]]

    def copy(self) -> Memory:
        """Return another memory with the same in it."""
        with self._changing:
            return Memory(self._entries)


@dataclass(frozen=True)
class State:
    """The records of a table in their order, and by their identity.

    last: the largest number that was ever an identity here: what was deleted does not come back. serial: that of the
    last record that came. log: the last changes.
    """

    records: Blocks[Record]
    by_identity: Shards[str, Record]
    ordering: Ordering
    last: int = 0
    serial: int = 0
    log: Log = field(default_factory=Log)
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)

    def derived(self, recipe: Recipe[D]) -> D:
        """Return what a recipe makes of this state: known, brought up to date, or made now."""
        known, version = self.memory.get(recipe), self.log.version
        if known is not None and known[0] == version:
            return cast(D, known[1])
        missed = None if known is None else self.log.since(known[0])
        if known is None or missed is None or len(missed) * DEAR > max(len(self.records), DEAR):
            made: Derived = recipe.made(self)
        else:
            made = known[1]
            for change in missed:
                made = made.changed(change)
        self.memory.put(recipe, version, made)
        return cast(D, made)

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(self.records)

    def changed(self, changes: Sequence[Change], by_identity: Shards[str, Record], last: int, serial: int) -> State:
        """Return the state after some changes."""
        if len(changes) * DEAR <= max(len(self.records), FEW * DEAR):
            records = self.records
            for old, new in changes:
                records = records.changed(old, new)
        else:
            records = self._sorted(changes)
        return replace(
            self,
            records=records,
            by_identity=by_identity,
            last=last,
            serial=serial,
            log=self.log.added(changes),
            memory=self.memory.copy(),
        )

    def _sorted(self, changes: Sequence[Change]) -> Blocks[Record]:
        """Return the records after more changes than are worth a place each: everything is sorted once."""
        instead = {id(old): new for old, new in changes if old is not None}
        listed = [instead.get(id(record), record) for record in self.records]
        listed += [new for old, new in changes if old is None]
        return Blocks.of(
            sorted((record for record in listed if record is not None), key=self.ordering.key), self.ordering.key
        )


class LaterState:
    """A state that is made when it is first looked at, and is then that state in every way.

    make: makes it, once, whoever asks first. count: says how many records it will have. Nothing else is known of it
    before, so that a twin of many collections starts at once.
    """

    def __init__(self, make: Callable[[], State], count: Callable[[], int]) -> None:
        self._make, self._count = make, count
        self._making = threading.RLock()
        self._made: State | None = None

    @property
    def is_made(self) -> bool:
        """Whether somebody has looked at it."""
        return self._made is not None

    @property
    def size(self) -> int:
        """How many records there are."""
        return self._count() if self._made is None else self._made.size

    def __getattr__(self, name: str) -> Any:
        with self._making:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)
