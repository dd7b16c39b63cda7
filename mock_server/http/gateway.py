"""From a request to a WSGI application and back (PEP 3333)."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable
from typing import Any, Protocol

from apitwin.mock_server.http.arrival import Whole
from apitwin.mock_server.http.heads import Head, Headers, head
from apitwin.mock_server.http.target import Target
from apitwin.mock_server.messages import SILENCE

LOGGER = logging.getLogger("apitwin.twin")
FAILED = b"The application failed; the log says how.\n"


class Outlet(Protocol):
    """Where an answer leaves. `write` raises ConnectionResetError once the client is gone."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    def finish(self, stays: bool) -> None:
        """Say that this was all."""

    def drop(self) -> None:
        """Close the connection, once what was written is sent."""


class Gateway:
    """One request to an application."""

    def __init__(self, whole: Whole, outlet: Outlet) -> None:
        self._whole, self._outlet = whole, outlet
        self._begun: tuple[str, Headers] | None = None
        self._head: Head | None = None

    def respond(self, application: Any, environ: dict[str, Any]) -> None:
        """Let an application answer a request in its environment."""
        try:
            self._answer(application, {**environ, SILENCE: self._hush})
        except ConnectionError:  # of a fault, or of a client that is gone
            self._outlet.drop()
        except Exception:  # whatever the application of somebody else raises: it is logged, and told with 500
            LOGGER.exception("the application failed")
            self._fail()

    def _answer(self, application: Any, environ: dict[str, Any]) -> None:
        response = application(environ, self._start)
        try:
            for piece in response:
                if piece:
                    self._write(piece)
        finally:
            close: Callable[[], None] | None = getattr(response, "close", None)
            if close is not None:
                close()
        if self._head is None:
            self._outlet.write(self._made().content)
        made = self._made()
        if made.end:
            self._outlet.write(made.end)
        self._outlet.finish(made.stays)

    def _start(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], None]:
        if self._head is not None and error is not None:
            raise error[1]
        self._begun = (status, headers)
        return self._write

    def _made(self) -> Head:
        if self._head is None:
            if self._begun is None:
                raise RuntimeError("a WSGI application calls start_response before it answers")
            self._head = head(self._whole, *self._begun)
        return self._head

    def _write(self, piece: bytes) -> None:
        before = b"" if self._head is not None else self._made().content
        self._outlet.write(before + self._made().framed(piece))

    def _hush(self) -> None:
        """Let the connection end before it has said a word."""
        self._head = Head(b"", stays=False, is_chunked=False, has_body=False)

    def _fail(self) -> None:
        if self._head is None:
            named = [("Content-Type", "text/plain"), ("Content-Length", str(len(FAILED)))]
            self._head = head(self._whole, "500 Internal Server Error", [*named, ("Connection", "close")])
            try:
                self._outlet.write(self._head.content + self._head.framed(FAILED))
            except ConnectionResetError as error:
                LOGGER.info("%s", error)
        self._outlet.drop()


def environment(whole: Whole, target: Target) -> dict[str, Any]:
    """Return what PEP 3333 wants to know of a request."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": target.method.decode("latin-1"),
        "SCRIPT_NAME": "",
        "PATH_INFO": target.path.decode("latin-1"),
        "QUERY_STRING": target.query.decode("latin-1"),
        "REQUEST_URI": target.target.decode("latin-1"),
        "SERVER_PROTOCOL": target.version.decode("latin-1"),
        "wsgi.version": (1, 0),
        "wsgi.input": whole.body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in whole.fields:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}, {text}" if key in environ else text
    if whole.size is not None:
        environ["CONTENT_LENGTH"] = str(whole.size)
    return environ


def lost(reason: str) -> ConnectionResetError:
    """Return what is raised where a client is gone."""
    return ConnectionResetError(errno.ECONNRESET, reason)
