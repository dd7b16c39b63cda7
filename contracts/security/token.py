"""A token after `Authorization: Token`: `http` with `token`, the way of Django REST framework's TokenAuthentication."""

from __future__ import annotations

from dataclasses import dataclass

from apitwin.contracts.security.declared import Declared
from apitwin.contracts.security.scheme import Scheme


@dataclass(frozen=True)
class Token(Scheme):
    """A token after a word of its own. It is no bearer token of RFC 6750, and `Bearer` opens nothing."""


def read(declared: Declared) -> Token:
    """Return the scheme."""
    return Token(declared.name, declared.rule, declared.fact)
