"""Requests put together from the bytes of a connection, as they arrive: where each one ends, and nothing of its sense.

The framing is that of RFC 9112, strictly: what two readers could understand differently is refused. A request leaves
here whole and alone, so no reader behind can take a byte of the next one.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from apitwin.mock_server.http.bodies import Chunked, Counted, Malformed

LARGEST_LINE = 65_536
"""Bytes of a request line."""
LARGEST_HEAD = 131_072
"""Bytes of a head, the request line included."""
MOST_FIELDS = 200
IN_MEMORY = 262_144
"""Bytes of a request that arrives in pieces; what is more waits in a temporary file."""

_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [!-~\x80-\xff]+ HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*)")
_LENGTH = re.compile(rb"[0-9]{1,18}")
NOTHING: IO[bytes] = io.BytesIO()
"""The body of a request that has none."""
_BARE = re.compile(rb"(?<!\r)\n")


@dataclass(frozen=True)
class Whole:
    """One request, all of it.

    line: method, target and version; fields: names as they were sent, and values, without those that say how long the
    body is; size: bytes of the body, None where there is none; body: what they are read from. is_cut: the body was too
    large, and was not read.
    """

    line: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    size: int | None
    body: IO[bytes]
    is_cut: bool = False

    def close(self) -> None:
        """Forget the body."""
        if self.body is not NOTHING:
            self.body.close()


class Arrival:
    """The bytes of one connection. largest: how many bytes a body may have, by the target of its request."""

    def __init__(self, largest: Callable[[bytes], int]) -> None:
        self._largest = largest
        self._rest = bytearray()
        self._begin()

    def _begin(self) -> None:
        self._seen, self._has_line = 0, False
        self._line = b""
        self._fields: tuple[tuple[bytes, bytes], ...] = ()
        self._body: Counted | Chunked | None = None
        self._file: IO[bytes] | None = None
        self.expects_continue = False

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request is here."""
        return bool(self._rest or self._line)

    @property
    def has_head(self) -> bool:
        """Whether the head of the request is here, and something of its body is not."""
        return bool(self._line)

    def close(self) -> None:
        """Forget what is here."""
        if self._file is not None:
            self._file.close()
        self._rest.clear()
        self._begin()

    def take(self, data: bytes) -> Whole | None:
        """Take what came next; return the request that is now whole, if there is one. Raises Malformed."""
        self._rest += data
        if not self._line and not self._read_head():
            return None
        body = self._body
        if body is None:
            return self._leave(None, NOTHING)
        if body.size > body.largest:  # said before it came
            return self._leave(body.size, NOTHING, is_cut=True)
        if self._file is None:
            if body.fits(self._rest):  # as most bodies do, all of it is here: no file is needed
                content = bytes(self._rest[: body.size])
                del self._rest[: body.size]
                return self._leave(len(content), io.BytesIO(content))
            self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # it leaves with the request
        is_whole = body.take(self._rest, self._file)
        if body.size > body.largest:
            self._file.close()
            return self._leave(body.size, NOTHING, is_cut=True)
        if not is_whole:
            return None
        self._file.seek(0)
        return self._leave(body.size, self._file)

    def _leave(self, size: int | None, body: IO[bytes], is_cut: bool = False) -> Whole:
        whole = Whole(self._line, self._fields, size, body, is_cut)
        self._begin()
        return whole

    def _read_head(self) -> bool:
        rest = self._rest
        if not self._has_line and not self._read_line():
            return False
        end = rest.find(b"\r\n\r\n", max(0, self._seen - 3))
        if _BARE.search(rest, self._seen, len(rest) if end < 0 else end + 4):
            raise Malformed("a line ends with CR and LF")
        if end > LARGEST_HEAD or (end < 0 and len(rest) > LARGEST_HEAD):
            raise Malformed(f"the head has more than {LARGEST_HEAD} bytes", "431 Request Header Fields Too Large")
        if end < 0:
            self._seen = len(rest)
            return False
        head = bytes(rest[: end + 4])
        del rest[: end + 4]
        self._understand(head)
        return True

    def _read_line(self) -> bool:
        """Judge the request line as soon as it is here."""
        rest = self._rest
        if rest.startswith(b"\r\n") and not self._seen:
            del rest[:2]  # an empty line before a request is ignored (RFC 9112 section 2.2), and only one
            self._seen = 0
        if rest == b"\r":
            return False
        end = rest.find(b"\n")
        if end > LARGEST_LINE or (end < 0 and len(rest) > LARGEST_LINE):
            raise Malformed(f"the request line has more than {LARGEST_LINE} bytes", "414 URI Too Long")
        if end < 0:
            return False
        if rest[end - 1 : end + 1] != b"\r\n":
            raise Malformed("a line ends with CR and LF")
        if not _LINE.fullmatch(rest, 0, end - 1):
            raise Malformed("expected METHOD TARGET HTTP/1.1 in the first line")
        self._has_line = True
        return True

    def _understand(self, head: bytes) -> None:
        """Find out how long the body is. Raises Malformed where that is not sure."""
        line, *lines = head[:-4].split(b"\r\n")
        if len(lines) > MOST_FIELDS:
            raise Malformed(f"more than {MOST_FIELDS} header fields", "431 Request Header Fields Too Large")
        lengths: set[bytes] = set()
        codings: list[bytes] = []
        kept = []
        hosts = 0
        for text in lines:
            field = _FIELD.fullmatch(text)
            if field is None:
                raise Malformed("a header field is NAME: VALUE on one line")
            name, value = field[1].lower().replace(b"_", b"-"), field[2].rstrip(b" \t")
            if b"_" in field[1] and name in (b"content-length", b"transfer-encoding"):
                raise Malformed("a header field that could be taken for the length of the body")
            if name == b"content-length":
                lengths.add(value)
            elif name == b"transfer-encoding":
                codings.append(value.lower())
            elif name == b"expect":
                self.expects_continue = value.lower() == b"100-continue" and line.endswith(b"1.1")
            else:
                hosts += name == b"host"
                kept.append((field[1], value))
        if hosts > 1:
            raise Malformed("expected one Host")
        self._body = self._framed(line, lengths, codings)
        self._line, self._fields = line, tuple(kept)

    def _framed(self, line: bytes, lengths: set[bytes], codings: list[bytes]) -> Counted | Chunked | None:
        largest = self._largest(line.split(b" ")[1])
        if codings:
            if codings != [b"chunked"] or lengths or line.endswith(b"1.0"):
                raise Malformed(
                    "expected a Content-Length, or Transfer-Encoding: chunked in HTTP/1.1, and nothing else"
                )
            return Chunked(largest)
        if not lengths:
            return None
        length = lengths.pop()
        if lengths or not _LENGTH.fullmatch(length):
            raise Malformed("expected one Content-Length, a whole number in digits")
        return Counted(int(length), largest)
