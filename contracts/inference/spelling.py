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


@lru_cache(maxsize=20_000)
def joined(name: str) -> str:
    """Return the words of a name with nothing between them, in which `page_size` and `pagesize` are one."""
    return "".join(words(name))


_HOLDER = re.compile(r"^(?P<holder>[^.\[\]]+)(?:\.|\[)(?P<name>[^.\[\]]+)\]?$")
_OF_A_QUERY = frozenset(
    (
        "paginate",
        "pagination",
        "paging",
        "pager",
        "query",
        "criteria",
        "options",
        "search",
        "list",
        "request",
        "params",
        "parameters",
    )
)
"""Words of what a parameter stands in that say no more than that it belongs to a query (assumed)."""


@lru_cache(maxsize=20_000)
def called(name: str) -> str:
    """Return what a parameter is called without what it stands in: `query.limit` and `paging_limit` are limits."""
    match = _HOLDER.match(name)
    if match is not None and _OF_A_QUERY & set(words(match["holder"])):
        return joined(match["name"])
    spoken = words(name)
    while len(spoken) > 1 and spoken[0] in ("paginate", "pagination", "paging"):
        spoken = spoken[1:]
    return "".join(spoken)


def is_part(member: str, parameter: str, way: str) -> bool:
    """Return whether a member is called as what a parameter takes, in some words: `next_max_id` for `max_like_id`."""
    rest = words(member)[1:]
    return words(member)[:1] == (way,) and len(rest) > 1 and set(rest) <= set(words(parameter))


GENERIC = frozenset(("list", "array", "collection", "results", "result", "set", "items", "data", "records", "entries"))
"""Words at the end of a name that say no more than that there are many (assumed)."""


@lru_cache(maxsize=20_000)
def nouns(name: str) -> frozenset[str]:
    """Return what the things of an array are called, by its name, in the singular: `districtList` holds a district."""
    spoken = list(words(name))
    found = {singular("".join(spoken)), *(singular(word) for word in spoken[-1:])}
    while len(spoken) > 1 and spoken[-1] in GENERIC:
        spoken.pop()
        found |= {singular("".join(spoken)), singular(spoken[-1])}
    return frozenset(found - {""})


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """Return the singular of an English noun, as far as three endings tell it."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("uses", "us")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
