"""Servers whose bodies have no end, the wrong length, or are cut."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.serving import Asked, Zoo, answer, forever, page

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def _endless(asked: Asked) -> Iterator[bytes]:
    yield HEAD + b"\r\n["
    yield from forever(b" " * 65536)


def _endless_chunks(asked: Asked) -> Iterator[bytes]:
    yield CHUNKED
    yield from forever(b"1\r\n \r\n" * 1000)


def _endless_trailers(asked: Asked) -> Iterator[bytes]:
    yield CHUNKED + b"2\r\n{}\r\n0\r\n"
    yield from forever(b"X: y\r\n" * 1000)


def _endless_extension(asked: Asked) -> Iterator[bytes]:
    yield CHUNKED + b"2;"
    yield from forever(b"x" * 65536)


def _too_long(asked: Asked) -> Iterator[bytes]:
    yield answer(b"", length=10**12)
    yield from forever(b" " * 65536)


def _of_200_mb(asked: Asked) -> Iterator[bytes]:
    yield answer(b"", length=2 * 10**8 + 2) + b'"'
    for _ in range(200):
        yield b"x" * 10**6
    yield b'"'


ZOO: Zoo = {
    "endless": _endless,
    "endless-chunks": _endless_chunks,
    "endless-trailers": _endless_trailers,
    "endless-chunk-extension": _endless_extension,
    "length-terabyte": _too_long,
    "string-of-200-mb": _of_200_mb,
    "length-too-large": lambda asked: [answer(page(asked), length=100_000)],
    "length-too-small": lambda asked: [answer(page(asked), length=7)],
    "length-negative": lambda asked: [answer(page(asked), length=-1)],
    "length-text": lambda asked: [HEAD + b"Content-Length: many\r\n\r\n{}"],
    "length-huge-digits": lambda asked: [HEAD + b"Content-Length: " + b"9" * 6000 + b"\r\n\r\n{}"],
    "length-and-chunks": lambda asked: [
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    ],
    "chunk-negative": lambda asked: [CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n"],
    "chunk-text": lambda asked: [CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"],
    "chunk-huge": lambda asked: [CHUNKED + b"ffffffffffffffff\r\nabc"],
    "chunk-hex-digits": lambda asked: [CHUNKED + b"f" * 5000 + b"\r\nabc"],
    "chunk-cut": lambda asked: [CHUNKED + b"ff\r\nabc"],
    "chunk-without-end": lambda asked: [CHUNKED + b"2\r\n{}\r\n"],
    "transfer-encoding-unknown": lambda asked: [HEAD + b"Transfer-Encoding: gzip, nonsense\r\n\r\n{}"],
    "status-204-with-body": lambda asked: [answer(page(asked), status="204 No Content")],
    "second-answer": lambda asked: [answer(page(asked)) + answer({"smuggled": True})],
    "html": lambda asked: [answer(b"<html><script>alert(1)</script>", kind="text/html", status="502 Bad Gateway")],
    "terminal-sequences": lambda asked: [
        answer(b"\x1b]0;owned\x07\x1b[2J\n::error::owned\r\n##vso[x]\xe2\x80\xae", kind="text/plain", status="500 No")
    ],
}
