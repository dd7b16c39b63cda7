"""Every way to prove who asks, as a contract with a world, and the credential that a client has for it."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEY = "key_Quay7Harbour_0aZ9bY8cX7dW6"
TOKEN = "tok_Lighthouse4_1qA2wS3eD4rF5"
USERNAME, PASSWORD = "warden", "Pa55+word/With:Colon"
ENCODED = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
SECRETS = (KEY, TOKEN, PASSWORD, ENCODED)
OLD = {"expired": "old_Harbour3_9zY8xW7vU6", "revoked": "off_Harbour3_5tS4rQ3pO2"}
COUNT = 23

KEY_RULE = {"challenge": 'Key realm="things"'}
HEADER = {"type": "apiKey", "in": "header", "name": "X-Api-Key", "x-apitwin": KEY_RULE}
QUERY = {"type": "apiKey", "in": "query", "name": "api_key", "x-apitwin": KEY_RULE}
COOKIE = {"type": "apiKey", "in": "cookie", "name": "session", "x-apitwin": KEY_RULE}
BASIC = {"type": "http", "scheme": "Basic", "x-apitwin": {"challenge": 'Basic realm="things"'}}
OAUTH2 = {
    "type": "oauth2",
    "flows": {"clientCredentials": {"tokenUrl": "https://auth.invalid/token", "scopes": {"read": "Read"}}},
}
OWN_TOKEN = {"type": "http", "scheme": "Token", "x-apitwin": {"challenge": "Token"}}
CONNECT = {"type": "openIdConnect", "openIdConnectUrl": "https://auth.invalid/.well-known/openid-configuration"}


@dataclass(frozen=True)
class Kind:
    """schemes, security: as a document says them. headers, cookies, query: what a valid request shows.

    environment: where a user puts the credential for `apitwin check`.
    """

    schemes: Mapping[str, Any]
    security: list[dict[str, list[str]]]
    environment: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


BEARER_HEADER = {"Authorization": f"Bearer {TOKEN}"}
TOKEN_HEADER = {"Authorization": f"Token {TOKEN}"}
BASIC_HEADER = {"Authorization": f"Basic {ENCODED}"}
BASIC_ENVIRONMENT = {"APITWIN_USERNAME": USERNAME, "APITWIN_PASSWORD": PASSWORD}
KINDS: Mapping[str, Kind] = {
    "key-in-header": Kind({"key": HEADER}, [{"key": []}], {"APITWIN_TOKEN": KEY}, headers={"X-Api-Key": KEY}),
    "key-in-query": Kind({"key": QUERY}, [{"key": []}], {"APITWIN_TOKEN": KEY}, query={"api_key": KEY}),
    "key-in-cookie": Kind({"key": COOKIE}, [{"key": []}], {"APITWIN_TOKEN": KEY}, cookies={"session": KEY}),
    "basic": Kind({"login": BASIC}, [{"login": []}], BASIC_ENVIRONMENT, headers=BASIC_HEADER),
    "oauth2": Kind({"oauth": OAUTH2}, [{"oauth": ["read"]}], {"APITWIN_TOKEN": TOKEN}, headers=BEARER_HEADER),
    "connect": Kind({"connect": CONNECT}, [{"connect": []}], {"APITWIN_TOKEN": TOKEN}, headers=BEARER_HEADER),
    "token": Kind({"token": OWN_TOKEN}, [{"token": []}], {"APITWIN_TOKEN": TOKEN}, headers=TOKEN_HEADER),
    "basic-or-token": Kind(
        {"login": BASIC, "oauth": OAUTH2},
        [{"login": []}, {"oauth": []}],
        {**BASIC_ENVIRONMENT, "APITWIN_TOKEN": TOKEN},
        headers=BASIC_HEADER,
    ),
    "key-and-token": Kind(
        {"app-key": HEADER, "oauth": OAUTH2},
        [{"app-key": [], "oauth": []}],
        {"APITWIN_CREDENTIAL_APP_KEY": KEY, "APITWIN_CREDENTIAL_OAUTH": TOKEN},
        headers={"X-Api-Key": KEY, **BEARER_HEADER},
    ),
}
"""Every kind by name. A token that fits more than one scheme says in the world to which it belongs."""

THING = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    "additionalProperties": False,
}
LINK = {"type": ["string", "null"]}
PAGE = {
    "type": "object",
    "required": ["count", "next", "previous", "results"],
    "properties": {
        "count": {"type": "integer"},
        "next": LINK,
        "previous": LINK,
        "results": {"type": "array", "items": THING},
    },
    "additionalProperties": False,
}
ERROR = {
    "type": "object",
    "required": ["detail"],
    "properties": {"detail": {"type": "string"}},
    "additionalProperties": False,
}


RULES: dict[str, Any] = {
    "name": "things",
    "world": "world.json",
    "auth": {
        "missing": "unauthenticated",
        "invalid": "invalid-token",
        "challenge": "Bearer",
        "scheme-case": "insensitive",
    },
    "parameters": {"repeated": "last"},
    "pagination": {
        "pages": {
            "limit": {
                "parameter": "limit",
                "maximum": 50,
                "default": 10,
                "over-maximum": "truncate",
                "when-absent": "default",
                "when-invalid": "default",
                "spelling": "lenient",
            },
            "offset": {
                "parameter": "offset",
                "past-end": "empty",
                "when-invalid": "zero",
                "spelling": "lenient",
            },
            "envelope": {
                "count": "/count",
                "results": "/results",
                "next": "/next",
                "previous": "/previous",
            },
            "links": {"form": "absolute", "limit": "effective"},
        }
    },
    "collections": {"things": {"schema": THING, "identity": "/id"}},
}
"""How such an API pages and refuses."""


def _json(schema: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def document(schemes: Mapping[str, Any], security: list[Any]) -> dict[str, Any]:
    """Return a contract of things in pages, as Django REST framework makes them."""
    responses = {"200": _json(PAGE), "401": _json(ERROR)}
    paging = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("limit", "offset")]
    identity = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "integer"},
        "x-apitwin": {"drawn-from": {"operation": "things", "pointer": "/id"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "security": security,
        "components": {"securitySchemes": dict(schemes)},
        "paths": {
            "/things/": {
                "get": {
                    "operationId": "things",
                    "parameters": paging,
                    "responses": responses,
                    "x-apitwin": {"collection": "things", "pagination": "pages"},
                }
            },
            "/things/{id}/": {
                "get": {
                    "operationId": "thing",
                    "parameters": [identity],
                    "responses": {"200": _json(THING), "401": _json(ERROR), "404": _json(ERROR)},
                    "x-apitwin": {"collection": "things", "identified-by": "id"},
                }
            },
        },
        "x-apitwin": copy.deepcopy(RULES),  # tests change what they are given
    }


def world(schemes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a world with tokens for the schemes, good ones and others, and some things."""
    tokens: list[dict[str, Any]] = []
    for name, scheme in schemes.items():
        is_basic, is_key = scheme.get("scheme") == "Basic", scheme["type"] == "apiKey"
        own = {"username": USERNAME, "token": PASSWORD} if is_basic else {"token": KEY if is_key else TOKEN}
        tokens.append({**own, "scheme": name, "roles": ["any"]})
        user = {"username": USERNAME} if is_basic else {}
        tokens += [
            {**user, "token": text, "scheme": name, "state": state, "roles": ["any"]} for state, text in OLD.items()
        ]
    things = [{"repeat": COUNT, "item": {"name": "Thing {n}"}}]
    return {"tokens": tokens, "collections": {"things": things}}


def write(folder: Path, kind: Kind) -> Path:
    """Write the contract of a kind and its world into a folder, and return the contract's file."""
    path = folder / "openapi.json"
    path.write_text(json.dumps(document(kind.schemes, kind.security)), encoding="utf-8")
    (folder / "world.json").write_text(json.dumps(world(kind.schemes)), encoding="utf-8")
    return path
