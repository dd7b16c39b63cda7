"""A generated twin, put together: what it adds to the engine, and the last touch to its answers."""

from __future__ import annotations

from dataclasses import replace

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.generated.behaviours import Behaviours
from apitwin.mock_server.generated.headers import with_headers
from apitwin.mock_server.generated.refusals import told
from apitwin.mock_server.generated.responses import success_of
from apitwin.mock_server.generated.worlds import Generated, Making
from apitwin.mock_server.messages import Answer, Request
from apitwin.mock_server.world.world import World


class GeneratedTwin:
    """What a twin makes up for a contract. contract: with the collections that were found in it."""

    def __init__(self, contract: Contract, making: Making) -> None:
        self.generated = Generated(contract, making)
        self.contract = self.generated.contract
        self._behaviours = Behaviours(self.generated)

    @property
    def undescribed(self) -> tuple[str, ...]:
        """The operations that answer 501, for nothing describes what a success of theirs is."""
        return tuple(
            operation.id
            for operation in self.contract.operations
            if success_of(operation) is None and operation.behaviour in ("example", "list")
        )

    def fill(self, world: World) -> None:
        """Let a world that is empty be full, when somebody looks into it."""
        self.generated.fill(world)

    def fits(self, world: World) -> bool:
        """Return whether a world has the collections that were found, and not only those that were written down."""
        return world.tables.keys() == self.contract.collections.keys()

    def answer(self, call: Call) -> Answer:
        """Answer a request by what its operation does, its examples, or its schema."""
        return self._behaviours.answer(call)

    def extended(self, own: Extension, world: World) -> Extension:
        """Return what an API adds to the engine, and below it what is made up.

        world: where somebody wrote it, what a contract says of its own collections is left to the engine.
        """
        made_up = [operation for operation in self.contract.operations if self._is_made_up(operation, world)]
        ids = [operation.id for operation in made_up if operation.id not in own.lists]
        answers = {**dict.fromkeys(ids, self.answer), **own.answers}
        return replace(own, answers=answers, never_waits=own.is_quick)

    def _is_made_up(self, operation: Operation, world: World) -> bool:
        collection = operation.collection
        is_found = collection is not None and collection.name in self.generated.found
        return world.is_generated or is_found or operation.behaviour == "example"

    def speaks_for(self, world: World) -> bool:
        """Return whether answers are told as the document has them, and not in the words of an extension alone."""
        return world.is_generated or bool(self.generated.found)

    def finished(self, answer: Answer, operation: Operation, request: Request) -> Answer:
        """Return an answer as the document has it: refusals in its own shape, and with the headers it promises."""
        maker_of = self.generated.maker_of
        return with_headers(told(answer, operation, maker_of), operation, request.base, maker_of)
