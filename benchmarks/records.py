"""What a page, a write and a reset cost by the number of records: `python -m benchmarks.records`.

A page is a whole request to the backend, in process. The two sizes take turns, and what counts is the ratio between
them: it says whether a page costs the page or the list.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from apitwin.contracts import load
from apitwin.mock_server import Twin
from apitwin.mock_server.messages import Request
from apitwin.mock_server.viktor.builder import WorldBuilder

FEW, MANY = 1_000, 100_000
PAGE = 20
ROUNDS = 15
LONGEST_S = 0.2
"""Seconds after which a round ends, however few times it was."""
TIMES = 50

QUERIES: dict[str, tuple[tuple[str, str], ...]] = {
    "plain": (),
    "filtered": (("visibility", "INTERNAL"),),
    "sorted": (("sort", "name:desc"),),
    "filtered and sorted": (("visibility", "INTERNAL"), ("sort", "views")),
}
"""What is asked of the list of workspaces, which hides archived ones by itself in each of them."""


def twin_of(size: int) -> Twin:
    """Return a twin with so many workspaces: one in three is INTERNAL, one in ten is archived."""
    world = WorldBuilder()
    world.workspace("First")
    table = world.world.tables["workspaces"]
    first = dict(next(iter(table.records)).values)
    table.add((workspace(first, number) for number in range(2, size + 1)), checked=False)
    return Twin(world.contract, world=world.world)


def workspace(first: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the values of a workspace like the first one."""
    return {
        **first,
        "id": number,
        "name": f"Workspace {number * 7919 % 100_003}",
        "visibility": ("INTERNAL", "PRIVATE", "PUBLIC")[number % 3],
        "is_archived": number % 10 == 0,
        "nr_views": number * 31 % 997,
    }


def page(twin: Twin, query: tuple[tuple[str, str], ...], *, is_last: bool) -> None:
    """Ask for the first page of a list, or for one near its end."""
    offset = len(twin.world.tables["workspaces"].records) // 4 if is_last else 0
    asked = (*query, ("limit", str(PAGE)), ("offset", str(offset)))
    base = "http://twin/api/workspaces/"
    headers = {"authorization": f"Bearer {twin.token}"}
    answer = twin.backend.answer(Request("GET", "/api/workspaces/", asked, headers, base))
    assert answer.status == 200 and answer.body.count(b'"nr_views"') == PAGE, "a full page"


def update(twin: Twin, number: int) -> None:
    """Give one workspace another name and other views."""
    table = twin.world.tables["workspaces"]
    identity = str(number * 7 % 900 + 2)
    table.update(identity, {"name": f"New {number}", "nr_views": number % 997}, checked=False)


def insert(twin: Twin, number: int) -> None:
    """Add a workspace and take it away again: two writes."""
    table = twin.world.tables["workspaces"]
    table.add([{**table.records[0].values, "id": table.next_identity()}], checked=False)
    table.remove(str(table.next_identity() - 1))


def timed(work: Callable[[], object]) -> float:
    """Return the microseconds of a piece of work, the mean of some times."""
    start, times = time.perf_counter(), 0
    while times < TIMES and time.perf_counter() - start < LONGEST_S:
        work()
        times += 1
    return (time.perf_counter() - start) / times * 1e6


def compared(name: str, few: Callable[[], object], many: Callable[[], object]) -> None:
    """Time something among few records and among many in turn, and print the median of the ratios."""
    few(), many()
    pairs = [(timed(few), timed(many)) for _ in range(ROUNDS)]
    one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(large / small for small, large in pairs)
    print(f"{name:<58} {ratio:6.2f}x   ({other:,.0f} us against {one:,.0f} us)", flush=True)


def main() -> None:
    """Print what each costs among a hundred thousand records, against a thousand."""
    few, many = twin_of(FEW), twin_of(MANY)
    numbers = count()

    for name, query in QUERIES.items():
        start = time.perf_counter()
        page(many, query, is_last=False)
        took = (time.perf_counter() - start) * 1000
        for where in ("start", "end"):
            compared(
                f"a page, {name}, at the {where}",
                lambda query=query, where=where: page(few, query, is_last=where == "end"),  # type: ignore[misc]
                lambda query=query, where=where: page(many, query, is_last=where == "end"),  # type: ignore[misc]
            )
        print(f"  the first time that it is asked among {MANY:,}: {took:,.0f} ms")

    def written(twin: Twin, query: tuple[tuple[str, str], ...]) -> None:
        update(twin, next(numbers))
        page(twin, query, is_last=True)

    for name, query in QUERIES.items():
        compared(
            f"an update and then a page, {name}",
            lambda query=query: written(few, query),  # type: ignore[misc]
            lambda query=query: written(many, query),  # type: ignore[misc]
        )
    compared("an update", lambda: update(few, next(numbers)), lambda: update(many, next(numbers)))
    compared("an insert and a removal", lambda: insert(few, 0), lambda: insert(many, 0))
    compared("a reset", few.reset, many.reset)


if __name__ == "__main__":
    load("viktor")
    main()
