"""What a server, or the way to it, may do to a request at any time: the table of fault types.

Each has a function of the context that returns what is answered instead. Sources: RFC 9110 (statuses, Retry-After),
and the defects that real servers and their clients were reported for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from apitwin.mock_server import messages
from apitwin.mock_server.engine.auth import expired
from apitwin.mock_server.faults import pages
from apitwin.mock_server.faults.concurrent import deleted, inserted
from apitwin.mock_server.faults.context import FaultContext
from apitwin.mock_server.faults.options import FaultType, Option
from apitwin.mock_server.messages import JSON, Answer, Wire

HTML = "text/html; charset=utf-8"
LONGEST_S = 86_400 * 365
"""Seconds that anything may take: a year."""
ELSEWHERE = "http://elsewhere.invalid"
"""A host that is nowhere (RFC 2606), for links and redirects that lead away."""


# Statuses


def _refusal(context: FaultContext, error: str) -> Answer:
    """Return an error of the contract, with what it says of when to come again."""
    options, world = context.options, context.world
    headers: tuple[tuple[str, str], ...] = ()
    seconds = options["retry_after"]
    if seconds is not None and options["form"] == "date":
        moment = world.clock.now() + timedelta(seconds=seconds)
        headers = (("Retry-After", format_datetime(moment, usegmt=True)),)
    elif seconds is not None:
        headers = (("Retry-After", str(seconds)),)
    return replace(messages.error(context.contract.errors[error]), headers=headers)


def _too_many(context: FaultContext) -> Answer:
    return _refusal(context, "too-many-requests")


def _unavailable(context: FaultContext) -> Answer:
    return _refusal(context, "unavailable")


def _server_error(context: FaultContext) -> Answer:
    answer = messages.error(context.contract.errors["server-error"], message="Internal server error.")
    return replace(answer, status=context.options["status"])


def _expired(context: FaultContext) -> Answer:
    return expired(context.operation, context.contract).answer(context.contract)


def _elsewhere(context: FaultContext) -> Answer:
    path = urlsplit(context.request.base).path
    address = pages.address(f"{context.options['to']}{path}", context.query)
    return Answer(context.options["status"], headers=(("Location", address),))


# The wire


def _late(context: FaultContext) -> Answer:
    return replace(context.answer(), wire=Wire(delay_s=context.options["seconds"]))


def _dropped(context: FaultContext) -> Answer:
    return Answer(200, wire=Wire(dropped="before"))


def _dropped_in_body(context: FaultContext) -> Answer:
    return replace(context.answer(), wire=Wire(dropped="in-body"))


# Bodies


def _cut_off(context: FaultContext) -> Answer:
    answer = context.answer()
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _broken_json(context: FaultContext) -> Answer:
    answer = context.answer()
    broken = answer.body.replace(b'":', b'"=', 1)
    return replace(answer, body=broken + b"]" if _is_json(broken) or not broken else broken)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _html(context: FaultContext) -> Answer:
    page = b"<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"
    return Answer(context.options["status"], page, HTML)


def _empty_body(context: FaultContext) -> Answer:
    status = context.options["status"]
    return Answer(status) if status == 204 else Answer(status, b"", JSON)


def _wrong_type(context: FaultContext) -> Answer:
    return replace(context.answer(), content_type=context.options["content_type"])


_RETRY = {
    "retry_after": Option(
        int, None, "seconds to wait, as the answer says; left out where it says nothing", least=0, most=LONGEST_S
    ),
    "form": Option(str, "seconds", "how Retry-After is written", ("seconds", "date")),
}

FAULT_TYPES: Mapping[str, FaultType] = {
    fault_type.name: fault_type
    for fault_type in (
        FaultType("latency", "It waits before it answers.", _late, {
            "seconds": Option(float, 1.0, "how long", least=0, most=LONGEST_S),
        }),
        FaultType("too-many-requests", "It answers 429.", _too_many, _RETRY),
        FaultType("unavailable", "It answers 503.", _unavailable, _RETRY),
        FaultType("server-error", "It answers 500.", _server_error, {
            "status": Option(int, 500, "the status", least=500, most=599),
        }),
        FaultType("expired-token", "It refuses the token, as if that had just expired.", _expired),
        FaultType("redirect-elsewhere", "It leads to another host.", _elsewhere, {
            "to": Option(str, ELSEWHERE, "scheme and host to lead to"),
            "status": Option(int, 302, "the status", least=300, most=399),
        }),
        FaultType("dropped-connection", "It closes the connection without an answer.", _dropped),
        FaultType("dropped-in-body", "It closes the connection in the middle of the body.", _dropped_in_body),
        FaultType("cut-off-body", "It sends half of the body as if that were all.", _cut_off),
        FaultType("broken-json", "It sends a body that is almost JSON.", _broken_json),
        FaultType("html-page", "It sends a page for people, as a proxy in front of a dead server does.", _html, {
            "status": Option(int, 200, "the status", least=200, most=599),
        }),
        FaultType("empty-body", "It answers as if all were well, and its body is empty.", _empty_body, {
            "status": Option(int, 204, "the status", least=200, most=299),
        }),
        FaultType("wrong-content-type", "It says that its JSON is something else.", _wrong_type, {
            "content_type": Option(str, HTML, "what it says"),
        }),
        FaultType("smaller-page-maximum", "It cuts the page to fewer items.", pages.smaller, {
            "maximum": Option(int, 1, "items on the page, at most", least=1),
        }, paged=True),
        FaultType("lying-count", "Its count is not that of the list.", pages.miscounted, {
            "by": Option(int, 1, "how much more it says; below 0 for less"),
        }, paged=True, changes="count"),
        FaultType("self-pointing-next", "Its way on leads to the same page, or the first.", pages.linked_back, {
            "page": Option(str, "same", "where the link leads", ("same", "first")),
        }, paged=True, changes="way_on"),
        FaultType("empty-page", "It gives a page of nothing, which leads on to what it would have shown.",
                  pages.emptied, paged=True, changes="way_on"),
        FaultType("next-elsewhere", "Its next link leads to another host.", pages.linked_elsewhere, {
            "to": Option(str, ELSEWHERE, "scheme and host to lead to"),
        }, paged=True, changes="next"),
        FaultType("clamped-past-end", "It answers the last page for one past the end.",
                  pages.clamped, paged=True, past_end=True),
        FaultType("insert-between-pages", "An item is inserted before a page is answered.", inserted, paged=True),
        FaultType("delete-between-pages", "The first item is deleted before a page is answered.", deleted, paged=True),
    )
}  # fmt: skip
"""Every fault type by name."""
