"""Filters, search and order: which records a query keeps, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from apitwin.contracts import Operation, load, timestamps
from apitwin.contracts.model import Filter, SearchRule, SortRule
from apitwin.mock_server.engine.selection import ordered, select
from apitwin.mock_server.world.record import Record

PLAIN = replace(load("viktor").operation("apps_list"), filters=(), search=None, sort=None)


def filtering(*filters: Filter) -> Operation:
    return replace(PLAIN, filters=filters)


def kept(items: Sequence[dict[str, Any]], operation: Operation, values: dict[str, Any]) -> list[Any]:
    """Return the `id` of the items that are kept, or their position where they have none."""
    records = [Record({"id": position, **item}, ()) for position, item in enumerate(items)]
    return [record.values["id"] for record in select(records, operation, values)]


SHIPS: list[dict[str, Any]] = [
    {"name": "Ada", "kind": "tug", "crew": 4, "ports": ["RTM", "ANR"], "home": {"id": 1}, "sold": False},
    {"name": "Bo", "kind": "ferry", "crew": 12, "ports": [], "home": {"id": 2}, "sold": True},
    {"name": "Cé", "kind": "tug", "crew": None, "ports": ["RTM"], "home": None, "sold": None},
    {"name": "Dé", "crew": 4, "berths": [{"id": 7}, {"id": 8}]},
]


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (Filter("kind", ("/kind",), "equals"), "tug", [0, 2]),
        (Filter("kind", ("/kind",), "equals"), "TUG", []),
        (Filter("crew", ("/crew",), "equals"), 4, [0, 3]),
        (Filter("sold", ("/sold",), "equals"), False, [0]),
        (Filter("sold", ("/sold",), "equals"), True, [1]),
        (Filter("port", ("/ports",), "equals"), "RTM", [0, 2]),
        (Filter("home", ("/home/id",), "equals"), 2, [1]),
        (Filter("berth", ("/berths/*/id",), "equals"), 8, [3]),
        (Filter("any", ("/name", "/kind"), "equals"), "ferry", [1]),
        (Filter("kind", ("/kind",), "any-of"), ["tug", "ferry"], [0, 1, 2]),
        (Filter("kind", ("/kind",), "any-of"), ["none of them"], []),
        (Filter("kind", ("/kind",), "any-of"), "ferry", [1]),
        (Filter("crew", ("/crew",), "any-of"), [12, 4], [0, 1, 3]),
        (Filter("crew", ("/crew",), "any-of"), ["12"], [1]),
        (Filter("port", ("/ports",), "any-of"), ["ANR"], [0]),
        (Filter("berth", ("/berths/*/id",), "any-of"), [7, 9], [3]),
        (Filter("crew", ("/crew",), "at-least"), 4, [0, 1, 3]),
        (Filter("crew", ("/crew",), "at-least"), 5, [1]),
        (Filter("crew", ("/crew",), "at-most"), 4, [0, 3]),
        (Filter("crew", ("/crew",), "at-most"), 3, []),
        (Filter("sold", ("/sold",), "only-when-true"), True, [1]),
        (Filter("sold", ("/sold",), "only-when-true"), False, [0, 1, 2, 3]),
        (Filter("sold", ("/sold",), "hidden-unless-true"), True, [0, 1, 2, 3]),
        (Filter("sold", ("/sold",), "hidden-unless-true"), False, [0, 2, 3]),
        (Filter("kind", ("/kind",), "unspecified"), "tug", [0, 1, 2, 3]),
    ],
    ids=lambda value: f"{value.match}-{value.parameter}" if isinstance(value, Filter) else None,
)
def test_a_filter_keeps_what_its_match_says(rule: Filter, value: Any, expected: list[int]) -> None:
    assert kept(SHIPS, filtering(rule), {rule.parameter: value}) == expected


@pytest.mark.parametrize("match", ["equals", "any-of", "at-least", "at-most", "only-when-true", "unspecified"])
def test_a_filter_that_was_not_asked_for_keeps_everything(match: str) -> None:
    assert kept(SHIPS, filtering(Filter("sold", ("/sold",), match)), {}) == [0, 1, 2, 3]


def test_what_is_hidden_is_hidden_until_asked_for() -> None:
    rule = Filter("with_sold", ("/sold",), "hidden-unless-true", revealed_by=("sold",))
    only = Filter("sold", ("/sold",), "only-when-true")

    assert kept(SHIPS, filtering(rule, only), {}) == [0, 2, 3]
    assert kept(SHIPS, filtering(rule, only), {"with_sold": False}) == [0, 2, 3]
    assert kept(SHIPS, filtering(rule, only), {"with_sold": True}) == [0, 1, 2, 3]
    assert kept(SHIPS, filtering(rule, only), {"sold": True}) == [1]
    assert kept(SHIPS, filtering(rule, only), {"sold": False}) == [0, 2, 3]


def test_several_filters_keep_what_each_of_them_keeps() -> None:
    operation = filtering(Filter("kind", ("/kind",), "any-of"), Filter("crew", ("/crew",), "at-least"))

    assert kept(SHIPS, operation, {"kind": ["tug"], "crew": 4}) == [0]


@pytest.mark.parametrize("match", ["equals", "any-of"])
@pytest.mark.parametrize("text", ["None", "none", "null", ""])
def test_nothing_is_no_text(match: str, text: str) -> None:
    """A null is not found by any text that a programmer might write it as."""
    items = [{"name": None}, {"name": text}, {}]
    value: Any = [text] if match == "any-of" else text

    assert kept(items, filtering(Filter("name", ("/name",), match)), {"name": value}) == [1]


MOMENTS = [
    {"at": "2026-05-17T22:08:49.693952Z"},
    {"at": "2026-05-17T22:08:49Z"},
    {"at": "2026-05-18T00:08:49+02:00"},
    {"at": None},
    {"at": "yesterday"},
    {"at": "2026-05-17"},
]


@pytest.mark.parametrize(
    ("match", "bound", "expected"),
    [
        ("at-least", "2026-05-17T22:08:49Z", [0, 1, 2]),
        ("at-most", "2026-05-17T22:08:49Z", [1, 2, 5]),
        ("at-most", "2026-05-18T00:08:49+02:00", [1, 2, 5]),
        ("at-least", "2026-05-17T22:08:49.693952+00:00", [0]),
        ("at-least", "2026-05-18", []),
        ("at-most", "2026-05-16T23:59:59-00:01", [5]),
    ],
)
def test_moments_are_compared_as_instants(match: str, bound: str, expected: list[int]) -> None:
    rule = Filter("bound", ("/at",), match)

    assert kept(MOMENTS, filtering(rule), {"bound": timestamps.parse(bound)}) == expected


NAMED = [
    {"name": "Brücke", "note": "old"},
    {"name": "BRÜCKE 2", "note": None},
    {"name": "Straße", "note": ""},
    {"name": "none", "note": "nothing"},
    {"name": "7", "note": 7},
    {},
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("brücke", [0, 1]),
        ("ÜCK", [0, 1]),
        ("STRASSE", [2]),
        ("old", [0]),
        ("7", [4]),
        ("b*", []),
        ("nothing has this", []),
        (" ", [1]),
    ],
)
def test_a_search_finds_a_text_inside_any_field_in_any_case(text: str, expected: list[int]) -> None:
    operation = replace(PLAIN, search=SearchRule("search", ("/name", "/note"), "substring"))

    assert kept(NAMED, operation, {"search": text}) == expected


def test_a_search_does_not_find_what_is_null() -> None:
    operation = replace(PLAIN, search=SearchRule("search", ("/name", "/note"), "substring"))

    assert kept(NAMED, operation, {"search": "none"}) == [3]


RULE = SortRule("sort", {"name": "/name", "crew": "/crew", "other": None}, "suffix", True, "largest", "codepoint")


def sorted_ids(items: list[Any], asked: str | list[str], rule: SortRule = RULE) -> list[Any]:
    """Sort items of one field, `crew`, and return them in their new order."""
    records = [Record({"id": position, "crew": item}, ()) for position, item in enumerate(items)]
    return [record.values["crew"] for record in ordered(records, rule, asked)]


@pytest.mark.parametrize(
    ("nulls", "up", "down"),
    [
        ("largest", [1, 2, None], [None, 2, 1]),
        ("smallest", [None, 1, 2], [2, 1, None]),
        ("first", [None, 1, 2], [None, 2, 1]),
        ("last", [1, 2, None], [2, 1, None]),
        ("unspecified", [1, 2, None], [None, 2, 1]),
    ],
)
def test_nulls_stand_where_the_contract_says(nulls: str, up: list[Any], down: list[Any]) -> None:
    rule = replace(RULE, nulls=nulls)

    assert sorted_ids([2, None, 1], "crew", rule) == up
    assert sorted_ids([2, None, 1], "crew:asc", rule) == up
    assert sorted_ids([2, None, 1], "crew:desc", rule) == down


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([10, 9, 8.5, -1], [-1, 8.5, 9, 10]),
        (["b", "B", "a", "é", "", "Z", "10", "9"], ["", "10", "9", "B", "Z", "a", "b", "é"]),
        ([True, False, True], [False, True, True]),
        (["2026-05-17T22:08:49Z", "2026-05-17T22:08:48Z"], ["2026-05-17T22:08:48Z", "2026-05-17T22:08:49Z"]),
        (["b", 2, "a", 1], [1, 2, "a", "b"]),
        ([], []),
    ],
    ids=["numbers", "texts-by-code-point", "booleans", "moments", "numbers-before-texts", "nothing"],
)
def test_values_are_ordered_by_their_kind(items: list[Any], expected: list[Any]) -> None:
    assert sorted_ids(items, "crew") == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("-crew", [3, 2, 1]), ("crew:asc", [1, 2, 3]), ("crew:desc", [3, 2, 1]), ("-crew:desc", [1, 2, 3])],
)
def test_a_word_can_sort_downwards_by_itself(asked: str, expected: list[Any]) -> None:
    rule = replace(RULE, keys={"-crew": "-/crew", "crew:asc": "/crew", "crew:desc": "-/crew"}, directions="suffix")

    assert sorted_ids([3, 1, 2], asked, rule) == expected


def test_a_key_of_unknown_order_leaves_the_list_as_it_is() -> None:
    assert sorted_ids([3, 1, 2], "other") == [3, 1, 2]
    assert sorted_ids([3, 1, 2], ["other", "crew"]) == [1, 2, 3]


def test_several_keys_sort_by_the_first_and_then_by_the_next() -> None:
    items = [("b", 1), ("a", 2), ("b", 2), ("a", 1)]
    records = [Record({"name": name, "crew": crew}, ()) for name, crew in items]

    rows = [(record.values["name"], record.values["crew"]) for record in ordered(records, RULE, ["name:desc", "crew"])]

    assert rows == [("b", 1), ("b", 2), ("a", 1), ("a", 2)]


@pytest.mark.parametrize("asked", ["crew", "crew:asc", "crew:desc"])
def test_equal_keys_keep_their_order_in_both_directions(asked: str) -> None:
    records = [Record({"id": number, "crew": number % 2}, ()) for number in range(6)]

    identities = [record.values["id"] for record in ordered(records, RULE, asked)]

    assert identities == ([1, 3, 5, 0, 2, 4] if asked.endswith("desc") else [0, 2, 4, 1, 3, 5])


scalars = strategies.none() | strategies.booleans() | strategies.integers(-3, 3) | strategies.text(max_size=2)


@given(items=strategies.lists(scalars, max_size=12), down=strategies.booleans())
@settings(deadline=None)
def test_sorting_keeps_every_record_and_sorting_again_changes_nothing(items: list[Any], down: bool) -> None:
    asked = "crew:desc" if down else "crew"
    records = [Record({"id": position, "crew": item}, ()) for position, item in enumerate(items)]

    once = ordered(records, RULE, asked)

    assert sorted(record.values["id"] for record in once) == list(range(len(items)))
    assert [record.values["id"] for record in ordered(once, RULE, asked)] == [record.values["id"] for record in once]


@given(
    items=strategies.lists(strategies.integers(0, 3), max_size=12), wanted=strategies.lists(strategies.integers(0, 3))
)
@settings(deadline=None)
def test_a_filter_keeps_the_order_of_what_it_keeps(items: list[int], wanted: list[int]) -> None:
    operation = filtering(Filter("crew", ("/crew",), "any-of"))
    records = [{"crew": item} for item in items]

    positions = kept(records, operation, {"crew": wanted})

    assert positions == [position for position, item in enumerate(items) if item in wanted]
