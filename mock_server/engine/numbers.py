"""Reading integers from query strings, each server in its own spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from apitwin.contracts.words import Spelling

# Longer than any number a server could mean, and far below where Python itself refuses to read one.
MOST_DIGITS = 1000


NumberKind = Literal["number", "empty", "fraction", "text"]
"""What a text turned out to be."""


@dataclass(frozen=True)
class Number:
    """A text that was read. value: only where it is a number or a fraction."""

    kind: NumberKind
    value: int = 0


def read(text: str, spelling: Spelling, largest: int | None = None) -> Number:
    """Read a query value as an integer. largest: what is above it is no number, as where a server has 32 bits for it.

    spelling: `strict` takes ASCII digits with an optional minus; anything else takes what Python's int() takes, as
    Django does ("+5", " 5", full-width digits, "5_0"). A fraction's value is what lies at or below it.
    """
    if text == "":
        return Number("empty")
    if len(text) > MOST_DIGITS:
        return Number("text")
    if spelling != "strict" or re.fullmatch(r"-?[0-9]+", text):
        try:
            number = Number("number", int(text))
        except ValueError:
            pass
        else:
            return number if largest is None or number.value <= largest else Number("text")
    if re.fullmatch(r"[+-]?[0-9]*\.[0-9]+|[+-]?[0-9]+\.", text.strip()):
        return Number("fraction", int(float(text)) if abs(float(text)) < 1e15 else 0)
    return Number("text")
