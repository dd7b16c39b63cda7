"""Every exchange a twin had, the latest ones, without any token."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

MOST = 1000


@dataclass(frozen=True)
class Entry:
    """One exchange. operation: its id, None where no operation has that path; query: decoded pairs."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    operation: str | None
    status: int


class Journal:
    """The last exchanges, oldest first. Safe under threads: a deque appends atomically."""

    def __init__(self, most: int = MOST) -> None:
        """most: how many exchanges are kept."""
        self._entries: deque[Entry] = deque(maxlen=most)

    def add(self, entry: Entry) -> None:
        """Keep one exchange; the oldest one goes where there is no more room."""
        self._entries.append(entry)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    def entries(self) -> tuple[Entry, ...]:
        """Return what is kept, oldest first."""
        return tuple(self._entries)

    def as_json(self) -> list[dict[str, Any]]:
        """Return what is kept as JSON values."""
        return [asdict(entry) for entry in self.entries()]
