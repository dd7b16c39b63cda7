"""What a client under test is given to prove who it is, and how to tell that it lets somebody see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apitwin.contracts.security.spellings import Spellings


@dataclass(frozen=True)
class ClientKey:
    """A credential of a client.

    text: what a function gets: a token, a key, or `username:password`; of several that are required together a JSON
    object by the names of their schemes. variables: what a command finds in its environment. secrets: all that tells
    one of them.
    """

    text: str = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    secrets: Spellings

    def is_in(self, text: str) -> bool:
        """Return whether a text tells a secret, plain or escaped."""
        return self.secrets.are_in(text)

    def is_among(self, texts: Iterable[str]) -> bool:
        """Return whether one of some texts of a request tells a secret."""
        return any(map(self.secrets.are_in, texts))

    def without(self, text: str) -> str:
        """Return a text in which no secret is told, nor what tells much of one."""
        return self.secrets.cleaned(text)
