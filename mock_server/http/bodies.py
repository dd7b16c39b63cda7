"""Where the body of a request ends, in each of the two ways that HTTP/1.1 says it (RFC 9112 sections 6 and 7)."""

from __future__ import annotations

import re
from typing import IO

LARGEST_CHUNK_LINE = 1024
LARGEST_FRAMING = 1024 * 1024
"""Bytes around the chunks of a body, above as many as there are in them."""
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[\t -~\x80-\xff]*)?")


class Malformed(Exception):
    """What came is no request, and where the next one would begin cannot be known. status: as in a status line."""

    def __init__(self, reason: str, status: str = "400 Bad Request") -> None:
        super().__init__(reason)
        self.status = status

    def answer(self) -> bytes:
        """Return the whole answer, after which the connection is closed."""
        said = f"{self}\n".encode()
        head = f"HTTP/1.1 {self.status}\r\nContent-Type: text/plain\r\nConnection: close\r\n"
        return head.encode() + b"Content-Length: %d\r\n\r\n%b" % (len(said), said)


class Counted:
    """A body whose length was said. size: how long it is."""

    def __init__(self, size: int, largest: int) -> None:
        self.size, self.largest = size, largest
        self._left = size

    def fits(self, rest: bytearray) -> bool:
        """Return whether all of it is among the bytes that came."""
        return len(rest) >= self.size

    def take(self, rest: bytearray, file: IO[bytes]) -> bool:
        """Move what there is of it into a file. Returns whether that was all. Raises Malformed."""
        part = rest[: self._left]
        del rest[: len(part)]
        file.write(part)
        self._left -= len(part)
        return not self._left


class Chunked:
    """A body in chunks. size: how long it is, as far as that is known."""

    def __init__(self, largest: int) -> None:
        self.size, self.largest = 0, largest
        self._left = 0
        self._framing = 0
        self._state = "size"

    def fits(self, rest: bytearray) -> bool:
        """Return whether all of it is among the bytes that came."""
        return False

    def take(self, rest: bytearray, file: IO[bytes]) -> bool:
        """Move what there is of it into a file. Returns whether that was all. Raises Malformed."""
        at = 0
        try:
            while True:
                if self._state == "data":
                    part = rest[at : at + self._left]
                    file.write(part)
                    at += len(part)
                    self._left -= len(part)
                    if self._left:
                        return False
                    self._state = "end"
                line, at = self._line(rest, at)
                if line is None:
                    return False
                if self._is_last(line):
                    return True
                if self.size > self.largest:
                    return False
        finally:
            del rest[:at]

    def _line(self, rest: bytearray, at: int) -> tuple[bytes | None, int]:
        end = rest.find(b"\n", at, at + LARGEST_CHUNK_LINE)
        if end < 0:
            if len(rest) - at >= LARGEST_CHUNK_LINE:
                raise Malformed(f"a line between chunks has more than {LARGEST_CHUNK_LINE} bytes")
            return None, at
        self._framing += end + 1 - at
        if self._framing > LARGEST_FRAMING + self.size:
            raise Malformed("there is more around the chunks than in them")
        if end == at or rest[end - 1] != 0x0D:
            raise Malformed("a line ends with CR and LF")
        return bytes(rest[at : end - 1]), end + 1

    def _is_last(self, line: bytes) -> bool:
        """Go on by the next line. Returns whether it was the last one of the body."""
        if self._state == "end":
            if line:
                raise Malformed("a chunk is longer than it said")
            self._state = "size"
        elif self._state == "size":
            chunk = _CHUNK.fullmatch(line)
            if chunk is None:
                raise Malformed("expected the size of a chunk, a hexadecimal number")
            self._left = int(chunk[1], 16)
            self.size += self._left
            self._state = "data" if self._left else "trailers"
        else:
            return not line
        return False
