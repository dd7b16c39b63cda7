"""What a twin answers for itself, under the one prefix that an imitated API cannot own, and its stored files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import flask

from apitwin.mock_server.backend import Backend
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.faults.active import add_all
from apitwin.mock_server.http import guard, stored_files
from apitwin.mock_server.messages import JSON, Answer, encode
from apitwin.mock_server.world import blobs

PREFIX = "/__twin__/"


def answer(twin: Backend, request: flask.Request, token: str | None = None) -> Answer:
    """Answer a request under the prefix.

    token: opens the control plane to other machines. Stored files are a part of the imitated API: their addresses carry
    their own right, wherever they are used from.
    """
    if request.path.startswith(blobs.PREFIX):
        return stored_files.answer(twin.world.storage, request)
    refused = guard.refusal(request, token)
    if refused is not None:
        return refused
    name = request.path.removeprefix(PREFIX)
    known = CONTROLS.get((request.method, name))
    if known is None:
        there_is = ", ".join(" ".join(route) for route in CONTROLS)
        return _said({"detail": f"no {request.method} {PREFIX}{name[:100]}; there is: {there_is}"}, 404)
    return known(twin, request)


def _health(twin: Backend, request: flask.Request) -> Answer:
    sizes = {table: len(held.records) for table, held in twin.world.tables.items()}
    return _said({"contract": twin.contract.name, "collections": sizes})


def _journal(twin: Backend, request: flask.Request) -> Answer:
    return _said(twin.journal.as_json(bodies=_query(request).get("bodies") == "true"))


def _query(request: flask.Request) -> dict[str, str]:
    """Return the parameters of a request. Flask's own parsing fails where a byte is no UTF-8."""
    text = request.query_string.decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, errors="replace"))


def _reset(twin: Backend, request: flask.Request) -> Answer:
    twin.reset()
    return _said({"reset": True})


def _time(twin: Backend, request: flask.Request) -> Answer:
    return _said({"now": twin.world.clock.now().isoformat()})


def _advance(twin: Backend, request: flask.Request) -> Answer:
    """Move the clock: `{"advance": SECONDS}`."""
    try:
        body = json.loads(request.get_data() or b"null")
        seconds = body["advance"]
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError
        twin.world.clock.advance(seconds)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        reason = f" ({error})" if type(error) is ValueError else ""
        return _said({"detail": f'expected {{"advance": SECONDS}}, a number of 0 or more{reason}'}, 400)
    return _time(twin, request)


def _faults(twin: Backend, request: flask.Request) -> Answer:
    return _said([fault.as_json() for fault in twin.faults.active()])


def _misbehave(twin: Backend, request: flask.Request) -> Answer:
    """Switch faults on: one object with a name, or a list of them."""
    try:
        listed = json.loads(request.get_data() or b"null")
        add_all(twin.faults, [listed] if isinstance(listed, dict) else listed, f"{PREFIX}faults")
    except (TwinError, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, TwinError) else "the body is no JSON"
        return _said({"detail": reason}, 400)
    return _faults(twin, request)


def _behave(twin: Backend, request: flask.Request) -> Answer:
    twin.faults.clear()
    return _said([])


Control = Callable[[Backend, flask.Request], Answer]

CONTROLS: Mapping[tuple[str, str], Control] = {
    ("GET", "health"): _health,
    ("GET", "journal"): _journal,
    ("POST", "reset"): _reset,
    ("GET", "clock"): _time,
    ("POST", "clock"): _advance,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _misbehave,
    ("DELETE", "faults"): _behave,
}
"""The answers of the control plane, by method and name after the prefix."""


def _said(value: Any, status: int = 200) -> Answer:
    return Answer(status, encode(value), JSON)
