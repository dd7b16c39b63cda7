"""Servers whose heads are not as HTTP has them, or have no end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from tests.hostile.serving import Asked, Zoo, answer, forever, page

JSON = b"Content-Type: application/json\r\n"


def _many_headers(asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield b"X-%d: %s\r\n" % (number, b"x" * 900)


def _endless_line(asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Long: "
    yield from forever(b"x" * 65536)


def _endless_continue(asked: Asked) -> Iterator[bytes]:
    yield from forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def _big_headers(asked: Asked) -> Iterator[bytes]:
    yield answer(page(asked), *(f"X-{number}: {'x' * 60_000}" for number in range(80)))


ZOO: Zoo = {
    "http-0.9": lambda asked: [b'{"count": 1, "results": []}'],
    "no-http": lambda asked: [b"SSH-2.0-OpenSSH_9.6\r\n"],
    "http-2-preface": lambda asked: [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    "http-9.9": lambda asked: [b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}"],
    "status-text": lambda asked: [b"HTTP/1.1 abc Strange\r\n\r\n"],
    "status-99999": lambda asked: [b"HTTP/1.1 99999 Strange\r\nContent-Length: 0\r\n\r\n"],
    "status-negative": lambda asked: [b"HTTP/1.1 -20 Strange\r\nContent-Length: 0\r\n\r\n"],
    "empty-answer": lambda asked: [],
    "nuls": lambda asked: [b"\0" * 5000],
    "head-cut": lambda asked: [b"HTTP/1.1 200 OK\r\nContent-Ty"],
    "header-without-colon": lambda asked: [b"HTTP/1.1 200 OK\r\nnonsense\r\n" + JSON + b"\r\n{}"],
    "header-not-ascii": lambda asked: [b"HTTP/1.1 200 OK\r\nX-\xff\xfe: \xed\xa0\x80\r\n" + JSON + b"\r\n{}"],
    "header-folded": lambda asked: [b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\n" + JSON + b"\r\n{}"],
    "header-flood": _many_headers,
    "header-line-endless": _endless_line,
    "headers-big": _big_headers,
    "continue-endless": _endless_continue,
    "switching-protocols": lambda asked: [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + b"\0" * 99],
    "two-lengths": lambda asked: [answer(page(asked), "Content-Length: 5")],
    "cookies-many": lambda asked: [answer(page(asked), *(f"Set-Cookie: c{n}={'v' * 300}" for n in range(60)))],
    "content-type-odd": lambda asked: [answer(page(asked), kind="application/json; charset=no-such; a=\x1b[31m")],
    "charset-utf-16": lambda asked: [answer(b"\xff\xfe\0", kind="application/json; charset=utf-16")],
}
