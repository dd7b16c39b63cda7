"""Servers whose bodies are compressed: bombs, lies, and codings inside codings."""

from __future__ import annotations

import gzip
import zlib
from functools import cache

from tests.hostile.serving import Asked, Zoo, answer, page


@cache
def _bomb(megabytes: int, times: int = 1) -> bytes:
    """Return so many megabytes of spaces, compressed so many times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()
    for _ in range(times - 1):
        body = gzip.compress(body, 9)
    return body


def _coded(asked: Asked, coding: str, body: bytes) -> list[bytes]:
    return [answer(body, f"Content-Encoding: {coding}")]


ZOO: Zoo = {
    "gzip-bomb": lambda asked: _coded(asked, "gzip", _bomb(120)),
    "gzip-bomb-twice": lambda asked: _coded(asked, "gzip, gzip", _bomb(120, 2)),
    "gzip-bomb-thrice": lambda asked: _coded(asked, "gzip, gzip, gzip", _bomb(120, 3)),
    "deflate-bomb": lambda asked: _coded(asked, "deflate", zlib.compress(b" " * 10**8, 9)),
    "gzip-members": lambda asked: _coded(asked, "gzip", gzip.compress(b"") * 50_000),
    "gzip-lie": lambda asked: _coded(asked, "gzip", b'{"count": 1}'),
    "gzip-cut": lambda asked: _coded(asked, "gzip", gzip.compress(str(page(asked)).encode())[:-12]),
    "gzip-bad-sum": lambda asked: _coded(asked, "gzip", gzip.compress(b"{}")[:-8] + b"\0" * 8),
    "gzip-trailing": lambda asked: _coded(asked, "gzip", gzip.compress(b"{}") + b"garbage"),
    "deflate-raw": lambda asked: _coded(asked, "deflate", zlib.compress(b"{}")[2:-4]),
    "encodings-many": lambda asked: _coded(asked, ", ".join(["gzip"] * 5000), b"{}"),
    "encoding-unknown": lambda asked: _coded(asked, "br, zstd", b"\x28\xb5\x2f\xfd{}"),
}
