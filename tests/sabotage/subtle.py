"""Servers that are right at first sight: each was missed once by the law that names its defect."""

from __future__ import annotations

from dataclasses import replace

from apitwin.mock_server import STEPS, Backend, Steps
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine import selection
from apitwin.mock_server.engine.pagination import window as pagination
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.window import Links
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.messages import Answer
from tests.sabotage.changes import (
    Records,
    enveloping,
    finishing,
    linking,
    next_becoming,
    showing,
)
from tests.sabotage.constants import APPS, ENTITY, USER, WORKSPACE
from tests.sabotage.sabotage import Answering, Sabotage


def striding_by_the_asked_limit() -> Steps:
    """Return steps whose next link goes on after what was asked for, not after what was given."""
    return next_becoming(lambda place: place.at(place.offset + int(place.seen.asked or place.limit)))()


def first_of_two_counts() -> Steps:
    """Return steps that cut the page by the first of two values."""
    return replace(STEPS, window=lambda asked, records: pagination.window(replace(asked, repeated="first"), records))


def links_by_the_first() -> Steps:
    """Return steps that cut the page by the last of two limits, and write links by the first."""

    def links(asked: Asked, seen: Window, records: Records) -> Links:
        first = pagination.window(replace(asked, repeated="first"), records)
        return pagination.links(asked, first if isinstance(first, Window) else seen, records)

    return replace(STEPS, links=links)


def halving_what_is_filtered() -> Steps:
    """Return steps that lose every other item as soon as a filter is sent."""

    def select(records: Records, operation: selection.Operation, values: Values) -> Records:
        found = selection.select(records, operation, values)
        filtered = any(one.parameter in values and one.match == "any-of" for one in operation.filters)
        return found[::2] if filtered else found

    return replace(STEPS, select=select)


def only_the_word_true(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Ask for the role only where the parameter is written `true`, and reveal for every other word that means it."""
    names = ("include_archived", "include_development")
    words = [(name, "false" if name in names and value != "true" else value) for name, value in request.query]
    return answer(replace(request, query=tuple(words)))


def deleting(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Delete what is in the path, with the answer that deleting is not allowed."""
    given = answer(request)
    if request.method == "DELETE" and given.status == 405:
        twin.world.tables["workspaces"].remove(request.path.rstrip("/").rpartition("/")[2])
    return given


def echoing_in_links(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Write the caller's token into every link."""
    given = answer(request)
    token = request.headers.get("authorization", "").rpartition(" ")[2].encode()
    return replace(given, body=given.body.replace(b"/?limit=", b"/?token=" + token + b"&limit="))


SUBTLE = (
    Sabotage(
        "next-strides-by-the-asked-limit",
        "Over the maximum, the next link skips what was asked for and not given.",
        "next-limit",
        APPS,
        striding_by_the_asked_limit,
        met="khive#894",
    ),
    Sabotage(
        "first-offset-of-two-counts",
        "Of an offset that is sent twice, the first one counts.",
        "repeated-parameter",
        APPS,
        first_of_two_counts,
    ),
    Sabotage(
        "links-by-the-first-limit-of-two",
        "Of a limit that is sent twice, the last one cuts the page and the first one is in the links.",
        "repeated-parameter",
        APPS,
        links_by_the_first,
    ),
    Sabotage(
        "token-in-the-next-link",
        "The next link carries the caller's token.",
        "not-echoed",
        APPS,
        around=echoing_in_links,
    ),
    Sabotage(
        "only-the-word-true-needs-the-role",
        "A parameter for administrators is open to all where true is written as 1 or True.",
        "forbidden",
        APPS,
        around=only_the_word_true,
    ),
    Sabotage(
        "default-member-is-left-out",
        "A member that is shown unless the query leaves it out is never shown.",
        "projection",
        ENTITY,
        showing(lambda item: {name: value for name, value in item.items() if name != "properties"}),
    ),
    Sabotage(
        "next-beyond-the-end",
        "An empty page beyond the end links to a next one.",
        "past-the-end",
        APPS,
        linking(
            lambda right, place: (
                replace(right, next=place.at(place.offset + place.limit)) if place.offset > place.count else right
            )
        ),
    ),
    Sabotage(
        "byte-order-mark",
        "A body begins with a byte order mark, which JSON must not.",
        "schema",
        USER,
        finishing(lambda answer: replace(answer, body=b"\xef\xbb\xbf" + answer.body), status=200),
    ),
    Sabotage(
        "filter-loses-every-other-item",
        "A filtered list has every other item of what it should have.",
        "filter",
        APPS,
        halving_what_is_filtered,
    ),
    Sabotage(
        "next-is-an-empty-text",
        "The next link at the end is an empty text.",
        "link-address",
        APPS,
        enveloping(lambda page: {**page, "next": page["next"] or ""}),
    ),
    Sabotage(
        "refused-delete-deletes",
        "DELETE is answered with 405, and the thing is gone.",
        "undocumented-method",
        WORKSPACE,
        around=deleting,
    ),
)
"""What a review of the laws found missing."""
