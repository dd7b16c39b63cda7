"""Headers and cookies that a user gives for every request of a run: `--header NAME=VALUE`.

A value such as `$VARIABLE` is that of an environment variable. What comes from there, and what has the name of a
secret, is never shown: a variable of a shell stands in its place.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

from apitwin.contracts.model import Contract, Operation
from apitwin.contracts.secret_names import is_secret
from apitwin.testkit.errors import UsageError

OWN = frozenset({"accept", "authorization", "content-type"})
"""Headers that a parameter cannot describe: media types and security schemes do (OpenAPI 3.1.1, section 4.8.12.2)."""
REFUSED = frozenset({"host", "content-length", "transfer-encoding", "connection", "content-type", "cookie"})
"""Headers that the transport makes itself; a cookie is given by its own name."""
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class ExtraHeader:
    """One header, or one cookie. variable: that of a shell which is shown instead of the value; None: it is shown."""

    name: str
    value: str = field(repr=False)
    is_cookie: bool = False
    variable: str | None = None

    @property
    def curl(self) -> str:
        """The option of curl that sends it."""
        shown = f"${self.variable}" if self.variable is not None else self.value
        whole = f"{self.name}={shown}" if self.is_cookie else f"{self.name}: {shown}"
        quoted = f'"{whole}"' if self.variable is not None else shlex.quote(whole)
        return f"--cookie {quoted}" if self.is_cookie else f"-H {quoted}"

    @property
    def option(self) -> str:
        """What stands after `--header` in a command line that anybody may see."""
        return f"{self.name}={self.value if self.variable is None else f'${self.variable}'}"


def read(texts: Iterable[str], contract: Contract) -> tuple[ExtraHeader, ...]:
    """Return what the options say. contract: whose cookies are known by their names.

    Raises UsageError where one is no header, or its variable is not set.
    """
    cookies = {
        parameter.name
        for operation in contract.operations
        for parameter in operation.parameters
        if parameter.place == "cookie"
    }
    return tuple(_read(text, cookies) for text in texts)


def _read(text: str, cookies: set[str]) -> ExtraHeader:
    name, mark, value = text.partition("=")
    if not mark or not _NAME.fullmatch(name):
        raise UsageError("--header: expected NAME=VALUE, such as X-Tenant=acme, or NAME=$VARIABLE for a secret")
    if name.lower() in REFUSED:
        raise UsageError(f"--header {name}: every request has its own; give another header, or a cookie by its name")
    named = _VARIABLE.fullmatch(value)
    variable = named[1] if named is not None else None
    if variable is not None:
        value = os.environ.get(variable, "")
        if not value:
            raise UsageError(f"--header {name}: the environment variable {variable} is not set")
    elif is_secret(name) or name.lower() == "authorization":
        variable = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "SECRET"
    if not value or not value.isascii() or not value.isprintable() or value != value.strip():
        raise UsageError(f"--header {name}: expected printable ASCII text as its value (RFC 9110 section 5.5)")
    return ExtraHeader(name, value, name in cookies, variable)


def missing(operation: Operation, given: Iterable[ExtraHeader], keys: Iterable[str] = ()) -> str | None:
    """Return the required header or cookie of an operation that nobody gave, as `header X-Tenant`; None without one.

    keys: names that carry a credential.
    """
    known = {header.name.lower() for header in given} | {key.lower() for key in keys} | OWN
    return next(
        (
            f"{parameter.place} {parameter.name}"
            for parameter in operation.parameters
            if parameter.place in ("header", "cookie") and parameter.required and parameter.name.lower() not in known
        ),
        None,
    )
