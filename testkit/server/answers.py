"""The answers that a target gave to reading requests, so that no law asks again what another one asked.

A twin is brought back to its start before each example, so it would answer the same again. A failure is always done
again from nothing, without them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apitwin.testkit.transport.exchange import Exchange, Request
from apitwin.testkit.transport.target import Target

MOST_WEIGHT = 64 * 2**20
"""Bytes of memory that remembered answers may take, about; beyond that all are forgotten (assumed)."""
Key = tuple[Any, ...]
"""What tells a request from others: its address and what it shows to be let in. Never to be printed."""


@dataclass
class AnswerMemory:
    """The answers to the requests of one operation; another operation begins anew."""

    _operation: str = ""
    _known: dict[Key, Exchange] = field(default_factory=dict, repr=False)
    _weight: int = 0

    def of(self, operation: str) -> AnswerMemory:
        """Return the memory for an operation, in which there is nothing of another one."""
        if operation != self._operation:
            self.clear()
            self._operation = operation
        return self

    def clear(self) -> None:
        """Forget all answers."""
        self._known.clear()
        self._weight = 0

    @staticmethod
    def key(request: Request, target: Target) -> Key:
        """Return what two requests have in common that are the same on the wire."""
        shown = tuple((part.place, part.name, target.keys.text(part)) for part in request.credential.parts)
        return (request.path, request.query, request.link, shown)

    def answered(self, key: Key, request: Request, target: Target) -> Exchange:
        """Return the answer to a reading request, which is sent where the same was not sent before."""
        if key not in self._known:
            exchange = target.send(request)
            self._weight += exchange.response.weight
            if self._weight > MOST_WEIGHT:
                self.clear()
            self._known[key] = exchange
        return self._known[key]
