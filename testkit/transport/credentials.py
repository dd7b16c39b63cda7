"""What a request shows to prove who sends it: a credential, none, and the ways to get one wrong.

A credential never holds a secret. Its parts are rules that make a text from the secret when the request is sent, and
texts that show the same in a shell, so that every printed `curl` line works where the variable in it is set.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

from apitwin.contracts.words import CredentialPlace

TOKEN_VARIABLE = "APITWIN_TOKEN"
USERNAME_VARIABLE = "APITWIN_USERNAME"
PASSWORD_VARIABLE = "APITWIN_PASSWORD"
OTHER_TOKENS = ("expired", "revoked", "restricted")
"""The kinds of token that a user may give besides a good one; restricted: valid, without a role."""


@dataclass(frozen=True)
class Secret:
    """A token, a key, or the password of a user name; without that name a text may also be `username:password`."""

    text: str = field(repr=False)
    username: str | None = field(default=None, repr=False)

    @property
    def pair(self) -> tuple[str, str]:
        """The user name and the password."""
        if self.username is not None:
            return self.username, self.text
        username, _, password = self.text.partition(":")
        return username, password

    @property
    def encoded(self) -> str:
        """Both as HTTP Basic writes them (RFC 7617 section 2)."""
        return encoded(":".join(self.pair))

    @property
    def texts(self) -> frozenset[str]:
        """What tells the secret to who reads it, in its plain spelling."""
        password = {self.pair[1]} if self.username is not None or ":" in self.text else set()
        return frozenset({self.text, *password, *({self.encoded} if all(self.pair) else ())} - {""})


def encoded(text: str) -> str:
    """Return a text in base64."""
    return base64.b64encode(text.encode()).decode()


@dataclass(frozen=True)
class Names:
    """The variables that hold a secret in a shell. username: None where `secret` holds `username:password` as well."""

    secret: str = TOKEN_VARIABLE
    username: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The user name and the password, as a POSIX shell writes them."""
        if self.username is not None:
            return f"${self.username}", f"${self.secret}"
        return f"${{{self.secret}%%:*}}", f"${{{self.secret}#*:}}"


@dataclass(frozen=True)
class Part:
    """One thing that a request shows under a scheme, right or wrong.

    title: for people. scheme: its name in the contract, "" for the only one. write: secret -> the text; shown: that
    text in a shell, inside double quotes. option: what curl has for it, None where the place says it.
    """

    title: str
    scheme: str
    place: CredentialPlace
    name: str
    write: Callable[[Secret], str]
    shown: str
    option: str | None = None

    @property
    def curl(self) -> str:
        """The option of curl, "" for what stands in the address."""
        if self.option is not None:
            return self.option
        if self.place == "query":
            return ""
        return f'--cookie "{self.name}={self.shown}"' if self.place == "cookie" else f'-H "{self.name}: {self.shown}"'


@dataclass(frozen=True)
class Credential:
    """All that a request shows. name: for people."""

    name: str
    parts: tuple[Part, ...] = ()

    def parts_in(self, place: CredentialPlace) -> tuple[Part, ...]:
        """Return the parts that are carried in one place of a request."""
        return tuple(part for part in self.parts if part.place == place)


NOTHING = Credential("no token")
TOKEN = Credential(
    "the token",
    (
        Part(
            "the token",
            "",
            "header",
            "Authorization",
            lambda secret: f"Bearer {secret.text}",
            f"Bearer ${TOKEN_VARIABLE}",
        ),
    ),
)
"""The token of a target that has but one, after `Bearer`."""
