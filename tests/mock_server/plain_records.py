"""Filters and sorts over a plain list of dicts, as slowly and as plainly as can be: what an index is held to."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import cmp_to_key
from typing import Any

from apitwin.contracts.model import Filter, SortRule

Item = dict[str, Any]


def under(item: Item, pointer: str) -> list[Any]:
    """Return the values under a pointer of one or two steps."""
    value: Any = item
    for step in pointer.strip("/").split("/"):
        if not isinstance(value, dict) or step not in value:
            return []
        value = value[step]
    return value if isinstance(value, list) else [value]


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)
    except (AttributeError, ValueError):
        return None


def same(value: Any, wanted: Any) -> bool:
    if value is None or isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(wanted, datetime):
        return moment(value) == wanted
    if is_number(wanted):
        return is_number(value) and bool(value == wanted)
    return str(value) == wanted


def beyond(value: Any, rule: Filter, bound: Any) -> bool:
    if isinstance(bound, datetime):
        value = moment(value)
    elif not is_number(value):
        return False
    return value is not None and bool(value >= bound if rule.match == "at-least" else value <= bound)


def keeps(item: Item, rule: Filter, asked: dict[str, Any]) -> bool:
    """Return whether a filter leaves an item in the list."""
    values = [value for pointer in rule.fields for value in under(item, pointer)]
    wanted = asked.get(rule.parameter)
    if rule.match == "hidden-unless-true":
        revealed = any(asked.get(name) is True for name in (rule.parameter, *rule.revealed_by))
        return revealed or not any(value is True for value in values)
    if rule.parameter not in asked or rule.match == "unspecified":
        return True
    if rule.match == "only-when-true":
        return wanted is not True or any(value is True for value in values)
    if rule.match in ("at-least", "at-most"):
        return any(beyond(value, rule, wanted) for value in values)
    choices = wanted if isinstance(wanted, list) else [wanted]
    return any(same(value, choice) for value in values for choice in choices)


def finds(item: Item, pointers: tuple[str, ...], needle: str) -> bool:
    texts = [str(value) for pointer in pointers for value in under(item, pointer) if value is not None]
    return any(needle.casefold() in text.casefold() for text in texts)


def compared(first: Any, second: Any) -> int:
    """Compare two values that are no nulls: numbers and truth values before texts."""
    texts = [not isinstance(value, (bool, int, float)) for value in (first, second)]
    if texts[0] != texts[1]:
        return 1 if texts[0] else -1
    left, right = (str(first), str(second)) if texts[0] else (first, second)
    return int(left > right) - int(left < right)


def by_one(items: list[Item], rule: SortRule, text: str) -> list[Item]:
    """Return items sorted by one text of the sort parameter; ties stay as they are."""
    word, _, direction = text.partition(":")
    pointer, down = rule.keys[word], direction == "desc"
    if pointer is None:
        return items

    def value(item: Item) -> Any:
        place: Any = item
        for step in pointer.strip("/").split("/"):
            place = place.get(step) if isinstance(place, dict) else None
        return place

    nulls = [item for item in items if value(item) is None]
    sign = -1 if down else 1
    others = sorted(
        (item for item in items if value(item) is not None),
        key=cmp_to_key(lambda first, second: sign * compared(value(first), value(second))),
    )
    side = {"first": True, "last": False, "smallest": not down, "largest": down}[rule.nulls]
    return nulls + others if side else others + nulls
