"""What a misdeed gets: the request that it hits, and all that it may answer from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.model import Contract, Operation
from mock_server.answers import Answer
from mock_server.behaviours import Own
from mock_server.request import Request
from mock_server.world import World


@dataclass(frozen=True)
class Occasion:
    """A request that is hit.

    honest: answers a request as a correct twin does, the operation being as it is given. own: what the API adds to the
    engine. epoch: that of the world when the request came; in a later one it must change nothing.
    """

    request: Request
    operation: Operation | None
    contract: Contract
    world: World
    honest: Callable[[Request, Operation | None], Answer]
    options: Mapping[str, Any]
    own: Own
    epoch: int

    def answer(self) -> Answer:
        """Return the honest answer."""
        return self.honest(self.request, self.operation)


Act = Callable[[Occasion], "Answer | None"]
"""What is answered instead; None where there is nothing in the answer that the misdeed could spoil."""
