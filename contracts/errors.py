"""The one family of errors that `contracts` raises."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return a text with its line breaks and other control characters written out, so that it is one line."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


class ContractError(Exception):
    """A contract, or a file that goes with it, is wrong.

    The text is one line: the file, the JSON pointer in it, what was found and what is allowed.
    The caller may show it as it is; nothing was loaded.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(one_line(f"{place}: {problem}"))
        self.place = place
        self.problem = problem
