"""An indexed table gives what a plain list gives, whatever was written, kept and brought back in between."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, rule

from apitwin.contracts import load, pointers, timestamps
from apitwin.contracts.model import Collection, Filter, SearchRule, SortRule
from apitwin.mock_server.engine.selection import select
from apitwin.mock_server.world import log
from apitwin.mock_server.world.listed import Listed
from apitwin.mock_server.world.order import Sort
from apitwin.mock_server.world.table import Table
from tests.mock_server import plain_records as plain

MOMENTS = ("2026-05-17T22:08:49Z", "2026-05-18T00:08:49+02:00", "2026-05-18T00:00:00Z")
SCALARS: tuple[Any, ...] = (None, True, False, 0, 1, 2, 1.0, 1.5, "", "1", "a", "B", "None", "True", *MOMENTS)
VALUES = strategies.sampled_from(SCALARS)
FIELD = VALUES | strategies.lists(VALUES, max_size=2) | strategies.fixed_dictionaries({"in": VALUES})
NAMES = ("a", "b", "rank")
ITEM = strategies.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, FIELD))
ASKED = strategies.sampled_from([*SCALARS[1:], *map(timestamps.parse, MOMENTS)])
POINTERS = strategies.sampled_from([("/a",), ("/b",), ("/a", "/b"), ("/a/in",), ("/rank",)])
BOUND = strategies.sampled_from([1, 0, 1.5, timestamps.parse(MOMENTS[0])])
WORDS = ("a", "b", "in", "a:desc", "b:desc", "in:desc", "other")
KEYS = {"a": "/a", "b": "/b", "in": "/a/in", "other": None}
PLAIN = replace(load("viktor").operation("apps_list"), filters=(), search=None, sort=None)
SHIPS = Collection("ships", "/id", ("/rank",), (), None)


@strategies.composite
def filters(draw: Any) -> list[tuple[Filter, Any]]:
    """Draw filters, each with what is asked of it: a scalar, several, or a truth value."""
    drawn: list[tuple[Filter, Any]] = []
    for number in range(draw(strategies.integers(0, 3))):
        match = draw(strategies.sampled_from(sorted(MATCHES)))
        kind = Filter(f"p{number}", draw(POINTERS), match, ("p0",) if match == "hidden-unless-true" else ())
        drawn.append((kind, draw(MATCHES[match])))
    return drawn


MATCHES: dict[str, Any] = {
    "equals": ASKED,
    "any-of": strategies.lists(ASKED, min_size=1, max_size=3),
    "at-least": BOUND,
    "at-most": BOUND,
    "only-when-true": strategies.booleans(),
    "hidden-unless-true": strategies.booleans(),
    "unspecified": ASKED,
}
QUERY = strategies.tuples(
    filters(),
    strategies.none() | strategies.sampled_from(["a", "1", "none", "T"]),
    strategies.lists(strategies.sampled_from(WORDS), max_size=3),
    strategies.sampled_from(["smallest", "largest", "first", "last"]),
)


class Queried(RuleBasedStateMachine):
    """A table that is written to, restored and asked, beside a list of dicts for which the same is done plainly."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(SHIPS)
        self.items: list[plain.Item] = []
        self.snapshots: list[tuple[Any, list[plain.Item]]] = [(self.table.state, [])]
        self.asked: list[Any] = []

    @rule(items=strategies.lists(ITEM, min_size=1, max_size=40))
    def add(self, items: list[plain.Item]) -> None:
        first = self.table.next_identity()
        new = [{"id": number, **item} for number, item in enumerate(items, first)]
        self.table.add(new)
        self.items = sorted(self.items + new, key=ranked)

    @rule(place=strategies.integers(0, 99), changes=ITEM)
    def update(self, place: int, changes: plain.Item) -> None:
        if not self.items:
            return
        at = place % len(self.items)
        old = self.items[at]
        new = {**old, **changes}
        self.table.update(str(old["id"]), changes)
        if ranked(new) == ranked(old):
            self.items = [new if item is old else item for item in self.items]
        else:
            self.items = sorted([*(item for item in self.items if item is not old), new], key=ranked)

    @rule(places=strategies.sets(strategies.integers(0, 99), max_size=5))
    def remove(self, places: set[int]) -> None:
        gone = [item["id"] for place, item in enumerate(self.items) if place in places]
        self.table.remove(*map(str, gone))
        self.items = [item for item in self.items if item["id"] not in gone]

    @rule()
    def keep(self) -> None:
        self.snapshots.append((self.table.state, self.items))

    @rule(chosen=strategies.integers(0, 20))
    def restore(self, chosen: int) -> None:
        self.table.state, self.items = self.snapshots[chosen % len(self.snapshots)]

    @rule(query=QUERY)
    def ask(self, query: Any) -> None:
        self.asked.append(query)
        self.compare(query)

    @rule(chosen=strategies.integers(0, 50))
    def ask_again(self, chosen: int) -> None:
        """Ask what was asked before some writes."""
        if self.asked:
            self.compare(self.asked[chosen % len(self.asked)])

    def compare(self, query: Any) -> None:
        drawn, needle, words, nulls = query
        sort = SortRule("sort", KEYS, "suffix", True, nulls, "codepoint")
        search = SearchRule("search", ("/a", "/b"), "substring")
        operation = replace(PLAIN, filters=tuple(rule for rule, _ in drawn), search=search, sort=sort)
        values: dict[str, Any] = {rule.parameter: wanted for rule, wanted in drawn}
        values |= {} if needle is None else {"search": needle}
        values |= {"sort": words} if words else {}

        expected = [item for item in self.items if all(plain.keeps(item, rule, values) for rule, _ in drawn)]
        if needle is not None:
            expected = [item for item in expected if plain.finds(item, search.fields, needle)]
        for word in reversed(words):
            expected = plain.by_one(expected, sort, word)

        for records in (self.table.records, Listed(self.table.records)):
            found = select(records, operation, values)
            assert [record.values for record in found] == expected
            assert len(found) == len(expected)
            assert [record.values for record in found[1:4]] == expected[1:4]
            for place, record in enumerate(found):
                assert found.place_after(json.loads(json.dumps(found.rank(record)))) == place + 1


def ranked(item: plain.Item) -> Any:
    """The order of the table, in which numbers come first and everything else by its type."""
    value = item.get("rank")
    number = isinstance(value, (bool, int, float))
    return ("", value, "") if number else (type(value).__name__, 0, str(value))


TestQueried = Queried.TestCase
TestQueried.settings = settings(deadline=None, max_examples=100, stateful_step_count=25)


def ship(number: int) -> plain.Item:
    return {"id": number, "rank": number, "kind": number % 7, "sold": number % 3 == 0, "name": f"{number * 37 % 1000}"}


def ships(size: int) -> Table:
    table = Table(replace(SHIPS, order=("/rank",)))
    table.add(ship(number) for number in range(size))
    return table


OPERATION = replace(
    PLAIN,
    filters=(Filter("kind", ("/kind",), "equals"), Filter("sold", ("/sold",), "hidden-unless-true")),
    sort=SortRule("sort", {"name": "/name"}, "suffix", True, "largest", "codepoint"),
)
ASKING: tuple[dict[str, Any], ...] = ({}, {"kind": 3}, {"sort": "name:desc"}, {"kind": 3, "sort": "name"})


@pytest.mark.parametrize("asked", ASKING, ids=str)
def test_what_a_write_does_not_touch_is_not_looked_at_again(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = ships(5000)
    select(table.records, OPERATION, asked)[:1]
    looks: list[str] = []
    for name in ("find", "values"):
        look = getattr(pointers, name)
        monkeypatch.setattr(pointers, name, lambda *said, look=look: (looks.append(said[1]), look(*said))[1])

    for number in range(50):
        table.update(str(number * 7), {"name": f"new {number}"})
        count = len(select(table.records, OPERATION, asked))

    assert len(looks) < 50 * 200
    assert count == len(select(Listed(table.records), OPERATION, asked))


def test_many_writes_that_nobody_looked_at_are_caught_up_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST", 50)
    table = ships(3000)
    for writes in (1, 49, 51, 120, 400):
        select(table.records, OPERATION, ASKING[3])[:1]
        before = table.state
        for number in range(writes):
            table.update(str(number * 5), {"name": f"new {writes * number}", "kind": number % 7})
        for asked in ASKING:
            assert list(select(table.records, OPERATION, asked)) == list(
                select(Listed(table.records), OPERATION, asked)
            )
        table.state = before  # two ways from one state
        table.update("7", {"name": "another way", "kind": 3})
        assert list(select(table.records, OPERATION, ASKING[3])) == list(
            select(Listed(table.records), OPERATION, ASKING[3])
        )


def test_a_rank_says_where_to_go_on_when_its_record_is_gone() -> None:
    table = ships(2000)
    order = (Sort("/kind", descending=True), Sort("/name"))
    listed = table.records.ordered(order)
    rank, following = listed.rank(listed[999]), [record.values["id"] for record in listed[1000:1010]]

    table.remove(str(listed[999].values["id"]), str(listed[5].values["id"]))
    table.add([{"id": 5000, "rank": 0, "kind": 7, "name": "first"}])

    later = table.records.ordered(order)
    start = later.place_after(rank)
    assert [record.values["id"] for record in later[start : start + 10]] == following


@pytest.mark.parametrize("rank", [[], [1], ["x", "y", "z"], [[1, False, "x"], [1, False, 1], ["", 3], 1]], ids=str)
def test_what_is_no_rank_of_an_order_is_refused(rank: list[Any]) -> None:
    listed = ships(10).records.ordered((Sort("/kind"), Sort("/name")))

    with pytest.raises(ValueError, match="not a"):
        listed.place_after(rank)


def test_readers_see_one_moment_while_a_writer_changes_what_they_ask_for() -> None:
    table, failures, done = ships(1000), [], threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                for asked in ASKING:
                    found = select(table.records, OPERATION, asked)
                    count, identities = len(found), [record.values["id"] for record in found]
                    assert len(set(identities)) == count == len(identities)
                    names = [record.values["name"] for record in found]
                    assert "sort" not in asked or names == sorted(names, reverse=asked["sort"] == "name:desc")
                    assert all(record.values["kind"] == asked.get("kind", record.values["kind"]) for record in found)
                    # Two records are always changed together.
                    pair = [r.values["name"] for r in table.records if r.values["id"] in (1001, 1002)]
                    assert pair in ([], [pair[0], pair[0]] if pair else [])
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    start = table.state
    for number in range(300):
        table.add([{**ship(1001), "name": str(number)}, {**ship(1002), "name": str(number)}])
        table.update(str(number), {"name": "z", "kind": 3})
        table.remove("1001", "1002")
        if number % 50 == 49:
            table.state = start
    done.set()
    for reader in readers:
        reader.join(30)
    assert not failures, failures
