"""What a world file costs, counted before any record is made: `repeat` is one word for a billion items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.contracts.budgets import BUDGETS
from apitwin.mock_server.errors import TwinError


def require_affordable(collections: Mapping[str, Any], defaults: Mapping[str, Any], place: str) -> None:
    """Raise TwinError, naming the item, for the first with which a world has too many records or characters.

    collections, defaults: as in the world file; what has another form is left to who reads it. place: their pointer.
    """
    records = characters = 0
    for name, listed in collections.items():
        added = _size(defaults.get(name, {}), 0)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            times, longest = _times(item)
            templated = times is not None
            records += times if times is not None else 1
            size = _size(item.get("item") if templated else item, longest)
            characters += (times if times is not None else 1) * (size + added)
            where = f"{place}/{name}/{index}"
            if records > BUDGETS.records:
                raise TwinError(
                    f"{where}: with this item there are {_told(records)} records; at most {BUDGETS.records}"
                )
            if characters > BUDGETS.record_characters:
                most = BUDGETS.record_characters
                raise TwinError(
                    f"{where}: with this item the records have {_told(characters)} characters; at most {most}"
                )


def _told(number: int) -> str:
    return str(number) if number < 10**18 else "more than 10^18"


def _times(item: Any) -> tuple[int | None, int]:
    """Return how many items an item stands for, None for itself only, and how long a text that is filled in may be."""
    if not isinstance(item, dict):
        return None, 0
    each, repeat = item.get("each"), item.get("repeat")
    if isinstance(each, list):
        return len(each), max((_size(choice, 0) for choice in each), default=0)
    if isinstance(repeat, int) and not isinstance(repeat, bool):
        return max(repeat, 0), len(_told(repeat))
    return None, 0


def _size(value: Any, filled: int) -> int:
    """Return the characters of a JSON value, one more for each value. filled: those that each {n} or {each} becomes."""
    size, waiting = 0, [value]
    while waiting:
        part = waiting.pop()
        size += 1
        if isinstance(part, str):
            size += len(part) + filled * (part.count("{n}") + part.count("{each}"))
        elif isinstance(part, dict):
            waiting += part.values()
            waiting += part.keys()
        elif isinstance(part, list):
            waiting += part
    return size
