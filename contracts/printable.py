"""Texts of strangers as a terminal, a log or a CI system may be shown them: they say something, and do nothing.

What a server answers and what stands in a document may hold sequences that move the cursor, change a window's title,
turn the direction of writing, or begin a line as CI systems want their commands to begin.
"""

from __future__ import annotations

import re

COMMAND = re.compile(
    r"^([^\S\n]*)::"  # GitHub: `::error::`, also after white space
    r"|##(?=\[|vso\[|teamcity\[)"  # Azure Pipelines and TeamCity, anywhere in a line; GitHub's first form
    r"|^([^\S\n]*)(?=section_(?:start|end):)",  # GitLab
    re.MULTILINE,
)
"""How CI systems are given orders by what a job prints."""


def printable(text: str) -> str:
    """Return a text of several lines in which everything can be seen, and no line is an order to a CI system."""
    return COMMAND.sub(_harmless, "".join(map(_seen, text)) if not text.isprintable() else text)


def one_line(text: str) -> str:
    """Return a text as `printable` does, in one line: what ends lines and the tab are shown as escapes too."""
    return COMMAND.sub(_harmless, text if text.isprintable() else "".join(map(_written_out, text)))


def _seen(character: str) -> str:
    return character if character in "\n\t" else _written_out(character)


def _written_out(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def _harmless(match: re.Match[str]) -> str:
    if match[0].startswith("#"):
        return "# #"
    return f"{match[1]}: :" if match[0].endswith("::") else f"{match[2]}|"
