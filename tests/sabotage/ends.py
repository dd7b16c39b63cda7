"""Servers that count wrongly, do not end properly, or do not stay the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import count as numbers
from typing import Any

from apitwin.contracts.model import Operation
from apitwin.mock_server import STEPS, Steps
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine import selection
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.record import Record
from tests.sabotage.changes import (
    afterwards,
    counting,
    crashing,
    cutting,
    enveloping,
    linking,
    number,
    showing,
    windowing,
)
from tests.sabotage.constants import APPS, CHILDREN, FAILURE, REFUSAL, WORKSPACES
from tests.sabotage.sabotage import Sabotage


def clamped(items: Sequence[Any], limit: int, offset: int) -> Sequence[Any]:
    """Read an offset beyond the end as the start of the last page."""
    start = offset if offset < len(items) else max(0, len(items) - 1) // max(1, limit) * limit
    return items[start : start + limit]


def without_the_last_full_page(items: Sequence[Any], limit: int, offset: int) -> Sequence[Any]:
    """Reckon the pages by `count // limit`, and take the last one for one too many when nothing is left over."""
    beyond = offset > 0 and offset + limit == len(items) and len(items) % limit == 0
    return () if beyond else items[offset : offset + limit]


def refused_past_the_end(request: Request, answer: Answer) -> Answer:
    """Refuse a page that would be empty."""
    empty = answer.status == 200 and b'"results":[]' in answer.body and number(request, "offset") > 0
    return REFUSAL if empty else answer


def failed_at_the_exact_end(request: Request, answer: Answer) -> Answer:
    """Fail at an offset that is the count, if the count is a whole number of pages."""
    page = json.loads(answer.body) if answer.status == 200 else None
    if not isinstance(page, dict) or "count" not in page or not page["count"]:
        return answer
    limit, offset = number(request, "limit"), number(request, "offset")
    return FAILURE if limit > 0 and offset == page["count"] and offset % limit == 0 else answer


def turning_each_request() -> Steps:
    """Return steps by which every request sees the list in another order."""
    turns = numbers(1)

    def select(records: Sequence[Record], operation: Operation, values: Values) -> Sequence[Record]:
        found = list(selection.select(records, operation, values))
        shift = next(turns) % max(1, len(found))
        return found[shift:] + found[:shift]

    return replace(STEPS, select=select)


def counting_answers() -> Steps:
    """Return steps by which an item counts how often it was shown."""
    seen = numbers(1)
    return showing(lambda item: {**item, "serial": next(seen)})()


def numbered() -> Steps:
    """Return steps that write the number of the request into the page."""
    requests = numbers(1)
    return enveloping(lambda page: {**page, "request": next(requests)})()


ENDS = (
    # What is counted
    Sabotage(
        "count-over-reports",
        "The count says one more than there is.",
        "count",
        APPS,
        counting(lambda count, offset, shown: count + 1),
        met="dextinity#6041",
    ),
    Sabotage(
        "count-stops-at-a-hundred",
        "The count goes no further than 100.",
        "count",
        WORKSPACES,
        counting(lambda count, offset, shown: min(count, 100)),
    ),
    Sabotage(
        "count-is-page-length",
        "The count is how many items are on the page.",
        "count",
        APPS,
        counting(lambda count, offset, shown: shown),
    ),
    Sabotage(
        "last-page-lost-an-item",
        "The last item of the list is on no page.",
        "count",
        CHILDREN,
        cutting(lambda items, limit, offset: items[: len(items) - 1][offset : offset + limit]),
    ),
    Sabotage(
        "nothing-past-a-hundred-and-twenty",
        "A window inside the database ends the list early; the count does not know.",
        "count",
        WORKSPACES,
        cutting(lambda items, limit, offset: items[:120][offset : offset + limit]),
        met="jupyterhealth-exchange#204",
    ),
    Sabotage(
        "count-shrinks-with-offset",
        "The count is of what is left from here.",
        "count-invariant",
        APPS,
        counting(lambda count, offset, shown: max(0, count - offset)),
    ),
    Sabotage(
        "count-is-met-so-far",
        "The count is of what has been shown up to the end of this page.",
        "count-invariant",
        APPS,
        counting(lambda count, offset, shown: min(count, offset + shown)),
    ),
    # How it ends
    Sabotage(
        "past-end-clamped-to-last-page",
        "Beyond the end comes the last page, again and again.",
        "partition",
        APPS,
        cutting(clamped),
        met="redocly-cli#2885",
    ),
    Sabotage(
        "past-end-is-refused",
        "Beyond the end comes an error.",
        "past-the-end",
        APPS,
        around=afterwards(refused_past_the_end),
        met="wazuh-api#77",
    ),
    Sabotage(
        "count-is-zero-past-the-end",
        "The count comes with the rows, and where there are none it is 0.",
        "past-the-end",
        APPS,
        counting(lambda count, offset, shown: count if shown else 0),
    ),
    Sabotage(
        "far-offset-crashes",
        "An offset that does not fit 32 bits makes the server fail.",
        "past-the-end",
        APPS,
        around=crashing(lambda request: number(request, "offset") >= 2**31),
    ),
    Sabotage(
        "offset-beyond-64-bits-crashes",
        "An offset that does not fit 64 bits makes the server fail.",
        "past-the-end",
        APPS,
        around=crashing(lambda request: number(request, "offset") >= 2**63),
    ),
    Sabotage(
        "far-offset-wraps",
        "An offset is kept in 32 bits, and starts again from 0.",
        "past-the-end",
        APPS,
        windowing(lambda limit, offset: (limit, offset % 2**31)),
    ),
    Sabotage(
        "full-last-page-links-onward",
        "A page that is full has a next link, also where it is the last.",
        "exact-multiple",
        APPS,
        linking(
            lambda right, place: (
                replace(right, next=place.at(place.offset + place.limit))
                if place.offset + place.limit == place.count
                else right
            )
        ),
        met="moto#9922",
    ),
    Sabotage(
        "exact-end-is-an-error",
        "The offset that is the count makes the server fail, if the pages come out even.",
        "exact-multiple",
        CHILDREN,
        around=afterwards(failed_at_the_exact_end),
        met="growthbook#3615",
    ),
    Sabotage(
        "last-full-page-is-dropped",
        "The last page is empty, if the pages come out even.",
        "exact-multiple",
        CHILDREN,
        cutting(without_the_last_full_page),
    ),
    # Whether it stays so
    Sabotage(
        "unstable-order",
        "Every request sees the list in another order.",
        "repeatable",
        APPS,
        turning_each_request,
    ),
    Sabotage("items-carry-a-running-number", "Showing an item changes it.", "repeatable", WORKSPACES, counting_answers),
    Sabotage("request-number-in-the-body", "Every page says which request it answers.", "repeatable", APPS, numbered),
)
"""What counts and ends must be: `testkit/laws/pagination.py`."""
