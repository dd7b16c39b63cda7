"""An API key in a header, a query parameter or a cookie, right and wrong. Source: OpenAPI 3.1, `apiKey`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import get_args

from apitwin.contracts.security.declared import HTTP_TOKEN
from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.words import CredentialPlace
from apitwin.testkit.transport.credentials import Names, Part, Secret
from apitwin.testkit.transport.schemes.ways import Ways, near_misses


def ways(scheme: Scheme, names: Names) -> Ways:
    """Return how to satisfy a scheme, and how not to. names: the variables of a shell."""
    shown = f"${names.secret}"

    def key(title: str, change: Callable[[str], str], text: str) -> Part:
        def written(secret: Secret) -> str:
            return change(secret.text)

        return Part(title, scheme.name, scheme.place, scheme.parameter, written, text)

    return Ways(
        right=key("the key", lambda text: text, shown),
        wrong_secrets=tuple(key(*miss) for miss in near_misses("key", names.secret)),
        wrong_forms=(
            key("an empty key", lambda text: "", ""),
            key("the key twice", lambda text: f"{text},{text}", f"{shown},{shown}"),
            key("the key after Bearer", lambda text: f"Bearer {text}", f"Bearer {shown}"),
            *_renamed(scheme, shown),
        ),
        other_cases=(),
        other_places=tuple(_elsewhere(scheme, shown)),
    )


def _renamed(scheme: Scheme, shown: str) -> Iterator[Part]:
    """Yield the key under its name in other letters, where these matter: not in a header."""
    name = scheme.parameter.swapcase()
    if scheme.place != "header" and name != scheme.parameter:
        yield Part("the key under its name in other letters", scheme.name, scheme.place, name, _whole, shown)


def _elsewhere(scheme: Scheme, shown: str) -> Iterator[Part]:
    """Yield the key in the other places of a request, under the same name, and after `Bearer`."""
    places: tuple[CredentialPlace, ...] = get_args(CredentialPlace)
    for place in places:
        if place != scheme.place and (place == "query" or HTTP_TOKEN.fullmatch(scheme.parameter)):
            title = f"a key in the {_CALLED[place]} {scheme.parameter}"
            yield Part(title, scheme.name, place, scheme.parameter, _whole, shown)
    if not scheme.is_carried_in("header", "Authorization"):
        title = "a key after Bearer in the header Authorization"
        bearer = f"Bearer {shown}"
        yield Part(title, scheme.name, "header", "Authorization", lambda secret: f"Bearer {secret.text}", bearer)


def _whole(secret: Secret) -> str:
    return secret.text


_CALLED = {"header": "header", "query": "query parameter", "cookie": "cookie"}
