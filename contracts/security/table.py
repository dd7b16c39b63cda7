"""Every kind of security scheme that is understood, by its type in a document: a line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from apitwin.contracts.security import api_key, basic, bearer, token
from apitwin.contracts.security.declared import Declared
from apitwin.contracts.security.scheme import Scheme

READERS: Mapping[str, Callable[[Declared], Scheme]] = {
    "http bearer": bearer.read,
    "http basic": basic.read,
    "http token": token.read,
    "apiKey": api_key.read,
    "oauth2": bearer.read,
    "openIdConnect": bearer.read,
}
"""Reads what a document declares; see `Declared.kind`. Each may raise ContractError."""
