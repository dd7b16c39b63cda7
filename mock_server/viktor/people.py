"""VIKTOR's users and their tokens: who am I, who is in a workspace, and the old way to get a token."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call, refuse
from apitwin.mock_server.engine.crud import shown
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.viktor.rights import ADMIN, caller, has_role, workspace
from apitwin.mock_server.world.table import Record
from apitwin.mock_server.world.world import Token

LIFETIME = timedelta(seconds=900)
"""How long a token that was bought with a name and a password lasts. Source: docs, /docs/api of 2023."""
PASSWORD = "twin-password"
"""The password of every user whose world file names no other."""


def current_user(call: Call) -> Answer:
    """The user whose token it is. Source: sdk 14.36.2, get_current_user."""
    user = call.token.user if call.token is not None else None
    record = call.world.tables["users"].get(user) if user is not None else None
    return refuse(call, "unauthenticated") if record is None else shown(call, record)


def verify(call: Call) -> Answer:
    """Say that the token is good, which is all that its status says. Source: client."""
    return Answer(200, messages.encode({}), messages.JSON)


def workspace_users(call: Call, records: Sequence[Record]) -> Sequence[Record] | Answer:
    """The users of a workspace; who is no admin sees those that share a group. Source: docs, workspaces-users-list."""
    holder = workspace(call)
    if holder is None:
        return refuse(call, "forbidden")
    admins = holder.values.get("admins", ())
    seen = {*holder.values.get("members", ()), *admins}
    if not has_role(call, ADMIN) and caller(call) not in admins:
        groups = call.world.tables["groups"].where(("workspace", holder.values["id"]))
        shared = [set(one.values["members"]) for one in groups if caller(call) in one.values["members"]]
        seen &= {caller(call)}.union(*shared)
    return [
        call.table.record({**one.values, "is_workspace_admin": one.values["id"] in admins})
        for one in records
        if one.values["id"] in seen
    ]


def token(call: Call) -> Answer:
    """Give a token for a name and a password, or for a refresh token. Source: docs, /docs/api of 2023; RFC 6749."""
    kind = call.body.get("grant_type")
    if kind == "password":
        owner = _known(call)
    elif kind == "refresh_token":
        owner = _refreshed(call)
    else:
        return _refusal("unsupported_grant_type", "expected password or refresh_token")
    return _refusal("invalid_grant", "Invalid credentials given.") if owner is None else _given(call, owner)


def _known(call: Call) -> Token | None:
    """Return a token with the rights of the user who proves to be one, or None."""
    name, password = call.body.get("username"), call.body.get("password")
    users = [one.values for one in call.world.tables["users"].records]
    user = next((one for one in users if name is not None and name in (one.get("username"), one.get("email"))), None)
    if user is None or password != user.get("password", PASSWORD):
        return None
    same = (one for one in call.world.tokens if one.user == str(user["id"]))
    return next(same, Token("", user=str(user["id"])))


def _refreshed(call: Call) -> Token | None:
    given = call.body.get("refresh_token")
    found = next((one for one in call.world.tokens if one.state == "refresh" and one.secret == given), None)
    if found is not None:
        _forget(call, found.secret)  # each works once: django-oauth-toolkit, ROTATE_REFRESH_TOKEN
    return found


def _given(call: Call, owner: Token) -> Answer:
    access, refresh = secrets.token_urlsafe(22), secrets.token_urlsafe(22)
    expires = call.world.clock.now() + LIFETIME
    made = (
        replace(owner, secret=access, state="valid", expires=expires),
        replace(owner, secret=refresh, state="refresh", expires=None),
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
        replace(one, state="revoked") if one.secret == secret else one for one in call.world.tokens
    )


def _refusal(error: str, description: str) -> Answer:
    """Return a refusal in OAuth's shape. Source: RFC 6749 section 5.2."""
    body: Mapping[str, Any] = {"error": error, "error_description": description}
    return Answer(400, messages.encode(body), messages.JSON)
