"""A token after `Authorization: Token`, right and wrong. Source: Django REST framework, TokenAuthentication."""

from __future__ import annotations

from collections.abc import Callable

from apitwin.contracts.security.scheme import Scheme
from apitwin.testkit.transport.credentials import Names, Part, Secret
from apitwin.testkit.transport.schemes.ways import Ways, near_misses


def ways(scheme: Scheme, names: Names) -> Ways:
    """Return how to satisfy a scheme, and how not to. names: the variables of a shell."""
    shown = f"${names.secret}"

    def header(title: str, word: str, text: str, change: Callable[[str], str] = str) -> Part:
        def written(secret: Secret) -> str:
            return f"{word}{change(secret.text)}"

        return Part(title, scheme.name, "header", "Authorization", written, f"{word}{text}")

    return Ways(
        right=header("the token", "Token ", shown),
        wrong_secrets=tuple(
            header(title, "Token ", text, change) for title, change, text in near_misses("token", names.secret)
        ),
        wrong_forms=(
            header("the token under Bearer", "Bearer ", shown),
            header("the token under Tokens", "Tokens ", shown),
            header("the token without a scheme", "", shown),
            header("the token twice", "Token ", f"{shown} {shown}", lambda token: f"{token} {token}"),
        ),
        other_cases=(
            header("the scheme in lower case", "token ", shown),
            header("the scheme in upper case", "TOKEN ", shown),
        ),
        other_places=(
            Part("the token in the query", scheme.name, "query", "token", lambda secret: secret.text, shown),
        ),
    )
