"""Every spelling in which a text may tell a secret, and how to take them all out.

A secret is met as it is, under the escapes of addresses, JSON and HTML in any number of layers, in base64 wherever in
the encoded text it begins, and in hexadecimal digits. A part of it that is long enough to guess the rest from is taken
out of what is printed as well, in either case of its letters.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from apitwin.contracts.security import decoded

HIDDEN = "$TOKEN"
"""What stands in the place of a secret."""
SHORTEST_PART = 8
"""Characters of a secret that are never shown, where it has so many: a third of it, at least these (assumed)."""
LONGEST_PART = 16
SHORTEST_ENCODED = 6
"""Characters in base64 or hexadecimal digits from which on they are no chance."""
SIZE_OF_A_PIECE = 8
"""Characters of the texts that are looked for first: many literals share them, few answers hold them (measured)."""
MARKS = tuple(mark.encode() for mark in decoded.MARKS)
LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
"""Both cases made one, with every character in its place."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Spellings:
    """Secrets, and how to find them. It prints as what stands in their place."""

    secrets: frozenset[str]

    @classmethod
    def of(cls, secrets: Iterable[str]) -> Spellings:
        """Return the spellings of some secrets; an empty text is none."""
        return cls(frozenset(secret for secret in secrets if secret))

    def __repr__(self) -> str:
        return f"Spellings({HIDDEN})"

    def __bool__(self) -> bool:
        return bool(self.secrets)

    def are_in(self, text: str) -> bool:
        """Return whether a text tells a whole secret, in any spelling."""
        return any(self._are_plainly_in(reading) for reading in (text, *decoded.quickly(text)))

    def _are_plainly_in(self, text: str) -> bool:
        """Return whether one of the literals stands in a text. Few pieces say fast that none does."""
        for piece in self._pieces:
            if piece in text:
                return any(literal in text for literal in self._literals)
        return False

    def are_in_bytes(self, content: bytes) -> bool:
        """Return whether bytes tell a whole secret, in any spelling."""
        for piece in self._piece_bytes:
            if piece in content and any(literal in content for literal in self._literal_bytes):
                return True
        for mark in MARKS:
            if mark in content:
                return self.are_in(_as_text(content))
        return False

    def without(self, text: str) -> str:
        """Return a text without whole secrets, in any spelling."""
        return _cut(text, self._whole(text)) if self.are_in(text) else text

    def without_bytes(self, content: bytes) -> bytes:
        """Return bytes without whole secrets, in any spelling. All other bytes stay as they are."""
        return self.without(_as_text(content)).encode("utf-8", "surrogateescape")

    def cleaned(self, text: str) -> str:
        """Return a text as it may be printed: without secrets in any spelling, and without what tells much of one."""
        if not self.secrets:
            return text
        return _cut(text, [*self._whole(text), *self._parts(text)])

    def _whole(self, text: str) -> Iterator[Span]:
        for reading in decoded.readings(text):
            for literal in self._literals:
                at = reading.text.find(literal)
                while at >= 0:
                    yield reading.span(at, at + len(literal))
                    at = reading.text.find(literal, at + 1)

    def _parts(self, text: str) -> Iterator[Span]:
        for reading in decoded.readings(text):
            lower = reading.text.translate(LOWER)
            for windows in self._windows:
                for start, end in windows.found(lower):
                    yield reading.span(start, end)

    @cached_property
    def _literals(self) -> tuple[str, ...]:
        """Every text that is no further escaped and tells a secret, the longest first."""
        texts = {text for secret in self.secrets for text in (secret, *decoded.quickly(secret), *_encoded(secret))}
        texts |= {text.replace(" ", "+") for text in texts}  # as forms write it
        texts |= {json.dumps(text)[1:-1].replace("/", slash) for text in texts for slash in ("/", "\\/")}
        texts |= {text.replace("\\", "") for text in texts}  # which may be taken for the mark of an escape
        return tuple(sorted(filter(None, texts), key=len, reverse=True))

    @cached_property
    def _literal_bytes(self) -> tuple[bytes, ...]:
        return tuple(literal.encode("utf-8", "surrogatepass") for literal in self._literals)

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        """A few texts of which each literal holds one: tokens of one server often begin alike, and so do their codes.

        What is shorter than a piece stands for itself.
        """
        pieces: list[str] = []
        left = set(self._literals)
        while left:
            holders = Counter(piece for literal in left for piece in _parts_of(literal))
            piece = max(holders, key=lambda one: (holders[one], one))
            pieces.append(piece)
            left = {literal for literal in left if piece not in literal}
        return tuple(pieces)

    @cached_property
    def _piece_bytes(self) -> tuple[bytes, ...]:
        return tuple(piece.encode("utf-8", "surrogatepass") for piece in self._pieces)

    @cached_property
    def _windows(self) -> tuple[_Windows, ...]:
        """What to look for to find a part of a secret."""
        windows = []
        for secret in self.secrets:
            size = min(max(SHORTEST_PART, len(secret) // 3), LONGEST_PART)
            windows.append(_Windows(secret.translate(LOWER), size))
            windows += [_Windows(text.translate(LOWER), size * 4 // 3 + 1) for text in _in_base64(secret)]
        return tuple(windows)


class _Windows:
    """All parts of a text that have the same size."""

    def __init__(self, text: str, size: int) -> None:
        self._size = size
        self._parts = frozenset(text[start : start + size] for start in range(len(text) - size + 1))
        letters = "".join(sorted(set(text)))
        # Runs of the text's own letters are found fast, and few texts have long ones.
        self._runs = re.compile(f"[{re.escape(letters)}]{{{size},}}") if self._parts else None

    def found(self, text: str) -> Iterator[Span]:
        """Give the places of the parts in a text, as (start, end)."""
        if self._runs is None:
            return
        for run in self._runs.finditer(text):
            for start in range(run.start(), run.end() - self._size + 1):
                if text[start : start + self._size] in self._parts:
                    yield start, start + self._size


def _parts_of(literal: str) -> set[str]:
    """Return the parts of a literal that have the size of a piece, or the whole of a shorter one."""
    return {literal[start : start + SIZE_OF_A_PIECE] for start in range(max(1, len(literal) - SIZE_OF_A_PIECE + 1))}


def _encoded(secret: str) -> Iterator[str]:
    """Give a secret in base64 and in hexadecimal digits, where that is long enough to be no chance."""
    digits = secret.encode("utf-8", "surrogatepass").hex()
    for text in (*_in_base64(secret), digits, digits.upper()):
        if len(text) >= SHORTEST_ENCODED:
            yield text


def _in_base64(secret: str) -> Iterator[str]:
    """Give what base64 makes of a secret alone, whatever stands before and after it. RFC 4648 sections 4 and 5."""
    content = secret.encode("utf-8", "surrogatepass")
    for before in range(3):
        text = base64.b64encode(b"\0" * before + content).decode().rstrip("=")
        first = (before * 8 + 5) // 6  # what begins before it is made of its neighbour as well
        last = (before + len(content)) * 8 // 6
        yield text[first:last]
        if "+" in text or "/" in text:
            yield text[first:last].replace("+", "-").replace("/", "_")


def _cut(text: str, spans: Iterable[Span]) -> str:
    """Return a text with something else in the place of each part; parts that touch are one."""
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if start >= end:
            pieces += [text[end:start], HIDDEN] if start > end or not pieces else []
        end = max(end, stop)
    return "".join((*pieces, text[end:]))


def _as_text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
