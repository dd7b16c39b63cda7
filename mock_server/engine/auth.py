"""Who is asking: what a request shows, against the tokens of the world and what the operation asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from apitwin.contracts.model import AuthRule, Contract, Operation
from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.words import Repeated
from apitwin.mock_server import messages
from apitwin.mock_server.engine.keys import fits
from apitwin.mock_server.engine.schemes.table import READERS
from apitwin.mock_server.messages import Answer, Objection, Request
from apitwin.mock_server.world.world import Token


@dataclass(frozen=True)
class Refused(Objection):
    """A request without a right to an answer.

    error: a name of the contract's errors. challenge: what the answer says of how to ask, None where it says nothing.
    """

    error: str
    challenge: str | None = None

    def answer(self, contract: Contract) -> Answer:
        """Return the contract's error with its challenge, where it has one (RFC 9110 section 11.6.1)."""
        headers = () if self.challenge is None else (("WWW-Authenticate", self.challenge),)
        return replace(messages.error(contract.errors[self.error]), headers=headers)


def authenticate(
    request: Request, operation: Operation, contract: Contract, tokens: Iterable[Token]
) -> Token | Refused | None:
    """Return the token of who asks, None where nobody has to say who it is, or why the request is refused.

    Any alternative will do, and of that every scheme; the token of its first scheme says who asks. The refusal is that
    of the first wrong credential; without one, of the first that is missing beside a good one, else of the first.
    Where the operation needs none, a wrong credential is as good as none (assumed).
    """
    known, security = list(tokens), operation.security
    wrong: list[Refused] = []
    lacking: list[Refused] = []
    missing: list[Refused] = []
    for alternative in security.alternatives:
        shown = [_token(request, scheme, contract.parameters.repeated, known) for scheme in alternative]
        good = [token for token in shown if isinstance(token, Token)]
        if len(good) == len(alternative):
            return good[0]
        for scheme, token in zip(alternative, shown, strict=True):
            if token is None:
                (lacking if good else missing).append(refusal_of(scheme.rule, scheme.rule.missing))
            elif isinstance(token, Refused):
                wrong.append(token)
    return next(iter((*wrong, *lacking, *missing)), None) if security.is_required else None


def _token(request: Request, scheme: Scheme, repeated: Repeated, tokens: list[Token]) -> Token | Refused | None:
    """Return the token that a request shows under a scheme, None where it shows none."""
    presented = READERS[type(scheme)](request, scheme, repeated)
    if presented is None:
        return None
    matching = [token for token in tokens if presented.is_of(token) and fits(token, scheme)]  # all: in constant time
    if matching and matching[0].state == "valid":
        return matching[0]
    return refusal_of(scheme.rule, scheme.rule.invalid)


def refusal_of(rule: AuthRule, error: str) -> Refused:
    """Return the refusal by a rule. error: its `missing` or its `invalid`."""
    return Refused(error, rule.challenge)


def expired(operation: Operation | None, contract: Contract) -> Refused:
    """Return the refusal of a token that was good a moment ago; operation: None where no operation has the path."""
    schemes = () if operation is None else operation.security.schemes
    rule = schemes[0].rule if schemes else contract.auth
    return Refused("invalid-token") if rule is None else refusal_of(rule, rule.invalid)
