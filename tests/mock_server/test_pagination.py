"""Windows and links: what each rule makes of a query, in literal numbers and addresses, and what Django makes of it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given, settings, strategies
from werkzeug.test import Client

from apitwin.contracts import Contract
from apitwin.contracts.model import Pagination
from apitwin.contracts.pagination import reading
from apitwin.contracts.words import Repeated
from apitwin.mock_server import STEPS, World, create_app
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.window import Links, cut, links, window
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.world import Token

BASE = "https://harbour.example/ships/"
LIMIT = {"parameter": "limit", "maximum": 50, "default": 20}
OFFSET = {"parameter": "offset"}
ENVELOPE = {"results": "/results", "count": "/count", "next": "/next", "previous": "/previous"}


def rule(
    limit: dict[str, Any] | None = None,
    offset: dict[str, Any] | None = None,
    envelope: dict[str, Any] | None = None,
    form: dict[str, Any] | None = None,
) -> Pagination:
    """Return a pagination rule in the words of a contract; what is not said is as above. form: of the links."""
    value = {
        "limit": {**LIMIT, **(limit or {})},
        "offset": {**OFFSET, **(offset or {})},
        "envelope": ENVELOPE if envelope is None else envelope,
        "links": {"order": "sorted", **(form or {})},
    }
    return reading.read("pages", value, "/x-apitwin/pagination/pages", "here")


def seen(query: str, pagination: Pagination, repeated: Repeated = "last") -> Window | Rejected:
    return window(Asked(BASE, parse_qsl(query, keep_blank_values=True), pagination, repeated), ())


def records(count: int) -> list[Record]:
    return [Record({"id": number}, ()) for number in range(count)]


def linked(query: list[tuple[str, str]], chosen: Window, count: int, pagination: Pagination) -> Links:
    """Return the addresses of a page, and nothing else that it states."""
    stated = links(Asked(BASE, query, pagination, "last"), chosen, records(count))
    return Links(stated.next, stated.previous)


KINDS = {"zero": "0", "negative": "-3", "text": "abc", "empty": "", "fraction": "2.5"}
TREATMENTS: dict[str, int | None] = {"default": 20, "maximum": 50, "empty": 0, "one": 1, "bare-array": None}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("treatment", TREATMENTS)
def test_a_limit_of_each_odd_kind_is_treated_as_the_contract_says(kind: str, treatment: str) -> None:
    """Every other kind is refused, so that none can be taken for another."""
    pagination = rule({"when-invalid": "reject", f"when-{kind}": treatment})

    assert seen(f"limit={KINDS[kind]}", pagination) == Window(TREATMENTS[treatment], 0, KINDS[kind])
    for other in KINDS.keys() - {kind}:
        assert isinstance(seen(f"limit={KINDS[other]}", pagination), Rejected)


@pytest.mark.parametrize(
    ("kind", "message", "bound"),
    [
        ("zero", "minimum", 1),
        ("negative", "minimum", 1),
        ("text", "integer", None),
        ("empty", "integer", None),
        ("fraction", "integer", None),
    ],
)
def test_a_limit_that_is_refused_says_why(kind: str, message: str, bound: int | None) -> None:
    pagination = rule({"when-invalid": "bare-array", f"when-{kind}": "reject"})

    assert seen(f"limit={KINDS[kind]}", pagination) == Rejected("limit", message, KINDS[kind], bound)


@pytest.mark.parametrize(
    ("text", "over", "expected"),
    [
        ("2.5", "truncate", 2),
        ("2.999", "truncate", 2),
        ("0.5", "truncate", 0),
        (".5", "truncate", 0),
        ("7.", "truncate", 7),
        ("99.9", "truncate", 50),
        ("99.9", "honour", 99),
    ],
)
def test_a_fraction_is_rounded_down_where_the_contract_says_so(text: str, over: str, expected: int) -> None:
    pagination = rule({"when-invalid": "reject", "when-fraction": "floor", "over-maximum": over})

    assert seen(f"limit={text}", pagination) == Window(expected, 0, text)


@pytest.mark.parametrize(
    ("treatment", "expected"),
    [
        ("default", Window(20, 0)),
        ("maximum", Window(50, 0)),
        ("bare-array", Window(None, 0)),
        ("unspecified", Window(20, 0)),
        ("reject", Rejected("limit", "required", "", None)),
    ],
)
def test_an_absent_limit_is_treated_as_the_contract_says(treatment: str, expected: Window | Rejected) -> None:
    assert seen("", rule({"when-absent": treatment})) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ({"default": 20, "maximum": 50}, 20),
        ({"maximum": 50}, 50),
        ({}, 20),
    ],
    ids=["the-default", "else-the-maximum", "else-twenty"],
)
def test_where_the_contract_does_not_say_a_page_has_some_size(limit: dict[str, int], expected: int) -> None:
    value = {"limit": {"parameter": "limit", **limit}, "offset": OFFSET, "envelope": ENVELOPE}
    pagination = reading.read("pages", value, "", "here")

    assert seen("", pagination) == Window(expected, 0)
    assert seen("limit=x", pagination) == Window(expected, 0, "x")


@pytest.mark.parametrize(
    ("over", "text", "expected"),
    [
        ("truncate", "50", Window(50, 0, "50")),
        ("truncate", "51", Window(50, 0, "51")),
        ("truncate", "9" * 40, Window(50, 0, "9" * 40)),
        ("reject", "50", Window(50, 0, "50")),
        ("reject", "51", Rejected("limit", "maximum", "51", 50)),
        ("honour", "51", Window(51, 0, "51")),
        ("honour", "9" * 40, Window(int("9" * 40), 0, "9" * 40)),
    ],
    ids=lambda value: value[:3] + "..." if isinstance(value, str) and len(value) > 9 else None,
)
def test_a_limit_over_the_maximum_is_cut_refused_or_honoured(over: str, text: str, expected: Window | Rejected) -> None:
    assert seen(f"limit={text}", rule({"over-maximum": over})) == expected


@pytest.mark.parametrize("text", ["1", "5", "20", "49"])
def test_a_limit_within_the_maximum_is_what_was_asked_for(text: str) -> None:
    for over in ("truncate", "reject", "honour", "unspecified"):
        assert seen(f"limit={text}", rule({"over-maximum": over, "when-invalid": "reject"})) == Window(
            int(text), 0, text
        )


@pytest.mark.parametrize(
    ("text", "lenient", "strict"),
    [
        ("5", 5, 5),
        ("05", 5, 5),
        ("+5", 5, None),
        (" 5", 5, None),
        ("5 ", 5, None),
        ("5\n", 5, None),
        ("５", 5, None),
        ("٥", 5, None),
        ("1_0", 10, None),
        ("0x5", None, None),
        ("5e0", None, None),
        ("5,", None, None),
        ("five", None, None),
        ("²", None, None),
        ("9" * 1001, None, None),
    ],
    ids=lambda value: ascii(value)[1:12] if isinstance(value, str) else str(value),
)
def test_numbers_are_spelt_as_the_contract_says(text: str, lenient: int | None, strict: int | None) -> None:
    for spelling, expected in (("lenient", lenient), ("strict", strict)):
        pagination = rule(
            {"when-invalid": "reject", "spelling": spelling}, {"when-invalid": "reject", "spelling": spelling}
        )
        limit, offset = seen(f"limit={quote(text)}", pagination), seen(f"limit=7&offset={quote(text)}", pagination)
        if expected is None:
            assert limit == Rejected("limit", "integer", text, None)
            assert offset == Rejected("offset", "integer", text, None)
        else:
            assert limit == Window(expected, 0, text)
            assert offset == Window(7, expected, "7")


@pytest.mark.parametrize(
    ("text", "treatment", "expected"),
    [
        ("-1", "zero", Window(7, 0, "7")),
        ("abc", "zero", Window(7, 0, "7")),
        ("", "zero", Window(7, 0, "7")),
        ("1.5", "zero", Window(7, 0, "7")),
        ("-1", "unspecified", Window(7, 0, "7")),
        ("-1", "reject", Rejected("offset", "minimum", "-1", 0)),
        ("abc", "reject", Rejected("offset", "integer", "abc", None)),
        ("", "reject", Rejected("offset", "integer", "", None)),
        ("1.5", "reject", Rejected("offset", "integer", "1.5", None)),
        ("0", "reject", Window(7, 0, "7")),
        ("-0", "reject", Window(7, 0, "7")),
        ("9" * 40, "reject", Window(7, int("9" * 40), "7")),
    ],
    ids=lambda value: "forty-nines" if isinstance(value, str) and len(value) == 40 else None,
)
def test_an_odd_offset_is_read_as_zero_or_refused(text: str, treatment: str, expected: Window | Rejected) -> None:
    assert seen(f"limit=7&offset={text}", rule(offset={"when-invalid": treatment})) == expected


def test_each_kind_of_odd_offset_has_a_rule_of_its_own() -> None:
    pagination = rule(offset={"when-invalid": "reject", "when-empty": "zero"})

    assert seen("limit=7&offset=", pagination) == Window(7, 0, "7")
    assert isinstance(seen("limit=7&offset=x", pagination), Rejected)


@pytest.mark.parametrize(
    ("repeated", "expected"), [("last", Window(3, 30, "3")), ("first", Window(2, 10, "2"))], ids=["last", "first"]
)
def test_of_a_repeated_parameter_one_counts(repeated: str, expected: Window) -> None:
    assert seen("limit=2&offset=10&limit=9&offset=20&limit=3&offset=30", rule(), repeated) == expected


def test_the_one_that_does_not_count_may_be_anything() -> None:
    pagination = rule({"when-invalid": "reject"}, {"when-invalid": "reject"})

    assert seen("limit=x&limit=3&offset=x&offset=1", pagination) == Window(3, 1, "3")
    assert seen("limit=3&limit=x&offset=1&offset=x", pagination, "first") == Window(3, 1, "3")
    assert isinstance(seen("limit=3&limit=x", pagination), Rejected)


def test_a_bare_array_starts_at_the_start() -> None:
    assert seen("offset=30", rule({"when-absent": "bare-array"})) == Window(None, 0)


def test_parameters_are_called_as_the_contract_calls_them() -> None:
    pagination = rule({"parameter": "size"}, {"parameter": "from"})

    assert seen("size=5&from=10&limit=1&offset=2", pagination) == Window(5, 10, "5")


@given(
    count=strategies.integers(0, 30),
    limit=strategies.none() | strategies.integers(0, 40),
    offset=strategies.integers(0, 40),
)
@settings(deadline=None)
def test_a_window_cuts_out_what_it_says(count: int, limit: int | None, offset: int) -> None:
    items = list(range(count))

    assert list(cut(items, Window(limit, offset))) == (items if limit is None else items[offset:][:limit])


@pytest.mark.parametrize(
    ("query", "count", "form", "expected"),
    [
        (
            "limit=5",
            12,
            {},
            Links("https://harbour.example/ships/?limit=5&offset=5", None),
        ),
        (
            "limit=5&offset=5",
            12,
            {},
            Links("https://harbour.example/ships/?limit=5&offset=10", "https://harbour.example/ships/?limit=5"),
        ),
        (
            "limit=5&offset=7",
            13,
            {},
            Links(
                "https://harbour.example/ships/?limit=5&offset=12", "https://harbour.example/ships/?limit=5&offset=2"
            ),
        ),
        (
            "limit=5&offset=3",
            12,
            {},
            Links("https://harbour.example/ships/?limit=5&offset=8", "https://harbour.example/ships/?limit=5"),
        ),
        ("limit=5&offset=10", 12, {}, Links(None, "https://harbour.example/ships/?limit=5&offset=5")),
        ("limit=5&offset=5", 10, {}, Links(None, "https://harbour.example/ships/?limit=5")),
        ("limit=5&offset=99", 10, {}, Links(None, "https://harbour.example/ships/?limit=5&offset=94")),
        ("limit=5", 5, {}, Links(None, None)),
        ("limit=5", 0, {}, Links(None, None)),
        ("", 30, {}, Links("https://harbour.example/ships/?limit=20&offset=20", None)),
        ("limit=60", 70, {}, Links("https://harbour.example/ships/?limit=50&offset=50", None)),
        (
            "limit=60&offset=50",
            170,
            {"limit": "asked"},
            Links("https://harbour.example/ships/?limit=60&offset=100", "https://harbour.example/ships/?limit=60"),
        ),
        ("", 30, {"limit": "asked"}, Links("https://harbour.example/ships/?limit=20&offset=20", None)),
        ("limit=%2B5", 30, {"limit": "asked"}, Links("https://harbour.example/ships/?limit=%2B5&offset=5", None)),
        ("limit=%2B5", 30, {}, Links("https://harbour.example/ships/?limit=5&offset=5", None)),
        (
            "limit=5&offset=5",
            12,
            {"form": "relative"},
            Links("/ships/?limit=5&offset=10", "/ships/?limit=5"),
        ),
        (
            "z=1&limit=5&a=%C3%A9+%2B%25%26%3D&z=0&b=",
            12,
            {},
            Links("https://harbour.example/ships/?a=%C3%A9+%2B%25%26%3D&b=&limit=5&offset=5&z=1&z=0", None),
        ),
        (
            "limit=9&limit=5&offset=9&offset=5",
            12,
            {},
            Links("https://harbour.example/ships/?limit=5&offset=10", "https://harbour.example/ships/?limit=5"),
        ),
        ("limit=5&%C3%A9=%FF", 12, {}, Links("https://harbour.example/ships/?limit=5&offset=5&%C3%A9=%EF%BF%BD", None)),
    ],
    ids=[
        "first",
        "second",
        "between",
        "less-than-a-page-before",
        "last",
        "last-and-full",
        "beyond-the-end",
        "only",
        "empty",
        "default",
        "over-the-maximum",
        "asked",
        "asked-for-nothing",
        "asked-oddly",
        "effective-of-odd",
        "relative",
        "other-parameters",
        "repeated",
        "no-utf-8",
    ],
)
def test_links_are_written_like_this(query: str, count: int, form: dict[str, str], expected: Links) -> None:
    pagination = rule(form=form)
    pairs = parse_qsl(query, keep_blank_values=True)
    chosen = window(Asked(BASE, pairs, pagination, "last"), records(count))
    assert isinstance(chosen, Window)

    assert linked(pairs, chosen, count, pagination) == expected


def test_a_bare_array_and_an_envelope_without_links_have_none() -> None:
    without = rule(envelope={"results": "/results"})

    assert linked([], Window(None, 0), 99, rule()) == Links(None, None)
    assert linked([], Window(5, 5), 99, without) == Links(None, None)


def test_a_page_of_no_items_has_no_next() -> None:
    """Else whoever follows it would never arrive."""
    pagination = rule({"when-zero": "empty"})

    assert linked([("limit", "0")], Window(0, 0, "0"), 99, pagination).next is None


@pytest.mark.parametrize(
    ("envelope", "body", "headers"),
    [
        (ENVELOPE, '{"count":9,"next":"N","previous":null,"results":[1,2]}', ()),
        ({"results": "/items", "count": "/meta/page/total"}, '{"meta":{"page":{"total":9}},"items":[1,2]}', ()),
        ({"results": "/data/items", "next": "/data/next"}, '{"data":{"next":"N","items":[1,2]}}', ()),
        ({"results": "/a~1b/m~0n"}, '{"a/b":{"m~n":[1,2]}}', ()),
        ({"results": "", "count": "header:X-Total"}, "[1,2]", (("X-Total", "9"),)),
        ({"results": "/results", "count": "header:X-Total"}, '{"results":[1,2]}', (("X-Total", "9"),)),
        ({"results": ""}, "[1,2]", ()),
    ],
    ids=["flat", "nested", "all-in-one", "odd-names", "array-with-header", "object-with-header", "array"],
)
def test_a_page_is_put_together_where_the_contract_says(
    envelope: dict[str, str], body: str, headers: tuple[tuple[str, str], ...]
) -> None:
    answer = STEPS.envelope(rule(envelope=envelope), Window(2, 0), 9, [b"1", b"2"], Links("N", None))

    assert answer.body.decode() == body
    assert json.loads(answer.body) is not None
    assert answer.headers == headers


def test_items_that_look_like_the_place_of_the_results_do_no_harm() -> None:
    hole = '"\ufdd0results\ufdd0"'.encode()

    answer = STEPS.envelope(rule(), Window(2, 0), 1, [hole], Links(hole.decode(), None))

    assert json.loads(answer.body)["results"] == ["\ufdd0results\ufdd0"]


ODD_TEXTS = (
    "", "0", "00", "-0", "-1", "abc", "1.5", "1e2", "+5", " 5", "5 ", "5\n", "５", "٣", "²", "1_0", "0x10", "true",
    "null", "1" * 20, "-" + "9" * 30, "9" * 30, "5;", "5&", "%", "+", "\x00", "\u00a05", "५", "1__0", "- 1", "1,000",
)  # fmt: skip
COUNTS = (0, 1, 2, 99, 100, 101, 200, 250)
PATH = "/api/apps/"
CASES = 300


def random_case(chance: random.Random) -> dict[str, Any]:
    """Return a query with odd and plain limits and offsets, some repeated, among parameters that nobody knows."""
    pairs = []
    for name in ("limit", "offset"):
        for _ in range(chance.choice((0, 1, 1, 1, 1, 2))):
            plain = str(chance.choice((chance.randint(0, 12), chance.randint(90, 110), chance.randint(0, 300))))
            pairs.append((name, chance.choice((plain, plain, plain, chance.choice(ODD_TEXTS)))))
    for _ in range(chance.choice((0, 0, 1, 2))):
        pairs.append((chance.choice(("a", "zz", "é", "limits", "")), chance.choice(("", "x y", "é+%&=", "1", "梁"))))
    chance.shuffle(pairs)
    query = "&".join(f"{quote(name)}={quote(text)}" for name, text in pairs)
    if chance.random() < 0.1:
        query += chance.choice(("&", "&&a", "&limit", "&offset=%zz", "&x=%ff"))
    return {"path": PATH, "query": query, "count": chance.choice(COUNTS)}


def test_pages_are_those_of_django_rest_framework(viktor: Contract) -> None:
    """The rule `standard`: max_limit 100 and default_limit None."""
    chance = random.Random(20261124)
    cases = [random_case(chance) for _ in range(CASES)]
    script = Path(__file__).with_name("rest_framework_pages.py")
    made = subprocess.run(
        [sys.executable, script], input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60
    )
    clients = {}
    for count in COUNTS:
        world = World(viktor, [Token("secret", roles=frozenset({"any"}))])
        world.tables["apps"].add({"id": number, "name": "x", "archived": False} for number in range(1, count + 1))
        clients[count] = Client(create_app(viktor, world, checked(STEPS)))

    for case, expected in zip(cases, json.loads(made.stdout), strict=True):
        answer = clients[case["count"]].get(
            PATH,
            query_string=case["query"],
            headers={"Authorization": "Bearer secret"},
            base_url="http://testserver",
        )
        body = json.loads(answer.data)
        if expected is None:
            assert [item["id"] for item in body] == list(range(1, case["count"] + 1)), case
        else:
            assert {**body, "results": [item["id"] for item in body["results"]]} == expected, case


def test_the_comparison_with_django_has_all_sorts_of_cases() -> None:
    chance = random.Random(20261124)
    cases = [random_case(chance) for _ in range(CASES)]

    assert {case["count"] for case in cases} == set(COUNTS)
    assert sum("limit" not in case["query"] for case in cases) > 10
    assert len({case["query"] for case in cases}) > 200
