"""Whether a token can be read in what was written, in whatever spelling."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes


def leak_in(folder: Path, token: str) -> str | None:
    """Return where below a folder a token can be read, and how it is spelled there; None where it cannot."""
    for path in sorted(folder.rglob("*")):
        for text in (path.name.encode(), path.read_bytes() if path.is_file() else b""):
            for how, reading in _readings(text):
                for part in _parts(token):
                    if part in reading:
                        return f"{path.relative_to(folder)}: {how}"
    return None


def _parts(token: str) -> Iterator[bytes]:
    """Give what tells a token: a long piece of it, and that in base64, at each of its three places."""
    text = token.encode()
    yield text[: len(text) // 2 + 2]
    yield text[len(text) // 2 - 2 :]
    for before in range(3):
        coded = base64.b64encode(b"x" * before + text)
        yield coded[4 if before else 0 : -4][:16]


def _readings(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Give a text as it is, and without each kind of escape, once and twice."""
    yield "as it is", text
    yield "escaped", _unescaped(text)
    yield "escaped twice", _unescaped(_unescaped(text))
    percent = unquote_to_bytes(text)
    yield "in percents", percent
    yield "in percents twice", unquote_to_bytes(percent)
    for how, reading in (("HTML", text), ("escaped HTML", _unescaped(text))):
        yield how, html.unescape(html.unescape(reading.decode("utf-8", "replace"))).encode("utf-8", "replace")


def _unescaped(text: bytes) -> bytes:
    plain = re.sub(rb"\\+u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)).encode("utf-8", "replace"), text)
    return re.sub(rb"\\+x([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), plain)
