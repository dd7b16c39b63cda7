"""Servers that sort wrongly, or lose what shares a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count as numbers
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation, SortRule
from apitwin.mock_server import STEPS, Steps
from apitwin.mock_server.engine import selection
from apitwin.mock_server.engine.pagination import window as pagination
from apitwin.mock_server.engine.pagination.asked import Window
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.engine.selection import ordered
from apitwin.mock_server.world.record import Record
from tests.sabotage.changes import Records, selecting_late, sorting
from tests.sabotage.constants import APPS, CHILDREN, ROOTS, WORKSPACES
from tests.sabotage.sabotage import Sabotage


def value(record: Record, rule: SortRule, text: str) -> Any:
    """Return what a record is sorted by under one text of the sort parameter."""
    return pointers.find(record.values, rule.keys.get(text.partition(":")[0]) or "/id")


def by(key: Callable[[Any], Any]) -> Callable[[Records, SortRule, list[str]], Records]:
    """Sort by a key of the value, the least significant text first."""

    def one_by(records: Records, rule: SortRule, text: str) -> Records:
        return sorted(records, key=lambda one: key(value(one, rule, text)), reverse=text.endswith(":desc"))

    def change(records: Records, rule: SortRule, texts: list[str]) -> Records:
        for text in reversed(texts):
            records = one_by(records, rule, text)
        return records

    return change


def upward(records: Records, rule: SortRule, texts: list[str]) -> Records:
    """Sort upward, whatever direction was asked for."""
    return ordered(records, rule, [text.partition(":")[0] for text in texts])


def without_empty(records: Records, rule: SortRule, texts: list[str]) -> Records:
    """Sort, and lose what has nothing to sort by."""
    return [one for one in ordered(records, rule, texts) if all(value(one, rule, text) is not None for text in texts)]


def one_for_each_value(records: Records, rule: SortRule, texts: list[str]) -> Records:
    """Sort, and keep one of those that share their values."""
    kept = {tuple(str(value(one, rule, text)) for text in texts): one for one in reversed(records)}
    return ordered([one for one in records if one in kept.values()], rule, texts)


def ties_in_turn() -> Steps:
    """Return steps by which equal items change places at every request."""
    turns = numbers(1)

    def turned(records: Records, rule: SortRule, texts: list[str]) -> Records:
        shift = next(turns) % max(1, len(records))
        return ordered([*records[shift:], *records[:shift]], rule, texts)

    return sorting(turned)()


def ties_by_limit() -> Steps:
    """Return steps by which equal items come in reverse on small pages, as a database may that keeps a short heap."""
    asked: dict[str, Any] = {}

    def select(records: Records, operation: Operation, values: Values) -> Records:
        asked.update(operation=operation, values=values)
        asked["unsorted"] = selection.select(records, replace(operation, sort=None), values)
        return selection.select(records, operation, values)

    def cut(items: Sequence[Any], seen: Window) -> Sequence[Any]:
        rule: SortRule | None = asked["operation"].sort
        if seen.limit is None or seen.limit > 20 or rule is None or rule.parameter not in asked["values"]:
            return pagination.cut(items, seen)
        return pagination.cut(ordered(asked["unsorted"][::-1], rule, asked["values"][rule.parameter]), seen)

    return replace(STEPS, select=select, cut=cut)


ORDER = (
    Sabotage(
        "sort-inside-page",
        "The page is cut out first and sorted then.",
        "sort",
        WORKSPACES,
        selecting_late("sort"),
    ),
    Sabotage(
        "sort-ignored",
        "The sort parameter does nothing.",
        "sort",
        APPS,
        sorting(lambda records, rule, texts: records),
    ),
    Sabotage(
        "descending-is-ignored",
        "`:desc` does nothing.",
        "sort",
        WORKSPACES,
        sorting(upward),
    ),
    Sabotage(
        "second-key-is-ignored",
        "Of several keys to sort by, only the first counts.",
        "sort",
        APPS,
        sorting(lambda records, rule, texts: ordered(records, rule, texts[:1])),
    ),
    Sabotage(
        "last-key-is-most-significant",
        "Of several keys to sort by, the last is the most significant.",
        "sort",
        APPS,
        sorting(lambda records, rule, texts: ordered(records, rule, texts[::-1])),
    ),
    Sabotage(
        "numbers-sorted-as-text",
        "10 comes before 9.",
        "sort",
        WORKSPACES,
        sorting(by(str)),
    ),
    Sabotage(
        "sort-ignores-case",
        "Upper and lower case sort alike, where the contract goes by code points.",
        "sort",
        WORKSPACES,
        sorting(by(lambda found: str(found).casefold().zfill(20))),
    ),
    Sabotage(
        "nulls-on-the-wrong-side",
        "What has no value comes first, where the contract says last.",
        "sort",
        ROOTS,
        sorting(lambda records, rule, texts: ordered(records, replace(rule, nulls="smallest"), texts)),
    ),
    Sabotage(
        "sort-drops-items-without-a-value",
        "What has nothing to sort by is not in the list.",
        "sort",
        ROOTS,
        sorting(without_empty),
    ),
    Sabotage(
        "ties-change-places",
        "Items that share a sort key change places from one request to the next.",
        "ties",
        ROOTS,
        ties_in_turn,
        met="bytebase#21267",
    ),
    Sabotage(
        "ties-depend-on-the-limit",
        "Items that share a sort key come in another order on small pages.",
        "ties",
        CHILDREN,
        ties_by_limit,
        met="breeze#3462",
    ),
    Sabotage(
        "ties-are-merged",
        "Of items that share a sort key, one is in the list.",
        "ties",
        ROOTS,
        sorting(one_for_each_value),
    ),
)
"""What order must be: `testkit/laws/order.py`."""
