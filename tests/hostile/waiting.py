"""Servers that are slow, silent, or let one wait."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.serving import Asked, Zoo, answer, honest, page, slowly


def _silent(asked: Asked) -> Iterator[bytes]:
    asked.wait(60)
    yield b""


def _silent_after_60(asked: Asked) -> Iterator[bytes]:
    return iter([honest(asked)]) if asked.number < 60 else _silent(asked)


def _head_drips(asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX: "
    yield from slowly(asked, b"x")


def _headers_drip(asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from slowly(asked, b"A: b\r\n")


def _status_drips(asked: Asked) -> Iterator[bytes]:
    yield from slowly(asked, b"HTTP/1.1 100 Continue\r\n\r\n")


def _body_drips(asked: Asked) -> Iterator[bytes]:
    yield answer(b"", length=10**6)
    yield from slowly(asked, b" ")


def _chunks_drip(asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield from slowly(asked, b"1\r\n \r\n")


def _half_closed(asked: Asked) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"
    asked.wait(60)


def _retry(after: str, status: str = "503 Busy") -> Zoo:
    return {f"retry-after-{after[:24]}": lambda asked: [answer({}, f"Retry-After: {after}", status=status)]}


ZOO: Zoo = {
    "silent": _silent,
    "silent-after-60": _silent_after_60,
    "head-drips": _head_drips,
    "headers-drip": _headers_drip,
    "continue-drips": _status_drips,
    "body-drips": _body_drips,
    "chunks-drip": _chunks_drip,
    "half-closed": _half_closed,
    **_retry("30"),
    **_retry("1", "429 Slow"),
    **_retry("9" * 5000),
    **_retry("-5"),
    **_retry("Fri, 31 Dec 99999 23:59:59 GMT"),
    **_retry("Fri, 31 Dec 9999 23:59:59 -2359", "429 Slow"),
    **_retry("Mon, 01 Jan 0001 00:00:00 +2359", "429 Slow"),
    **_retry("nan"),
    "throttles-each-other": lambda asked: [
        answer({}, "Retry-After: 0", status="429 Slow") if asked.number % 2 else answer(page(asked))
    ],
}
