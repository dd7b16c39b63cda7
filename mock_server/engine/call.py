"""One request that may be answered, and the refusals that every behaviour gives in the contract's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server import messages
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.engine.steps import Steps
from apitwin.mock_server.messages import Answer, Query, Rejected
from apitwin.mock_server.world.table import Table
from apitwin.mock_server.world.world import Token, World


@dataclass(frozen=True)
class Call:
    """One request that may be answered.

    path: texts of the path parameters; base: scheme, host and path for links; body: the value of the body, None where
    there is none.
    """

    contract: Contract
    operation: Operation
    world: World
    steps: Steps
    path: Mapping[str, str]
    query: Query
    values: Values
    base: str
    token: Token | None
    body: Any = None

    @property
    def origin(self) -> str:
        """Scheme and host of the twin, for absolute addresses."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def table(self) -> Table:
        """The table of the operation's collection; a behaviour is chosen where there is one."""
        assert self.operation.collection is not None, "a behaviour is chosen by the collection"
        return self.world.tables[self.operation.collection.name]


def refuse(call: Call, error: str) -> Answer:
    """Return the contract's error of that name."""
    return messages.error(call.contract.errors[error], method=call.operation.method, path=call.base)


def rejected(call: Call, found: Rejected) -> Answer:
    """Answer a parameter that cannot be read."""
    return messages.rejection(found, call.contract.errors["invalid-parameter"], call.contract.parameters.messages)
