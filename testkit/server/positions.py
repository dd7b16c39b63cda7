"""Where a page begins, as the laws know it: by their own counting, never by what the server claims."""

from __future__ import annotations

from dataclasses import dataclass

from apitwin.testkit.transport.exchange import Query


@dataclass(frozen=True)
class Position:
    """Where a page begins. parameters: what a request says of it; start: how many items of the list come before it.

    link: the address of the page, where the server gave one out and nothing else leads there.
    """

    parameters: Query
    start: int
    link: str | None = None
