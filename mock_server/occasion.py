"""What a misdeed gets: the request that it hits, and all that it may answer from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.model import Contract, Operation
from mock_server.answers import Answer
from mock_server.request import Request
from mock_server.world import World


@dataclass(frozen=True)
class Occasion:
    """A request that is hit. honest: answers a request as a correct twin does, the operation being as it is given."""

    request: Request
    operation: Operation | None
    contract: Contract
    world: World
    honest: Callable[[Request, Operation | None], Answer]
    options: Mapping[str, Any]
    hits: int = 1

    def answer(self) -> Answer:
        """Return the honest answer."""
        return self.honest(self.request, self.operation)


Act = Callable[[Occasion], Answer]
