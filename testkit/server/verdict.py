"""What is said of one law on one operation, and what a broken law has to show for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apitwin.contracts.model import Evidence
from apitwin.testkit.transport.exchange import Exchange

HOLDS, BROKEN, INCONCLUSIVE, SKIPPED = "holds", "broken", "inconclusive", "skipped"
OUTCOMES = (HOLDS, BROKEN, INCONCLUSIVE, SKIPPED)


def undecided(outcomes: Iterable[str]) -> str | None:
    """Return why a run says too little to be called a success, None where it says enough.

    outcomes: of all its verdicts. More that stayed open than hold is too little (assumed).
    """
    counts = Counter(outcomes)
    if counts[INCONCLUSIVE] <= counts[HOLDS]:
        return None
    return f"{counts[INCONCLUSIVE]} verdicts stayed open, more than were decided; the reasons are above"


@dataclass(frozen=True)
class Finding:
    """One way in which a server broke a law. fact: pointer of the rule in the contract, for its evidence.

    shown: the exchanges that prove it, the fewest that do.
    """

    says: str
    expected: str
    found: str
    fact: str | None
    shown: tuple[Exchange, ...]


class Broken(AssertionError):
    """A law was broken; the caller reports the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.says)
        self.finding = finding


MOST_TOLD = 5
"""Things left behind that are named; how many more there are is counted."""


class Left:
    """What a law made in a live system and did not take away, by path."""

    def __init__(self) -> None:
        self._certain: dict[str, None] = {}
        self._perhaps: dict[str, None] = {}

    def certain(self, place: str) -> None:
        """Remember a thing that was made, and is still there."""
        self._certain[place] = None

    def perhaps(self, place: str) -> None:
        """Remember a thing that may be one that was made: it is not certain, and so it was not touched."""
        self._perhaps[place] = None

    def clear(self) -> None:
        """Forget everything, for the next verdict."""
        self._certain.clear()
        self._perhaps.clear()

    @property
    def told(self) -> str:
        """What is left behind, in words; nothing where nothing is."""
        doubts = [one for one in self._perhaps if one not in self._certain]
        parts = [f"left behind: {_some(list(self._certain))}"] if self._certain else []
        parts += [f"may be left behind: {_some(doubts)} (look at it before you delete it)"] if doubts else []
        return "; ".join(parts)


def _some(places: list[str]) -> str:
    more = len(places) - MOST_TOLD
    return ", ".join(places[:MOST_TOLD]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class Verdict:
    """The outcome of one law on one operation: holds, broken, inconclusive or skipped, the last three with a reason.

    drawn: the smallest values that broke it, by name. replay: a command line that does it again. The reason also says
    what the law made and left behind; then it never just holds.
    """

    operation: str
    law: str
    outcome: str
    reason: str = ""
    finding: Finding | None = None
    evidence: Evidence | None = None
    drawn: Mapping[str, Any] = field(default_factory=dict)
    conversation: tuple[Exchange, ...] = ()
    replay: str = ""
    examples: int = 0
    requests: int = 0
