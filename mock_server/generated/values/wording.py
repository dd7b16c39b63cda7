"""Names of members as words: `createdAt` and `created-at` are the same two, and `books` is many a `book`."""

from __future__ import annotations

import re
from functools import lru_cache

_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_ALIKE = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("ses", "se"), ("s", ""))
"""Endings of English plurals, and what they are of one: enough to tell which collection a member speaks of."""


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters."""
    return tuple(part.lower() for part in _BORDER.split(name) if part)


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """Return the word for one of many, as far as its ending tells (assumed: English)."""
    if word.endswith(("ss", "us", "is")) or len(word) < 4:
        return word
    for ending, of_one in _ALIKE:
        if word.endswith(ending):
            return word[: len(word) - len(ending)] + of_one
    return word


@lru_cache(maxsize=8192)
def noun(name: str) -> str:
    """Return what one thing of a collection or a member is called, all its words together: `order-items`: orderitem."""
    parts = words(name)
    return "".join((*parts[:-1], singular(parts[-1]))) if parts else ""
