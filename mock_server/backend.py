"""A request in, an answer out: the whole of a twin, without a web framework.

The order is: route, fault, the checks that the contract's `requests` has in their order, behaviour, journal. What
refuses a request raises Refusal, and `_answer` catches it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from apitwin.contracts.model import Contract, Operation
from apitwin.contracts.security.scheme import Security
from apitwin.mock_server import messages
from apitwin.mock_server.engine import behaviours
from apitwin.mock_server.engine.admission import Admission
from apitwin.mock_server.engine.checking import ContractViolation
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.engine.keys import all_held, assumed, everyday, held
from apitwin.mock_server.engine.refusal import Refusal
from apitwin.mock_server.engine.routing import Route, Routes
from apitwin.mock_server.engine.steps import STEPS, Steps
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.extensions import extension_of
from apitwin.mock_server.faults.active import Claim, Faults, add_all, done
from apitwin.mock_server.faults.context import FaultContext, Honest
from apitwin.mock_server.generated.twin import GeneratedTwin
from apitwin.mock_server.generated.worlds import Making
from apitwin.mock_server.journal import Exchange, Journal
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.messages import Request as Request
from apitwin.mock_server.world.originals import world_of
from apitwin.mock_server.world.world import World
from apitwin.mock_server.world.world_file import world_from_file

MADE_AS_USUAL = Making()
"""How a world is generated where nobody says it."""
SAFE = ("GET", "HEAD")
"""The methods that change nothing (RFC 9110 section 9.2.1, as far as a twin serves them)."""


@dataclass(frozen=True)
class _Arrival:
    """What a request met when it came. epoch: that of the world then; what it leaves behind it leaves in that one."""

    world: World
    epoch: int
    claim: Claim | None

    @property
    def is_overtaken(self) -> bool:
        """Whether the world was reset since."""
        return self.epoch != self.world.epoch


class Backend:
    """An imitation of the API that a contract describes, with a world of its own."""

    def __init__(
        self,
        contract: Contract,
        world: World | None = None,
        steps: Steps = STEPS,
        extension: Extension | str | None = None,
        making: Making = MADE_AS_USUAL,
        made_up: GeneratedTwin | None = None,
    ) -> None:
        """world: what there is; without one, the contract's own, or a generated one with one token.

        steps: the functions that decide, to be replaced for a server that is broken on purpose. extension: the API's
        own behaviour, see `extension_of`. making: how what nobody wrote is generated; made_up: the same, where that was
        looked for before. Raises TwinError when the world file or the extension does not fit the contract.
        """
        self.generated = made_up or generated_twin(contract, making)
        if self.generated is not None and (world is None or self.generated.fits(world)):
            contract = self.generated.contract
        else:
            self.generated = None
        self.contract = contract
        self.extension = extension_of(contract, extension)
        self.world = world if world is not None else initial_world(contract, self.extension, None, self.generated)
        if self.generated is not None:
            self.extension = self.generated.extended(self.extension, self.world)
        self.world.checkpoint()
        self.steps = steps
        self.journal = Journal([operation.id for operation in contract.operations])
        # Held for moments only, so that a request is counted and remembered before a reset or after it, never half.
        self._turn = threading.Condition()
        self.faults = Faults(contract, self._turn)
        add_all(self.faults, *self.world.faults)
        self.faults.checkpoint()
        self._routes = Routes(contract)
        self.began = 0
        """Requests that came since this twin was made; a reset does not change it."""

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request, and write both into the journal."""
        route = self._routes.match(request.method, request.path)
        operation = None if route is None else route.operation(request.method)
        served = operation if route is not None and request.method in route.methods else None
        arrival = self._arrive(request, served)
        honest = partial(self._answer, arrival, route)
        spoilt = None if arrival.claim is None else self._spoilt(arrival, arrival.claim, honest, request, operation)
        answer = honest(request, operation) if spoilt is None else spoilt
        fault = None if spoilt is None or arrival.claim is None else arrival.claim.fault.name
        self._remember(arrival, request, served, answer, fault)
        return answer

    def reset(self) -> None:
        """Bring the world and the faults back to their start, and forget the journal.

        A request that is being answered meanwhile gets its answer, and leaves nothing in the world or the journal.
        """
        with self.world.changing(), self._turn:
            self.faults.reset()
            self.world.reset()
            self.journal.clear()

    # Arriving, suffering, being remembered

    def _arrive(self, request: Request, served: Operation | None) -> _Arrival:
        with self._turn:
            self.began += 1
            claim = self.faults.claim(request.method, request.path, served)
            return _Arrival(self.world, self.world.epoch, claim)

    def _spoilt(
        self, arrival: _Arrival, claim: Claim, honest: Honest, request: Request, operation: Operation | None
    ) -> Answer | None:
        """Return what a fault answers instead, None where it finds nothing to spoil."""
        options, extension = claim.fault.options, self.extension
        context = FaultContext(
            request, operation, self.contract, arrival.world, honest, options, extension, arrival.epoch
        )
        with self.faults.settling(claim):
            answer = done(claim.fault, context)
            claim.is_hit = answer is not None
        return answer

    def _remember(
        self, arrival: _Arrival, request: Request, served: Operation | None, answer: Answer, fault: str | None
    ) -> None:
        operation = None if served is None else served.id
        security = Security() if served is None else served.security
        exchange = Exchange(request, operation, answer, fault, time.monotonic(), arrival.world, security)
        with self._turn:
            if arrival.world is self.world and not arrival.is_overtaken:
                self.journal.add(exchange)

    # Being answered honestly

    def _answer(self, arrival: _Arrival, route: Route | None, request: Request, operation: Operation | None) -> Answer:
        """Answer a request as the contract says, or with what refuses it."""
        if route is None or operation is None:
            return self._unknown(request)
        try:
            answer = self._admitted(arrival, route, request, operation)
        except Refusal as refused:
            answer = refused.answer
        if self.generated is not None and self.generated.speaks_for(self.world):
            answer = self.generated.finished(answer, operation, request)
        try:
            return self.steps.finish(answer, operation, request.headers)
        except ContractViolation as violation:
            return messages.error(self.contract.errors["server-error"], message=str(violation))

    def _admitted(self, arrival: _Arrival, route: Route, request: Request, operation: Operation) -> Answer:
        """Answer a request whose path has operations. Raises Refusal where it is refused."""
        admission = Admission(request, operation, route, self.contract, self.steps, self.extension, arrival.world)
        admission.begin()

        def behaved(world: World) -> Answer:
            return behaviours.answer(admission.call(world), self.extension)

        return behaved(arrival.world) if operation.method in SAFE else self._written(arrival, behaved)

    def _written(self, arrival: _Arrival, behaved: Callable[[World], Answer]) -> Answer:
        """Answer a request on a draft of the world, which nobody sees before it is known to be a success."""
        with arrival.world.changing():
            draft = arrival.world.draft()
            answer = behaved(draft)
            if answer.status < 400 and not arrival.is_overtaken:
                arrival.world.take_over(draft)
            return answer

    def _unknown(self, request: Request) -> Answer:
        nearest = ", ".join(self._routes.nearest(request.method, request.path)) or "none"
        problem = f"apitwin: {self.contract.name} has no {request.path[:300]}. Nearest: {nearest}"
        rule = self.contract.errors["unknown-path"]
        return messages.error(rule, message=problem, method=request.method, path=request.path)


def generated_twin(contract: Contract, making: Making = MADE_AS_USUAL) -> GeneratedTwin | None:
    """Return what is made up for a contract, None for one that has a world or code of its own."""
    return None if contract.extension is not None or contract.world is not None else GeneratedTwin(contract, making)


def initial_world(
    contract: Contract, extension: Extension, path: Path | None = None, made_up: GeneratedTwin | None = None
) -> World:
    """Return the world of a file, or of the contract's own file.

    Without either, a generated world with the token `apitwin-token`, and for HTTP Basic `apitwin:apitwin-password`.
    made_up: what fills the world that nobody wrote, None where it stays empty. Raises TwinError naming the file and
    the key.
    """
    path = path or contract.world
    if path is None:
        world = World(contract if made_up is None else made_up.contract, assumed(contract))
        if made_up is not None:
            made_up.fill(world)
        return world
    contract = contract if made_up is None else made_up.contract
    read = world_of if extension.repeats_worlds else world_from_file
    world = read(path, contract, extension.fill_item, extension.finalize_world)
    security = everyday(contract)
    if security.is_required and all_held(world.tokens, security) is None:
        raise TwinError(f"{path}#/tokens: {_lacking(security, world)}, so nobody could use this twin; give one roles")
    return world


def _lacking(security: Security, world: World) -> str:
    """Return, in words, of which scheme a world has no token."""
    lacking = next(scheme for scheme in security.schemes if held(world.tokens, scheme) is None)
    if lacking.has_username:
        return f"no valid token with a role and a username for the scheme {lacking.name!r}"
    other_way = any(token.username is not None for token in world.tokens)
    return "no valid token with a role" + (f" for the scheme {lacking.name!r}" if other_way else "")
