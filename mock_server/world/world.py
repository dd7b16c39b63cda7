"""The things a twin holds: tables of records, stored files, a clock, and the tokens that open them.

There is one rule for writing: whoever writes holds the world's one lock, which a thread may take again. Tables, the
storage and the tokens take it by themselves for a single change; who reads first and then writes by what it read, or
changes several things together, does so in `World.changing()`. What such a block undoes when it raises can therefore be
nothing but its own changes. A request writes to a draft in there, of which the world takes over what was changed where
the request succeeds: nobody sees what is refused, nothing has to be undone, and a request that a reset overtook leaves
nothing behind (see `World.epoch`).
"""

from __future__ import annotations

import base64
import copy
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from apitwin.contracts.model import Contract
from apitwin.contracts.words import TokenState
from apitwin.mock_server.world.blobs import Blob, Storage
from apitwin.mock_server.world.clock import Clock
from apitwin.mock_server.world.records import Store
from apitwin.mock_server.world.table import Table

ACCESS = "access"
"""The kind of token that opens something."""


@dataclass(frozen=True)
class Token:
    """A key to the twin.

    user: an identity in the collection of users, or None; expires: when a valid one no longer is, None for never;
    username: that of HTTP Basic, whose password the secret then is; scheme: the security scheme that it belongs to,
    None for every one that is proved in the same way; kind: `access`, or a word of the API's own code for what opens
    nothing itself, such as a token that buys new ones.
    """

    secret: str = field(repr=False)
    state: TokenState = "valid"
    user: str | None = None
    roles: frozenset[str] = frozenset()
    expires: datetime | None = None
    username: str | None = None
    scheme: str | None = None
    kind: str = ACCESS

    @property
    def opens(self) -> bool:
        """Whether it is of the kind that opens something."""
        return self.kind == ACCESS

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what must not be told: the secret, and with a username what HTTP Basic shows. RFC 7617 section 2."""
        if self.username is None:
            return (self.secret,)
        return base64.b64encode(f"{self.username}:{self.secret}".encode()).decode(), self.secret


@dataclass(frozen=True)
class Snapshot:
    """What a world held at one moment: values that never change, so that taking one costs nothing."""

    tables: Mapping[str, Any]
    blobs: Mapping[str, Blob]
    tokens: tuple[Token, ...] = field(repr=False)


class World:
    """Everything a twin holds: a table for each collection of its contract, stored files, a clock and the tokens."""

    def __init__(self, contract: Contract, tokens: Iterable[Token] = (), clock: Clock | None = None) -> None:
        """clock: the time in this world; without one the machine's."""
        self._writing = threading.RLock()
        self.tables: Mapping[str, Store] = {
            name: Table(collection, self._writing) for name, collection in contract.collections.items()
        }
        self.storage = Storage(self._writing)
        self.clock = clock or Clock()
        self._tokens = tuple(tokens)
        self.faults: tuple[Any, str] = ([], "")
        """Faults that a twin of this world starts with, as a world file says them, and where it does."""
        self.is_generated = False
        """Whether nobody wrote it, and its things are made when they are first looked at."""
        self.epoch = 0
        """How often this world was restored or reset. What began in an earlier epoch changes nothing any more."""
        self._start = self.snapshot()

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The keys to the twin, as they were put in."""
        return self._tokens

    @tokens.setter
    def tokens(self, tokens: tuple[Token, ...]) -> None:
        with self._writing:
            self._tokens = tokens

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keep other writers out, for changes that belong together. What raises is undone."""
        with self._writing:
            before = self.snapshot()
            try:
                yield
            except BaseException:
                self._put_back(before)
                raise

    def draft(self) -> World:
        """Return a world in which there is the same, and whose changes nobody sees before `take_over`."""
        made = copy.copy(self)
        made.tables = {name: copy.copy(table) for name, table in self.tables.items()}
        made.storage = copy.copy(self.storage)
        made.checkpoint()
        return made

    def take_over(self, draft: World) -> None:
        """Make the changes of a draft this world's own. Both within one `changing`, so that none is lost."""
        before = draft._start
        for name, table in draft.tables.items():
            if table.state is not before.tables[name]:
                self.tables[name].state = table.state
        if draft.storage.state is not before.blobs:
            self.storage.state = draft.storage.state
        if draft.tokens is not before.tokens:
            self.tokens = draft.tokens

    def another(self, contract: Contract) -> World:
        """Return a world of the same contract that begins with this one's state, and goes its own way from there."""
        made = World(contract, self.tokens)
        made.faults, made.is_generated = self.faults, self.is_generated
        made._put_back(self.snapshot())
        made.checkpoint()
        return made

    def snapshot(self) -> Snapshot:
        """Return the state of everything but the clock, to be given to `restore`. Costs nothing."""
        with self._writing:
            tables = {name: table.state for name, table in self.tables.items()}
            return Snapshot(tables, self.storage.state, self.tokens)

    def _put_back(self, snapshot: Snapshot) -> None:
        for name, state in snapshot.tables.items():
            self.tables[name].state = state
        self.storage.state = snapshot.blobs
        self._tokens = snapshot.tokens

    def restore(self, snapshot: Snapshot) -> None:
        """Bring everything but the clock back to a snapshot, and begin another epoch."""
        with self._writing:
            self._put_back(snapshot)
            self.epoch += 1

    def checkpoint(self) -> None:
        """Make the present state the one that `reset` returns to."""
        self._start = self.snapshot()

    def reset(self) -> None:
        """Return to the state of the last checkpoint and to the time before any advance, and begin another epoch."""
        with self._writing:
            self.restore(self._start)
            self.clock.reset()

    def keys(self) -> tuple[Token, ...]:
        """Return the tokens that open something, as they are now: those whose time is over are expired."""
        if all(token.expires is None and token.opens for token in self._tokens):
            return self._tokens
        now = self.clock.now()
        return tuple(
            replace(token, state="expired") if token.expires is not None and token.expires <= now else token
            for token in self.tokens
            if token.opens
        )

    def token(self, state: TokenState = "valid", restricted: bool = False) -> str | None:
        """Return the secret of the first token in that state; restricted: one without any role. None without one."""
        for token in self.tokens:
            if token.opens and token.state == state and bool(token.roles) is not restricted:
                return token.secret
        return None
