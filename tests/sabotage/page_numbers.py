"""Servers whose numbered pages are not what they should be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from apitwin.mock_server import Backend
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine.pagination.window import Links
from apitwin.mock_server.messages import Answer
from tests.sabotage.changes import (
    Place,
    afterwards,
    answering,
    asking,
    crashing,
    cutting,
    has,
    linking,
    next_becoming,
    number,
    previous_becoming,
    requerying,
    stating,
    windowing,
    with_header,
    with_member,
    without,
)
from tests.sabotage.constants import BOOKS, LIBRARY, LOANS, NO_PAGE, READERS, ROOMS
from tests.sabotage.sabotage import Answering, Sabotage

Numbered = partial(Sabotage, contract=LIBRARY)


def paged(change: Callable[[str], str]) -> Any:
    """Read the number of a page as another text."""
    return asking(lambda query: tuple((name, change(text) if name == "page" else text) for name, text in query))


def clamped(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Answer what is refused as no page with the last one."""
    right = answer(request)
    if right.status != 404 or number(request, "page") < 0:
        return right
    return answer(replace(request, query=(*without(request.query, "page"), ("page", "last"))))


def in_whole_pages(items: Sequence[Any], limit: int, start: int) -> Sequence[Any]:
    """Give the pages that are full, and no other."""
    return items[start : start + limit] if start + limit <= len(items) else ()


def shuffled_behind(items: Sequence[Any], limit: int, start: int) -> Sequence[Any]:
    """Cut the first page out of the list, and the others out of its reverse."""
    return (items[::-1] if start else items)[start : start + limit]


def in_database_order(items: Sequence[Any], limit: int, start: int) -> Sequence[Any]:
    """Cut the page out of the list as a query plan for this limit gives it: in the order of another index."""
    ordered = items if limit % 2 else [*items[1::2], *items[::2]]
    return ordered[start : start + limit]


def next_everywhere(right: Links, place: Place) -> Links:
    """Link onward also from the last page."""
    onward = place.page(place.offset // place.limit + 2)
    return replace(right, next=right.next or onward)


def request_text(request: Request) -> str:
    """Return the number that a request asks for, as it is written; empty where there is none."""
    return dict(request.query).get("page", "")


def with_size(answer: Answer, size: int) -> Answer:
    """Return a page that states another size."""
    return with_member(answer, "size", size) if answer.status == 200 else answer


def numbered_from_one(members: dict[str, Any]) -> dict[str, Any]:
    return {**members, "page": members["page"] + 1}


def onward_from_the_last(members: dict[str, Any]) -> dict[str, Any]:
    return {**members, "next-page": members["next-page"] or members["page"] + 1}


def back_from_the_first(members: dict[str, Any]) -> dict[str, Any]:
    return {**members, "previous-page": members["page"] - 1}


def one_page_less(members: dict[str, Any]) -> dict[str, Any]:
    return {**members, "pages": max(0, members["pages"] - 1)}


def one_page_more(members: dict[str, Any]) -> dict[str, Any]:
    return {**members, "pages": members["pages"] + 1}


PAGE_NUMBERS = (
    # Whether the pages are the list
    Numbered(
        "page-zero-is-page-one",
        "Numbers are taken to begin at 1 where they begin at 0: the first two pages are the same.",
        "partition",
        LOANS,
        windowing(lambda limit, start: (limit, max(0, start - limit))),
    ),
    Numbered(
        "numbered-page-begins-early",
        "Every page but the first begins with the last item of the page before.",
        "partition",
        BOOKS,
        cutting(lambda items, limit, start: items[max(0, start - 1) :][:limit]),
    ),
    Numbered(
        "last-page-that-is-not-full-is-missing",
        "A last page that is not full is empty.",
        "partition",
        READERS,
        cutting(in_whole_pages),
    ),
    Numbered(
        "size-is-forgotten-on-page-two",
        "Pages but the first are cut in the usual size, and so begin elsewhere.",
        "partition",
        LOANS,
        windowing(lambda limit, start: (10, start // limit * 10) if start else (limit, start)),
    ),
    Numbered(
        "pages-lie-as-far-apart-as-the-largest",
        "A page begins where it would if all had the maximum size.",
        "partition",
        READERS,
        windowing(lambda limit, start: (limit, start // limit * 30)),
    ),
    Numbered(
        "later-pages-in-another-order",
        "The first page is in order; the others are cut out of the reversed list.",
        "partition",
        READERS,
        cutting(shuffled_behind),
    ),
    Numbered(
        "order-depends-on-the-size",
        "The list has no order of its own: with another size of page it comes in another.",
        "slice",
        READERS,
        cutting(in_database_order),
    ),
    Numbered(
        "filter-only-on-page-one",
        "Pages but the first are not filtered.",
        "filter",
        BOOKS,
        around=asking(lambda query: without(query, "language") if dict(query).get("page", "1") != "1" else query),
    ),
    # Sizes
    Numbered(
        "size-above-maximum-is-honoured",
        "Any size of page is honoured.",
        "truncation",
        BOOKS,
        windowing(lambda limit, start: (limit, start), uncapped=True),
    ),
    Numbered(
        "small-pages-behind-the-first",
        "Pages but the first have at most five items.",
        "page-size",
        ROOMS,
        windowing(lambda limit, start: (min(limit, 5) if start else limit, start)),
    ),
    # Numbers that are no page
    Numbered(
        "without-number-the-second-page",
        "A request without a number gets page 2.",
        "default-page",
        READERS,
        around=asking(lambda query: query if "page" in dict(query) else (*query, ("page", "2"))),
    ),
    Numbered(
        "past-end-gives-the-last-page",
        "A number beyond the last page gets the last page, as Django's get_page does.",
        "page-past-the-end",
        BOOKS,
        around=clamped,
        met="django get_page",
    ),
    Numbered(
        "past-end-crashes",
        "A number beyond the last page makes the server fail.",
        "page-past-the-end",
        LOANS,
        around=crashing(lambda request: number(request, "page") * 10 > 100),
    ),
    Numbered(
        "past-end-is-refused-after-all",
        "A number beyond the last page is refused where the contract promises an empty page.",
        "page-past-the-end",
        ROOMS,
        around=answering(lambda request: number(request, "page") > 3, NO_PAGE),
    ),
    Numbered(
        "far-page-wraps",
        "A number is kept in 32 bits, and begins anew.",
        "page-past-the-end",
        READERS,
        around=paged(lambda text: str(max(1, int(text) % 2**32)) if text.isdigit() else text),
    ),
    Numbered(
        "word-as-page-crashes",
        "A word as a number makes the server fail.",
        "invalid-page",
        BOOKS,
        around=crashing(lambda request: has(request, "page") and not request_text(request).lstrip("-").isdigit()),
    ),
    Numbered(
        "page-minus-one-is-the-last",
        "page=-1 is the last page.",
        "invalid-page",
        ROOMS,
        around=paged(lambda text: "3" if text == "-1" else text),
    ),
    Numbered(
        "page-zero-is-empty",
        "page=0 is an empty page, where the contract reads it as the first.",
        "invalid-page",
        READERS,
        around=paged(lambda text: "1000" if text == "0" else text),
    ),
    Numbered(
        "empty-number-is-refused",
        "`page=` is refused where the contract reads it as the first page.",
        "invalid-page",
        BOOKS,
        around=paged(lambda text: text or "x"),
    ),
    Numbered(
        "fraction-is-rounded",
        "page=2.5 is page 2.",
        "invalid-page",
        LOANS,
        around=paged(lambda text: text.partition(".")[0]),
    ),
    Numbered(
        "last-is-no-word",
        "The word for the last page is refused.",
        "last-page",
        BOOKS,
        around=answering(lambda request: request_text(request) == "last", NO_PAGE),
    ),
    Numbered(
        "last-is-the-last-but-one",
        "The word for the last page leads to the one before it.",
        "last-page",
        BOOKS,
        around=paged(lambda text: "2" if text == "last" else text),
    ),
    # What a page says of itself
    Numbered(
        "total-pages-rounded-down",
        "The number of pages leaves out one that is not full.",
        "page-members",
        LOANS,
        stating(one_page_less),
    ),
    Numbered(
        "one-page-too-many",
        "The number of pages counts one that would be empty.",
        "page-members",
        ROOMS,
        stating(one_page_more),
    ),
    Numbered(
        "number-counted-from-one",
        "A page says its number as people count, where the parameter counts from 0.",
        "page-members",
        LOANS,
        stating(numbered_from_one),
    ),
    Numbered(
        "number-is-an-object",
        "A page says its number as an object.",
        "page-members",
        LOANS,
        stating(lambda members: {**members, "page": {"number": members["page"]}}),
    ),
    Numbered(
        "size-as-it-was-asked-for",
        "A page says the size that was asked for, also where that was cut.",
        "page-members",
        LOANS,
        around=afterwards(
            lambda request, answer: (
                answer if number(request, "size") <= 40 else with_size(answer, number(request, "size"))
            )
        ),
    ),
    Numbered(
        "next-page-on-the-last",
        "The last page states the number of one behind it.",
        "page-members",
        ROOMS,
        stating(onward_from_the_last),
    ),
    Numbered(
        "previous-page-on-the-first",
        "The first page states the number 0 of one before it.",
        "page-members",
        ROOMS,
        stating(back_from_the_first),
    ),
    Numbered(
        "more-wherever-a-page-is-full",
        "A page says that there is more wherever it is full.",
        "more",
        ROOMS,
        linking(lambda right, place: replace(right, more=place.offset + place.limit <= place.count)),
    ),
    Numbered(
        "no-more-on-the-last-page-but-one",
        "A page says that there is no more where only one page is left.",
        "more",
        ROOMS,
        linking(lambda right, place: replace(right, more=place.offset + 2 * place.limit < place.count)),
    ),
    # Links
    Numbered(
        "next-loses-its-number",
        "next has no number, and so leads to the first page.",
        "next-links",
        READERS,
        next_becoming(lambda place: place.page(None)),
    ),
    Numbered(
        "next-on-the-last-page",
        "The last page has a next link.",
        "next-links",
        READERS,
        linking(next_everywhere),
    ),
    Numbered(
        "next-jumps-by-the-size",
        "next adds the size of the page to its number.",
        "next-links",
        BOOKS,
        next_becoming(lambda place: place.page(place.offset // place.limit + 1 + place.limit)),
    ),
    Numbered(
        "numbered-links-drop-filters",
        "Links keep the number and the size of the page only.",
        "link-query",
        READERS,
        requerying(lambda pairs: urlencode([pair for pair in pairs if pair[0] != "town"])),
    ),
    Numbered(
        "link-header-without-brackets",
        "The Link header has no angle brackets round its addresses.",
        "next-links",
        READERS,
        around=afterwards(
            lambda request, answer: with_header(answer, "Link", lambda text: text.replace("<", "").replace(">", ""))
        ),
    ),
    Numbered(
        "link-header-says-forward",
        "The Link header calls the next page `forward`.",
        "next-links",
        READERS,
        around=afterwards(
            lambda request, answer: with_header(answer, "Link", lambda text: text.replace('"next"', '"forward"'))
        ),
    ),
    Numbered(
        "previous-of-page-three-is-page-one",
        "previous always leads to the first page.",
        "previous-links",
        BOOKS,
        previous_becoming(lambda place: place.page(None)),
    ),
)
"""What is wrong with numbered pages: `testkit/server/laws/page_number.py`, and the laws of every style."""
