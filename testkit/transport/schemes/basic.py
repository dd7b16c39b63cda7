"""A user name and a password after `Basic`, right and wrong. Source: RFC 7617 section 2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from apitwin.contracts.security.scheme import Scheme
from apitwin.testkit.transport.credentials import Names, Part, Secret, encoded
from apitwin.testkit.transport.schemes.ways import Ways

QUERY_PARAMETERS = ("authorization", "auth")
"""Names under which a server might take the header's text from an address (assumed)."""


def ways(scheme: Scheme, names: Names) -> Ways:
    """Return how to satisfy a scheme, and how not to. names: the variables of a shell."""
    username, password = names.pair

    def header(title: str, write: Callable[[str, str], str], text: str) -> Part:
        def written(secret: Secret) -> str:
            return write(*secret.pair)

        return Part(title, scheme.name, "header", "Authorization", written, text)

    def after_basic(title: str, pair: Callable[[str, str], str], text: str) -> Part:
        return header(title, lambda user, word: f"Basic {encoded(pair(user, word))}", f"Basic {_in_shell(text)}")

    def joined(user: str, word: str) -> str:
        return encoded(f"{user}:{word}")

    both = f"{username}:{password}"
    good = _in_shell(both)
    right = after_basic("the user name and the password", lambda user, word: f"{user}:{word}", both)
    whole = f'-u "{both}"' if names.username is not None else f'-u "${names.secret}"'
    return Ways(
        right=replace(right, option=whole),
        wrong_secrets=(
            after_basic("another password", lambda user, word: f"{user}:{'x' * len(word)}", f"{username}:xxxxxxxx"),
            after_basic("an empty password", lambda user, word: f"{user}:", f"{username}:"),
            after_basic(
                "the password without its last character",
                lambda user, word: f"{user}:{word[:-1]}",
                f"{username}:$(printf %s {_quoted(password)} | sed 's/.$//')",
            ),
            after_basic("the password with a character more", lambda user, word: f"{user}:{word}x", f"{both}x"),
            after_basic(
                "the password with upper and lower case exchanged",
                lambda user, word: f"{user}:{word.swapcase()}",
                f"{username}:$(printf %s {_quoted(password)} | tr 'a-zA-Z' 'A-Za-z')",
            ),
            after_basic(
                "another user name with the right password",
                lambda user, word: f"{user}x:{word}",
                f"{username}x:{password}",
            ),
            after_basic("an empty user name with the right password", lambda user, word: f":{word}", f":{password}"),
            after_basic(
                "the user name and the password exchanged",
                lambda user, word: f"{word}:{user}",
                f"{password}:{username}",
            ),
        ),
        wrong_forms=(
            after_basic("both without a colon", lambda user, word: f"{user}{word}", f"{username}{password}"),
            header("both not in base64", lambda user, word: f"Basic {user}:{word}", f"Basic {both}"),
            header("the scheme with nothing after it", lambda user, word: "Basic", "Basic"),
            header("both under Bearer", lambda user, word: f"Bearer {joined(user, word)}", f"Bearer {good}"),
            header("the password under Bearer", lambda user, word: f"Bearer {word}", f"Bearer {password}"),
            header("both under Basics", lambda user, word: f"Basics {joined(user, word)}", f"Basics {good}"),
            header("both without a scheme", lambda user, word: joined(user, word), good),
            header(
                "both twice",
                lambda user, word: f"Basic {joined(user, word)} {joined(user, word)}",
                f"Basic {good} {good}",
            ),
        ),
        other_cases=(
            header("the scheme in lower case", lambda user, word: f"basic {joined(user, word)}", f"basic {good}"),
            header("the scheme in upper case", lambda user, word: f"BASIC {joined(user, word)}", f"BASIC {good}"),
        ),
        other_places=tuple(
            Part(
                f"both in the query parameter {name}",
                scheme.name,
                "query",
                name,
                lambda secret: f"Basic {secret.encoded}",
                f"Basic%20{good}",
            )
            for name in QUERY_PARAMETERS
        ),
    )


def _quoted(text: str) -> str:
    return f'"{text}"'


def _in_shell(text: str) -> str:
    """Return what a POSIX shell makes of a text in base64."""
    return f"$(printf %s {_quoted(text)} | base64 | tr -d '\\n')"
