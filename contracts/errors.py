"""The one family of errors that `contracts` raises, and the one line that every error is."""

from __future__ import annotations

from apitwin.contracts.printable import one_line

LONGEST = 700
"""Characters of an error: what a stranger's document says in it cannot fill a screen. Assumed."""


def shortened(text: str, length: int = 240) -> str:
    """Return a text of at most that many characters, its middle left out where it is longer."""
    if len(text) <= length:
        return text
    half = (length - 5) // 2
    return f"{text[:half]} ... {text[-half:]}"


def bounded_line(text: str) -> str:
    """Return a text as one line of at most `LONGEST` characters, its middle left out where it is longer."""
    return shortened(one_line(shortened(text, 2 * LONGEST)), LONGEST)


class ContractError(Exception):
    """A contract, or a file that goes with it, is wrong.

    The text is one line of at most `LONGEST` characters: the file, the JSON pointer in it, what was found and what is
    allowed. The caller may show it as it is; nothing was loaded.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(bounded_line(f"{shortened(place, LONGEST // 2)}: {problem}"))
        self.place = place
        self.problem = problem
