"""What was changed in a table, for whatever was derived of it before."""

from __future__ import annotations

from collections.abc import Sequence

from apitwin.mock_server.world.record import Record

Change = tuple["Record | None", "Record | None"]
"""A record that goes and one that comes, in its place where both are there."""
MOST = 4096
"""Changes that are remembered, at least; twice as many at most. What was derived longer ago is derived anew."""


class Log:
    """The changes up to a version, the last ones of them. It never changes: what is added is seen by the next log only.

    All logs of a table share a list, to whose end alone is written, until two of them go different ways.
    """

    __slots__ = ("_changes", "_size", "version")

    def __init__(self, changes: list[Change] | None = None, version: int = 0) -> None:
        """changes: not to be changed by anybody else; version: how many changes there ever were."""
        self._changes = [] if changes is None else changes
        self._size = len(self._changes)
        self.version = version

    def since(self, version: int) -> Sequence[Change] | None:
        """Return the changes after a version that came before this one, None where not all are remembered."""
        missed = self.version - version
        return None if missed > self._size else self._changes[self._size - missed : self._size]

    def added(self, changes: Sequence[Change]) -> Log:
        """Return the log with some more changes. Only one thread may do so at a time."""
        shared = self._changes
        if len(shared) != self._size or self._size + len(changes) > 2 * MOST:
            shared = shared[max(0, self._size - MOST) : self._size]
        shared += changes
        return Log(shared, self.version + len(changes))
