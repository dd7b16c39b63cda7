"""What a request shows to prove who sends it: the token, no token, and the ways to get a token wrong.

A credential never holds the token. It is a rule that makes a header from the token when the request is sent, and a
text that shows the same in a shell, so that every printed `curl` line works with `$TOKEN` set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Credential:
    """name: for people. header: token -> Authorization header, None for none. shown: the header in a POSIX shell."""

    name: str
    header: Callable[[str], str | None]
    shown: str | None


OTHER_TOKENS = ("expired", "revoked", "restricted")
"""The kinds of token that a user may give besides a good one; restricted: valid, without a role."""
TOKEN = Credential("the token", lambda token: f"Bearer {token}", "Bearer $TOKEN")
NOTHING = Credential("no token", lambda token: None, None)

WRONG_TOKENS = (
    Credential("another token", lambda token: "Bearer " + "x" * len(token), "Bearer ${TOKEN//?/x}"),
    Credential("the token without its last character", lambda token: f"Bearer {token[:-1]}", "Bearer ${TOKEN%?}"),
    Credential("the token with a character more", lambda token: f"Bearer {token}x", "Bearer ${TOKEN}x"),
    Credential(
        "the token with upper and lower case exchanged", lambda token: f"Bearer {token.swapcase()}", "Bearer ${TOKEN~~}"
    ),
    Credential("the first part of the token", lambda token: f"Bearer {_prefix(token)}", "Bearer ${TOKEN%%_*}_"),
    Credential(
        "the prefix with other characters", lambda token: f"Bearer {_forged(token)}", "Bearer ${TOKEN%%_*}_xxxxxxxx"
    ),
)
"""Tokens that look like the right one. The twin of each in a shell needs bash."""

WRONG_SCHEMES = (
    Credential("the token under Basic", lambda token: f"Basic {token}", "Basic $TOKEN"),
    Credential("the token under Token", lambda token: f"Token {token}", "Token $TOKEN"),
    Credential("the token without a scheme", lambda token: token, "$TOKEN"),
    Credential("the scheme without a token", lambda token: "Bearer", "Bearer"),
    Credential("the token twice", lambda token: f"Bearer {token} {token}", "Bearer $TOKEN $TOKEN"),
    Credential("the token under Bearers", lambda token: f"Bearers {token}", "Bearers $TOKEN"),
)
"""Headers that carry the right token in a wrong way."""

OTHER_CASES = (
    Credential("the scheme in lower case", lambda token: f"bearer {token}", "bearer $TOKEN"),
    Credential("the scheme in upper case", lambda token: f"BEARER {token}", "BEARER $TOKEN"),
)


def other(kind: str, secret: str) -> Credential:
    """Return the credential of another token of the target, shown as `$EXPIRED_TOKEN` and the like."""
    return Credential(f"the {kind} token", lambda token: f"Bearer {secret}", f"Bearer ${kind.upper()}_TOKEN")


def _prefix(token: str) -> str:
    head, mark, _ = token.partition("_")
    return head + mark if mark else token[: len(token) // 2]


def _forged(token: str) -> str:
    head = _prefix(token)
    return head + "x" * (len(token) - len(head))
