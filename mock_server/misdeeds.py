"""What a server, or the way to it, may do to a request at any time: a table of named misdeeds.

Each is a function of the occasion that returns what is answered instead. Sources: RFC 9110 (statuses, Retry-After),
and the defects that real servers and their clients were reported for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from contracts import pointers
from contracts.capping import cut
from contracts.model import Operation
from mock_server import answers
from mock_server.answers import Answer, Wire
from mock_server.drift import deleted, inserted
from mock_server.occasion import Act, Occasion
from mock_server.world import World

HTML = "text/html; charset=utf-8"
LONGEST_S = 86_400 * 365
"""Seconds that anything may take: a year."""
ELSEWHERE = "http://elsewhere.invalid"
"""A host that is nowhere (RFC 2606), for links and redirects that lead away."""


@dataclass(frozen=True)
class Option:
    """A word that a fault takes. kind: int, float, bool or str. choices: what a text may be, where not anything.

    least, most: the bounds of a number, None where there is none.
    """

    kind: type
    default: Any
    about: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @property
    def bounds(self) -> str:
        """The bounds in words, an empty text where there are none."""
        if self.least is None or self.most is None:
            return "" if self.least is None else f"{_figures(self.least)} or more"
        return f"from {_figures(self.least)} to {_figures(self.most)}"


def _figures(number: float) -> str:
    return f"{number:.0f}" if number == int(number) else str(number)


@dataclass(frozen=True)
class Misdeed:
    """One named misdeed. does: in a sentence. paged: whether it is something that only pages can suffer.

    changes: the member of the envelope that it changes, `count` or `next`, None where it is about something else.
    """

    name: str
    does: str
    act: Act
    options: Mapping[str, Option] = field(default_factory=dict)
    paged: bool = False
    changes: str | None = None

    def lacks(self, operation: Operation) -> str | None:
        """Return what an operation must have to suffer this, and has not."""
        if self.paged and operation.pagination is None:
            return "pages"
        if self.changes is None or operation.pagination is None:
            return None
        return None if getattr(operation.pagination.envelope, self.changes) is not None else self.changes


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
    return Answer(occasion.options["status"], answers.encode({"detail": "Internal server error."}), answers.JSON)


def _expired(occasion: Occasion) -> Answer:
    auth, errors = occasion.contract.auth, occasion.contract.errors
    given = answers.error(errors["invalid-token" if auth is None else auth.invalid])
    challenge = None if auth is None else auth.challenge
    return replace(given, headers=() if challenge is None else (("WWW-Authenticate", challenge),))


def _elsewhere(occasion: Occasion) -> Answer:
    path = urlsplit(occasion.request.base).path
    address = _address(f"{occasion.options['to']}{path}", occasion.request.query)
    return Answer(occasion.options["status"], headers=(("Location", address),))


def _address(base: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{base}?{urlencode(query)}" if query else base


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
    broken = given.body.replace(b'":', b'"=', 1)
    return replace(given, body=broken + b"]" if _is_json(broken) or not broken else broken)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _html(occasion: Occasion) -> Answer:
    page = b"<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"
    return Answer(occasion.options["status"], page, HTML)


def _wrong_type(occasion: Occasion) -> Answer:
    return replace(occasion.answer(), content_type=occasion.options["content_type"])


# Pages


def _capped(occasion: Occasion) -> Answer | None:
    assert occasion.operation is not None and occasion.operation.pagination is not None, "a paged misdeed"
    smaller = replace(occasion.operation, pagination=cut(occasion.operation.pagination, occasion.options["maximum"]))
    given = occasion.honest(occasion.request, smaller)
    return None if given == occasion.answer() else given


def _on_page(occasion: Occasion, change: Callable[[dict[str, Any], Mapping[str, str | None]], None]) -> Answer | None:
    """Answer honestly, with a page changed before it is sent; None where it is no page, or nothing was changed."""
    given, operation = occasion.answer(), occasion.operation
    assert operation is not None and operation.pagination is not None, "a paged misdeed"
    page = _page(given)
    if page is None:
        return None
    envelope = operation.pagination.envelope
    members = {"count": envelope.count, "next": envelope.next, "previous": envelope.previous}
    change(page, {**members, "results": envelope.results})
    return None if page == _page(given) else replace(given, body=answers.encode(page))


def _page(given: Answer) -> dict[str, Any] | None:
    try:
        page = json.loads(given.body) if given.status == 200 else None
    except ValueError:
        return None
    return page if isinstance(page, dict) else None


def _lying_count(occasion: Occasion) -> Answer | None:
    assert occasion.operation is not None and occasion.operation.pagination is not None, "a paged misdeed"
    by, stated = occasion.options["by"], occasion.operation.pagination.envelope.count or ""
    if stated.startswith("header:"):
        given, name = occasion.answer(), stated.removeprefix("header:").lower()
        headers = tuple((key, _more(text, by) if key.lower() == name else text) for key, text in given.headers)
        return None if headers == given.headers else replace(given, headers=headers)

    def change(page: dict[str, Any], at: Mapping[str, str | None]) -> None:
        count = pointers.find(page, stated)
        pointers.put(page, stated, max(0, (count or 0) + by))

    return _on_page(occasion, change)


def _more(text: str, by: int) -> str:
    return str(max(0, int(text) + by)) if text.isdigit() else text


def _linked(occasion: Occasion, address: Callable[[str], str]) -> Answer | None:
    def change(page: dict[str, Any], at: Mapping[str, str | None]) -> None:
        pointer = at["next"]
        link = None if pointer is None else pointers.find(page, pointer)
        if pointer is not None and isinstance(link, str):
            pointers.put(page, pointer, address(link))

    return _on_page(occasion, change)


def _link_back(occasion: Occasion) -> Answer | None:
    operation, query = occasion.operation, occasion.request.query
    assert operation is not None and operation.pagination is not None, "a paged misdeed"
    if occasion.options["page"] == "first":
        first = tuple(one for one in query if one[0] != operation.pagination.offset.parameter)
        if first == query:  # it is the first page, from which the way round begins anew
            return None
        query = first
    return _linked(occasion, lambda link: _address(occasion.request.base, query))


def _link_elsewhere(occasion: Occasion) -> Answer | None:
    to = occasion.options["to"]
    return _linked(occasion, lambda link: to + link[len("://".join(urlsplit(link)[:2])) :])


def _clamped(occasion: Occasion) -> Answer | None:
    """Answer an offset past the end with the last page, as some servers do."""
    operation, request = occasion.operation, occasion.request
    assert operation is not None and operation.pagination is not None, "a paged misdeed"
    page, rule = _page(occasion.answer()), operation.pagination
    count = None if page is None else pointers.find(page, rule.envelope.count or "/")
    if not isinstance(count, int) or not count or pointers.find(page, rule.envelope.results):
        return None
    limit = next((int(text) for name, text in request.query if name == rule.limit.parameter and text.isdigit()), 1)
    last = max(0, count - min(limit, rule.limit.maximum or limit))
    query = [(name, str(last) if name == rule.offset.parameter else text) for name, text in request.query]
    return occasion.honest(replace(request, query=tuple(query)), operation)


_RETRY = {
    "retry_after": Option(
        int, None, "seconds to wait, as the answer says; left out where it says nothing", least=0, most=LONGEST_S
    ),
    "form": Option(str, "seconds", "how Retry-After is written", ("seconds", "date")),
}

MISDEEDS: Mapping[str, Misdeed] = {
    one.name: one
    for one in (
        Misdeed("latency", "It waits before it answers.", _late, {
            "seconds": Option(float, 1.0, "how long", least=0, most=LONGEST_S),
        }),
        Misdeed("too-many-requests", "It answers 429.", _too_many, _RETRY),
        Misdeed("unavailable", "It answers 503.", _unavailable, _RETRY),
        Misdeed("server-error", "It answers 500.", _server_error, {
            "status": Option(int, 500, "the status", least=500, most=599),
        }),
        Misdeed("expired-token", "It refuses the token, as if that had just expired.", _expired),
        Misdeed("redirect-elsewhere", "It leads to another host.", _elsewhere, {
            "to": Option(str, ELSEWHERE, "scheme and host to lead to"),
            "status": Option(int, 302, "the status", least=300, most=399),
        }),
        Misdeed("dropped-connection", "It closes the connection without an answer.", _dropped),
        Misdeed("dropped-in-body", "It closes the connection in the middle of the body.", _dropped_in_body),
        Misdeed("cut-off-body", "It sends half of the body as if that were all.", _cut_off),
        Misdeed("broken-json", "It sends a body that is almost JSON.", _broken_json),
        Misdeed("html-page", "It sends a page for people, as a proxy does in front of a server that is down.", _html, {
            "status": Option(int, 200, "the status", least=200, most=599),
        }),
        Misdeed("wrong-content-type", "It says that its JSON is something else.", _wrong_type, {
            "content_type": Option(str, HTML, "what it says"),
        }),
        Misdeed("smaller-cap", "It cuts the page to fewer items.", _capped, {
            "maximum": Option(int, 1, "items on the page, at most", least=1),
        }, paged=True),
        Misdeed("lying-count", "Its count is not that of the list.", _lying_count, {
            "by": Option(int, 1, "how much more it says; below 0 for less"),
        }, paged=True, changes="count"),
        Misdeed("self-pointing-next", "Its next link leads to the same page, or back to the first.", _link_back, {
            "page": Option(str, "same", "where the link leads", ("same", "first")),
        }, paged=True, changes="next"),
        Misdeed("next-elsewhere", "Its next link leads to another host.", _link_elsewhere, {
            "to": Option(str, ELSEWHERE, "scheme and host to lead to"),
        }, paged=True, changes="next"),
        Misdeed("clamped-past-end", "It answers the last page for an offset past the end.", _clamped, paged=True),
        Misdeed("insert-between-pages", "An item is inserted before the page is answered.", inserted, paged=True),
        Misdeed("delete-between-pages", "The first item is deleted before the page is answered.", deleted, paged=True),
    )
}  # fmt: skip
"""Every misdeed by name."""
