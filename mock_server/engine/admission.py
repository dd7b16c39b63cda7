"""What stands between a request and its behaviour: the checks, which a contract has in its own order.

Each function of `CHECKS` raises Refusal where it finds a reason not to answer, and notes what it has found out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile
from typing import Any

from apitwin.contracts.model import Contract, Operation, Restriction
from apitwin.contracts.requests import Check
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Access, Call, Place
from apitwin.mock_server.engine.extension import Extension, permitted
from apitwin.mock_server.engine.lookup import place
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.engine.refusal import Refusal, accepted, refusal
from apitwin.mock_server.engine.routing import Route
from apitwin.mock_server.engine.steps import Steps
from apitwin.mock_server.messages import Rejected, Request
from apitwin.mock_server.world.world import Token, World

OF_THE_WORLD: frozenset[Check] = frozenset({"permission", "things"})
"""The checks that look at records; who may do what can depend on them."""


@dataclass(frozen=True)
class Asked:
    """A request and all that it is looked at by, but for the world."""

    request: Request
    operation: Operation
    route: Route
    contract: Contract
    steps: Steps
    extension: Extension


@dataclass
class Admission:
    """What is known of a request so far. access: who asks for what; the rest is what the checks have found."""

    asked: Asked
    access: Access
    place: Place
    values: Values
    body: Any = None


def begun(asked: Asked, world: World) -> Admission:
    """Return a request that stands the checks before the first one that looks at what is in the world.

    They need no draft of it, so that no write waits for who is refused anyway.
    """
    operation, contract, steps = asked.operation, asked.contract, asked.steps
    access = Access(contract, operation, world, steps, asked.route.values, asked.request.base, None)
    admission = Admission(asked, access, Place(), {})
    for check in _before_the_world(contract.requests.order):
        CHECKS[check](admission)
    return admission


def admitted(admission: Admission, world: World) -> Call:
    """Return the whole of a request that has begun, in a world, once it stands the rest of the checks."""
    if admission.access.world is not world:
        admission.access = replace(admission.access, world=world)
    order = admission.asked.contract.requests.order
    for check in order[len(_before_the_world(order)) :]:
        CHECKS[check](admission)
    # The members of an Access are the first ones of a Call.
    return Call(
        **vars(admission.access),
        place=admission.place,
        query=admission.asked.request.query,
        values=admission.values,
        body=admission.body,
    )


@cache
def _before_the_world(order: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(takewhile(lambda check: check not in OF_THE_WORLD, order))


def _authenticate(admission: Admission) -> None:
    asked, access = admission.asked, admission.access
    token = authenticated(asked.request, asked.operation, access.world, asked.contract, asked.steps)
    admission.access = replace(access, token=token)
    # Nothing that is read or written later may know a credential that stood in the query.
    admission.asked = replace(asked, request=_without_credentials(asked.request, asked.operation))


def authenticated(
    request: Request, operation: Operation, world: World, contract: Contract, steps: Steps
) -> Token | None:
    """Return the token of a request, None where the operation needs none."""
    return accepted(steps.authenticate(request, operation, contract, world.keys()), contract)


def _without_credentials(request: Request, operation: Operation) -> Request:
    return replace(request, query=operation.security.without_credentials(tuple(request.query)))


def _require_method(admission: Admission) -> None:
    """Refuse a method that the path does not have, and say which it has (RFC 9110 section 15.5.6)."""
    request, route, contract = admission.asked.request, admission.asked.route, admission.asked.contract
    if request.method not in route.methods:
        answer = messages.error(contract.errors["method-not-allowed"], method=request.method, path=request.path)
        raise Refusal(replace(answer, headers=(("Allow", ", ".join(route.methods)),)))


def _require_types(admission: Admission) -> None:
    """Refuse a text in the place of a number: such a path means nothing that is there, or is a wrong parameter."""
    request, operation, contract = admission.asked.request, admission.asked.operation, admission.asked.contract
    for parameter in operation.path_parameters():
        text = admission.access.path[parameter.name]
        if parameter.schema.get("type") != "integer" or (text.isascii() and text.isdigit()):
            continue
        if contract.requests.wrong_path == "reject":
            raise Refusal(Rejected(parameter.name, "integer", text, location="path").answer(contract))
        unknown = {within.parameter: within.unknown for within in operation.within}
        rule = contract.errors[unknown.get(parameter.name, "not-found")]
        raise Refusal(messages.error(rule, method=request.method, path=request.path))


def _require_permission(admission: Admission) -> None:
    if not permitted(admission.access, admission.asked.extension):
        raise refusal(admission.access, "forbidden")


def _find(admission: Admission) -> None:
    admission.place = place(admission.access)


def _require_unrestricted(admission: Admission) -> None:
    """Refuse a query for what only tokens with a role may ask for."""
    access, request = admission.access, admission.asked.request
    if access.token is None:
        return
    sent = {name for name, _ in request.query}
    for rule in access.operation.restrictions:
        if rule.parameter not in sent and rule.value is not None:
            continue
        if rule.role not in access.token.roles and _asks(rule, access, request):
            raise refusal(access, "forbidden")


def _asks(rule: Restriction, access: Access, request: Request) -> bool:
    """Whether a query asks for what is restricted; its other parameters are not looked at."""
    parameter = access.operation.parameter(rule.parameter)
    assert parameter is not None, "a contract's restrictions are its operation's parameters"
    alone = replace(access.operation, parameters=(replace(parameter, required=False),))
    values = access.steps.read(request.query, alone, access.contract)
    return not isinstance(values, Rejected) and values.get(rule.parameter) == rule.value


def _read_query(admission: Admission) -> None:
    asked = admission.asked
    admission.values = accepted(asked.steps.read(asked.request.query, asked.operation, asked.contract), asked.contract)


def _read_body(admission: Admission) -> None:
    """Read the body, where the operation has one."""
    asked, rule = admission.asked, admission.asked.operation.body
    if rule is not None:
        media_type = asked.request.headers.get("content-type", "")
        value = asked.steps.read_body(asked.request.body, media_type, rule, asked.contract)
        admission.body = accepted(value, asked.contract)


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
