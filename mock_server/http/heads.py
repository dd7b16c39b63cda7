"""The head of an answer, and what follows from it for the connection (RFC 9112 sections 6, 9.3 and 9.6)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache

from apitwin.mock_server.http.arrival import Whole

WITHOUT_BODY = (204, 304)
"""Statuses above 199 whose answers end with their head (RFC 9112 section 6.3)."""
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Head:
    """The head of an answer as bytes. stays: whether the connection may ask again; has_body: whether a body follows."""

    content: bytes
    stays: bool
    is_chunked: bool
    has_body: bool

    def framed(self, data: bytes) -> bytes:
        """Return a piece of the body as it is sent."""
        if not self.has_body or not data:
            return b""
        return b"%x\r\n%b\r\n" % (len(data), data) if self.is_chunked else data

    @property
    def end(self) -> bytes:
        """What is sent after the body."""
        return b"0\r\n\r\n" if self.is_chunked else b""


def head(whole: Whole, status: str, headers: Headers) -> Head:
    """Return the head of the answer to a request. status: code and reason."""
    code, is_head = int(status[:3]), whole.line.startswith(b"HEAD ")
    is_modern = whole.line.endswith(b"1.1")
    named = {name.lower(): value.lower() for name, value in headers}
    may_have_body = code >= 200 and code not in WITHOUT_BODY
    is_open = may_have_body and "content-length" not in named
    is_chunked = is_open and is_modern and not is_head
    stays = (
        wants_to_stay(whole)
        and named.get("connection") != "close"
        and not whole.is_cut
        and not (is_open and not is_chunked)
    )
    lines = [f"HTTP/1.1 {status}", *[f"{name}: {value}" for name, value in headers]]
    if is_chunked:
        lines.append("Transfer-Encoding: chunked")
    if "connection" not in named:
        if not stays:
            lines.append("Connection: close")
        elif not is_modern:
            lines.append("Connection: keep-alive")
    if "date" not in named:
        lines.append(f"Date: {_date(int(time.time()))}")
    if "server" not in named:
        lines.append("Server: apitwin")
    content = "\r\n".join([*lines, "\r\n"]).encode("latin-1", "replace")
    return Head(content, stays, is_chunked, may_have_body and not is_head)


def wants_to_stay(whole: Whole) -> bool:
    """Return whether the client of a request keeps its connection open (RFC 9112 section 9.3)."""
    words = {
        word.strip() for name, value in whole.fields if name.lower() == b"connection" for word in value.split(b",")
    }
    said = {word.lower() for word in words}
    return b"close" not in said if whole.line.endswith(b"1.1") else b"keep-alive" in said


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
