"""The ways of each kind of security scheme: a line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from apitwin.contracts.security.api_key import ApiKey
from apitwin.contracts.security.basic import Basic
from apitwin.contracts.security.bearer import Bearer
from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.security.token import Token
from apitwin.testkit.transport.credentials import Names
from apitwin.testkit.transport.schemes import api_key, basic, bearer, token
from apitwin.testkit.transport.schemes.ways import Ways

WAYS: Mapping[type[Scheme], Callable[[Scheme, Names], Ways]] = {
    Bearer: bearer.ways,
    Basic: basic.ways,
    ApiKey: api_key.ways,
    Token: token.ways,
}


@cache
def ways(scheme: Scheme, names: Names) -> Ways:
    """Return how to satisfy a scheme, and how not to; for each scheme the same values every time."""
    return WAYS[type(scheme)](scheme, names)
