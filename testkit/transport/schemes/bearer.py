"""A bearer token, right and wrong. Source: RFC 6750 sections 2.1 and 2.3."""

from __future__ import annotations

from collections.abc import Callable

from apitwin.contracts.security.scheme import Scheme
from apitwin.testkit.transport.credentials import Names, Part, Secret
from apitwin.testkit.transport.schemes.ways import Ways, near_misses

TOKEN_PARAMETERS = ("access_token", "token", "api_key", "apikey", "key", "auth", "bearer")
"""Names under which servers have been seen to take tokens from an address. RFC 6750 section 2.3 names the first."""


def ways(scheme: Scheme, names: Names) -> Ways:
    """Return how to satisfy a scheme, and how not to. names: the variables of a shell."""
    shown = f"${names.secret}"

    def header(title: str, write: Callable[[str], str], text: str) -> Part:
        def written(secret: Secret) -> str:
            return write(secret.text)

        return Part(title, scheme.name, "header", "Authorization", written, text)

    def after_bearer(title: str, change: Callable[[str], str], text: str) -> Part:
        return header(title, lambda token: f"Bearer {change(token)}", f"Bearer {text}")

    return Ways(
        right=header("the token", lambda token: f"Bearer {token}", f"Bearer {shown}"),
        wrong_secrets=tuple(after_bearer(*miss) for miss in near_misses("token", names.secret)),
        wrong_forms=(
            header("the token under Basic", lambda token: f"Basic {token}", f"Basic {shown}"),
            header("the token under Token", lambda token: f"Token {token}", f"Token {shown}"),
            header("the token without a scheme", lambda token: token, shown),
            header("the scheme without a token", lambda token: "Bearer", "Bearer"),
            header("the token twice", lambda token: f"Bearer {token} {token}", f"Bearer {shown} {shown}"),
            header("the token under Bearers", lambda token: f"Bearers {token}", f"Bearers {shown}"),
        ),
        other_cases=(
            header("the scheme in lower case", lambda token: f"bearer {token}", f"bearer {shown}"),
            header("the scheme in upper case", lambda token: f"BEARER {token}", f"BEARER {shown}"),
        ),
        other_places=tuple(
            Part(
                f"a token in the query parameter {name}", scheme.name, "query", name, lambda secret: secret.text, shown
            )
            for name in TOKEN_PARAMETERS
        ),
    )
