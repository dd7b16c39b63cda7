"""A request in, an answer out: the whole of a twin, without a web framework.

The order is: route, fault, auth, permission, path, parameters, body, behaviour, journal.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from apitwin.contracts.model import Contract, Operation, Restriction
from apitwin.mock_server import messages
from apitwin.mock_server.engine import crud
from apitwin.mock_server.engine.auth import Refused
from apitwin.mock_server.engine.bodies import Unreadable
from apitwin.mock_server.engine.call import Call, refuse, rejected
from apitwin.mock_server.engine.extension import Extension, permitted
from apitwin.mock_server.engine.lookup import nothing_there
from apitwin.mock_server.engine.routing import Found, Routes
from apitwin.mock_server.engine.steps import STEPS, Steps
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.extensions import extension_of
from apitwin.mock_server.faults.active import Fault, Faults, add_all, done
from apitwin.mock_server.faults.context import FaultContext
from apitwin.mock_server.journal import MOST_KEPT, Entry, Journal, without
from apitwin.mock_server.messages import Answer, Rejected
from apitwin.mock_server.messages import Request as Request
from apitwin.mock_server.world.world import Token, World
from apitwin.mock_server.world.world_file import world_from_file


@dataclass(frozen=True)
class _Arrival:
    """What a request met when it came. epoch: that of the world then; what it leaves behind it leaves in that one."""

    world: World
    epoch: int
    fault: Fault | None

    @property
    def is_overtaken(self) -> bool:
        """Whether the world was reset since."""
        return self.epoch != self.world.epoch


class Backend:
    """An imitation of the API that a contract describes, with a world of its own."""

    def __init__(self, contract: Contract, world: World | None = None, steps: Steps = STEPS) -> None:
        """world: what there is; without one, the contract's own, or an empty one with one token.

        steps: the functions that decide, to be replaced for a server that is broken on purpose.
        Raises TwinError when the world file does not fit the contract.
        """
        self.contract = contract
        self.extension = extension_of(contract)
        self.world = world if world is not None else initial_world(contract, self.extension)
        self.world.checkpoint()
        self.steps = steps
        self.journal = Journal([one.id for one in contract.operations])
        self.faults = Faults(contract)
        add_all(self.faults, *self.world.faults)
        self.faults.checkpoint()
        self._routes = Routes(contract)
        self.began = 0
        """Requests that came since this twin was made; a reset does not change it."""
        # Held for moments only, so that a request is counted and remembered before a reset or after it, never half.
        self._turning = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request, and write both into the journal."""
        found = self._routes.match(request.path)
        operation = self._operation(found, request.method)
        known = operation if found is not None and request.method in _served(found) else None
        came = self._arrived(request, known)
        honest = partial(self._answer, came, found)
        if came.fault is None:
            given = honest(request, operation)
        else:
            context = FaultContext(
                request, operation, self.contract, came.world, honest, came.fault.options, self.extension, came.epoch
            )
            spoilt = done(came.fault, context)
            if spoilt is None:
                self.faults.missed(came.fault)
                came = replace(came, fault=None)
            given = honest(request, operation) if spoilt is None else spoilt
        self._remember(came, request, known, given)
        return given

    def _arrived(self, request: Request, known: Operation | None) -> _Arrival:
        with self._turning:
            self.began += 1
            fault = self.faults.hitting(request.method, request.path, known)
            return _Arrival(self.world, self.world.epoch, fault)

    def _remember(self, came: _Arrival, request: Request, known: Operation | None, given: Answer) -> None:
        secrets = [one.secret for one in came.world.tokens]
        entry = Entry(
            method=request.method,
            path=without(secrets, request.path),
            query=tuple((without(secrets, name), without(secrets, value)) for name, value in request.query),
            operation=None if known is None else known.id,
            status=given.status,
            fault=None if came.fault is None else came.fault.name,
            body=without(secrets, request.body[:MOST_KEPT].decode("utf-8", "replace")),
            answer=without(secrets, given.body[:MOST_KEPT].decode("utf-8", "replace")),
            at_s=time.monotonic(),
        )
        with self._turning:
            if came.world is self.world and not came.is_overtaken:
                self.journal.add(entry)

    def reset(self) -> None:
        """Bring the world and the faults back to their start, and forget the journal.

        A request that is being answered meanwhile gets its answer, and leaves nothing in the world or the journal.
        """
        with self.world.changing(), self._turning:
            self.faults.reset()
            self.world.reset()
            self.journal.clear()

    def _operation(self, found: Found | None, method: str) -> Operation | None:
        if found is None:
            return None
        method = "GET" if method == "HEAD" else method
        return found.operations.get(method) or next(iter(found.operations.values()))

    def _answer(self, came: _Arrival, found: Found | None, request: Request, operation: Operation | None) -> Answer:
        if found is None or operation is None:
            return self._unknown(request)
        token: Token | None = None
        if operation.secured and self.contract.auth is not None:
            header = request.headers.get("authorization")
            grant = self.steps.authenticate(header, self.contract.auth, came.world.keys())
            if isinstance(grant, Refused):
                return self.steps.finish(self._refused(grant), operation, request.headers)
            token = grant
        given = self._granted(came, request, found, operation, token)
        return self.steps.finish(given, operation, request.headers)

    def _granted(
        self, came: _Arrival, request: Request, found: Found, operation: Operation, token: Token | None
    ) -> Answer:
        errors = self.contract.errors
        if request.method not in _served(found):
            refused = messages.error(errors["method-not-allowed"], method=request.method, path=request.path)
            allow = (("Allow", ", ".join(sorted(_served(found)))),)
            return Answer(refused.status, refused.body, refused.content_type, allow)
        for one in operation.path_parameters():
            text = found.values[one.name]
            if one.schema.get("type") == "integer" and not (text.isascii() and text.isdigit()):
                unknown = next((each.unknown for each in operation.within if each.parameter == one.name), "not-found")
                return messages.error(errors[unknown], method=request.method, path=request.path)
        call = Call(
            contract=self.contract,
            operation=operation,
            world=came.world,
            steps=self.steps,
            path=found.values,
            query=request.query,
            values={},
            base=request.base,
            token=token,
        )
        if not permitted(call, self.extension):
            return refuse(call, "forbidden")
        absent = nothing_there(call)
        if absent is not None:
            return absent
        if token is not None and not all(self._allowed(one, call, token) for one in operation.restrictions):
            return refuse(call, "forbidden")
        values = self.steps.read(request.query, operation, self.contract)
        if isinstance(values, Rejected):
            return rejected(call, values)
        return self._behaved(came, replace(call, values=values), request)

    def _allowed(self, rule: Restriction, call: Call, token: Token) -> bool:
        """Whether a token may send what a query says of a restricted parameter; the others are not looked at yet."""
        parameter = call.operation.parameter(rule.parameter)
        assert parameter is not None, "a contract's restrictions are its operation's parameters"
        alone = replace(call.operation, parameters=(replace(parameter, required=False),))
        values = self.steps.read(call.query, alone, self.contract)
        asked = None if isinstance(values, Rejected) else values.get(rule.parameter)
        return asked != rule.value or rule.role in token.roles

    def _behaved(self, came: _Arrival, call: Call, request: Request) -> Answer:
        if call.operation.body is not None:
            media_type = request.headers.get("content-type", "")
            body = self.steps.read_body(request.body, media_type, call.operation.body, self.contract)
            if isinstance(body, Unreadable):
                return messages.error(self.contract.errors[body.error], **body.names)
            if isinstance(body, Rejected):
                return rejected(call, body)
            call = replace(call, body=body)
        if call.operation.method in ("GET", "HEAD"):
            return crud.answer(call, self.extension)
        with came.world.changing():
            draft = came.world.draft()
            answer = crud.answer(replace(call, world=draft), self.extension)
            if answer.status < 400 and not came.is_overtaken:
                came.world.take_over(draft)
            return answer

    def _refused(self, refused: Refused) -> Answer:
        given = messages.error(self.contract.errors[refused.error])
        challenge = self.contract.auth.challenge if self.contract.auth is not None else None
        headers = () if challenge is None else (("WWW-Authenticate", challenge),)
        return Answer(given.status, given.body, given.content_type, headers)

    def _unknown(self, request: Request) -> Answer:
        nearest = ", ".join(self._routes.nearest(request.method, request.path)) or "none"
        problem = f"apitwin: {self.contract.name} has no {request.path[:300]}. Nearest: {nearest}"
        return Answer(404, messages.encode({"detail": problem}), messages.JSON)


def _served(found: Found) -> set[str]:
    return {*found.operations, "HEAD"} if "GET" in found.operations else set(found.operations)


def initial_world(contract: Contract, extra: Extension, path: Path | None = None) -> World:
    """Return the world of a file, or of the contract's own file.

    Without either, an empty world with the token `apitwin-token`. Raises TwinError naming the file and the key.
    """
    path = path or contract.world
    if path is None:
        return World(contract, [Token("apitwin-token", roles=frozenset({"any"}))])
    world = world_from_file(path, contract, extra.fill_item, extra.finalize_world)
    if contract.auth is not None and world.token() is None:
        raise TwinError(f"{path}#/tokens: no valid token with a role, so nobody could use this twin; give one roles")
    return world
