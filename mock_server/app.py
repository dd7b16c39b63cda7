"""The Flask shell of a twin: bytes of HTTP on one side, `Twin.answer` on the other, and the control plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

import flask
from werkzeug.exceptions import RequestEntityTooLarge

from contracts.model import Contract
from mock_server.answers import Answer
from mock_server.pagination import path_of
from mock_server.steps import STEPS, Steps
from mock_server.twin import Request, Twin
from mock_server.world import World

CONTROL = "/__twin__/"
"""The one prefix that an imitated API cannot own."""
LARGEST_BODY = 16 * 1024 * 1024


def create_app(contract: Contract, world: World | None = None, steps: Steps = STEPS) -> flask.Flask:
    """Return a Flask application that behaves as the contract says.

    world: what there is; without one, the contract's seed. steps: see `mock_server.steps`.
    The twin itself is `app.extensions["apitwin"]`. Raises TwinError when the seed does not fit the contract.
    """
    app = flask.Flask("apitwin", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    twin = Twin(contract, world, steps)
    app.extensions["apitwin"] = twin

    @app.before_request
    def answer() -> flask.Response:
        # Before routing: every method on every path is the twin's to answer, also those Flask has no route for.
        request = flask.request
        # Read before anything is answered: what is left of a body would be taken for the next request.
        try:
            request.get_data()
        except RequestEntityTooLarge:
            return _json({"detail": f"a body of more than {LARGEST_BODY} bytes"}, 413, [("Connection", "close")])
        if request.path.startswith(CONTROL):
            return _control(twin, request.method, request.path.removeprefix(CONTROL))
        return _response(twin.answer(_request(request)))

    return app


def _request(request: flask.Request) -> Request:
    query = request.query_string.decode("utf-8", "replace")
    return Request(
        method=request.method,
        path=request.path,
        query=tuple(parse_qsl(query, keep_blank_values=True, errors="replace")),
        headers={name.lower(): value for name, value in request.headers.items()},
        base=request.host_url.rstrip("/") + path_of(request.path),
    )


def _response(answer: Answer) -> flask.Response:
    response = flask.Response(answer.body, answer.status, list(answer.headers), content_type=answer.content_type)
    if answer.content_type is None:
        response.headers.pop("Content-Type", None)
    return response


def _control(twin: Twin, method: str, name: str) -> flask.Response:
    """Answer `GET health`, `GET journal` and `POST reset`."""
    if (method, name) == ("GET", "health"):
        sizes = {table: len(held.records) for table, held in twin.world.tables.items()}
        return _json({"contract": twin.contract.name, "collections": sizes})
    if (method, name) == ("GET", "journal"):
        return _json(twin.journal.as_json())
    if (method, name) == ("POST", "reset"):
        twin.reset()
        return _json({"reset": True})
    return _json({"detail": f"no {method} {CONTROL}{name}; there is: GET health, GET journal, POST reset"}, 404)


def _json(value: Any, status: int = 200, headers: Sequence[tuple[str, str]] = ()) -> flask.Response:
    return flask.Response(flask.json.dumps(value), status, list(headers), content_type="application/json")
