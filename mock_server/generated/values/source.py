"""Where chance comes from: numbers that follow from what they are for, the same on every machine and in every order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1
_FACTOR, _STEP = 6364136223846793005, 1442695040888963407
"""A linear congruential generator of 64 bits (Knuth, MMIX): quick, and nobody's secret."""


class Source:
    """A stream of choices that follows from the parts it is made of."""

    __slots__ = ("_state",)

    def __init__(self, *parts: object) -> None:
        text = "\0".join(map(str, parts)).encode("utf-8", "replace")
        self._state = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")

    def below(self, most: int) -> int:
        """Return a number from 0 on, below the most, which is 1 or more."""
        self._state = (self._state * _FACTOR + _STEP) & _MASK
        return ((self._state >> 17) ^ (self._state >> 41)) % most

    def between(self, low: int, high: int) -> int:
        """Return a number between two, both of them possible."""
        return low + self.below(high - low + 1)

    def choice(self, values: Sequence[T]) -> T:
        """Return one of some values, of which there is one at least."""
        return values[self.below(len(values))]

    def one_in(self, many: int) -> bool:
        """Return true once in so many times."""
        return self.below(many) == 0

    def letters(self, count: int, alphabet: str = "0123456789abcdef") -> str:
        """Return so many letters of an alphabet."""
        return "".join(self.choice(alphabet) for _ in range(count))
