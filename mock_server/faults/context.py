"""What a fault type gets: the request that it hits, and all that it may answer from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.messages import Answer, Request
from apitwin.mock_server.world.world import World


@dataclass(frozen=True)
class FaultContext:
    """A request that is hit.

    honest: answers a request as a correct twin does, the operation being as it is given. extension: what the API adds
    to the engine. epoch: that of the world when the request came; in a later one it must change nothing.
    """

    request: Request
    operation: Operation | None
    contract: Contract
    world: World
    honest: Callable[[Request, Operation | None], Answer]
    options: Mapping[str, Any]
    extension: Extension
    epoch: int

    def answer(self) -> Answer:
        """Return the honest answer."""
        return self.honest(self.request, self.operation)


Handler = Callable[[FaultContext], "Answer | None"]
"""What is answered instead; None where there is nothing in the answer that the fault type could spoil."""
