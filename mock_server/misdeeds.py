"""What a server, or the way to it, may do to a request at any time: a table of named misdeeds.

Each is a function of the occasion that returns what is answered instead. Sources: RFC 9110 (statuses, Retry-After),
and the defects that real servers and their clients were reported for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from contracts import pointers
from contracts.capping import cut
from mock_server import answers
from mock_server.answers import Answer, Wire
from mock_server.drift import deleted, inserted
from mock_server.occasion import Act, Occasion
from mock_server.world import World

HTML = "text/html; charset=utf-8"
ELSEWHERE = "http://elsewhere.invalid"
"""A host that is nowhere (RFC 2606), for links and redirects that lead away."""


@dataclass(frozen=True)
class Option:
    """A word that a fault takes. kind: int, float, bool or str. choices: what a text may be, where not anything."""

    kind: type
    default: Any
    about: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Misdeed:
    """One named misdeed. does: in a sentence. paged: whether it is something that only pages can suffer."""

    name: str
    does: str
    act: Act
    options: Mapping[str, Option] = field(default_factory=dict)
    paged: bool = False


# Statuses


def _refusal(status: int, detail: str, options: Mapping[str, Any], world: World) -> Answer:
    headers: tuple[tuple[str, str], ...] = ()
    seconds = options["retry_after"]
    if seconds is not None and options["form"] == "date":
        moment = world.clock.now() + timedelta(seconds=seconds)
        headers = (("Retry-After", format_datetime(moment, usegmt=True)),)
    elif seconds is not None:
        headers = (("Retry-After", str(seconds)),)
    return Answer(status, answers.encode({"detail": detail}), answers.JSON, headers)


def _too_many(occasion: Occasion) -> Answer:
    return _refusal(429, "Request was throttled.", occasion.options, occasion.world)


def _unavailable(occasion: Occasion) -> Answer:
    return _refusal(503, "Service unavailable.", occasion.options, occasion.world)


def _server_error(occasion: Occasion) -> Answer:
    return Answer(500, answers.encode({"detail": "Internal server error."}), answers.JSON)


def _expired(occasion: Occasion) -> Answer:
    auth, errors = occasion.contract.auth, occasion.contract.errors
    given = answers.error(errors["invalid-token" if auth is None else auth.invalid])
    challenge = None if auth is None else auth.challenge
    return replace(given, headers=() if challenge is None else (("WWW-Authenticate", challenge),))


def _elsewhere(occasion: Occasion) -> Answer:
    query = "&".join(f"{name}={value}" for name, value in occasion.request.query)
    address = f"{occasion.options['to']}{urlsplit(occasion.request.base).path}{'?' + query if query else ''}"
    return Answer(occasion.options["status"], headers=(("Location", address),))


# The wire


def _late(occasion: Occasion) -> Answer:
    return replace(occasion.answer(), wire=Wire(delay_s=occasion.options["seconds"]))


def _dropped(occasion: Occasion) -> Answer:
    return Answer(200, wire=Wire(dropped="before"))


def _dropped_in_body(occasion: Occasion) -> Answer:
    return replace(occasion.answer(), wire=Wire(dropped="in-body"))


# Bodies


def _cut_off(occasion: Occasion) -> Answer:
    given = occasion.answer()
    return replace(given, body=given.body[: len(given.body) // 2])


def _broken_json(occasion: Occasion) -> Answer:
    given = occasion.answer()
    return replace(given, body=given.body.replace(b":", b"=", 1) or b"{")


def _html(occasion: Occasion) -> Answer:
    page = b"<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"
    return Answer(occasion.options["status"], page, HTML)


def _wrong_type(occasion: Occasion) -> Answer:
    return replace(occasion.answer(), content_type=occasion.options["content_type"])


# Pages


def _capped(occasion: Occasion) -> Answer:
    assert occasion.operation is not None and occasion.operation.pagination is not None, "a paged misdeed"
    smaller = replace(occasion.operation, pagination=cut(occasion.operation.pagination, occasion.options["maximum"]))
    return occasion.honest(occasion.request, smaller)


def _on_page(occasion: Occasion, change: Callable[[dict[str, Any], Mapping[str, str | None]], None]) -> Answer:
    """Answer honestly, with a page changed before it is sent; what is no page stays as it is."""
    given, operation = occasion.answer(), occasion.operation
    assert operation is not None and operation.pagination is not None, "a paged misdeed"
    try:
        page = json.loads(given.body)
    except ValueError:
        return given
    envelope = operation.pagination.envelope
    if given.status != 200 or not isinstance(page, dict):
        return given
    members = {"count": envelope.count, "next": envelope.next, "previous": envelope.previous}
    change(page, {**members, "results": envelope.results})
    return replace(given, body=answers.encode(page))


def _lying_count(occasion: Occasion) -> Answer:
    def change(page: dict[str, Any], at: Mapping[str, str | None]) -> None:
        pointer = at["count"]
        if pointer is not None and pointer.startswith("/"):
            count = pointers.find(page, pointer)
            pointers.put(page, pointer, max(0, (count or 0) + occasion.options["by"]))

    return _on_page(occasion, change)


def _linked(occasion: Occasion, address: Callable[[str], str]) -> Answer:
    def change(page: dict[str, Any], at: Mapping[str, str | None]) -> None:
        pointer = at["next"]
        link = None if pointer is None else pointers.find(page, pointer)
        if pointer is not None and isinstance(link, str):
            pointers.put(page, pointer, address(link))

    return _on_page(occasion, change)


def _link_back(occasion: Occasion) -> Answer:
    operation, query = occasion.operation, occasion.request.query
    assert operation is not None and operation.pagination is not None, "a paged misdeed"
    if occasion.options["page"] == "first":
        first = tuple(one for one in query if one[0] != operation.pagination.offset.parameter)
        if first == query:  # it is the first page, from which the way round begins anew
            return occasion.answer()
        query = first
    return _linked(occasion, lambda link: f"{occasion.request.base}?{urlencode(query)}")


def _link_elsewhere(occasion: Occasion) -> Answer:
    to = occasion.options["to"]
    return _linked(occasion, lambda link: to + link[len("://".join(urlsplit(link)[:2])) :])


def _clamped(occasion: Occasion) -> Answer:
    """Answer an offset past the end with the last page, as some servers do."""
    operation, request = occasion.operation, occasion.request
    assert operation is not None and operation.pagination is not None, "a paged misdeed"
    given = occasion.answer()
    rule = operation.pagination
    try:
        page = json.loads(given.body)
    except ValueError:
        return given
    count = pointers.find(page, rule.envelope.count or "/") if isinstance(page, dict) else None
    if not isinstance(count, int) or not count or pointers.find(page, rule.envelope.results):
        return given
    limit = next((int(text) for name, text in request.query if name == rule.limit.parameter and text.isdigit()), 1)
    last = max(0, count - min(limit, rule.limit.maximum or limit))
    query = [(name, str(last) if name == rule.offset.parameter else text) for name, text in request.query]
    return occasion.honest(replace(request, query=tuple(query)), operation)


_RETRY = {
    "retry_after": Option(int, None, "seconds to wait, as the answer says; left out where it says nothing"),
    "form": Option(str, "seconds", "how Retry-After is written", ("seconds", "date")),
}

MISDEEDS: Mapping[str, Misdeed] = {
    one.name: one
    for one in (
        Misdeed("latency", "It waits before it answers.", _late, {"seconds": Option(float, 1.0, "how long")}),
        Misdeed("too-many-requests", "It answers 429.", _too_many, _RETRY),
        Misdeed("unavailable", "It answers 503.", _unavailable, _RETRY),
        Misdeed("server-error", "It answers 500.", _server_error),
        Misdeed("expired-token", "It refuses the token, as if that had just expired.", _expired),
        Misdeed("redirect-elsewhere", "It leads to another host.", _elsewhere, {
            "to": Option(str, ELSEWHERE, "scheme and host to lead to"),
            "status": Option(int, 302, "the status"),
        }),
        Misdeed("dropped-connection", "It closes the connection without an answer.", _dropped),
        Misdeed("dropped-in-body", "It closes the connection in the middle of the body.", _dropped_in_body),
        Misdeed("cut-off-body", "It sends half of the body as if that were all.", _cut_off),
        Misdeed("broken-json", "It sends a body that is almost JSON.", _broken_json),
        Misdeed("html-page", "It sends a page for people, as a proxy does in front of a server that is down.", _html, {
            "status": Option(int, 200, "the status"),
        }),
        Misdeed("wrong-content-type", "It says that its JSON is something else.", _wrong_type, {
            "content_type": Option(str, HTML, "what it says"),
        }),
        Misdeed("smaller-cap", "It cuts the page to fewer items.", _capped, {
            "maximum": Option(int, 1, "items on the page, at most"),
        }, paged=True),
        Misdeed("lying-count", "Its count is not that of the list.", _lying_count, {
            "by": Option(int, 1, "how much more it says; below 0 for less"),
        }, paged=True),
        Misdeed("self-pointing-next", "Its next link leads to the same page, or back to the first.", _link_back, {
            "page": Option(str, "same", "where the link leads", ("same", "first")),
        }, paged=True),
        Misdeed("next-elsewhere", "Its next link leads to another host.", _link_elsewhere, {
            "to": Option(str, ELSEWHERE, "scheme and host to lead to"),
        }, paged=True),
        Misdeed("clamped-past-end", "It answers the last page for an offset past the end.", _clamped, paged=True),
        Misdeed("insert-between-pages", "An item is inserted before the page is answered.", inserted, paged=True),
        Misdeed("delete-between-pages", "The first item is deleted before the page is answered.", deleted, paged=True),
    )
}  # fmt: skip
"""Every misdeed by name."""
