"""Connections that say nothing, or say it slowly: four kinds, each held open as long as the block lasts."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import threading
from collections.abc import Iterator

from tests.hostile_requests.attack import Attacked

HEAD = b"GET /api/workspaces/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = b"POST /api/o/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
KINDS = ("silent", "head", "handshake", "body")
DRIP_S = 0.05


@contextlib.contextmanager
def held(twin: Attacked, silent: int, slow: int, drip_s: float = DRIP_S) -> Iterator[threading.Event]:
    """Hold so many connections: silent ones, and slow ones of the three other kinds, a byte of each
    at a time, drip_s seconds apart.

    The kind `handshake` stops half-way where the twin speaks TLS; elsewhere it is a head without an end. The event that
    is yielded is set once every slow connection has sent a byte after its beginning.
    """
    ended, dripping = threading.Event(), threading.Event()
    with contextlib.ExitStack() as stack:
        for _ in range(silent):
            stack.enter_context(socket.create_connection(("127.0.0.1", twin.port), timeout=10))
        drips = [stack.enter_context(_begun(twin, kind)) for _, kind in zip(range(slow), itertools.cycle(KINDS[1:]))]

        def drip() -> None:
            while not ended.wait(drip_s):
                for sock in drips:
                    with contextlib.suppress(OSError):  # it had its time
                        sock.sendall(b"x")
                dripping.set()

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        try:
            yield dripping
        finally:
            ended.set()
            thread.join()


def _begun(twin: Attacked, kind: str) -> socket.socket:
    if kind == "handshake" and twin.context is not None:
        sock = socket.create_connection(("127.0.0.1", twin.port), timeout=10)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        made = twin.context.wrap_bio(incoming, outgoing, server_hostname="localhost")
        with contextlib.suppress(ssl.SSLWantReadError):
            made.do_handshake()
        sock.sendall(outgoing.read()[:50])
        return sock
    sock = twin.connect()
    sock.sendall(BODY if kind == "body" else HEAD)
    return sock
