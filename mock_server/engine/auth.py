"""Who is asking: the Authorization header against the tokens of the world. Source: RFC 6750 section 2.1."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from apitwin.contracts.model import AuthRule
from apitwin.mock_server.world.world import Token


@dataclass(frozen=True)
class Refused:
    """A request without a right to an answer. error: a name of the contract's errors."""

    error: str


def authenticate(header: str | None, rule: AuthRule, tokens: Iterable[Token]) -> Token | Refused:
    """Return the token that a request carries, or why it is refused.

    header: the Authorization header, None where there is none. Another scheme, or anything but one word after the
    scheme, counts as no token at all (Django REST framework's reading; the contract's evidence says how sure that is).
    """
    words = (header or "").split(" ")
    scheme = words[0] if rule.scheme_case == "sensitive" else words[0].lower()
    expected = "Bearer" if rule.scheme_case == "sensitive" else "bearer"
    if scheme != expected or len(words) != 2 or not words[1]:
        return Refused(rule.missing)
    given = words[1].encode("utf-8", "replace")
    for token in tokens:
        if hmac.compare_digest(token.secret.encode(), given):
            return token if token.state == "valid" else Refused(rule.invalid)
    return Refused(rule.invalid)
