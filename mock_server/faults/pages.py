"""Fault types of pages: too short, with a count or a link that is wrong, or there where none should be.

What a page is depends on the style of the list, so each handler goes by the pager of that style.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation, Pagination
from apitwin.contracts.page_maximum import cut
from apitwin.contracts.pagination.rules import HEADER, LINK_HEADER
from apitwin.mock_server import messages
from apitwin.mock_server.engine.pagination import limit as limits
from apitwin.mock_server.engine.pagination.asked import Asked
from apitwin.mock_server.engine.pagination.pagers import of_a_place, pager
from apitwin.mock_server.faults.context import FaultContext
from apitwin.mock_server.messages import Answer, Query


def paged(context: FaultContext) -> tuple[Operation, Pagination]:
    """Return the operation of a request and its rule; a paged fault type meets only those that have one."""
    assert context.operation is not None and context.operation.pagination is not None, "a paged fault type"
    return context.operation, context.operation.pagination


def _asked(context: FaultContext) -> Asked:
    operation, rule = paged(context)
    request = context.request
    return Asked(request.base, context.query, rule, context.contract.parameters.repeated, operation.collection)


def address(base: str, query: Sequence[tuple[str, str]]) -> str:
    """Return an address with a query, without a question mark where there is none."""
    return f"{base}?{urlencode(query)}" if query else base


def smaller(context: FaultContext) -> Answer | None:
    """Answer with a page that is cut to fewer items."""
    operation, rule = paged(context)
    answer = context.honest(context.request, replace(operation, pagination=cut(rule, context.options["maximum"])))
    return None if answer == context.answer() else answer


# What a page states


def _on_page(context: FaultContext, change: Callable[[dict[str, Any]], None]) -> Answer | None:
    """Answer honestly, with a page changed before it is sent; None where it is no page, or nothing was changed."""
    answer = context.answer()
    page = _page(answer)
    if page is None:
        return None
    change(page)
    return None if page == _page(answer) else replace(answer, body=messages.encode(page))


def _page(answer: Answer) -> dict[str, Any] | None:
    try:
        page = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        return None
    return page if isinstance(page, dict) else None


def _with_header(context: FaultContext, name: str, change: Callable[[str], str]) -> Answer | None:
    """Answer honestly, with a header changed before it is sent; None where nothing was changed."""
    answer = context.answer()
    headers = tuple((key, change(text) if key.lower() == name.lower() else text) for key, text in answer.headers)
    return None if headers == answer.headers else replace(answer, headers=headers)


def miscounted(context: FaultContext) -> Answer | None:
    """State another count than that of the list."""
    _, rule = paged(context)
    by, stated = context.options["by"], rule.envelope.count or ""
    if stated.startswith(HEADER):
        return _with_header(context, stated.removeprefix(HEADER), lambda text: _more(text, by))

    def change(page: dict[str, Any]) -> None:
        pointers.put(page, stated, max(0, (pointers.find(page, stated) or 0) + by))

    return _on_page(context, change)


def _more(text: str, by: int) -> str:
    return str(max(0, int(text) + by)) if text.isdigit() else text


# Where a page says to go on


def linked_back(context: FaultContext) -> Answer | None:
    """Let the way on lead to the same page, or back to the first."""
    asked, query = _asked(context), context.query
    if context.options["page"] == "first":
        first = _without_place(asked)
        if first == query:  # it is the first page, from which the way round begins anew
            return None
        query = first
    return _linked_to(context, query)


def _linked_to(context: FaultContext, query: Query) -> Answer | None:
    """Let the way on lead to the page of a query."""
    asked = replace(_asked(context), query=query)
    members = pager(asked).itself(asked, asked.rule.style)
    return _linked(context, lambda link: address(context.request.base, query), members)


def emptied(context: FaultContext) -> Answer | None:
    """Answer with a page of nothing, which leads to what it would have shown; not where no page follows."""
    results = paged(context)[1].envelope.results
    answer = _linked_to(context, context.query)
    page = None if answer is None else _page(answer)
    if answer is None:
        return None
    if page is None:
        return replace(answer, body=b"[]") if _array(answer) else None
    pointers.put(page, results, [])
    return replace(answer, body=messages.encode(page))


def _without_place(asked: Asked) -> Query:
    """Return the query of the first page."""
    return tuple(pair for pair in asked.query if pair[0] not in of_a_place(asked.rule))


def linked_elsewhere(context: FaultContext) -> Answer | None:
    """Let the next link lead to another host."""
    to = context.options["to"]
    return _linked(context, lambda link: to + link[len("://".join(urlsplit(link)[:2])) :], {})


def _linked(context: FaultContext, changed: Callable[[str], str], members: Mapping[str, Any]) -> Answer | None:
    """Change the next link of a page that has one. members: what else then leads on, by the style's words."""
    envelope = paged(context)[1].envelope
    if envelope.next == LINK_HEADER:
        return _with_header(context, LINK_HEADER.removeprefix(HEADER), lambda text: _first_link(text, changed))

    def change(page: dict[str, Any]) -> None:
        link = None if envelope.next is None else pointers.find(page, envelope.next)
        if envelope.next is not None and isinstance(link, str):
            pointers.put(page, envelope.next, changed(link))
        for word, value in members.items():
            place = envelope.members.get(word)
            if place is not None and pointers.find(page, place):
                pointers.put(page, place, value)

    return _on_page(context, change)


def _first_link(header: str, changed: Callable[[str], str]) -> str:
    """Return a Link header with its next link changed; the twin writes that one first (RFC 8288)."""
    if 'rel="next"' not in header.partition(",")[0]:
        return header
    link, mark, rest = header.removeprefix("<").partition(">")
    return f"<{changed(link)}{mark}{rest}"


# Beyond the end


def clamped(context: FaultContext) -> Answer | None:
    """Answer a page past the end with the last page, as some servers do."""
    asked = _asked(context)
    count = _count_past_end(context, asked)
    limit = limits.read(asked.text(asked.rule.limit.parameter), asked.rule.limit)
    if not count or not isinstance(limit, int) or limit == 0:
        return None
    place = pager(asked).parameters(asked, asked.rule.style, _last(asked, limit, count), limit, ())
    query = (*_without_place(asked), *place.items())
    return context.honest(replace(context.request, query=query), context.operation)


def _last(asked: Asked, limit: int, count: int) -> int:
    return pager(asked).last(asked.rule.style, limit, count)


def _count_past_end(context: FaultContext, asked: Asked) -> int | None:
    """Return how many items the list has, None where the request does not ask for a page past its end."""
    envelope, page = asked.rule.envelope, _page(context.answer())
    if envelope.results == "":  # a bare array states no count; all of it has one
        return None if _array(context.answer()) else _length(context, asked)
    if page is None:  # refused: whether it is past the end, the first page can tell
        texts = [asked.text(name) or "" for name in of_a_place(asked.rule)]
        first = context.honest(replace(context.request, query=_without_place(asked)), context.operation)
        page = _page(first) if all(text.isdigit() for text in texts) else None
    elif pointers.find(page, envelope.results):
        return None
    count = None if page is None else pointers.find(page, envelope.count or "/")
    return count if isinstance(count, int) else None


def _length(context: FaultContext, asked: Asked) -> int:
    """Return how many items a list has whose pages are bare arrays."""
    operation, rule = paged(context)
    query = tuple(pair for pair in asked.query if pair[0] not in rule.parameters)
    return len(_array(context.honest(replace(context.request, query=query), replace(operation, pagination=None))))


def _array(answer: Answer) -> list[Any]:
    """Return the items of a bare array, none where an answer is something else."""
    items = json.loads(answer.body) if answer.status == 200 else None
    return items if isinstance(items, list) else []
