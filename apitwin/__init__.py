"""A twin of a paginated REST API, its contract, and the laws that both must obey.

    from apitwin import Twin

    with Twin("viktor") as twin:
        client = MyClient(twin.url, twin.token)

What `__all__` names is the documented interface; everything else may change. A name is loaded when it is first used,
so that `import apitwin` costs nothing.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apitwin.contracts import Contract as Contract
    from apitwin.contracts import ContractError as ContractError
    from apitwin.contracts import bundled as bundled
    from apitwin.contracts import load as load
    from apitwin.mock_server import Access as Access
    from apitwin.mock_server import Answer as Answer
    from apitwin.mock_server import Call as Call
    from apitwin.mock_server import Extension as Extension
    from apitwin.mock_server import Record as Record
    from apitwin.mock_server import Refusal as Refusal
    from apitwin.mock_server import Rejected as Rejected
    from apitwin.mock_server import RunningTwin as RunningTwin
    from apitwin.mock_server import Twin as Twin
    from apitwin.mock_server import TwinError as TwinError
    from apitwin.mock_server import World as World
    from apitwin.mock_server import create_app as create_app
    from apitwin.mock_server import invalid as invalid
    from apitwin.mock_server import listed as listed
    from apitwin.mock_server import refusal as refusal
    from apitwin.mock_server import shown as shown
    from apitwin.testkit.clients import ClientBroken as ClientBroken
    from apitwin.testkit.clients import check_client as check_client
    from apitwin.testkit.pytest_plugin.warnings import IdleFaultWarning as IdleFaultWarning
    from apitwin.testkit.pytest_plugin.warnings import UnmatchedRequestWarning as UnmatchedRequestWarning

HOMES: Mapping[str, str] = {
    "Contract": "apitwin.contracts",
    "ContractError": "apitwin.contracts",
    "bundled": "apitwin.contracts",
    "load": "apitwin.contracts",
    "Twin": "apitwin.mock_server",
    "TwinError": "apitwin.mock_server",
    "RunningTwin": "apitwin.mock_server",
    "World": "apitwin.mock_server",
    "create_app": "apitwin.mock_server",
    "Access": "apitwin.mock_server",
    "Call": "apitwin.mock_server",
    "Extension": "apitwin.mock_server",
    "Refusal": "apitwin.mock_server",
    "invalid": "apitwin.mock_server",
    "refusal": "apitwin.mock_server",
    "listed": "apitwin.mock_server",
    "shown": "apitwin.mock_server",
    "Answer": "apitwin.mock_server",
    "Rejected": "apitwin.mock_server",
    "Record": "apitwin.mock_server",
    "ClientBroken": "apitwin.testkit.clients",
    "check_client": "apitwin.testkit.clients",
    "IdleFaultWarning": "apitwin.testkit.pytest_plugin.warnings",
    "UnmatchedRequestWarning": "apitwin.testkit.pytest_plugin.warnings",
}
"""The package in which each public name lives."""

__all__ = [
    "Access",
    "Answer",
    "Call",
    "ClientBroken",
    "Contract",
    "ContractError",
    "Extension",
    "IdleFaultWarning",
    "Record",
    "Refusal",
    "Rejected",
    "RunningTwin",
    "Twin",
    "TwinError",
    "UnmatchedRequestWarning",
    "World",
    "bundled",
    "check_client",
    "create_app",
    "invalid",
    "listed",
    "load",
    "refusal",
    "shown",
]


def __getattr__(name: str) -> Any:
    """Return a public name, loading its package at its first use. Raises AttributeError for any other."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
