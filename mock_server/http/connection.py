"""One connection to a twin."""

from __future__ import annotations

import contextlib
import io
import socket
from typing import Any

from cheroot.server import HTTPConnection, HTTPRequest

from apitwin.mock_server.http.arrival import Arrival, Whole

NOTHING = io.BytesIO()


class _Asked(HTTPRequest):
    """cheroot's request. What it cannot read is the client's mistake, and no failure of the server."""

    def read_request_line(self) -> bool:
        """Read the first line. Returns whether it could be read."""
        try:
            return bool(super().read_request_line())  # type: ignore[no-untyped-call]
        except ValueError:  # such as an address with half of the brackets of IPv6
            self.simple_response("400 Bad Request", "Malformed Request-URI")
            return False


class Connection(HTTPConnection):
    """cheroot's connection, whose requests are whole before they are read.

    stage, since, deadline: what it is waited for, from when and until when, on a clock that only goes forward.
    received: bytes of the request that is arriving. has_asked: whether it ever sent a whole request. is_leaving:
    whether it is closed as soon as its client has read what was said.
    """

    RequestHandlerClass = _Asked
    stage = ""
    since = deadline = 0.0
    received = 0
    has_asked = is_leaving = False

    def __init__(self, server: Any, sock: Any, makefile: Any) -> None:
        def only_to_write(sock: Any, mode: str, size: int) -> Any:
            return NOTHING if mode == "rb" else makefile(sock, mode, size)

        super().__init__(server, sock, only_to_write)
        self.arrival = Arrival(server.largest_body)
        self._is_cut = False

    # While it waits: nothing here blocks

    def prepare_to_wait(self) -> None:
        """Let nothing on this connection block from now on."""
        self.socket.settimeout(0)

    def begin(self) -> bool:
        """Do what comes before the first request. Returns whether that is done."""
        return True

    def receive(self, most: int) -> bytes:
        """Return what came, nothing where the client ended. Raises BlockingIOError where nothing did."""
        data: bytes = self.socket.recv(most)
        self.received += len(data)
        return data

    def say(self, text: bytes) -> None:
        """Send a few bytes, if there is room for them."""
        with contextlib.suppress(BlockingIOError):
            self.socket.send(text)

    def leave(self, text: bytes) -> None:
        """Say the last thing, and no more."""
        self.is_leaving = True
        self.arrival.close()
        if text:
            self.say(text)
        # The method of socket: that of an SSL socket would let others go on without encryption.
        socket.socket.shutdown(self.socket, socket.SHUT_WR)

    def drain(self) -> None:
        """Read on, and drop it. Raises OSError at the end."""
        if not socket.socket.recv(self.socket, 1 << 18):
            raise ConnectionResetError

    # While it is answered

    def answer_next(self, whole: Whole) -> None:
        """Make a request the one that is answered next, in another thread, which may block."""
        self.rfile, self._is_cut = whole.file, whole.is_cut
        self.socket.settimeout(self.server.timeout)

    def communicate(self) -> bool:
        """Answer a request. Returns whether the connection is still to be waited for."""
        stays = bool(super().communicate())  # type: ignore[no-untyped-call]
        # What is left of the body is no request; and what is left unread would take the answer away with it.
        self.is_leaving = self._is_cut or (not stays and self.arrival.has_begun)
        return stays or self.is_leaving

    def await_next(self) -> None:
        """Forget the request that was answered."""
        self.rfile.close()
        self.rfile, self.stage, self.received = NOTHING, "", 0

    def close(self) -> None:
        """Close the connection.

        It forgets what a client did not wait for. Otherwise that is tried once more when memory is cleared up, and
        Python 3.13 prints how it fails.
        """
        self.arrival.close()
        if self.rfile is NOTHING:  # which all share
            self.rfile = io.BytesIO()
        super().close()
        with contextlib.suppress(OSError, ValueError):
            self.wfile.close()
