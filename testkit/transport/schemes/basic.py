"""A user name and a password after `Basic`, right and wrong. Source: RFC 7617 section 2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from apitwin.contracts.security.scheme import Scheme
from apitwin.testkit.transport.credentials import Names, Part, Secret, encoded
from apitwin.testkit.transport.schemes.ways import Ways

QUERY_PARAMETERS = ("authorization", "auth")
"""Names under which a server might take the header's text from an address (assumed)."""


Pair = Callable[[str, str], str]
"""Makes a text of a user name and a password."""


@dataclass(frozen=True)
class _Header:
    """What the Authorization header may show. scheme: its name; username, password: as a shell writes them."""

    scheme: str
    username: str
    password: str

    @property
    def both(self) -> str:
        """The user name and the password in a shell."""
        return f"{self.username}:{self.password}"

    @property
    def good(self) -> str:
        """What a shell makes of both in base64."""
        return _in_shell(self.both)

    def showing(self, title: str, write: Pair, text: str) -> Part:
        """Return the header with a text. text: the same in a shell."""

        def written(secret: Secret) -> str:
            return write(*secret.pair)

        return Part(title, self.scheme, "header", "Authorization", written, text)

    def after_basic(self, title: str, pair: Pair, text: str) -> Part:
        """Return the header with a text in base64 after `Basic`."""
        return self.showing(title, lambda user, word: f"Basic {encoded(pair(user, word))}", f"Basic {_in_shell(text)}")

    def under(self, title: str, word: str) -> Part:
        """Return the header with the right text after another word."""
        return self.showing(title, lambda user, password: f"{word}{_joined(user, password)}", f"{word}{self.good}")


def ways(scheme: Scheme, names: Names) -> Ways:
    """Return how to satisfy a scheme, and how not to. names: the variables of a shell."""
    header = _Header(scheme.name, *names.pair)
    right = header.after_basic("the user name and the password", lambda user, word: f"{user}:{word}", header.both)
    whole = f'-u "{header.both}"' if names.username is not None else f'-u "${names.secret}"'
    return Ways(
        right=replace(right, option=whole),
        wrong_secrets=(*_wrong_passwords(header), *_wrong_users(header)),
        wrong_forms=_wrong_forms(header),
        other_cases=(
            header.under("the scheme in lower case", "basic "),
            header.under("the scheme in upper case", "BASIC "),
        ),
        other_places=tuple(_in_query(header, name) for name in QUERY_PARAMETERS),
    )


def _wrong_passwords(header: _Header) -> tuple[Part, ...]:
    user, word = header.username, _quoted(header.password)
    return (
        header.after_basic("another password", lambda user, word: f"{user}:{'x' * len(word)}", f"{user}:xxxxxxxx"),
        header.after_basic("an empty password", lambda user, word: f"{user}:", f"{user}:"),
        header.after_basic(
            "the password without its last character",
            lambda user, word: f"{user}:{word[:-1]}",
            f"{user}:$(printf %s {word} | sed 's/.$//')",
        ),
        header.after_basic(
            "the password with a character more", lambda user, word: f"{user}:{word}x", f"{header.both}x"
        ),
        header.after_basic(
            "the password with upper and lower case exchanged",
            lambda user, word: f"{user}:{word.swapcase()}",
            f"{user}:$(printf %s {word} | tr 'a-zA-Z' 'A-Za-z')",
        ),
    )


def _wrong_users(header: _Header) -> tuple[Part, ...]:
    user, word = header.username, header.password
    return (
        header.after_basic(
            "another user name with the right password", lambda user, word: f"{user}x:{word}", f"{user}x:{word}"
        ),
        header.after_basic("an empty user name with the right password", lambda user, word: f":{word}", f":{word}"),
        header.after_basic(
            "the user name and the password exchanged", lambda user, word: f"{word}:{user}", f"{word}:{user}"
        ),
    )


def _wrong_forms(header: _Header) -> tuple[Part, ...]:
    user, word, good = header.username, header.password, header.good
    return (
        header.after_basic("both without a colon", lambda user, word: f"{user}{word}", f"{user}{word}"),
        header.showing("both not in base64", lambda user, word: f"Basic {user}:{word}", f"Basic {header.both}"),
        header.showing("the scheme with nothing after it", lambda user, word: "Basic", "Basic"),
        header.under("both under Bearer", "Bearer "),
        header.showing("the password under Bearer", lambda user, word: f"Bearer {word}", f"Bearer {word}"),
        header.under("both under Basics", "Basics "),
        header.under("both without a scheme", ""),
        header.showing(
            "both twice",
            lambda user, word: f"Basic {_joined(user, word)} {_joined(user, word)}",
            f"Basic {good} {good}",
        ),
    )


def _in_query(header: _Header, name: str) -> Part:
    title = f"both in the query parameter {name}"
    return Part(title, header.scheme, "query", name, lambda secret: f"Basic {secret.encoded}", f"Basic%20{header.good}")


def _joined(user: str, word: str) -> str:
    return encoded(f"{user}:{word}")


def _quoted(text: str) -> str:
    return f'"{text}"'


def _in_shell(text: str) -> str:
    """Return what a POSIX shell makes of a text in base64."""
    return f"$(printf %s {_quoted(text)} | base64 | tr -d '\\n')"
