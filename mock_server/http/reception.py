"""Who may come in, who stays, and who has had his time: the connections of a server."""

from __future__ import annotations

import errno
import selectors
import socket
import ssl
import time
from collections.abc import Callable

from apitwin.mock_server.http import patience
from apitwin.mock_server.http.arrival import Whole
from apitwin.mock_server.http.connection import Connection
from apitwin.mock_server.http.encryption import Encryption
from apitwin.mock_server.http.loop import Loop

NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises OSError where that is impossible."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    is_everything = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
    sock = socket.create_server(address[:2], family=family, backlog=patience.BACKLOG, dualstack_ipv6=is_everything)
    sock.setblocking(False)
    return sock


class Reception:
    """The connections of one listening socket. All of it happens in the thread of the loop."""

    def __init__(
        self,
        loop: Loop,
        sock: socket.socket,
        respond: Callable[[Connection, Whole], object],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """respond: see `Connection`; tls: speak HTTPS."""
        self._loop, self._socket, self._respond, self._tls = loop, sock, respond, tls
        self._connections: dict[Connection, None] = {}
        self._is_looking = False
        self._when_empty: Callable[[], object] | None = None
        loop.watch(sock, selectors.EVENT_READ, self._accept)

    def close(self, then: Callable[[], object]) -> None:
        """Accept nobody more, and close what asks nothing; what is being answered has a moment. then: at the end."""
        if self._when_empty is not None:
            return
        self._when_empty = then
        self._loop.watch(self._socket, 0, self._accept)
        self._socket.close()
        for connection in tuple(self._connections):
            if not connection.is_answering:
                connection.close()
        self._loop.hurry()
        self._loop.later(patience.GRACE_S, self._close_all)
        self._leave_if_empty()

    def _close_all(self) -> None:
        for connection in tuple(self._connections):
            connection.close()
        self._leave_if_empty()

    def _leave_if_empty(self) -> None:
        if self._when_empty is not None and not self._connections:
            self._when_empty()

    def _accept(self, events: int) -> None:
        for _ in range(patience.BACKLOG):
            if len(self._connections) >= patience.MOST_CONNECTIONS:
                self._make_room()
            try:
                sock, address = self._socket.accept()
            except (BlockingIOError, InterruptedError, ConnectionError):
                return
            except OSError as error:
                if error.errno in NO_ROOM and not self._make_room(patience.ARRIVING_S):
                    self._accept_later()
                return
            self._welcome(sock, str(address[0]))

    def _welcome(self, sock: socket.socket, peer: str) -> None:
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            encryption = None if self._tls is None else Encryption(self._tls)
            connection = Connection(self._loop, sock, peer, encryption, self._respond, self._forget)
        except OSError:  # it is gone already
            sock.close()
            return
        self._connections[connection] = None
        if not self._is_looking:
            self._is_looking = True
            self._loop.later(patience.LOOKING_S, self._look)

    def _forget(self, connection: Connection) -> None:
        self._connections.pop(connection, None)
        self._leave_if_empty()

    def _look(self) -> None:
        """Let go of the connections whose time is over."""
        now = time.monotonic()
        for connection in tuple(self._connections):
            if connection.is_late(now):
                connection.expire()
        self._is_looking = bool(self._connections)
        if self._is_looking:
            self._loop.later(patience.LOOKING_S, self._look)

    def _make_room(self, least_s: float = 0.0) -> bool:
        """Close the connection that is missed least, of those that say nothing. Returns whether one was.

        least_s: for how long it has said nothing.
        """
        before = time.monotonic() - least_s
        waiting = [
            connection for connection in self._connections if not connection.is_answering and connection.since <= before
        ]
        if waiting:
            min(waiting, key=lambda connection: (connection.has_asked, connection.deadline)).close()
        return bool(waiting)

    def _accept_later(self) -> None:
        """Let those who wait wait on: the system has no room, and would say so again at once."""

        def resume() -> None:
            if self._when_empty is None:
                self._loop.watch(self._socket, selectors.EVENT_READ, self._accept)

        self._loop.watch(self._socket, 0, self._accept)
        self._loop.later(patience.LOOKING_S, resume)
