"""What a server, or the way to it, may do to a request at any time: the table of fault types.

Each has a function of the context that returns what is answered instead. Sources: RFC 9110 (statuses, Retry-After),
and the defects that real servers and their clients were reported for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from apitwin.contracts import pointers
from apitwin.contracts.page_maximum import cut
from apitwin.mock_server import messages
from apitwin.mock_server.engine.auth import expired
from apitwin.mock_server.faults.concurrent import deleted, inserted
from apitwin.mock_server.faults.context import FaultContext
from apitwin.mock_server.faults.options import FaultType, Option
from apitwin.mock_server.messages import Answer, Wire
from apitwin.mock_server.world.world import World

HTML = "text/html; charset=utf-8"
LONGEST_S = 86_400 * 365
"""Seconds that anything may take: a year."""
ELSEWHERE = "http://elsewhere.invalid"
"""A host that is nowhere (RFC 2606), for links and redirects that lead away."""


# Statuses


def _refusal(status: int, detail: str, options: Mapping[str, Any], world: World) -> Answer:
    headers: tuple[tuple[str, str], ...] = ()
    seconds = options["retry_after"]
    if seconds is not None and options["form"] == "date":
        moment = world.clock.now() + timedelta(seconds=seconds)
        headers = (("Retry-After", format_datetime(moment, usegmt=True)),)
    elif seconds is not None:
        headers = (("Retry-After", str(seconds)),)
    return Answer(status, messages.encode({"detail": detail}), messages.JSON, headers)


def _too_many(context: FaultContext) -> Answer:
    return _refusal(429, "Request was throttled.", context.options, context.world)


def _unavailable(context: FaultContext) -> Answer:
    return _refusal(503, "Service unavailable.", context.options, context.world)


def _server_error(context: FaultContext) -> Answer:
    return Answer(context.options["status"], messages.encode({"detail": "Internal server error."}), messages.JSON)


def _expired(context: FaultContext) -> Answer:
    return expired(context.operation, context.contract).answer(context.contract)


def _elsewhere(context: FaultContext) -> Answer:
    path = urlsplit(context.request.base).path
    address = _address(f"{context.options['to']}{path}", context.query)
    return Answer(context.options["status"], headers=(("Location", address),))


def _address(base: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{base}?{urlencode(query)}" if query else base


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


def _wrong_type(context: FaultContext) -> Answer:
    return replace(context.answer(), content_type=context.options["content_type"])


# Pages


def _smaller_page(context: FaultContext) -> Answer | None:
    assert context.operation is not None and context.operation.pagination is not None, "a paged fault type"
    smaller = replace(context.operation, pagination=cut(context.operation.pagination, context.options["maximum"]))
    answer = context.honest(context.request, smaller)
    return None if answer == context.answer() else answer


def _on_page(
    context: FaultContext, change: Callable[[dict[str, Any], Mapping[str, str | None]], None]
) -> Answer | None:
    """Answer honestly, with a page changed before it is sent; None where it is no page, or nothing was changed."""
    answer, operation = context.answer(), context.operation
    assert operation is not None and operation.pagination is not None, "a paged fault type"
    page = _page(answer)
    if page is None:
        return None
    envelope = operation.pagination.envelope
    members = {"count": envelope.count, "next": envelope.next, "previous": envelope.previous}
    change(page, {**members, "results": envelope.results})
    return None if page == _page(answer) else replace(answer, body=messages.encode(page))


def _page(answer: Answer) -> dict[str, Any] | None:
    try:
        page = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        return None
    return page if isinstance(page, dict) else None


def _lying_count(context: FaultContext) -> Answer | None:
    assert context.operation is not None and context.operation.pagination is not None, "a paged fault type"
    by, stated = context.options["by"], context.operation.pagination.envelope.count or ""
    if stated.startswith("header:"):
        answer, name = context.answer(), stated.removeprefix("header:").lower()
        headers = tuple((key, _more(text, by) if key.lower() == name else text) for key, text in answer.headers)
        return None if headers == answer.headers else replace(answer, headers=headers)

    def change(page: dict[str, Any], at: Mapping[str, str | None]) -> None:
        count = pointers.find(page, stated)
        pointers.put(page, stated, max(0, (count or 0) + by))

    return _on_page(context, change)


def _more(text: str, by: int) -> str:
    return str(max(0, int(text) + by)) if text.isdigit() else text


def _linked(context: FaultContext, address: Callable[[str], str]) -> Answer | None:
    def change(page: dict[str, Any], at: Mapping[str, str | None]) -> None:
        pointer = at["next"]
        link = None if pointer is None else pointers.find(page, pointer)
        if pointer is not None and isinstance(link, str):
            pointers.put(page, pointer, address(link))

    return _on_page(context, change)


def _link_back(context: FaultContext) -> Answer | None:
    operation, query = context.operation, context.query
    assert operation is not None and operation.pagination is not None, "a paged fault type"
    if context.options["page"] == "first":
        first = tuple(pair for pair in query if pair[0] != operation.pagination.offset.parameter)
        if first == query:  # it is the first page, from which the way round begins anew
            return None
        query = first
    return _linked(context, lambda link: _address(context.request.base, query))


def _link_elsewhere(context: FaultContext) -> Answer | None:
    to = context.options["to"]
    return _linked(context, lambda link: to + link[len("://".join(urlsplit(link)[:2])) :])


def _clamped(context: FaultContext) -> Answer | None:
    """Answer an offset past the end with the last page, as some servers do."""
    operation, request = context.operation, context.request
    assert operation is not None and operation.pagination is not None, "a paged fault type"
    page, rule = _page(context.answer()), operation.pagination
    count = None if page is None else pointers.find(page, rule.envelope.count or "/")
    if not isinstance(count, int) or not count or pointers.find(page, rule.envelope.results):
        return None
    limit = next((int(text) for name, text in request.query if name == rule.limit.parameter and text.isdigit()), 1)
    last = max(0, count - min(limit, rule.limit.maximum or limit))
    query = [(name, str(last) if name == rule.offset.parameter else text) for name, text in request.query]
    return context.honest(replace(request, query=tuple(query)), operation)


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
        FaultType("wrong-content-type", "It says that its JSON is something else.", _wrong_type, {
            "content_type": Option(str, HTML, "what it says"),
        }),
        FaultType("smaller-page-maximum", "It cuts the page to fewer items.", _smaller_page, {
            "maximum": Option(int, 1, "items on the page, at most", least=1),
        }, paged=True),
        FaultType("lying-count", "Its count is not that of the list.", _lying_count, {
            "by": Option(int, 1, "how much more it says; below 0 for less"),
        }, paged=True, changes="count"),
        FaultType("self-pointing-next", "Its next link leads to the same page, or back to the first.", _link_back, {
            "page": Option(str, "same", "where the link leads", ("same", "first")),
        }, paged=True, changes="next"),
        FaultType("next-elsewhere", "Its next link leads to another host.", _link_elsewhere, {
            "to": Option(str, ELSEWHERE, "scheme and host to lead to"),
        }, paged=True, changes="next"),
        FaultType("clamped-past-end", "It answers the last page for an offset past the end.", _clamped, paged=True),
        FaultType("insert-between-pages", "An item is inserted before a page is answered.", inserted, paged=True),
        FaultType("delete-between-pages", "The first item is deleted before a page is answered.", deleted, paged=True),
    )
}  # fmt: skip
"""Every fault type by name."""
