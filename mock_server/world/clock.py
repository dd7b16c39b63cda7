"""The time inside a twin: the machine's own, moved on by whoever tests with it, so that nobody has to wait."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone


class Clock:
    """Tells the time, in UTC. Safe under threads."""

    def __init__(self, start: datetime | None = None) -> None:
        """start: the time at which the clock stands still until it is advanced; None to go with the machine's."""
        self._start = start
        self._ahead = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time in this twin."""
        return (self._start or datetime.now(timezone.utc)) + self._ahead

    def advance(self, seconds: float) -> None:
        """Move on by some seconds. Raises ValueError where they are below 0, or lead beyond the year 9999."""
        if not seconds >= 0:
            raise ValueError(f"found {seconds!r} seconds; a clock goes forward only")
        try:
            with self._lock:
                ahead = self._ahead + timedelta(seconds=seconds)
                (self._start or datetime.now(timezone.utc)) + ahead
                self._ahead = ahead
        except OverflowError:
            raise ValueError(f"found {seconds!r} seconds; the year would have more than four digits") from None

    def reset(self) -> None:
        """Go back to the time as it was before any advance."""
        with self._lock:
            self._ahead = timedelta()


def written(moment: datetime) -> str:
    """Return a time as `2026-01-01T00:00:00.000000Z`: six digits of fraction, then Z."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
