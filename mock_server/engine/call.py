"""A request to an operation, as a value: first who asks and for what, then all that it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.engine.steps import Steps
from apitwin.mock_server.messages import Query
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Store
from apitwin.mock_server.world.world import Token, World

Conditions = Sequence[tuple[str, Any]]
"""What a record must be to be meant by a path: fields and their values."""


@dataclass(frozen=True)
class Access:
    """Who asks for which operation, and where: known before anything of the query or the body is read.

    world: what is read and changed; path: texts of the path parameters; base: scheme, host and path, for links; token:
    None where the operation needs none.
    """

    contract: Contract
    operation: Operation
    world: World
    steps: Steps
    path: Mapping[str, str]
    base: str
    token: Token | None

    @property
    def origin(self) -> str:
        """Scheme and host of the twin, for absolute addresses."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def table(self) -> Store:
        """The table of the operation's collection; a behaviour is chosen where there is one."""
        assert self.operation.collection is not None, "a behaviour is chosen by the collection"
        return self.world.tables[self.operation.collection.name]


@dataclass(frozen=True)
class Place:
    """What a path means. conditions: of the records of a list; record: the one that it names, None where it names none.

    Both are looked up once for a request.
    """

    conditions: Conditions = ()
    record: Record | None = None


@dataclass(frozen=True)
class Call(Access):
    """A request that may be answered, all of it.

    place: what its path means; query: as it was sent; values: of the query's parameters; body: its value, None where
    there is none.
    """

    place: Place
    query: Query
    values: Values
    body: Any = None

    @property
    def record(self) -> Record:
        """The record that the path names; only an operation that is `identified-by` a parameter has one."""
        assert self.place.record is not None, "the operation is identified by a parameter of its path"
        return self.place.record
