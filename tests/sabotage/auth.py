"""Servers that let the wrong ones in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server import Backend
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine import auth
from apitwin.mock_server.engine.auth import Refused
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.world import Token
from tests.sabotage.changes import MakeSteps, as_administrator, finishing, replacing
from tests.sabotage.constants import (
    APP,
    APPS,
    ROOTS,
    SIBLINGS,
    WORKSPACE,
    WORKSPACES,
)
from tests.sabotage.sabotage import Answering, Around, Sabotage


def reading(change: Callable[[str | None], str | None]) -> MakeSteps:
    """Read the Authorization header in another way."""

    def authenticate(
        request: Request, operation: Operation, contract: Contract, tokens: Iterable[Token]
    ) -> Token | Refused | None:
        header = change(request.headers.get("authorization"))
        others = {name: text for name, text in request.headers.items() if name != "authorization"}
        headers = others if header is None else {**others, "authorization": header}
        return auth.authenticate(replace(request, headers=headers), operation, contract, tokens)

    return replacing(authenticate=authenticate)


def ruled(operation: Operation, **changed: str) -> Operation:
    """Return an operation whose security schemes refuse by another rule."""
    alternatives = tuple(
        tuple(replace(scheme, rule=replace(scheme.rule, **changed)) for scheme in alternative)
        for alternative in operation.security.alternatives
    )
    return replace(operation, security=replace(operation.security, alternatives=alternatives))


def refusing_by(**changed: str) -> MakeSteps:
    """Refuse by another rule than the contract's."""
    return replacing(
        authenticate=lambda request, operation, contract, tokens: auth.authenticate(
            request, ruled(operation, **changed), contract, tokens
        )
    )


def accepting(fits: Callable[[str, str], bool]) -> MakeSteps:
    """Compare tokens in another way: (given, right) -> whether it is good enough."""

    def authenticate(
        request: Request, operation: Operation, contract: Contract, tokens: Iterable[Token]
    ) -> Token | Refused | None:
        known = list(tokens)
        found = auth.authenticate(request, operation, contract, known)
        given = request.headers.get("authorization", "").rpartition(" ")[2]
        missing = {scheme.rule.missing for scheme in operation.security.schemes}
        if not isinstance(found, Refused) or found.error in missing or any(one.secret == given for one in known):
            return found
        good = (one for one in known if one.state == "valid" and fits(given, one.secret))
        return next(good, found)

    return replacing(authenticate=authenticate)


def reviving(state: str) -> MakeSteps:
    """Take tokens in one state for valid."""

    def authenticate(
        request: Request, operation: Operation, contract: Contract, tokens: Iterable[Token]
    ) -> Token | Refused | None:
        alive = [replace(one, state="valid") if one.state == state else one for one in tokens]
        return auth.authenticate(request, operation, contract, alive)

    return replacing(authenticate=authenticate)


def anybody(
    request: Request, operation: Operation, contract: Contract, tokens: Iterable[Token]
) -> Token | Refused | None:
    """Take everybody for the first who has a valid token."""
    return next(one for one in tokens if one.state == "valid")


def token_in_query(*names: str) -> Around:
    """Take a token out of the query where there is none in a header."""

    def around(twin: Backend, answer: Answering, request: Request) -> Answer:
        given = [value for name, value in request.query if name in names]
        if not given or "authorization" in request.headers:
            return answer(request)
        return answer(replace(request, headers={**request.headers, "authorization": f"Bearer {given[-1]}"}))

    return around


def leaking(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Show in the refusal what it refuses."""
    given = answer(request)
    return replace(given, body=answer(as_administrator(twin, request)).body) if given.status == 401 else given


AUTH = (
    # Without a token
    Sabotage(
        "open-endpoint",
        "One list is shown to everybody.",
        "token-required",
        SIBLINGS,
        replacing(authenticate=anybody),
    ),
    Sabotage(
        "forbidden-for-unauthenticated",
        "Who sends no token is told 403, as Django REST framework does without a challenge.",
        "token-required",
        ROOTS,
        refusing_by(missing="forbidden"),
    ),
    Sabotage(
        "no-challenge",
        "A refusal has no WWW-Authenticate header.",
        "token-required",
        APP,
        finishing(lambda answer: replace(answer, headers=()), status=401),
    ),
    Sabotage("data-in-the-401", "The refusal holds what it refuses.", "token-required", WORKSPACE, around=leaking),
    Sabotage(
        "web-page-for-401",
        "A refusal is a web page, where the contract promises a JSON body.",
        "token-required",
        APPS,
        finishing(lambda answer: replace(answer, body=b"<h1>Unauthorized</h1>", content_type="text/html"), status=401),
    ),
    Sabotage(
        "login-page-for-401",
        "Who sends no token is shown a page to log in, with status 200.",
        "token-required",
        APPS,
        finishing(lambda answer: Answer(200, b"<!doctype html><title>Log in</title>", "text/html"), status=401),
    ),
    # With a wrong token
    Sabotage(
        "any-token-accepted",
        "Whatever stands after Bearer is good.",
        "bad-token",
        APPS,
        accepting(lambda given, right: True),
    ),
    Sabotage(
        "prefix-is-enough",
        "What starts like a token is one.",
        "bad-token",
        WORKSPACES,
        accepting(lambda given, right: given.startswith(right.partition("_")[0])),
    ),
    Sabotage(
        "cut-token-accepted",
        "The start of a token is as good as all of it.",
        "bad-token",
        APP,
        accepting(lambda given, right: right.startswith(given)),
    ),
    Sabotage(
        "longer-token-accepted",
        "What follows a token does not matter.",
        "bad-token",
        APPS,
        accepting(lambda given, right: given.startswith(right)),
    ),
    Sabotage(
        "token-case-does-not-matter",
        "Tokens are compared in lower case.",
        "bad-token",
        APPS,
        accepting(lambda given, right: given.casefold() == right.casefold()),
    ),
    Sabotage("expired-token-accepted", "A token does not expire.", "bad-token", WORKSPACES, reviving("expired")),
    Sabotage("revoked-token-accepted", "A token cannot be revoked.", "bad-token", APPS, reviving("revoked")),
    Sabotage(
        "wrong-token-is-forbidden",
        "A wrong token is told 403.",
        "bad-token",
        APPS,
        refusing_by(invalid="forbidden"),
    ),
    # In a wrong way
    Sabotage(
        "scheme-ignored",
        "The last word of the header is the token, whatever stands before it.",
        "scheme",
        APPS,
        reading(lambda header: None if header is None else f"Bearer {header.split(' ')[-1]}"),
    ),
    Sabotage(
        "basic-accepted",
        "A token under Basic is as good.",
        "scheme",
        APPS,
        reading(lambda header: None if header is None else header.replace("Basic ", "Bearer ")),
    ),
    Sabotage(
        "token-without-scheme-accepted",
        "A token alone is as good.",
        "scheme",
        WORKSPACES,
        reading(lambda header: header if header is None or " " in header else f"Bearer {header}"),
    ),
    Sabotage(
        "second-token-ignored",
        "What follows the first token does not matter.",
        "scheme",
        APPS,
        reading(lambda header: None if header is None else " ".join(header.split(" ")[:2])),
    ),
    Sabotage(
        "scheme-case-matters",
        "`bearer` is refused, though the contract says any case will do.",
        "scheme",
        APPS,
        refusing_by(scheme_case="sensitive"),
    ),
    Sabotage(
        "query-token-accepted",
        "A token in the query is as good.",
        "token-place",
        APPS,
        around=token_in_query("access_token", "token", "api_key", "apikey", "key", "auth", "bearer"),
    ),
    Sabotage(
        "access-token-parameter-accepted",
        "A token in access_token is as good, as RFC 6750 once allowed.",
        "token-place",
        WORKSPACES,
        around=token_in_query("access_token"),
    ),
)
"""Who must get an answer: `testkit/laws/auth.py`."""
