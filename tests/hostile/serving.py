"""The base of all hostile servers: a raw socket on the loopback interface, and a behaviour that says what it sends."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from tests.hostile.schemes import shown

ITEMS = 12
CRLF = b"\r\n"


@dataclass(frozen=True)
class Asked:
    """A request as it came. number: how many came before it; stopped: set when the server is to end."""

    method: str
    target: str
    head: bytes
    number: int
    port: int
    stopped: threading.Event

    @property
    def token(self) -> str:
        """The secret that it brought, in whatever place, "none" without one."""
        return shown(self.head)

    def wait(self, seconds: float) -> bool:
        """Wait as a slow server does; false once it is to end."""
        return not self.stopped.wait(seconds)


Behaviour = Callable[[Asked], Iterable[bytes]]
"""What a server sends for a request, piece by piece; then it closes the connection."""
Zoo = dict[str, Behaviour]


def answer(
    body: bytes | Any, *headers: str, status: str = "200 OK", kind: str = "application/json", length: int | None = None
) -> bytes:
    """Return a whole answer. body: bytes, or a value to be sent as JSON; length: another one than that of the body."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(content) if length is None else length}",
        "Connection: close",
        *headers,
    ]
    return CRLF.join(line.encode("utf-8", "surrogatepass") for line in lines) + 2 * CRLF + content


def page(asked: Asked, total: int = ITEMS) -> dict[str, Any]:
    """Return the page that an honest server would answer with."""
    numbers = {name: int(text) for name, text in re.findall(r"[?&](limit|offset)=(\d{1,9})(?=&|$)", asked.target)}
    start, size = numbers.get("offset", 0), min(50, numbers.get("limit", 10) or 10)
    base = f"http://127.0.0.1:{asked.port}/things/?limit={size}&offset="
    return {
        "count": total,
        "next": f"{base}{start + size}" if start + size < total else None,
        "previous": f"{base}{max(0, start - size)}" if start > 0 else None,
        "results": [{"id": number} for number in range(start + 1, min(total, start + size) + 1)],
    }


def honest(asked: Asked) -> bytes:
    """Return what an honest server answers: a page, a thing, or that it lets nobody in."""
    if asked.token == "none":
        return answer({"detail": "No."}, status="401 Unauthorized")
    thing = re.fullmatch(r"/things/(\d{1,9})/", asked.target)
    if thing is None:
        return answer(page(asked))
    return answer({"id": int(thing[1])}) if 0 < int(thing[1]) <= ITEMS else answer({}, status="404 Not Found")


class HostileServer:
    """A server for the length of a `with` block. honestly: how many requests it answers as it should, at first."""

    def __init__(self, behaviour: Behaviour, honestly: int = 0) -> None:
        self._behaviour = behaviour
        self._honestly = honestly
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._number = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> HostileServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._stopped.is_set():
                connection, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(60)
            asked = self._read(connection)
            if asked is None:
                return
            pieces = [honest(asked)] if asked.number < self._honestly else self._behaviour(asked)
            for piece in pieces:
                connection.sendall(piece)
                if self._stopped.is_set():
                    return
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):  # else what was sent is lost with a reset
                pass

    def _read(self, connection: socket.socket) -> Asked | None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                return None
            head += piece
        with self._lock:
            number, self._number = self._number, self._number + 1
        method, target, *_ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        return Asked(method, target, head, number, self.port, self._stopped)


def forever(piece: bytes) -> Iterator[bytes]:
    """Send the same again and again, as fast as it is read."""
    while True:
        yield piece


def slowly(asked: Asked, text: bytes, seconds: float = 0.3) -> Iterator[bytes]:
    """Send a byte at a time, and never come to an end."""
    while True:
        for byte in text:
            yield bytes([byte])
            if not asked.wait(seconds):
                return
