"""Who is asking: the Authorization header against the tokens of the world. Source: RFC 6750 section 2.1."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace

from apitwin.contracts.model import AuthRule, Contract
from apitwin.mock_server import messages
from apitwin.mock_server.messages import Answer, Objection
from apitwin.mock_server.world.world import Token


@dataclass(frozen=True)
class Refused(Objection):
    """A request without a right to an answer. error: a name of the contract's errors."""

    error: str

    def answer(self, contract: Contract) -> Answer:
        """Return the contract's error with its challenge, where it has one (RFC 9110 section 11.6.1)."""
        return replace(messages.error(contract.errors[self.error]), headers=challenge(contract))


def challenge(contract: Contract) -> tuple[tuple[str, str], ...]:
    """Return the header that says how to ask with a right, none where the contract has none."""
    text = None if contract.auth is None else contract.auth.challenge
    return () if text is None else (("WWW-Authenticate", text),)


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
    secret = words[1].encode("utf-8", "replace")
    for token in tokens:
        if hmac.compare_digest(token.secret.encode(), secret):
            return token if token.state == "valid" else Refused(rule.invalid)
    return Refused(rule.invalid)
