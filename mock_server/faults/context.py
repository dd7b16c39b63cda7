"""What a fault is given: the request that it hits, and all that it may answer from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.messages import Answer, Query, Request
from apitwin.mock_server.world.world import World

Honest = Callable[[Request, "Operation | None"], Answer]
"""Answers a request as a correct twin does, by the rules of the operation that is passed in."""


@dataclass(frozen=True)
class FaultContext:
    """A request that is hit.

    operation: None where no operation has its path; options: those of the fault; extension: what the API adds to the
    engine; epoch: that of the world when the request came, in a later one of which the fault must change nothing.
    """

    request: Request
    operation: Operation | None
    contract: Contract
    world: World
    honest: Honest
    options: Mapping[str, Any]
    extension: Extension
    epoch: int

    @property
    def query(self) -> Query:
        """The query of the request without a credential, for addresses that an answer holds."""
        pairs = tuple(self.request.query)
        return pairs if self.operation is None else self.operation.security.without_credentials(pairs)

    def answer(self) -> Answer:
        """Return the honest answer to the request."""
        return self.honest(self.request, self.operation)


Handler = Callable[[FaultContext], "Answer | None"]
"""What a fault type does: it returns what is answered instead, None where the answer holds nothing to spoil."""
