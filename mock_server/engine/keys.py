"""Which tokens of a world open what: the other side of `auth`, for who wants to be let in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from apitwin.contracts.model import Contract
from apitwin.contracts.security.scheme import Scheme, Security
from apitwin.contracts.words import TokenState
from apitwin.mock_server.world.world import Token, World


def fits(token: Token, scheme: Scheme) -> bool:
    """Return whether a token belongs to a scheme: to that named, or to any that is proved in the same way."""
    same_way = (token.username is not None) == scheme.has_username
    return same_way and token.scheme in (None, scheme.name)


def held(
    tokens: Iterable[Token], scheme: Scheme, state: TokenState = "valid", restricted: bool = False
) -> Token | None:
    """Return the first token of a scheme in a state; restricted: one without any role. None where there is none."""
    for token in tokens:
        if token.opens and fits(token, scheme) and token.state == state and bool(token.roles) is not restricted:
            return token
    return None


def all_held(tokens: Iterable[Token], security: Security) -> dict[str, Token] | None:
    """Return the tokens of the first alternative for which there are some, by scheme, in order; None without any."""
    known = list(tokens)
    for alternative in security.alternatives:
        found = [(scheme, held(known, scheme)) for scheme in alternative]
        good = {scheme.name: token for scheme, token in found if token is not None}
        if len(good) == len(alternative):
            return good
    return None


def holder(world: World, security: Security) -> Token | None:
    """Return the token of who may do everything, None where nobody has to say, or nobody can."""
    tokens = all_held(world.tokens, security)
    return None if tokens is None else next(iter(tokens.values()))


def as_text(token: Token) -> str:
    """Return a credential as one text: the token or key itself, or `username:password`."""
    return token.secret if token.username is None else f"{token.username}:{token.secret}"


def text_of(tokens: dict[str, Token]) -> str:
    """Return credentials as one text; of several that are required together, a JSON object by the schemes' names."""
    texts = {name: as_text(token) for name, token in tokens.items()}
    return next(iter(texts.values())) if len(texts) == 1 else json.dumps(texts)


def everyday(contract: Contract) -> Security:
    """Return the security that most operations of a contract ask for, of which a twin shows a credential."""
    asked = [operation.security for operation in contract.operations if operation.security.alternatives]
    return Counter(asked).most_common(1)[0][0] if asked else Security()


def assumed(contract: Contract) -> list[Token]:
    """Return the tokens of a world that nobody wrote: one of each way to prove something that the contract asks for."""
    roles = frozenset({"any"})
    made = [Token("apitwin-token", roles=roles)]
    if any(scheme.has_username for scheme in contract.schemes.values()):
        made.append(Token("apitwin-password", roles=roles, username="apitwin"))
    return made
