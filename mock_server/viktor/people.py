"""VIKTOR's users and their tokens: who am I, who is in a workspace, and the old way to get a token."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.records import shown
from apitwin.mock_server.engine.refusal import Refusal, refusal
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.viktor.rights import ADMIN, caller, has_role, known_workspace
from apitwin.mock_server.world.conditions import Has, term
from apitwin.mock_server.world.records import Records
from apitwin.mock_server.world.world import ACCESS, Token

LIFETIME = timedelta(seconds=900)
"""How long a token that was bought with a name and a password lasts. Source: docs, /docs/api of 2023."""
PASSWORD = "twin-password"
"""The password of every user whose world file names no other."""


def current_user(call: Call) -> Answer:
    """The user whose token it is. Source: sdk 14.36.2, get_current_user."""
    user = call.token.user if call.token is not None else None
    record = call.world.tables["users"].get(user) if user is not None else None
    if record is None:
        raise refusal(call, "unauthenticated")
    return shown(call, record)


def verify(call: Call) -> Answer:
    """Say that the token is good, which is all that its status says. Source: client."""
    return Answer(200, messages.encode({}), messages.JSON)


def workspace_users(call: Call, records: Records) -> Records:
    """The users of a workspace; who is no admin sees those that share a group. Source: docs, workspaces-users-list."""
    holder = known_workspace(call)
    admins = holder.values.get("admins", ())
    seen = {*holder.values.get("members", ()), *admins}
    if not has_role(call, ADMIN) and caller(call) not in admins:
        groups = call.world.tables["groups"].where(("workspace", holder.values["id"]))
        shared = [set(group.values["members"]) for group in groups if caller(call) in group.values["members"]]
        seen &= {caller(call)}.union(*shared)
    members = records.where(Has(("/id",), tuple(sorted(map(term, seen - {None})))))
    return members.mapped(lambda user: user.extended({"is_workspace_admin": user.values["id"] in admins}))


REFRESH = "refresh"
"""The kind of token that opens nothing, and buys a new one. Source: RFC 6749 section 1.5."""


def token(call: Call) -> Answer:
    """Give a token for a name and a password, or for a refresh token. Source: docs, /docs/api of 2023; RFC 6749."""
    kind = call.body.get("grant_type")
    if kind == "password":
        owner = _known(call)
    elif kind == "refresh_token":
        owner = _refreshed(call)
    else:
        raise _refusal("unsupported_grant_type", "expected password or refresh_token")
    if owner is None:
        raise _refusal("invalid_grant", "Invalid credentials given.")
    return _issued(call, owner)


def _known(call: Call) -> Token | None:
    """Return a token with the rights of the user who proves to be one, or None."""
    name, password = call.body.get("username"), call.body.get("password")
    named = call.world.tables["users"].records.where(Has(("/username", "/email"), (term(name),)))
    user = named[0].values if name is not None and named else None
    if user is None or password != user.get("password", PASSWORD):
        return None
    own = (token for token in call.world.tokens if token.user == str(user["id"]))
    return next(own, Token("", user=str(user["id"])))


def _refreshed(call: Call) -> Token | None:
    secret = call.body.get("refresh_token")
    usable = (token for token in call.world.tokens if token.kind == REFRESH and token.state == "valid")
    refresh = next((token for token in usable if token.secret == secret), None)
    if refresh is not None:
        _forget(call, refresh.secret)  # each works once: django-oauth-toolkit, ROTATE_REFRESH_TOKEN
    return refresh


def _issued(call: Call, owner: Token) -> Answer:
    access, refresh = secrets.token_urlsafe(22), secrets.token_urlsafe(22)
    expires = call.world.clock.now() + LIFETIME
    made = (
        replace(owner, secret=access, state="valid", expires=expires, kind=ACCESS),
        replace(owner, secret=refresh, state="valid", expires=None, kind=REFRESH),
    )
    call.world.tokens = (*call.world.tokens, *made)
    body = {
        "access_token": access,
        "expires_in": int(LIFETIME.total_seconds()),
        "token_type": "Bearer",
        "scope": "read write",
        "refresh_token": refresh,
    }
    return Answer(200, messages.encode(body), messages.JSON)


def revoke(call: Call) -> Answer:
    """Revoke a token; one that is not known is answered alike. Source: RFC 7009 section 2.2; client."""
    _forget(call, str(call.body.get("token", "")))
    return Answer(200)


def _forget(call: Call, secret: str) -> None:
    call.world.tokens = tuple(
        replace(token, state="revoked") if token.secret == secret else token for token in call.world.tokens
    )


def _refusal(error: str, description: str) -> Refusal:
    """Return a refusal in OAuth's shape. Source: RFC 6749 section 5.2."""
    body: Mapping[str, Any] = {"error": error, "error_description": description}
    return Refusal(Answer(400, messages.encode(body), messages.JSON))
