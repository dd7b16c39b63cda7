"""JSON pointers (RFC 6901): split them, write them, follow them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

MISSING: Any = object()
"""What stands for a member that is not there, where None is a value like others."""


@lru_cache(maxsize=4096)  # a page asks for the same few pointers for each of its items
def split(pointer: str) -> tuple[str, ...]:
    """Return the reference tokens of a pointer; `""` is the whole document.

    Raises ValueError when the pointer is neither empty nor starts with `/`.
    Source: RFC 6901 sections 3 and 4.
    """
    if pointer == "":
        return ()
    if not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer: it must be empty or start with '/'")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/"))


def join(tokens: Iterable[str | int]) -> str:
    """Write reference tokens as a pointer, escaped. Source: RFC 6901 section 3."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def follow(document: Any, pointer: str) -> Any:
    """Return what the pointer names inside the document.

    Raises LookupError when there is no such place. Source: RFC 6901 section 4.
    """
    place = document
    for token in split(pointer):
        if isinstance(place, dict) and token in place:
            place = place[token]
        elif isinstance(place, list) and token.isascii() and token.isdigit() and int(token) < len(place):
            place = place[int(token)]
        else:
            raise LookupError(f"there is no {token!r} on the way to {pointer}")
    return place


def find(document: Any, pointer: str, default: Any = None) -> Any:
    """Return what the pointer names, or the default where there is no such place."""
    try:
        return follow(document, pointer)
    except LookupError:
        return default


def put(document: dict[str, Any], pointer: str, value: Any) -> None:
    """Place a value in a document of nested objects, making the objects on the way.

    Raises ValueError for the empty pointer: a document cannot replace itself.
    """
    tokens = split(pointer)
    if not tokens:
        raise ValueError("the empty pointer names the whole document")
    for token in tokens[:-1]:
        document = document.setdefault(token, {})
    document[tokens[-1]] = value


def values(document: Any, pointer: str) -> list[Any]:
    """Return everything the pointer names, where the token `*` stands for every element of an array.

    An array at the end gives its elements; a missing place gives nothing. The `*` is ours, not RFC 6901's.
    """
    tokens = split(pointer)
    if len(tokens) == 1 and tokens[0] != "*":  # nearly all are, and a list is filtered by them
        place = document.get(tokens[0], MISSING) if isinstance(document, dict) else MISSING
        return place if isinstance(place, list) else [] if place is MISSING else [place]
    places = [document]
    for token in tokens:
        if token == "*":
            places = [element for place in places if isinstance(place, list) for element in place]
        else:
            places = [place[token] for place in places if isinstance(place, dict) and token in place]
    return [value for place in places for value in (place if isinstance(place, list) else [place])]
