"""The Flask shell of a twin: bytes of HTTP on one side, `Backend.answer` or the control plane on the other."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import flask
from werkzeug.exceptions import RequestEntityTooLarge

from apitwin.contracts.model import Contract
from apitwin.mock_server import messages
from apitwin.mock_server.backend import MADE_AS_USUAL, Backend, Request
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.engine.pagination.window import path_of
from apitwin.mock_server.engine.steps import STEPS, Steps
from apitwin.mock_server.generated.twin import GeneratedTwin
from apitwin.mock_server.generated.worlds import Making
from apitwin.mock_server.http import control
from apitwin.mock_server.http.bounds import largest_body
from apitwin.mock_server.messages import PAUSE, SILENCE, UNHARMED, Answer, Wire
from apitwin.mock_server.world.world import World


def create_app(
    contract: Contract,
    world: World | None = None,
    steps: Steps = STEPS,
    extension: Extension | str | None = None,
    control_token: str | None = None,
    making: Making = MADE_AS_USUAL,
    made_up: GeneratedTwin | None = None,
) -> flask.Flask:
    """Return a Flask application that behaves as the contract says.

    world: what there is; without one, the contract's own world. steps: see `apitwin.mock_server.engine.steps`.
    extension: the API's own behaviour, as `Twin` takes it. control_token: opens the control plane to
    other machines, see `apitwin.mock_server.http.guard`. making: how a world is generated that nobody wrote;
    made_up: the same, where that was looked for before.
    The twin itself is `app.extensions["apitwin"]`. Raises
    TwinError when the world file or the extension does not fit the contract.
    """
    app = flask.Flask("apitwin", static_folder=None)
    twin = Backend(contract, world, steps, extension, making, made_up)
    app.extensions["apitwin"] = twin

    @app.before_request
    def answer() -> flask.Response:
        # Before routing: every method on every path is the twin's to answer, also those Flask has no route for.
        request = flask.request
        request.max_content_length = largest_body(request.path)
        # Read before anything is answered: what is left of a body would be taken for the next request.
        try:
            request.get_data()
        except RequestEntityTooLarge:
            refused = messages.error(contract.errors["too-large"])
            return response_of(replace(refused, headers=(("Connection", "close"),)))
        if request.path.startswith(control.PREFIX):
            return response_of(control.answer(twin, request, control_token))
        return response_of(twin.answer(_request(request)))

    return app


def _request(request: flask.Request) -> Request:
    query = request.query_string.decode("utf-8", "replace")
    return Request(
        method=request.method,
        path=request.path,
        query=tuple(parse_qsl(query, keep_blank_values=True, errors="replace")),
        headers={name.lower(): value for name, value in request.headers.items()},
        base=request.host_url.rstrip("/") + path_of(request.path),
        body=request.get_data(),
    )


class _Harmed(flask.Response):
    """A response whose answer suffers on its way, also where nothing of it but the head is sent."""

    answer: Answer

    def get_app_iter(self, environ: Any) -> Iterable[bytes]:
        """Return what is sent after the head."""
        whole = b"".join(super().get_app_iter(environ))  # nothing for HEAD, 204 and 304
        return _harmed(whole, self.answer.wire, environ)


def response_of(answer: Answer) -> flask.Response:
    """Return an answer as Flask sends it."""
    kind = flask.Response if answer.wire == UNHARMED else _Harmed
    response = kind(answer.body, answer.status, list(answer.headers), content_type=answer.content_type)
    if isinstance(response, _Harmed):
        response.answer = answer
    if answer.content_type is None:
        response.headers.pop("Content-Type", None)
    return response


def _harmed(body: bytes, wire: Wire, environ: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield a body as its way treats it: late, or until the connection is closed; before the head if there is no body.

    A connection that was reset is what a WSGI server takes without a word: it closes the socket and goes on.
    """
    pause: Callable[[float], Any] = environ.get(PAUSE, time.sleep)
    pause(wire.delay_s)
    if wire.dropped == "in-body" and body:
        yield body[: len(body) // 2]
    elif wire.dropped and SILENCE in environ:
        environ[SILENCE]()
    if wire.dropped:
        raise ConnectionResetError(errno.ECONNRESET, "apitwin: a fault dropped this connection")
    yield body
