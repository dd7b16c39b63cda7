"""Where connections wait until they have sent a whole request: in one thread, and holding no other.

A thread that answers gets a request only when all of it is here, so clients that say nothing, or say it slowly, in the
handshake of TLS, in a head or in a body, keep nobody waiting. All of them have deadlines.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import time
from typing import Any

from cheroot.connections import ConnectionManager

from apitwin.mock_server.http.bodies import Malformed

SILENCE_S = 30.0
"""How long a connection may say nothing between two requests, and before the first."""
HEAD_S = 10.0
"""How long a head may take from its first byte, and a handshake."""
BODY_S = 30.0
"""How long a body may take, and a second more for each MiB of it that came."""
LEAVING_S = 1.0
"""How long a connection is still read after it was refused: closing at once would take the answer away."""
MOST_WAITING = 500
"""Connections that wait. With more, the one whose time ends next is closed, of those that never asked first."""
PIECE = 65_536
PIECES = 4
"""How many pieces of a connection are read in its turn."""
NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Reception(ConnectionManager):
    """cheroot's connections that wait. It hands over what can be read; this reads it first."""

    _selector: Any

    def put(self, conn: Any) -> None:
        """Take back a connection from the thread that answered, for its next request."""
        conn.has_asked = True
        if conn.is_leaving:
            self._say_farewell(conn, b"")
        else:
            conn.await_next()
            self.receive(conn, b"" if conn.arrival.has_begun else None)

    def receive(self, conn: Any, data: bytes | None = None) -> None:
        """Read what a connection sent; hand it over with a whole request, else wait for more of it."""
        try:
            if conn.is_leaving:
                conn.drain()
                return self._wait(conn)
            conn.prepare_to_wait()
            if not conn.begin():
                return self._wait(conn, HEAD_S)
            if data is not None and self._is_whole(conn, data):
                return None
            for _ in range(PIECES):
                data = conn.receive(PIECE)
                if not data:
                    return self._end(conn)
                if self._is_whole(conn, data):
                    return None
                if len(data) < PIECE:
                    break
            self._wait(conn)
        except BlockingIOError:
            self._wait(conn)
        except Malformed as problem:
            self._say_farewell(conn, problem.answer())
        except (OSError, ValueError):  # it is gone
            conn.close()
        return None

    def _is_whole(self, conn: Any, data: bytes) -> bool:
        whole = conn.arrival.take(data)
        if whole is None:
            if conn.arrival.has_head and conn.arrival.expects_continue:
                conn.arrival.expects_continue = False
                conn.say(b"HTTP/1.1 100 Continue\r\n\r\n")
            return False
        conn.answer_next(whole)
        self.server.hand_over(conn)
        return True

    def _end(self, conn: Any) -> None:
        """Answer who stopped sending: in the middle of a request he is told so, as he may still read."""
        if conn.arrival.has_begun:
            raise Malformed("the request ends before its end")
        conn.close()

    def _wait(self, conn: Any, patience: float | None = None) -> None:
        """Wait for more of a connection. patience: seconds from when it began, else by what is there of a request."""
        if not conn.is_leaving:
            arrival = conn.arrival
            stage = "body" if arrival.has_head else "head" if arrival.has_begun or patience else "silence"
            if conn.stage != stage:
                conn.stage, conn.since = stage, time.monotonic()
            allowed = {"body": BODY_S + conn.received / 2**20, "head": HEAD_S, "silence": SILENCE_S}[stage]
            conn.deadline = conn.since + allowed
        try:
            self._selector.register(conn.socket.fileno(), 1, data=conn)
        except (OSError, ValueError, KeyError, RuntimeError):  # it is closed, or the server is
            conn.close()

    def _say_farewell(self, conn: Any, answer: bytes) -> None:
        """Answer, and read on for a moment."""
        try:
            conn.prepare_to_wait()
            conn.leave(answer)
            conn.deadline = time.monotonic() + LEAVING_S
            self._wait(conn)
        except (OSError, ValueError):
            conn.close()

    def _expire(self, threshold: float) -> None:
        """Let go of the connections whose time is over."""
        now = time.monotonic()
        for descriptor, conn in list(self._selector.connections):
            if conn is not self.server and conn.deadline < now:
                self._selector.unregister(descriptor)
                if conn.stage == "silence" or conn.is_leaving or not conn.arrival.has_begun:
                    conn.close()
                else:
                    late = f"the {conn.stage} of a request took too long"
                    self._say_farewell(conn, Malformed(late, "408 Request Timeout").answer())

    def _from_server_socket(self, server_socket: socket.socket) -> Any:
        """Accept a connection, in the place of another where there is no more room."""
        if len(self._selector) > MOST_WAITING:
            self._make_room()
        try:
            return super()._from_server_socket(server_socket)  # type: ignore[misc]
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            self._make_room()
            return None

    def _make_room(self) -> None:
        waiting = [entry for entry in self._selector.connections if entry[1] is not self.server]
        if waiting:
            descriptor, conn = min(waiting, key=lambda entry: (entry[1].has_asked, entry[1].deadline))
            with contextlib.suppress(KeyError):
                self._selector.unregister(descriptor)
            conn.close()
