"""What one answer may cost, and what a whole run may: numbers, and the account of what is left of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from apitwin.testkit.errors import RunEnded, TargetError

LIVE_DEADLINE_S = 3600.0
"""Seconds that a run on a live API may take unless the user says otherwise (assumed: a run that nobody watches)."""
LONGEST_WAIT_S = 60.0
"""Seconds that one request may wait in all because a Retry-After asks for it (assumed)."""
MOST_WAITED_S = 300.0
"""Seconds that a run may wait in all because Retry-Afters ask for it (assumed)."""
MOST_LOST = 5
"""Answers lost one after the other after which nothing more is asked (assumed: it is down, or it is hostile)."""


@dataclass(frozen=True)
class Bounds:
    """What one answer may cost. All numbers are assumed: what no page of an API in use comes near.

    seconds: from the first byte sent to the last one read. size: bytes of a body, as sent and again after each
    decompression. values: members and elements in a JSON body. head: bytes of all headers. encodings: codings of a
    body, one inside the other.
    """

    seconds: float = 30.0
    size: int = 8 * 2**20
    values: int = 200_000
    head: int = 64 * 2**10
    encodings: int = 2


@dataclass
class RunBudget:
    """What is left for a run. seconds: from now to its deadline, None for no deadline.

    refused: how the target refuses the credential of the run in the middle of it, None where it does not.
    """

    seconds: float | None = None
    waited: float = 0.0
    lost: int = 0
    refused: str | None = None
    _begun: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Seconds to the deadline, 0 at the least; infinite without one."""
        return float("inf") if self.seconds is None else max(0.0, self._begun + self.seconds - time.monotonic())

    @property
    def ended(self) -> str | None:
        """Why nothing is asked any more, None where the run goes on."""
        if self.refused is not None:
            return self.refused
        if self.lost >= MOST_LOST:
            return f"{self.lost} answers in a row were lost, so nothing more is asked; look whether the target is well"
        if self.left <= 0:
            return f"the run's deadline of {self.seconds:g} s has passed; give more with --deadline"
        return None

    def require(self) -> None:
        """Raise RunEnded where nothing is asked any more."""
        reason = self.ended
        if reason is not None:
            raise RunEnded(reason)

    def wait(self, seconds: float, name: str) -> None:
        """Wait, as a target asks. name: of the target. Raises TargetError where that is too long for the run."""
        if self.waited + seconds > MOST_WAITED_S:
            self.lost = max(self.lost, MOST_LOST)
            raise TargetError(f"{name} asks to wait again; {MOST_WAITED_S:.0f} s of a run are waited in all")
        self.waited += seconds
        time.sleep(min(seconds, self.left))
        self.require()
