"""Names as people spell them: `pageSize`, `page_size`, `page[size]` and `page-size` are the same two words."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SAME = {"perpage": "per_page", "pagesize": "page_size", "pagelimit": "page_limit", "nexttoken": "next_token"}


@lru_cache(maxsize=20_000)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def spelled(name: str) -> str:
    """Return the words of a name with underscores between them: `page_size`."""
    text = "_".join(words(name))
    return _SAME.get(text, text)


def joined(name: str) -> str:
    """Return the words of a name with nothing between them, in which `page_size` and `pagesize` are one."""
    return "".join(words(name))


def singular(word: str) -> str:
    """Return the singular of an English noun, as far as three endings tell it."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("uses", "us")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
