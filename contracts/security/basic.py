"""A user name and a password after `Authorization: Basic` (RFC 7617)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from apitwin.contracts.security.declared import Declared
from apitwin.contracts.security.scheme import Scheme


@dataclass(frozen=True)
class Basic(Scheme):
    """HTTP Basic."""

    has_username: ClassVar[bool] = True


def read(declared: Declared) -> Basic:
    """Return the scheme."""
    return Basic(declared.name, declared.rule, declared.fact)
