"""Twins, for all that needs one: the one module of `testkit` that stands on `mock_server`.

It is imported when a twin is needed and not before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from apitwin.contracts import Contract
from apitwin.contracts.model import Parameter
from apitwin.contracts.security.spellings import Spellings
from apitwin.contracts.validation import CompiledSchema
from apitwin.contracts.words import TokenState
from apitwin.mock_server import STEPS, create_app
from apitwin.mock_server import Extension as Extension
from apitwin.mock_server import RunningTwin as RunningTwin
from apitwin.mock_server import Twin as Twin
from apitwin.mock_server import TwinError as TwinError
from apitwin.mock_server import World as World
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.engine.keys import all_held, as_text, held
from apitwin.mock_server.engine.keys import everyday as everyday
from apitwin.mock_server.faults.active import Fault as Fault
from apitwin.mock_server.faults.catalogue import FAULT_TYPES as FAULT_TYPES
from apitwin.mock_server.faults.options import WHEN as WHEN
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.generated.worlds import Making
from apitwin.mock_server.http.lane import short_way as short_way
from apitwin.mock_server.population import populate as populate
from apitwin.mock_server.twin import FaultWords as FaultWords
from apitwin.mock_server.world.world import Snapshot as Snapshot
from apitwin.testkit.errors import TargetError
from apitwin.testkit.transport.client_key import ClientKey
from apitwin.testkit.transport.credentials import PASSWORD_VARIABLE, TOKEN_VARIABLE, USERNAME_VARIABLE, Secret
from apitwin.testkit.transport.extra_headers import ExtraHeader
from apitwin.testkit.transport.keyring import Keyring, own_variable

if TYPE_CHECKING:
    from apitwin.testkit.transport.target import Target

IN_PROCESS = "http://twin.invalid"
"""The base URL of a twin that is asked without a socket. No real host can have that name: RFC 2606 section 2."""


def twin_target(contract: Contract, application: Any = None, extension: Extension | str | None = None) -> Target:
    """Return the target `twin`: a twin of the contract in this process, or the application that is given.

    The twin checks its own answers, so that a mistake of its own is told as one. extension: as `Twin` takes it.

    Raises TargetError when the twin cannot be made.
    """
    from apitwin.testkit.transport.target import Target  # a twin that is served asks nobody
    from apitwin.testkit.transport.wsgi import WsgiAdapter

    try:
        making = Making(is_walked=True)
        application = application or create_app(contract, steps=checked(STEPS), extension=extension, making=making)
    except TwinError as error:
        raise TargetError(str(error)) from None
    twin = application.extensions["apitwin"]
    world = twin.world
    return Target(
        "twin",
        IN_PROCESS,
        keyring(contract, world),
        is_twin=True,
        rate=0,
        others=_others(contract, world),
        adapter=WsgiAdapter(short_way(application)),
        headers=cookies(contract),
        reset=twin.reset,
    )


def cookies(contract: Contract) -> tuple[ExtraHeader, ...]:
    """Return the cookies that the operations of a twin cannot do without, with values by their schemas."""
    named: dict[str, ExtraHeader] = {}
    for operation in contract.operations:
        for parameter in operation.parameters:
            is_key = operation.security.carries("cookie", parameter.name)
            if parameter.place == "cookie" and parameter.required and not is_key and parameter.name not in named:
                named[parameter.name] = ExtraHeader(parameter.name, _text(parameter), is_cookie=True)
    return tuple(named.values())


def _text(parameter: Parameter) -> str:
    """Return a value of a parameter as it is written."""
    if parameter.example is not None:
        return str(parameter.example)
    definitions = {"$defs": parameter.schema["$defs"]} if "$defs" in parameter.schema else {}
    try:
        value = Maker(CompiledSchema({**parameter.item_schema, **definitions}, parameter.name)).made(parameter.name)
    except Unmakeable:
        return "1"
    return value if isinstance(value, str) else json.dumps(value)


def keyring(contract: Contract, world: World, state: TokenState = "valid", restricted: bool = False) -> Keyring:
    """Return a world's secrets for the schemes of a contract; restricted: those of tokens without a role."""
    found = {name: held(world.tokens, scheme, state, restricted) for name, scheme in contract.schemes.items()}
    return Keyring({name: Secret(token.secret, token.username) for name, token in found.items() if token is not None})


def client_key(twin: Twin) -> ClientKey:
    """Return what a client is given to be let in by a twin, where most of its operations let somebody in."""
    tokens = all_held(twin.world.tokens, everyday(twin.contract)) or {}
    variables = {own_variable(twin.contract.schemes[name]): as_text(token) for name, token in tokens.items()}
    for token in tokens.values():
        if token.username is not None:
            variables |= {USERNAME_VARIABLE: token.username, PASSWORD_VARIABLE: token.secret}
    text = twin.token
    secrets = [told for token in tokens.values() for told in Secret(token.secret, token.username).texts]
    return ClientKey(text, {TOKEN_VARIABLE: text, **variables}, Spellings.of(secrets or [text]))


def _others(contract: Contract, world: World) -> dict[str, Keyring]:
    others = {
        "expired": keyring(contract, world, "expired"),
        "revoked": keyring(contract, world, "revoked"),
        "restricted": keyring(contract, world, restricted=True),
    }
    return {kind: keys for kind, keys in others.items() if keys}
