"""What of a document is not understood: it is left out, listed with its place and the reason, and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from apitwin.contracts.errors import ContractError, bounded_line

KEPT = 10_000
"""Things that are listed one by one; more are counted. Assumed."""
SHOWN = 3
"""Things that are named where a document is read; the rest is a number."""


@dataclass(frozen=True)
class SetAside:
    """One detail of a document that is left out. place: its file and JSON pointer; reason: what is wrong with it."""

    place: str
    reason: str

    def __str__(self) -> str:
        return bounded_line(f"{self.place}: {self.reason}")


class SetAsides(Sequence[SetAside]):
    """Everything that was set aside of one document, each thing once. It may grow: a schema is read when it is used."""

    def __init__(self) -> None:
        self._noted: dict[SetAside, None] = {}
        self._more = self._told = 0

    def __len__(self) -> int:
        return len(self._noted) + self._more

    @overload
    def __getitem__(self, index: int) -> SetAside: ...
    @overload
    def __getitem__(self, index: slice) -> list[SetAside]: ...
    def __getitem__(self, index: int | slice) -> SetAside | list[SetAside]:
        return list(self._noted)[index]

    def __iter__(self) -> Iterator[SetAside]:
        return iter(tuple(self._noted))

    def note(self, place: str, reason: str) -> None:
        """Add one thing. Beyond `KEPT` it is only counted."""
        entry = SetAside(place, reason)
        if len(self._noted) < KEPT:
            self._noted[entry] = None
        elif entry not in self._noted:
            self._more += 1

    def note_error(self, error: ContractError) -> None:
        """Add what an error says instead of raising it."""
        self.note(error.place, error.problem)

    def lines(self, shown: int = SHOWN) -> list[str]:
        """Return what a user is told, once: how many things, the first of them, and how many more.

        [] where there is nothing, or nothing since the last time.
        """
        first, self._told = self._told, len(self)
        number = len(self) - first
        if not number:
            return []
        more = "more " if first else ""
        things = f"1 {more}thing in this document is" if number == 1 else f"{number} {more}things in this document are"
        told = [f"  {entry}" for entry in self[first : first + shown]]
        rest = [f"  and {number - shown} others"] if number > shown else []
        return [f"{things} not understood, and left out:", *told, *rest]
