"""Servers that tell strangers too much, or let anybody do what needs a role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server import Backend
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine import auth
from apitwin.mock_server.engine.auth import Refused
from apitwin.mock_server.messages import Answer, encode
from apitwin.mock_server.world.world import Token
from tests.sabotage.changes import as_administrator, replacing
from tests.sabotage.constants import (
    APPS,
    CHILDREN,
    ENTITY,
    ENTITY_TYPES,
    FORBIDDEN,
    WORKSPACE,
    WORKSPACES,
)
from tests.sabotage.sabotage import Answering, Around, Sabotage

ADMINISTRATION = ("include_archived", "include_development")


def all_administrators(
    request: Request, operation: Operation, contract: Contract, tokens: Iterable[Token]
) -> Token | Refused | None:
    """Give every valid token every role."""
    found = auth.authenticate(request, operation, contract, tokens)
    return replace(found, roles=frozenset({"organisation-admin"})) if isinstance(found, Token) else found


def looking_first(*statuses: int) -> Around:
    """Answer with some refusals before looking at the token."""

    def around(twin: Backend, answer: Answering, request: Request) -> Answer:
        found = answer(as_administrator(twin, request))
        return found if found.status in statuses else answer(request)

    return around


def is_member(twin: Backend, request: Request) -> bool:
    """Return whether a request carries a valid token without a role."""
    secret = request.headers.get("authorization", "").rpartition(" ")[2]
    return any(one.secret == secret and one.state == "valid" and not one.roles for one in twin.world.tokens)


def refused_at_any_value(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Refuse the parameters of administrators to others, also where they ask for nothing."""
    named = any(name in ADMINISTRATION for name, _ in request.query)
    return FORBIDDEN if named and is_member(twin, request) else answer(request)


def silently_ignored(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Answer others as if the parameters of administrators had not been sent."""
    if not is_member(twin, request):
        return answer(request)
    return answer(replace(request, query=[one for one in request.query if one[0] not in ADMINISTRATION]))


def shown_with_the_refusal(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Say 403, and answer all the same."""
    given = answer(request)
    return replace(given, body=answer(as_administrator(twin, request)).body) if given.status == 403 else given


def echoed_in_401(answer: Answer, operation: Operation, headers: Mapping[str, str]) -> Answer:
    """Say in the refusal what was sent."""
    said = {"detail": f"Cannot read the header: {headers.get('authorization')}"}
    return replace(answer, body=encode(said)) if answer.status == 401 else answer


def echoed_in_a_header(answer: Answer, operation: Operation, headers: Mapping[str, str]) -> Answer:
    """Send the Authorization header back, for debugging."""
    return replace(answer, headers=(*answer.headers, ("X-Debug-Authorization", headers.get("authorization", ""))))


RIGHTS = (
    # What the others are told
    Sabotage(
        "query-read-before-the-token",
        "A query that cannot be read is told to everybody.",
        "refused-first",
        APPS,
        around=looking_first(400),
    ),
    Sabotage(
        "method-refused-before-the-token",
        "Which methods there are is told to everybody.",
        "refused-first",
        ENTITY_TYPES,
        around=looking_first(405),
    ),
    Sabotage(
        "unknown-id-told-to-strangers",
        "Who has no token is told 404 where there is nothing.",
        "no-oracle",
        ENTITY,
        around=looking_first(404),
    ),
    Sabotage(
        "unknown-workspace-told-to-strangers",
        "Who has no token is told 403 where there is no such workspace.",
        "no-oracle",
        CHILDREN,
        around=looking_first(403),
    ),
    # What needs a role
    Sabotage(
        "administration-open-to-all",
        "What administrators may ask for, everybody may.",
        "forbidden",
        WORKSPACES,
        replacing(authenticate=all_administrators),
    ),
    Sabotage(
        "administration-silently-ignored",
        "What only administrators may ask for is ignored, not refused.",
        "forbidden",
        APPS,
        around=silently_ignored,
    ),
    Sabotage(
        "administration-refused-at-any-value",
        "include_archived=false is refused too.",
        "forbidden",
        WORKSPACES,
        around=refused_at_any_value,
    ),
    Sabotage(
        "data-in-the-403",
        "The refusal holds what it refuses.",
        "forbidden",
        APPS,
        around=shown_with_the_refusal,
    ),
    # What must stay a secret
    Sabotage(
        "token-echoed-in-401",
        "The refusal repeats the header that it refuses.",
        "not-echoed",
        APPS,
        replacing(finish=echoed_in_401),
    ),
    Sabotage(
        "token-echoed-in-a-header",
        "Every answer sends the Authorization header back.",
        "not-echoed",
        WORKSPACE,
        replacing(finish=echoed_in_a_header),
    ),
)
"""What others must not be told: `testkit/laws/auth.py`."""
