"""What is said of one law on one operation, and what a broken law has to show for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from apitwin.contracts.model import Evidence
from apitwin.testkit.transport.exchange import Exchange

Outcome = Literal["holds", "broken", "inconclusive", "skipped"]
"""What a verdict says of a law."""
HOLDS: Final = "holds"
BROKEN: Final = "broken"
INCONCLUSIVE: Final = "inconclusive"
SKIPPED: Final = "skipped"
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


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

    shown: the exchanges that prove it, the fewest that do. is_unreadable: whether what was broken is that an answer can
    be read as a page, without which no law can say anything of it.
    """

    says: str
    expected: str
    found: str
    fact: str | None
    shown: tuple[Exchange, ...]
    is_unreadable: bool = False


class Broken(AssertionError):
    """A law was broken; the caller reports the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.says)
        self.finding = finding


MOST_NAMED = 5
"""Things left behind that are named; how many more there are is counted."""


class Leftovers:
    """What a law made in a live system and did not take away, by path."""

    def __init__(self) -> None:
        self._certain: dict[str, None] = {}
        self._doubtful: dict[str, None] = {}

    def certain(self, path: str) -> None:
        """Remember a thing that was made, and is still there."""
        self._certain[path] = None

    def doubtful(self, path: str) -> None:
        """Remember a thing that may have been made by the law: that is not certain, and so it was not touched."""
        self._doubtful[path] = None

    def clear(self) -> None:
        """Forget everything, for the next verdict."""
        self._certain.clear()
        self._doubtful.clear()

    @property
    def summary(self) -> str:
        """What is left behind, in words; an empty text where that is nothing."""
        doubtful = [path for path in self._doubtful if path not in self._certain]
        parts = [f"left behind: {_named(list(self._certain))}"] if self._certain else []
        parts += [f"may be left behind: {_named(doubtful)} (look at it before you delete it)"] if doubtful else []
        return "; ".join(parts)


def _named(paths: list[str]) -> str:
    more = len(paths) - MOST_NAMED
    return ", ".join(paths[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class Verdict:
    """The outcome of one law on one operation: holds, broken, inconclusive or skipped, the last three with a reason.

    drawn: the smallest values that broke it, by name. replay: a command line that does it again. examples: those that
    had something to examine. applies: whether the law has anything to say of such an operation on such a target. The
    reason also says what the law made and left behind; then it never just holds.
    """

    operation: str
    law: str
    outcome: Outcome
    reason: str = ""
    finding: Finding | None = None
    evidence: Evidence | None = None
    drawn: Mapping[str, Any] = field(default_factory=dict)
    conversation: tuple[Exchange, ...] = ()
    replay: str = ""
    examples: int = 0
    requests: int = 0
    applies: bool = True

    @property
    def was_looked_at(self) -> bool:
        """Whether something was examined, or tried to be."""
        return self.outcome != SKIPPED
