"""Laws of order: a sorted list is sorted across its pages, and equal keys lose nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from hypothesis import strategies

from apitwin.contracts import pointers
from apitwin.contracts.model import SortRule
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import paginated, reading, sortable
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_once, require_same
from apitwin.testkit.server.walks import Walk
from apitwin.testkit.transport.exchange import Query

PLAIN = re.compile(r"[a-z0-9]+")
"""Texts that every collation orders alike."""

TWO_ITEMS = "list of two items or more"
"""What it takes to see an order."""

Key = tuple[str, bool]
"""A pointer to sort by, and whether descending."""


def _sorting(probe: Probe) -> tuple[Query, list[Key]]:
    """Draw a sort: a key or two with a known order, each up or down where the contract has directions."""
    rule = _rule(probe)
    names = sorted(name for name, field in rule.keys.items() if field is not None)
    most = 2 if rule.several else 1
    chosen = probe.draw(
        strategies.lists(strategies.sampled_from(names), min_size=1, max_size=most, unique=True), "keys"
    )
    query: list[tuple[str, str]] = []
    keys: list[Key] = []
    for name in chosen:
        suffixes = ("", ":asc", ":desc") if rule.directions == "suffix" else ("",)
        suffix = probe.draw(strategies.sampled_from(suffixes), "direction")
        query.append((rule.parameter, name + suffix))
        keys.append(rule.key(name + suffix) or ("", False))
    return tuple(query), keys


def _rule(probe: Probe) -> SortRule:
    assert probe.operation.sort is not None, "a sort law is skipped without a sort parameter"
    return probe.operation.sort


def _fact(probe: Probe, name: str) -> str:
    return f"{probe.operation.pointer}/x-apitwin/sort/{name}"


def _before(left: Any, right: Any, descending: bool, rule: SortRule) -> int | None:
    """Return -1, 0 or 1 as left comes before, with or after right; None where the contract does not say."""
    if left is None or right is None:
        if left is None and right is None:
            return 0
        if rule.nulls == "unspecified":
            return None
        first = rule.nulls == "first" or rule.nulls == ("largest" if descending else "smallest")
        return -1 if (left is None) == first else 1
    if isinstance(left, str) and isinstance(right, str):
        if rule.collation != "codepoint" and not (PLAIN.fullmatch(left) and PLAIN.fullmatch(right)):
            return 0 if left == right else None
    elif isinstance(left, str) or isinstance(right, str) or isinstance(left, (list, dict)):
        return None
    if left == right:
        return 0
    return -1 if (left < right) != descending else 1


def _in_order(left: Any, right: Any, keys: list[Key], rule: SortRule) -> bool:
    for field, descending in keys:
        compared = _before(pointers.find(left, field), pointers.find(right, field), descending, rule)
        if compared != 0:
            return compared is None or compared < 0
    return True


@law("sort", "order", reading, paginated, sortable, prefers=windows.many)
def sort(probe: Probe) -> None:
    """A sorted walk is ordered by its keys from the first page to the last, and holds the items of the unsorted one."""
    reference = walks.reference(probe)
    probe.assume(len(reference.ids) > 1, TWO_ITEMS)
    query, keys = _sorting(probe)
    walk = walks.walk(probe, windows.walking_limit(probe, len(reference.ids)), query)
    require_once(probe, walk)
    rule, items = _rule(probe), walk.items
    placed = [at for at, item in enumerate(items) if rule.nulls != "unspecified" or None not in _values(item, keys)]
    unordered = next((pair for pair in pairwise(placed) if not _in_order(*_both(items, pair), keys, rule)), None)
    if unordered is not None:
        wrong = unordered[1]
        left, right = _both(items, unordered)
        probe.require(
            False,
            f"the list sorted by {', '.join(value for _, value in query)} is out of order at item {wrong}",
            expected=f"ordered by {[field + (' descending' if down else '') for field, down in keys]}",
            found=[_values(left, keys), _values(right, keys)],
            shown=_pages_of(walk, unordered),
            fact=_fact(probe, "keys"),
        )
    require_same(probe, walk, reference.ids, "sorting changes which items the walk meets", _fact(probe, "keys"))


def _values(item: Any, keys: list[Key]) -> list[Any]:
    return [pointers.find(item, field) for field, _ in keys]


def _both(items: Sequence[Any], pair: tuple[int, int]) -> tuple[Any, Any]:
    return items[pair[0]], items[pair[1]]


def _pages_of(walk: Walk, positions: Iterable[int]) -> list[Any]:
    """Return the exchanges of the pages that hold the items at some positions."""
    return [exchange for at in positions for exchange in walk.page_of(walk.ids[at])[:1]]


@law("ties", "order", reading, paginated, sortable, prefers=windows.many)
def ties(probe: Probe) -> None:
    """Sorted by a key that many items share, every page is still the same slice of one fixed order."""
    reference, rule = walks.reference(probe), _rule(probe)
    probe.assume(len(reference.ids) > 1, TWO_ITEMS)
    shared = {name: _shared(reference, key[0]) for name in sorted(rule.keys) if (key := rule.key(name)) is not None}
    most = sorted(shared, key=lambda name: -shared[name])[:2]
    query: Query = ((rule.parameter, probe.draw(strategies.sampled_from(most), "key")),)
    walk = walks.walk(probe, windows.walking_limit(probe, len(reference.ids)), query)
    require_once(probe, walk)
    says = f"sorting by {query[0][1]}, which many items share, changes which items the walk meets"
    require_same(probe, walk, reference.ids, says, _fact(probe, "keys"))
    limit = windows.limit(probe)
    position = windows.position(probe, limit, len(walk.ids), beyond=0, extra=query)
    page = pages.at(probe, limit, position, query)
    expected = walk.ids[
        position.start : position.start + walks.page_length(probe, limit, position.start, len(walk.ids))
    ]
    probe.require(
        page.ids == expected,
        f"items that share {query[0][1]} change places from one page request to the next",
        expected=f"the items {list(expected[:8])}",
        found=f"the items {list(page.ids[:8])}",
        shown=[*(other.exchange for other in walk.pages if set(other.ids) & set(expected)), page.exchange],
        fact=_fact(probe, "keys"),
    )


def _shared(reference: Walk, field: str) -> int:
    """Return how many items have the most frequent value of a field."""
    counted = Counter(str(pointers.find(item, field)) for item in reference.items)
    return max(counted.values(), default=0)
