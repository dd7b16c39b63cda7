"""Servers whose cursors lead elsewhere, or are taken where they should be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from apitwin.mock_server import STEPS, Steps
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine.pagination import window as pagination
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.window import Links
from apitwin.mock_server.messages import Answer, Query, Rejected
from apitwin.mock_server.world.table import Record
from tests.sabotage.changes import (
    Place,
    asking,
    counting,
    crashing,
    cutting,
    has,
    linking,
    previous_becoming,
    replacing,
    requerying,
    ruling,
    stating,
    windowing,
    without,
)
from tests.sabotage.constants import DRAWINGS, FAILURE, LETTERS, MUSEUM, PAINTINGS, PRINTS
from tests.sabotage.sabotage import Around, Sabotage

Cursored = partial(Sabotage, contract=MUSEUM)
Records = Sequence[Record]


# Cursors that a server remembers, and what it makes of them


def counting_pages() -> Steps:
    """Return steps whose cursor holds how many pages came before, whatever the size of the next one."""
    pages: dict[str, int] = {}

    def window(asked: Asked, records: Records) -> Window | Rejected:
        seen = pagination.window(asked, records)
        cursor = asked.text("cursor")
        if isinstance(seen, Rejected) or seen.limit is None or cursor not in pages:
            return seen
        return replace(seen, start=pages[cursor] * seen.limit)

    def links(asked: Asked, seen: Window, records: Records) -> Links:
        right = pagination.links(asked, seen, records)
        cursor = right.members.get("next-cursor")
        if cursor is not None and seen.limit:
            pages[cursor] = seen.start // seen.limit + 1
        return right

    return replace(STEPS, window=window, links=links)


def bound_to_the_size() -> Steps:
    """Return steps that refuse a cursor with another size of page than it was given out with."""
    sizes: dict[str, int] = {}

    def window(asked: Asked, records: Records) -> Window | Rejected:
        seen = pagination.window(asked, records)
        cursor = asked.text("cursor")
        if isinstance(seen, Rejected) or cursor is None or sizes.get(cursor, seen.limit) == seen.limit:
            return seen
        return Rejected("cursor", "other", cursor)

    def links(asked: Asked, seen: Window, records: Records) -> Links:
        right = pagination.links(asked, seen, records)
        cursor = right.members.get("next-cursor")
        if cursor is not None and seen.limit:
            sizes.setdefault(cursor, seen.limit)
        return right

    return replace(STEPS, window=window, links=links)


def spent_after_one_use() -> Steps:
    """Return steps for which a cursor is good once, and then leads to the first page."""
    spent: set[str] = set()

    def window(asked: Asked, records: Records) -> Window | Rejected:
        seen = pagination.window(asked, records)
        cursor = asked.text("cursor")
        if cursor and cursor in spent and isinstance(seen, Window):
            return replace(seen, start=0)
        spent.update([cursor] if cursor else [])
        return seen

    return replace(STEPS, window=window)


def read_to_its_last_item() -> Steps:
    """Return steps for which a cursor moves on with every use, as one of a database does."""
    used: dict[str, int] = {}

    def window(asked: Asked, records: Records) -> Window | Rejected:
        seen = pagination.window(asked, records)
        cursor = asked.text("starting_after")
        if isinstance(seen, Rejected) or cursor is None:
            return seen
        times = used[cursor] = used.get(cursor, -1) + 1
        return replace(seen, start=seen.start + times)

    return replace(STEPS, window=window)


def known_by_its_start() -> Steps:
    """Return steps that take a cursor for the one it is the beginning of."""
    given: set[str] = set()

    def window(asked: Asked, records: Records) -> Window | Rejected:
        seen = pagination.window(asked, records)
        cursor = asked.text("cursor")
        whole = next((one for one in given if cursor and one.startswith(cursor)), None)
        if isinstance(seen, Window) or whole is None:
            return seen
        query = tuple((name, whole if name == "cursor" else text) for name, text in asked.query)
        return pagination.window(replace(asked, query=query), records)

    def links(asked: Asked, seen: Window, records: Records) -> Links:
        right = pagination.links(asked, seen, records)
        given.update(cursor for cursor in right.members.values() if cursor)
        return right

    return replace(STEPS, window=window, links=links)


def good_for_other_filters() -> Callable[[], Steps]:
    """Return what makes steps whose cursors say nothing of the filters that they are for."""

    def bare(asked: Asked) -> Asked:
        return replace(asked, query=tuple(pair for pair in asked.query if pair[0] in ("cursor", "limit")))

    return replacing(
        window=lambda asked, records: pagination.window(bare(asked), records),
        links=lambda asked, seen, records: pagination.links(bare(asked), seen, records),
    )


# What is stated


def cursor_everywhere(members: dict[str, Any]) -> dict[str, Any]:
    """State a next cursor also at the end."""
    return {**members, "next-cursor": members["next-cursor"] or "end"}


def in_pages_of_one(right: Links, place: Place) -> Links:
    """State a next cursor on the last page too, where one leads to it."""
    own = dict(place.query).get("cursor")
    if right.members["next-cursor"] is not None or own is None:
        return right
    return replace(right, members={**right.members, "next-cursor": own})


def ended_a_page_early(right: Links, place: Place) -> Links:
    """State no next cursor on the last page but one."""
    if place.offset + 2 * place.limit < place.count:
        return right
    return replace(right, next=None, more=False, members={**right.members, "next-cursor": None})


def never_ending(right: Links, place: Place) -> Links:
    """Link from the last page to itself."""
    if right.next is not None or not place.offset:
        return right
    return replace(right, next=f"{place.base}?{urlencode(place.query)}")


def no_way_back(right: Links, place: Place) -> Links:
    return replace(right, members={**right.members, "previous-cursor": right.members["next-cursor"]})


def no_way_to_the_first(right: Links, place: Place) -> Links:
    to_the_first = place.offset <= place.limit
    return replace(right, members={**right.members, "previous-cursor": None}) if to_the_first else right


def back_from_the_first(right: Links, place: Place) -> Links:
    stated = right.members["previous-cursor"] or right.members["next-cursor"]
    return replace(right, members={**right.members, "previous-cursor": stated})


def first_page_twice(right: Links, place: Place) -> Links:
    """Let the cursor of the first page lead to itself."""
    return right if place.offset else replace(right, next=f"{place.base}?{urlencode(place.query)}")


def following(query: Query) -> bool:
    """Return whether a query asks for a page behind the first."""
    return bool(dict(query).get("cursor") or dict(query).get("starting_after"))


def filtered_once(*names: str) -> Around:
    """Forget filters behind the first page."""
    return asking(lambda query: without(query, *names) if following(query) else query)


def unreadable(request: Request) -> bool:
    """Return whether a request has a cursor that is too short to be one."""
    return has(request, "cursor") and 0 < len(dict(request.query)["cursor"]) < 12


def is_foreign(twin: Any, answer: Callable[[Request], Answer], request: Request) -> Answer:
    """Fail where a cursor does not fit the filters."""
    right = answer(request)
    without_filter = replace(request, query=without(request.query, "century"))
    fits = right.status != 400 or not has(request, "cursor", "century")
    return right if fits or answer(without_filter).status != 200 else FAILURE


CURSORS = (
    # Whether the pages are the list
    Cursored(
        "cursor-repeats-the-border",
        "A page begins with the last item of the page before.",
        "partition",
        DRAWINGS,
        windowing(lambda limit, start: (limit, max(0, start - 1))),
    ),
    Cursored(
        "cursor-skips-the-border",
        "A page begins one item too late.",
        "partition",
        PRINTS,
        cutting(lambda items, limit, start: items[start + (start > 0) :][:limit]),
    ),
    Cursored(
        "linked-cursor-skips-the-border",
        "A page that is reached by a link begins one item too late; nothing counts the items.",
        "partition",
        PAINTINGS,
        cutting(lambda items, limit, start: items[start + (start > 0) :][:limit]),
    ),
    Cursored(
        "list-ends-at-fifty",
        "Behind fifty items comes nothing, whatever the count says.",
        "count",
        PRINTS,
        cutting(lambda items, limit, start: items[:50][start : start + limit]),
    ),
    Cursored(
        "count-is-of-what-is-left",
        "The count is of the items from this page on.",
        "count-invariant",
        PRINTS,
        counting(lambda count, start, length: count - start),
    ),
    Cursored(
        "behind-a-cursor-in-reverse",
        "Pages but the first are cut out of the reversed list.",
        "partition",
        DRAWINGS,
        cutting(lambda items, limit, start: (items[::-1] if start else items)[start : start + limit]),
    ),
    # Sizes
    Cursored(
        "size-above-maximum-is-cut",
        "A size above the maximum is cut to it, where the contract promises a refusal.",
        "truncation",
        DRAWINGS,
        ruling("limit", over_maximum="truncate"),
    ),
    Cursored(
        "cursor-forgets-the-size",
        "Pages behind a cursor have at most ten items, whatever was asked for.",
        "page-size",
        PRINTS,
        windowing(lambda limit, start: (min(limit, 10) if start else limit, start)),
    ),
    # The end
    Cursored(
        "more-where-the-page-is-full",
        "A page says that there is more wherever it is full.",
        "more",
        DRAWINGS,
        linking(lambda right, place: replace(right, more=place.offset + place.limit <= place.count)),
    ),
    Cursored(
        "more-is-always-true",
        "Every page says that there is more.",
        "more",
        DRAWINGS,
        linking(lambda right, place: replace(right, more=True)),
    ),
    Cursored(
        "more-ends-a-page-early",
        "The last page but one says that there is no more.",
        "more",
        DRAWINGS,
        linking(ended_a_page_early),
    ),
    Cursored(
        "next-cursor-on-the-last-page",
        "The last page has a cursor, which leads to itself.",
        "cursor-ends",
        PRINTS,
        linking(in_pages_of_one),
    ),
    Cursored(
        "end-is-a-word",
        "The last page has a cursor that says `end`.",
        "cursor-ends",
        PRINTS,
        stating(cursor_everywhere),
    ),
    Cursored(
        "cursor-is-null-a-page-early",
        "The last page but one has no cursor.",
        "cursor-ends",
        PRINTS,
        linking(ended_a_page_early),
    ),
    Cursored(
        "link-is-null-a-page-early",
        "The last page but one has no link.",
        "cursor-ends",
        PAINTINGS,
        linking(ended_a_page_early),
    ),
    Cursored(
        "last-page-links-to-itself",
        "The last page links to itself.",
        "cursor-ends",
        LETTERS,
        linking(never_ending),
    ),
    Cursored(
        "first-page-links-to-itself",
        "The first page links to itself.",
        "partition",
        PAINTINGS,
        linking(first_page_twice),
    ),
    # One cursor, one page
    Cursored(
        "cursor-counts-pages",
        "A cursor holds how many pages came before, so that another size leads elsewhere.",
        "cursor-repeatable",
        PRINTS,
        counting_pages,
    ),
    Cursored(
        "cursor-is-bound-to-the-size",
        "A cursor is refused with another size of page.",
        "cursor-repeatable",
        PRINTS,
        bound_to_the_size,
    ),
    Cursored(
        "cursor-is-spent-by-one-use",
        "A cursor that is used again leads to the first page.",
        "cursor-repeatable",
        PRINTS,
        spent_after_one_use,
    ),
    Cursored(
        "cursor-moves-with-every-use",
        "A cursor leads one item further each time.",
        "cursor-repeatable",
        DRAWINGS,
        read_to_its_last_item,
    ),
    # Filters
    Cursored(
        "filter-is-lost-behind-an-item",
        "Only the first page is filtered.",
        "cursor-keeps-filters",
        DRAWINGS,
        around=filtered_once("century"),
    ),
    Cursored(
        "linked-cursor-drops-filters",
        "A link carries the cursor alone, and the cursor does not know the filter.",
        "link-query",
        LETTERS,
        requerying(lambda pairs: urlencode([pair for pair in pairs if pair[0] != "writer"])),
    ),
    Cursored(
        "cursor-is-good-for-other-filters",
        "A cursor is taken with other filters than it was given out for.",
        "foreign-cursor",
        PRINTS,
        good_for_other_filters(),
    ),
    Cursored(
        "foreign-cursor-crashes",
        "A cursor of other filters makes the server fail.",
        "foreign-cursor",
        PRINTS,
        around=is_foreign,
    ),
    # What is no cursor
    Cursored(
        "bad-cursor-begins-anew",
        "A cursor that was never given out is taken for the first page.",
        "invalid-cursor",
        PRINTS,
        ruling("style", when_unknown="first"),
    ),
    Cursored(
        "bad-cursor-crashes",
        "A cursor that is cut off makes the server fail.",
        "invalid-cursor",
        PAINTINGS,
        around=crashing(unreadable),
    ),
    Cursored(
        "half-a-cursor-will-do",
        "A cursor is known by its first letters; how it ends does not matter.",
        "invalid-cursor",
        PRINTS,
        known_by_its_start,
    ),
    Cursored(
        "unknown-item-ends-the-list",
        "An item that is not there has nothing behind it.",
        "invalid-cursor",
        DRAWINGS,
        ruling("style", when_unknown="empty"),
    ),
    Cursored(
        "empty-cursor-is-refused",
        "`cursor=` is refused where the contract reads it as the first page.",
        "invalid-cursor",
        PRINTS,
        ruling("style", when_empty="reject"),
    ),
    Cursored(
        "empty-cursor-is-the-first-page",
        "`starting_after=` is the first page where the contract promises a refusal.",
        "invalid-cursor",
        DRAWINGS,
        ruling("style", when_empty="first"),
    ),
    # The way back
    Cursored(
        "previous-link-leads-onward",
        "The link to the page before leads to this one.",
        "previous-links",
        PAINTINGS,
        previous_becoming(lambda place: f"{place.base}?{urlencode(place.query)}"),
    ),
    Cursored(
        "previous-cursor-leads-onward",
        "The cursor of the page before is the one of the page after.",
        "previous-cursor",
        PRINTS,
        linking(no_way_back),
    ),
    Cursored(
        "first-page-cannot-be-gone-back-to",
        "The second page has no cursor of the first, which needs none to be asked for.",
        "previous-cursor",
        PRINTS,
        linking(no_way_to_the_first),
    ),
    Cursored(
        "first-page-has-a-cursor-before-it",
        "The first page has a cursor of a page before it.",
        "previous-cursor",
        PRINTS,
        linking(back_from_the_first),
    ),
)
"""What is wrong with cursors: `testkit/server/laws/cursor.py`, and the laws of every style."""
