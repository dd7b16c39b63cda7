"""Texts of strangers as a terminal, a log or a CI system may be shown them: they say something, and do nothing.

What a server answers and what stands in a document may hold sequences that move the cursor, change a window's title,
turn the direction of writing, or begin a line as CI systems want their commands to begin.
"""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # ASCII's and ISO 8859-1's control characters but the tab and the end of a line
    "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible, or of the direction
    "\U000e0000-\U000e007f"  # tags, which nobody sees
    "\ud800-\udfff]"  # half a character, which no encoding has
)
COMMAND = re.compile(
    r"^([^\S\n]*)::"  # GitHub: `::error::`, also after white space
    r"|##(?=\[|vso\[|teamcity\[)"  # Azure Pipelines and TeamCity, anywhere in a line; GitHub's first form
    r"|^([^\S\n]*)(?=section_(?:start|end):)",  # GitLab
    re.MULTILINE,
)
"""How CI systems are given orders by what a job prints."""


def printable(text: str) -> str:
    """Return a text of several lines in which everything can be seen, and no line is an order to a CI system."""
    seen = UNSEEN.sub(_escape, text) if UNSEEN.search(text) else text
    return COMMAND.sub(_harmless, seen)


def one_line(text: str) -> str:
    """Return a text as `printable` does, in one line: what ends lines and the tab are shown as escapes."""
    return printable(text.replace("\n", "\\n").replace("\t", "\\t") if "\n" in text or "\t" in text else text)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _harmless(match: re.Match[str]) -> str:
    if match[0].startswith("#"):
        return "# #"
    return f"{match[1]}: :" if match[0].endswith("::") else f"{match[2]}|"
