"""Texts as who reads them understands them: without the escapes of addresses, JSON, HTML and programming languages.

Each character of what is read knows the place that it was read from, so that what is met in it can be taken out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ESCAPE = re.compile(
    r"[%\\&\x00](?:"  # first what every escape begins with, which is found fast
    r"(?<=%)(?P<percent>[0-9A-Fa-f]{2})"  # RFC 3986 section 2.1
    r"|(?<=\\)\\*u(?:00(?P<unicode>[0-9A-Fa-f]{2})|\{0*(?P<braced>[0-9A-Fa-f]{1,2})\})"  # RFC 8259 section 7, ECMA-262
    r"|(?<=\\)\\*x(?P<hexadecimal>[0-9A-Fa-f]{2})"
    r"|(?<=&)\#[xX]0*(?P<reference>[0-9A-Fa-f]{1,2});?"  # HTML, character references
    r"|(?<=&)\#0*(?P<decimal>[0-9]{1,3});?"
    r"|(?<=&)(?P<named>[A-Za-z]{2,12};)"
    r"|(?<=\\)(?P<dropped>\\*(?=[^ux\\]))"  # the mark before an escaped character
    r"|(?<=\\)(?P<backslash>\\)"
    r"|(?<=\x00)(?P<nothing>)"  # what UTF-16 has between two characters
    r")"
)
MARKS = frozenset("%&\\\0")
"""Without one of these a text has no escape."""
MOST_LAYERS = 5
"""How often a text may be escaped over again (assumed: nobody reads what is deeper)."""


@dataclass(frozen=True)
class Decoded:
    """A text without escapes. places: where in the written text each character begins, and last where it ends."""

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the written text a part of this one stands."""
        return self.places[start], self.places[end]


def written(text: str) -> Decoded:
    """Return a text as it is written."""
    return Decoded(text, range(len(text) + 1))


def readings(text: str) -> Iterator[Decoded]:
    """Give a text as it is written, without its escapes, without those that these hid, and so on."""
    reading = written(text)
    for _ in range(MOST_LAYERS):
        yield reading
        if ESCAPE.search(reading.text) is None:
            return
        reading = _one_layer_less(reading)
    yield reading


def quickly(text: str) -> Iterator[str]:
    """Give what `readings` gives after the first, without the places, which cost most of the time."""
    if any(mark in text for mark in MARKS):  # each is looked for much faster than the text is gone through
        for _ in range(MOST_LAYERS):
            text, count = ESCAPE.subn(_plain, text)
            if count == 0:
                return
            yield text


def _one_layer_less(reading: Decoded) -> Decoded:
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for match in ESCAPE.finditer(reading.text):
        plain = _plain(match)
        pieces += (reading.text[end : match.start()], plain)
        places += reading.places[end : match.start()]
        places += [reading.places[match.start()]] * len(plain)
        end = match.end()
    places += reading.places[end:]
    return Decoded("".join((*pieces, reading.text[end:])), places)


def _plain(match: re.Match[str]) -> str:
    kind, text = match.lastgroup, match[match.lastgroup or 0]
    if kind in ("dropped", "nothing"):
        return ""
    if kind == "backslash":
        return text
    if kind == "named":
        return html.unescape(f"&{text}")
    number = int(text, 10 if kind == "decimal" else 16)
    return chr(number) if 0 < number < 0x110000 else ""
