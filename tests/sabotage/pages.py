"""Servers whose pages are made or cut wrongly."""

from __future__ import annotations

from tests.sabotage.changes import (
    answering,
    asking,
    counting,
    crashing,
    cutting,
    enveloping,
    number,
    ruling,
    windowing,
)
from tests.sabotage.constants import APPS, CHILDREN, REFUSAL, WORKSPACES
from tests.sabotage.sabotage import Sabotage

PAGES = (
    # What a page is made of
    Sabotage(
        "count-is-text",
        "The count is written as text.",
        "envelope",
        APPS,
        counting(lambda count, offset, shown: str(count)),
    ),
    Sabotage(
        "count-is-a-float",
        "The count is written with a decimal point.",
        "envelope",
        APPS,
        counting(lambda count, offset, shown: float(count)),
    ),
    Sabotage(
        "count-is-minus-one",
        "The count is -1, for not known.",
        "envelope",
        APPS,
        counting(lambda count, offset, shown: -1),
    ),
    Sabotage(
        "count-is-null",
        "The count is null where the contract promises a number.",
        "envelope",
        WORKSPACES,
        counting(lambda count, offset, shown: None),
        met="dlt#4429",
    ),
    Sabotage(
        "results-null-when-empty",
        "An empty page has null for results, as a nil slice is written in Go.",
        "envelope",
        APPS,
        enveloping(lambda page: {**page, "results": page["results"] or None}),
    ),
    Sabotage(
        "results-are-an-object",
        "The results are an object with a member for each item.",
        "envelope",
        APPS,
        enveloping(lambda page: {**page, "results": {str(one["id"]): one for one in page["results"]}}),
    ),
    # How long it is
    Sabotage(
        "limit-ignored",
        "Every page has twenty items, whatever limit was asked for.",
        "page-size",
        APPS,
        windowing(lambda limit, offset: (20, offset)),
        met="agmsg#915",
    ),
    Sabotage(
        "limit-one-gives-two",
        "A page never has fewer than two items.",
        "page-size",
        APPS,
        windowing(lambda limit, offset: (max(2, limit), offset)),
    ),
    Sabotage(
        "look-ahead-row-is-shown",
        "The row that was fetched to see whether there are more is on the page.",
        "page-size",
        CHILDREN,
        cutting(lambda items, limit, offset: items[offset : offset + limit + 1]),
    ),
    Sabotage(
        "page-one-row-short",
        "Every page of more than one item lacks its last one.",
        "page-size",
        APPS,
        cutting(lambda items, limit, offset: items[offset : offset + max(1, limit - 1)]),
        met="airbyte#34883",
    ),
    Sabotage(
        "cap-varies-with-offset",
        "The maximum is 50 on every page but the first.",
        "page-size",
        APPS,
        windowing(lambda limit, offset: (min(limit, 50) if offset else limit, offset)),
        met="netbox#18150",
    ),
    Sabotage(
        "cap-varies-with-limit",
        "The maximum is 50 for an odd limit.",
        "page-size",
        APPS,
        windowing(lambda limit, offset: (min(limit, 50 if limit % 2 else 100), offset), uncapped=True),
    ),
    # What happens above the maximum
    Sabotage(
        "limit-honoured-above-maximum",
        "Any limit is honoured.",
        "truncation",
        APPS,
        windowing(lambda limit, offset: (limit, offset), uncapped=True),
        met="airflow#60989",
    ),
    Sabotage(
        "over-maximum-is-refused",
        "A limit above the maximum is refused.",
        "truncation",
        APPS,
        ruling("limit", over_maximum="reject"),
        met="wagtail#3766",
    ),
    Sabotage(
        "over-maximum-gets-the-default",
        "A limit above the maximum counts as no limit at all: twenty items.",
        "truncation",
        WORKSPACES,
        windowing(lambda limit, offset: (limit if limit <= 100 else 20, offset), uncapped=True),
    ),
    Sabotage(
        "huge-limit-crashes",
        "A limit that does not fit 32 bits makes the server fail.",
        "truncation",
        APPS,
        around=crashing(lambda request: number(request, "limit") >= 2**31),
        met="Apicurio#9909",
    ),
    # Whether the pages are the collection
    Sabotage(
        "page-boundary-repeats-a-row",
        "Every page but the first starts one row early.",
        "partition",
        WORKSPACES,
        cutting(lambda items, limit, offset: items[max(0, offset - 1) :][:limit]),
    ),
    Sabotage(
        "page-boundary-loses-a-row",
        "Every page but the first starts one row late.",
        "partition",
        APPS,
        cutting(lambda items, limit, offset: items[offset + (offset > 0) :][:limit]),
    ),
    Sabotage(
        "limit-applied-twice",
        "The list is cut to the limit before the page is cut out of it.",
        "partition",
        APPS,
        cutting(lambda items, limit, offset: items[:limit][offset : offset + limit]),
        met="jupyterhealth-exchange#204",
    ),
    Sabotage(
        "offset-rounded-down",
        "An offset between two pages is read as the start of the page it falls on.",
        "partition",
        APPS,
        windowing(lambda limit, offset: (limit, offset // limit * limit)),
    ),
    Sabotage(
        "offset-must-be-a-multiple",
        "An offset that is no multiple of the limit is refused.",
        "overlap",
        APPS,
        around=answering(
            lambda request: number(request, "limit") > 0 and number(request, "offset") % number(request, "limit") > 0,
            REFUSAL,
        ),
        met="snowstorm#372",
    ),
    Sabotage(
        "offset-is-a-page-number",
        "The offset counts pages.",
        "slice",
        CHILDREN,
        windowing(lambda limit, offset: (limit, offset * limit)),
    ),
    Sabotage(
        "order-depends-on-the-limit",
        "Small pages are cut out of the list in reverse.",
        "slice",
        APPS,
        cutting(lambda items, limit, offset: (items if limit > 9 else items[::-1])[offset : offset + limit]),
    ),
    Sabotage(
        "page-comes-reversed",
        "The items of a page come in reverse, the pages do not.",
        "overlap",
        APPS,
        cutting(lambda items, limit, offset: items[offset : offset + limit][::-1]),
    ),
    Sabotage(
        "default-offset-of-one",
        "Without an offset, the list starts at its second item.",
        "default-offset",
        APPS,
        around=asking(lambda query: query if "offset" in dict(query) else (*query, ("offset", "1"))),
    ),
    Sabotage(
        "without-offset-the-newest",
        "Without an offset, the list starts at its hundredth item.",
        "default-offset",
        APPS,
        around=asking(lambda query: query if "offset" in dict(query) else (*query, ("offset", "100"))),
    ),
)
"""What pages must be: `testkit/laws/pagination.py`."""
