"""A token after `Authorization: Bearer` (RFC 6750): `http` with `bearer`, `oauth2` and `openIdConnect`."""

from __future__ import annotations

from dataclasses import dataclass

from apitwin.contracts.security.declared import Declared
from apitwin.contracts.security.scheme import Scheme


@dataclass(frozen=True)
class Bearer(Scheme):
    """A bearer token. How the token was got, such as by OAuth2's client credentials, is another request's matter."""


def read(declared: Declared) -> Bearer:
    """Return the scheme."""
    return Bearer(declared.name, declared.rule, declared.fact)
