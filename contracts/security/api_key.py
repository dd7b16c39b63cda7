"""A key in a header, a query parameter or a cookie (OpenAPI 3.1, Security Scheme Object, `apiKey`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from apitwin.contracts.errors import ContractError
from apitwin.contracts.security.declared import HTTP_TOKEN, Declared
from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.words import CredentialPlace


@dataclass(frozen=True)
class ApiKey(Scheme):
    """An API key: the whole value of a header, a query parameter or a cookie."""


PLACES: Mapping[str, CredentialPlace] = {place: place for place in get_args(CredentialPlace)}


def read(declared: Declared) -> ApiKey:
    """Return the scheme. Raises ContractError where its place or its name is none."""
    place, name = declared.text("in"), declared.text("name")
    if place not in PLACES:
        raise ContractError(f"{declared.place}/in", f"found {place!r}; expected one of {', '.join(PLACES)}")
    if place != "query" and HTTP_TOKEN.fullmatch(name) is None:
        raise ContractError(f"{declared.place}/name", f"found {name!r}; expected the name of a {place}")
    return ApiKey(declared.name, declared.rule, declared.fact, PLACES[place], name)
