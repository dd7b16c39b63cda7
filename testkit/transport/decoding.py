"""Bodies out of their content codings, under a cap of bytes: a few hundred of them may stand for gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from apitwin.testkit.errors import Unreadable
from apitwin.testkit.transport.bounds import Bounds

GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
"""What zlib calls the wrappings of compressed data."""
MOST_MEMBERS = 256
"""Members of one gzip body (assumed: compressors that write many give each 64 kB): for each, what is left is copied."""


def decoded(body: bytes, codings: str, bounds: Bounds) -> bytes:
    """Return a body without its codings, RFC 9110 section 8.4. codings: the header Content-Encoding, "" without one.

    A coding that is not known leaves the body as it came: nobody asked for it. Raises Unreadable for what is not coded
    as it says, or grows over the bounds.
    """
    names = [name.strip().lower() for name in codings.split(",") if name.strip()]
    if len(names) > bounds.encodings:
        raise Unreadable(f"its body is coded {len(names)} times; at most {bounds.encodings} are undone")
    for name in reversed(names):
        if name == "identity":
            continue
        if name not in CODINGS:
            return body
        try:
            body = CODINGS[name](body, bounds.size)
        except zlib.error:
            raise Unreadable(f"its body says {name} and is none") from None
    return body


def gunzipped(body: bytes, most: int) -> bytes:
    """Return what a gzip body holds, RFC 1952: members one after the other, and perhaps zeros after them."""
    pieces: list[bytes] = []
    left = most
    while body.rstrip(b"\0"):
        piece, body = _inflated(body, GZIP, left)
        pieces.append(piece)
        if len(pieces) > MOST_MEMBERS:
            raise Unreadable(f"its body has more than {MOST_MEMBERS} gzip members")
        left -= len(piece)
    return b"".join(pieces)


def inflated(body: bytes, most: int) -> bytes:
    """Return what a deflate body holds, in its wrapping (RFC 1950) or, as some servers have it, without."""
    try:
        return _inflated(body, ZLIB, most)[0] if body else body
    except zlib.error:
        return _inflated(body, RAW, most)[0]


def _inflated(body: bytes, wrapping: int, most: int) -> tuple[bytes, bytes]:
    """Return what one stream holds, and what comes after it."""
    stream = zlib.decompressobj(wrapping)
    found = stream.decompress(body, most + 1)
    if len(found) > most:
        raise Unreadable(f"its body grows to more than {most >> 10} kB when it is decompressed")
    if not stream.eof:
        raise Unreadable("its compressed body ends too early")
    return found, stream.unused_data


CODINGS: dict[str, Callable[[bytes, int], bytes]] = {"gzip": gunzipped, "x-gzip": gunzipped, "deflate": inflated}
"""How to undo each coding that is known. Source: RFC 9110 section 8.4.1."""
