"""What is said of one law on one operation, and what a broken law has to show for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.model import Evidence
from testkit.exchange import Exchange

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


@dataclass(frozen=True)
class Verdict:
    """The outcome of one law on one operation: holds, broken, inconclusive or skipped, the last three with a reason.

    drawn: the smallest values that broke it, by name. replay: a command line that does it again.
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
