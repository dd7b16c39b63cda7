"""What every security scheme has: a name, where its credential is carried, and how a wrong one is refused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from apitwin.contracts.words import CredentialPlace, SchemeCase


@dataclass(frozen=True)
class AuthRule:
    """How a request without a good credential is refused.

    missing, invalid: names of errors. challenge: the WWW-Authenticate header, None where there is none.
    scheme_case: whether `bearer` is as good as `Bearer`, and `basic` as `Basic` (RFC 9110 section 11.1).
    """

    missing: str
    invalid: str
    challenge: str | None
    scheme_case: SchemeCase


@dataclass(frozen=True)
class Scheme:
    """One entry of `components.securitySchemes`.

    rule: how it refuses. fact: the pointer of what the contract says about that, for evidence. place, parameter: where
    a request carries the credential; of a header the case of its name does not matter (RFC 9110 section 5.1), of a
    query parameter or a cookie it does (RFC 3986 section 6.2.2.1, RFC 6265 section 4.1).
    has_username: whether a credential is a user name and a password, and not one secret.
    """

    has_username: ClassVar[bool] = False

    name: str
    rule: AuthRule
    fact: str
    place: CredentialPlace = "header"
    parameter: str = "Authorization"

    def is_carried_in(self, place: str, name: str) -> bool:
        """Return whether it is what a place of a request carries under a name."""
        same = name.lower() == self.parameter.lower() if place == "header" else name == self.parameter
        return place == self.place and same


Alternative = tuple[Scheme, ...]
"""Schemes that are required together, in the order of the contract: the credential of the first says who asks."""


@dataclass(frozen=True)
class Security:
    """What an operation asks for: any one of the alternatives, and of that every scheme.

    optional: whether a request without any credential will do as well (OpenAPI 3.1, `{}` among the alternatives).
    """

    alternatives: tuple[Alternative, ...] = ()
    optional: bool = False

    @property
    def is_required(self) -> bool:
        """Whether a request without a credential is refused."""
        return bool(self.alternatives) and not self.optional

    @cached_property
    def schemes(self) -> tuple[Scheme, ...]:
        """Every scheme of every alternative, each once, in the order of the contract."""
        return tuple(dict.fromkeys(scheme for alternative in self.alternatives for scheme in alternative))

    def carries(self, place: str, name: str) -> bool:
        """Return whether a place of a request carries a credential under that name."""
        return any(scheme.is_carried_in(place, name) for scheme in self.schemes)

    def without_credentials(self, query: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """Return the pairs of a query that are no credential."""
        return tuple(pair for pair in query if not self.carries("query", pair[0]))
