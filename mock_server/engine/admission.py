"""What stands between a request and its behaviour: the checks, which a contract has in its own order.

Each function of `CHECKS` raises Refusal where it finds a reason not to answer, and notes what it has found out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import takewhile
from typing import Any

from apitwin.contracts import path_parameters
from apitwin.contracts.model import Contract, Operation, Restriction
from apitwin.contracts.requests import Check
from apitwin.mock_server import messages
from apitwin.mock_server.engine import cookies
from apitwin.mock_server.engine.call import Access, Call, Place
from apitwin.mock_server.engine.extension import Extension, permitted
from apitwin.mock_server.engine.lookup import place
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.engine.refusal import Refusal, accepted, refusal
from apitwin.mock_server.engine.routing import Route
from apitwin.mock_server.engine.steps import Steps
from apitwin.mock_server.messages import Rejected, Request
from apitwin.mock_server.world.world import Token, World

NOWHERE = Place()
"""What a path means that was not looked at yet."""
OF_THE_WORLD: frozenset[Check] = frozenset({"permission", "things"})
"""The checks that look at records; who may do what can depend on them."""


@dataclass
class Admission:
    """A request, all that it is looked at by, and what the checks have found out so far.

    world: the one that it is answered from; place, values, body: see `Call`.
    """

    request: Request
    operation: Operation
    route: Route
    contract: Contract
    steps: Steps
    extension: Extension
    world: World
    token: Token | None = None
    place: Place = NOWHERE
    values: Values = field(default_factory=dict)
    body: Any = None

    @property
    def access(self) -> Access:
        """Who asks for what, as far as it is known."""
        return Access(
            self.contract,
            self.operation,
            self.world,
            self.steps,
            self.route.values,
            self.request.base,
            self.token,
        )

    def begin(self) -> None:
        """Make the checks before the first one that looks at what is in the world.

        They need no draft of it, so that no write waits for who is refused anyway.
        """
        for check in _before_the_world(self.contract.requests.order):
            CHECKS[check](self)

    def call(self, world: World) -> Call:
        """Return the whole of a request that has begun, in a world, once it stands the rest of the checks."""
        self.world = world
        order = self.contract.requests.order
        for check in order[len(_before_the_world(order)) :]:
            CHECKS[check](self)
        return Call(
            self.contract,
            self.operation,
            self.world,
            self.steps,
            self.route.values,
            self.request.base,
            self.token,
            place=self.place,
            query=self.request.query,
            values=self.values,
            body=self.body,
        )


@cache
def _before_the_world(order: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(takewhile(lambda check: check not in OF_THE_WORLD, order))


def _authenticate(admission: Admission) -> None:
    operation, request = admission.operation, admission.request
    admission.token = authenticated(request, operation, admission.world, admission.contract, admission.steps)
    # Nothing that is read or written later may know a credential that stood in the query.
    admission.request = _without_credentials(request, operation)


def authenticated(
    request: Request, operation: Operation, world: World, contract: Contract, steps: Steps
) -> Token | None:
    """Return the token of a request, None where the operation needs none."""
    return accepted(steps.authenticate(request, operation, contract, world.keys()), contract)


def _without_credentials(request: Request, operation: Operation) -> Request:
    query = tuple(request.query)
    public = operation.security.without_credentials(query)
    return request if public == query else replace(request, query=public)


def _require_method(admission: Admission) -> None:
    """Refuse a method that the path does not have, and say which it has (RFC 9110 section 15.5.6)."""
    request, route, contract = admission.request, admission.route, admission.contract
    if request.method not in route.methods:
        answer = messages.error(contract.errors["method-not-allowed"], method=request.method, path=request.path)
        raise Refusal(replace(answer, headers=(("Allow", ", ".join(route.methods)),)))


def _require_types(admission: Admission) -> None:
    """Refuse a text in the place of a number: such a path means nothing that is there, or is a wrong parameter."""
    request, operation, contract = admission.request, admission.operation, admission.contract
    for parameter in operation.path_parameters():
        text = admission.route.values[parameter.name]
        texts = path_parameters.values(parameter, text)
        is_number = all(one.isascii() and one.isdigit() for one in texts)
        if parameter.item_schema.get("type") != "integer" or is_number:
            continue
        if contract.requests.wrong_path == "reject":
            raise Refusal(Rejected(parameter.name, "integer", text, location="path").answer(contract))
        unknown = {within.parameter: within.unknown for within in operation.within}
        rule = contract.errors[unknown.get(parameter.name, "not-found")]
        raise Refusal(messages.error(rule, method=request.method, path=request.path))


def _require_permission(admission: Admission) -> None:
    if admission.operation.permission and not permitted(admission.access, admission.extension):
        raise refusal(admission.access, "forbidden")


def _find(admission: Admission) -> None:
    admission.place = place(admission.access)


def _require_unrestricted(admission: Admission) -> None:
    """Refuse a query for what only tokens with a role may ask for."""
    token = admission.token
    if token is None:
        return
    sent = {name for name, _ in admission.request.query}
    for rule in admission.operation.restrictions:
        if rule.parameter not in sent and rule.value is not None:
            continue
        if rule.role not in token.roles and _asks(rule, admission):
            raise refusal(admission.access, "forbidden")


def _asks(rule: Restriction, admission: Admission) -> bool:
    """Whether a query asks for what is restricted; its other parameters are not looked at."""
    parameter = admission.operation.parameter(rule.parameter)
    assert parameter is not None, "a contract's restrictions are its operation's parameters"
    alone = replace(admission.operation, parameters=(replace(parameter, required=False),))
    values = admission.steps.read(admission.request.query, alone, admission.contract)
    return not isinstance(values, Rejected) and values.get(rule.parameter) == rule.value


def _read_query(admission: Admission) -> None:
    values = admission.steps.read(admission.request.query, admission.operation, admission.contract)
    admission.values = accepted(values, admission.contract)
    header = admission.request.headers.get("cookie", "")
    accepted(cookies.rejected(header, admission.operation, admission.contract), admission.contract)


def _read_body(admission: Admission) -> None:
    """Read the body, where the operation has one."""
    request, rule = admission.request, admission.operation.body
    if rule is not None:
        media_type = request.headers.get("content-type", "")
        value = admission.steps.read_body(request.body, media_type, rule, admission.contract)
        admission.body = accepted(value, admission.contract)


CHECKS: Mapping[Check, Callable[[Admission], None]] = {
    "auth": _authenticate,
    "method": _require_method,
    "path": _require_types,
    "permission": _require_permission,
    "things": _find,
    "restrictions": _require_unrestricted,
    "query": _read_query,
    "body": _read_body,
}
"""What a request is looked at for, by the contract's words."""
