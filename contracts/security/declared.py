"""A security scheme as a document declares it, before anybody understood it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.errors import ContractError
from apitwin.contracts.security.scheme import AuthRule

HTTP_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A name of a header or a cookie (RFC 9110 section 5.6.2, RFC 6265 section 4.1.1)."""


@dataclass(frozen=True)
class Declared:
    """One Security Scheme Object. place: its file and pointer, for errors; rule, fact: see `Scheme`."""

    name: str
    value: Mapping[str, Any]
    place: str
    rule: AuthRule
    fact: str

    @property
    def kind(self) -> str:
        """Its type, and of an `http` one also the HTTP authentication scheme, which is read in any case."""
        kind, scheme = self.value.get("type"), self.value.get("scheme")
        return f"http {str(scheme).lower()}" if kind == "http" else str(kind)

    def text(self, key: str) -> str:
        """Return a member that has to be a text. Raises ContractError where it is none."""
        value = self.value.get(key)
        if not isinstance(value, str) or not value:
            raise ContractError(f"{self.place}/{key}", f"found {value!r}; expected a text")
        return value
