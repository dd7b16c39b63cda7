"""What a position is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from apitwin.testkit.server.positions import Position


@dataclass(frozen=True)
class Places:
    """The places of a list where a page can begin.

    total: its items; size: of a page, in effect; beyond: how far past the end a page may begin, in items; met: walks
    the list in pages of that size and returns where each of them began.
    """

    total: int
    size: int
    beyond: int
    met: Callable[[], Sequence[Position]]
