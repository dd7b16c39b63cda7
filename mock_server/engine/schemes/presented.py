"""What a request shows under one scheme, before it is compared with anything."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from apitwin.mock_server.world.world import Token


@dataclass(frozen=True)
class Presented:
    """A credential as it came. username: None where the scheme has none, or where it could not be read."""

    secret: bytes = field(repr=False)
    username: bytes | None = field(default=None, repr=False)

    def is_of(self, token: Token) -> bool:
        """Return whether it is a token's. How long that takes says nothing of how much of it is right."""
        same_secret = hmac.compare_digest(token.secret.encode(), self.secret)
        if token.username is None or self.username is None:
            return same_secret and token.username is None and self.username is None
        return hmac.compare_digest(token.username.encode(), self.username) and same_secret


UNREADABLE = Presented(b"")
"""A credential under the right scheme that nobody can read. It is that of no token: none is empty."""


def after(word: str, header: str, is_sensitive: bool) -> str | None:
    """Return what stands after the name of an HTTP authentication scheme, None where another name stands there.

    Source: RFC 9110 section 11.4.
    """
    scheme, _, rest = header.partition(" ")
    same = scheme == word if is_sensitive else scheme.lower() == word.lower()
    return rest if same else None
