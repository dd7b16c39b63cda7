"""What a client under test is given to prove who it is, and how to tell that it lets somebody see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus


@dataclass(frozen=True)
class ClientKey:
    """A credential of a client.

    text: what a function gets: a token, a key, or `username:password`; of several that are required together a JSON
    object by the names of their schemes. variables: what a command finds in its environment. spellings: every text
    that tells a secret of it, the longest of each first.
    """

    text: str = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    spellings: tuple[str, ...] = field(repr=False)

    def is_in(self, text: str) -> bool:
        """Return whether a text tells a secret, plain or escaped."""
        return any(spelling in text for spelling in self.spellings)

    def is_among(self, texts: Iterable[str]) -> bool:
        """Return whether one of some texts of a request tells a secret."""
        return any(self.is_in(text) or self.is_in(unquote_plus(text)) for text in texts)

    def without(self, text: str) -> str:
        """Return a text in which no secret is told."""
        for spelling in self.spellings:
            text = text.replace(spelling, "$TOKEN")
        return text
