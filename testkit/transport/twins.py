"""Twins, for all that needs one: the one module of `testkit` that stands on `mock_server`.

It is imported when a twin is needed and not before.
"""

from __future__ import annotations

from typing import Any

from apitwin.contracts import Contract
from apitwin.mock_server import STEPS, create_app
from apitwin.mock_server import Extension as Extension
from apitwin.mock_server import RunningTwin as RunningTwin
from apitwin.mock_server import Twin as Twin
from apitwin.mock_server import TwinError as TwinError
from apitwin.mock_server import World as World
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.faults.active import Fault as Fault
from apitwin.mock_server.faults.catalogue import FAULT_TYPES as FAULT_TYPES
from apitwin.mock_server.faults.options import WHEN as WHEN
from apitwin.mock_server.population import populate as populate
from apitwin.mock_server.twin import FaultWords as FaultWords
from apitwin.testkit.errors import TargetError
from apitwin.testkit.transport.target import Target
from apitwin.testkit.transport.wsgi import WsgiAdapter

IN_PROCESS = "http://twin.invalid"
"""The base URL of a twin that is asked without a socket. No real host can have that name: RFC 2606 section 2."""


def twin_target(contract: Contract, application: Any = None, extension: Extension | str | None = None) -> Target:
    """Return the target `twin`: a twin of the contract in this process, or the application that is given.

    The twin checks its own answers, so that a mistake of its own is told as one. extension: as `Twin` takes it.

    Raises TargetError when the twin cannot be made.
    """
    try:
        application = application or create_app(contract, steps=checked(STEPS), extension=extension)
    except TwinError as error:
        raise TargetError(str(error)) from None
    twin = application.extensions["apitwin"]
    world = twin.world
    others = {kind: world.token(kind) for kind in ("expired", "revoked")}
    others["restricted"] = world.token(restricted=True)
    return Target(
        "twin",
        IN_PROCESS,
        world.token(),
        is_twin=True,
        rate=0,
        others={kind: secret for kind, secret in others.items() if secret is not None},
        adapter=WsgiAdapter(application),
        reset=twin.reset,
    )
