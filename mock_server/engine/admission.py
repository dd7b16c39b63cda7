"""What stands between a request and its behaviour, in the order in which it is looked at.

Each function here raises Refusal where it finds a reason not to answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from apitwin.contracts.model import Contract, Operation, Restriction
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Access, Call
from apitwin.mock_server.engine.extension import Extension, permitted
from apitwin.mock_server.engine.lookup import place
from apitwin.mock_server.engine.refusal import Refusal, accepted, refusal
from apitwin.mock_server.engine.routing import Route
from apitwin.mock_server.engine.steps import Steps
from apitwin.mock_server.messages import Rejected, Request
from apitwin.mock_server.world.world import Token, World


def authenticated(
    request: Request, operation: Operation, world: World, contract: Contract, steps: Steps
) -> Token | None:
    """Return the token of a request, None where the operation needs none."""
    return accepted(steps.authenticate(request, operation, contract, world.keys()), contract)


def without_credentials(request: Request, operation: Operation) -> Request:
    """Return a request whose query holds no credential any more: nothing that is read or written later may know it."""
    if not any(scheme.place == "query" for scheme in operation.security.schemes):
        return request
    return replace(request, query=operation.security.without_credentials(tuple(request.query)))


def require_method(request: Request, route: Route, contract: Contract) -> None:
    """Refuse a method that the path does not have, and say which it has (RFC 9110 section 15.5.6)."""
    if request.method not in route.methods:
        answer = messages.error(contract.errors["method-not-allowed"], method=request.method, path=request.path)
        raise Refusal(replace(answer, headers=(("Allow", ", ".join(route.methods)),)))


def require_types(request: Request, operation: Operation, route: Route, contract: Contract) -> None:
    """Refuse a text in the place of a number: such a path means nothing that is there."""
    for parameter in operation.path_parameters():
        text = route.values[parameter.name]
        if parameter.schema.get("type") == "integer" and not (text.isascii() and text.isdigit()):
            unknown = {within.parameter: within.unknown for within in operation.within}
            rule = contract.errors[unknown.get(parameter.name, "not-found")]
            raise Refusal(messages.error(rule, method=request.method, path=request.path))


def admitted(access: Access, request: Request, extension: Extension) -> Call:
    """Return the whole of a request whose asker is known: what it may, what its path means, and what it says."""
    if not permitted(access, extension):
        raise refusal(access, "forbidden")
    meant = place(access)
    _require_unrestricted(access, request)
    values = accepted(access.steps.read(request.query, access.operation, access.contract), access.contract)
    body = _body(access, request)
    # The members of an Access are the first ones of a Call.
    return Call(**vars(access), place=meant, query=request.query, values=values, body=body)


def _require_unrestricted(access: Access, request: Request) -> None:
    """Refuse a query for what only tokens with a role may ask for."""
    if access.token is None:
        return
    for rule in access.operation.restrictions:
        if rule.role not in access.token.roles and _asks(rule, access, request):
            raise refusal(access, "forbidden")


def _asks(rule: Restriction, access: Access, request: Request) -> bool:
    """Whether a query asks for what is restricted; its other parameters are not looked at yet."""
    parameter = access.operation.parameter(rule.parameter)
    assert parameter is not None, "a contract's restrictions are its operation's parameters"
    alone = replace(access.operation, parameters=(replace(parameter, required=False),))
    values = access.steps.read(request.query, alone, access.contract)
    return not isinstance(values, Rejected) and values.get(rule.parameter) == rule.value


def _body(access: Access, request: Request) -> Any:
    """Return the value of the body, None where the operation has none."""
    rule = access.operation.body
    if rule is None:
        return None
    media_type = request.headers.get("content-type", "")
    return accepted(access.steps.read_body(request.body, media_type, rule, access.contract), access.contract)
