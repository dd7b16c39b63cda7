"""Servers whose links lead astray, or lose what they should carry."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from apitwin.mock_server import Steps
from apitwin.mock_server.engine.pagination.window import Links
from tests.sabotage.changes import (
    Place,
    cutting,
    linking,
    next_becoming,
    previous_becoming,
    requerying,
    respelling,
    ruling,
)
from tests.sabotage.constants import APPS, CHILDREN, WORKSPACES
from tests.sabotage.sabotage import Sabotage


def forty_rows_a_page() -> Steps:
    """Return steps that show at most forty rows, and link onward by the rows that were fetched."""
    return cutting(lambda items, limit, offset: items[offset : offset + min(limit, 40)])()


def without_look_ahead(right: Links, place: Place) -> Links:
    """Leave next away where the row that looks ahead is cut off by the maximum."""
    return replace(right, next=None) if place.limit == 100 else right


def ended_a_page_early(right: Links, place: Place) -> Links:
    """Leave next away on the last page but one."""
    return replace(right, next=None) if place.offset + 2 * place.limit >= place.count else right


LINKS = (
    # How they are written
    Sabotage(
        "links-are-relative",
        "Links are paths, where the contract promises whole addresses.",
        "link-address",
        APPS,
        respelling(lambda link: "/" + link.split("/", 3)[3]),
    ),
    Sabotage(
        "links-change-the-scheme",
        "Links say https where the page came by http, or the other way round: a proxy in between.",
        "link-address",
        APPS,
        respelling(lambda link: link.replace("http://", "https://")),
    ),
    Sabotage(
        "links-name-the-inner-host",
        "Links lead to the host that the proxy hides.",
        "link-address",
        WORKSPACES,
        respelling(lambda link: link.replace("twin.invalid", "backend:8000")),
    ),
    Sabotage(
        "links-lose-the-last-slash",
        "Links lead to the path without its last slash.",
        "link-address",
        APPS,
        respelling(lambda link: link.replace("/?", "?")),
    ),
    Sabotage(
        "link-is-an-object",
        'A link is `{"href": ...}`.',
        "link-address",
        APPS,
        respelling(lambda link: {"href": link}),
    ),
    # Where next leads
    Sabotage(
        "next-points-to-itself",
        "next is the page that it is on.",
        "next-links",
        APPS,
        next_becoming(lambda place: place.at(place.offset)),
        met="pystac-client#334",
    ),
    Sabotage(
        "next-goes-round",
        "The last page links to the first.",
        "next-links",
        APPS,
        linking(lambda right, place: replace(right, next=right.next or place.at(0))),
    ),
    Sabotage(
        "next-is-never-null",
        "Every page links onward, also the last and the empty ones.",
        "next-links",
        WORKSPACES,
        linking(lambda right, place: replace(right, next=place.at(place.offset + place.limit))),
        met="fastmcp#3167",
    ),
    Sabotage(
        "next-skips-an-item",
        "next starts one item late.",
        "next-links",
        APPS,
        next_becoming(lambda place: place.at(place.offset + place.limit + 1)),
    ),
    Sabotage(
        "next-repeats-an-item",
        "next starts with the last item of this page.",
        "next-links",
        APPS,
        next_becoming(lambda place: place.at(place.offset + place.limit - 1)),
    ),
    Sabotage(
        "next-ends-a-page-early",
        "The last page but one has no next.",
        "next-links",
        CHILDREN,
        linking(ended_a_page_early),
    ),
    Sabotage(
        "look-ahead-is-cut-off",
        "Whether there is more is seen by asking for one row more, which the maximum cuts off: no next at the maximum.",
        "next-links",
        CHILDREN,
        linking(without_look_ahead),
        met="Polymarket/ts-sdk#240",
    ),
    Sabotage(
        "next-is-always-null",
        "No page has a next link.",
        "next-links",
        APPS,
        next_becoming(lambda place: None),
    ),
    Sabotage(
        "next-follows-the-rows-fetched",
        "A page shows forty rows at most, and next goes on after the hundred that were fetched.",
        "next-links",
        APPS,
        forty_rows_a_page,
        met="atlassian-mcp-server#221",
    ),
    Sabotage(
        "next-states-the-asked-limit",
        "After limit=500, next says 500, though a page has a hundred.",
        "next-limit",
        APPS,
        ruling("links", limit="asked"),
    ),
    Sabotage(
        "next-forgets-the-limit",
        "next has no limit.",
        "next-limit",
        APPS,
        next_becoming(lambda place: place.at(place.offset + place.limit).replace(f"limit={place.limit}&", "")),
    ),
    Sabotage(
        "next-states-what-is-left",
        "next asks for as many as are left.",
        "next-limit",
        APPS,
        next_becoming(
            lambda place: place.at(
                place.offset + place.limit, min(place.limit, place.count - place.offset - place.limit)
            )
        ),
    ),
    # Where previous leads
    Sabotage(
        "previous-at-the-start",
        "The first page has a previous link.",
        "previous-links",
        APPS,
        linking(lambda right, place: replace(right, previous=right.previous or place.at(0))),
    ),
    Sabotage(
        "previous-is-the-start",
        "previous always leads to the first page.",
        "previous-links",
        APPS,
        previous_becoming(lambda place: place.at(0)),
        examples=100,
    ),
    Sabotage(
        "previous-is-always-null",
        "No page has a previous link.",
        "previous-links",
        APPS,
        previous_becoming(lambda place: None),
    ),
    Sabotage(
        "previous-goes-onward",
        "previous leads to the next page.",
        "previous-links",
        WORKSPACES,
        previous_becoming(lambda place: place.at(place.offset + place.limit)),
    ),
    # What they carry
    Sabotage(
        "next-drops-filters",
        "next carries limit and offset only.",
        "link-query",
        WORKSPACES,
        next_becoming(lambda place: f"{place.base}?limit={place.limit}&offset={place.offset + place.limit}"),
    ),
    Sabotage(
        "links-keep-one-of-several-values",
        "Of a filter with several values, links keep the last.",
        "link-query",
        WORKSPACES,
        requerying(lambda pairs: urlencode(dict(pairs))),
    ),
    Sabotage(
        "links-lose-non-ascii",
        "Links leave letters beyond ASCII away.",
        "link-query",
        APPS,
        requerying(lambda pairs: urlencode([(name, text.encode("ascii", "ignore")) for name, text in pairs])),
    ),
    Sabotage(
        "links-write-latin-1",
        "Links are encoded as Latin-1.",
        "link-query",
        APPS,
        requerying(lambda pairs: urlencode(pairs, encoding="latin-1", errors="replace")),
    ),
    Sabotage(
        "links-leave-ampersands-bare",
        "Links do not encode `&` inside a value.",
        "link-query",
        APPS,
        respelling(lambda link: link.replace("%26", "&")),
    ),
    Sabotage(
        "links-turn-plus-into-space",
        "Links do not encode `+` inside a value.",
        "link-query",
        APPS,
        respelling(lambda link: link.replace("%2B", "+")),
    ),
    Sabotage(
        "links-encode-twice",
        "Links encode what is encoded already.",
        "link-query",
        APPS,
        respelling(lambda link: link.replace("%", "%25")),
    ),
)
"""What links must be: `testkit/laws/links.py`."""
