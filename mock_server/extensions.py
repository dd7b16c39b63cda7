"""Which extension belongs to a contract: the one place of the twin that knows an API by its name."""

from __future__ import annotations

from apitwin.contracts import Contract
from apitwin.contracts.load import HERE as BUNDLED
from apitwin.mock_server.engine.extension import Extension

NOTHING = Extension()


def extension_of(contract: Contract) -> Extension:
    """Return what a bundled API adds to the engine, and nothing for every other contract, whatever it is called."""
    if contract.path != BUNDLED / "viktor" / "openapi.yaml":
        return NOTHING
    from apitwin.mock_server.viktor import EXTENSION

    return EXTENSION
