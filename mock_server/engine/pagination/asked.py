"""What a request says of the page that it wants, and the window that is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from apitwin.contracts.model import Collection, Pagination
from apitwin.contracts.words import Repeated
from apitwin.mock_server.messages import Query, chosen

ASSUMED_DEFAULT = 20
"""Items a page where a contract says neither default nor maximum nor what an absent limit means (assumed)."""


@dataclass(frozen=True)
class Asked:
    """A request for a page. base: scheme, host and path; collection: of the items, None where it is not known."""

    base: str
    query: Query
    rule: Pagination
    repeated: Repeated
    collection: Collection | None = None

    def text(self, parameter: str | None) -> str | None:
        """Return the value of a parameter that counts, None where it was not sent."""
        return None if parameter is None else chosen(self.query, parameter, self.repeated)


@dataclass(frozen=True)
class Window:
    """A stretch of a list. limit: items at most, None for the whole list as a bare array. asked: as it was sent.

    start: how many items of the list come before it.
    """

    limit: int | None
    start: int
    asked: str | None = None

    @property
    def after(self) -> int:
        """How many items come before the next window."""
        return self.start + (self.limit or 0)
