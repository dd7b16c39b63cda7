"""Putting a page together: its items, inside the members and headers that the contract names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.pagination.rules import HEADER, LINK_HEADER, EnvelopeRule, Pagination
from apitwin.mock_server.engine.pagination.asked import Window
from apitwin.mock_server.engine.pagination.window import Links
from apitwin.mock_server.messages import JSON, Answer, encode

HOLE = "\ufdd0results\ufdd0"
"""Where the results go in an encoded envelope: noncharacters of Unicode, which no server sends."""


def envelope(rule: Pagination, seen: Window, count: int, items: Sequence[bytes], links: Links) -> Answer:
    """Return a page: the items joined, inside the members that the contract names."""
    members = rule.envelope
    headers = tuple(_headers(members, count, links))
    if seen.limit is None or members.results == "":
        return Answer(200, b"[" + b",".join(items) + b"]", JSON, headers)
    body: dict[str, Any] = {}
    stated = [(pointer, links.members.get(word)) for word, pointer in members.members.items()]
    placed: tuple[tuple[str | None, Any], ...] = (
        (members.count, count),
        (members.next, links.next),
        (members.previous, links.previous),
        (members.more, links.more),
        *stated,
        (members.results, []),
    )
    for pointer, value in placed:
        if pointer is not None and pointer.startswith("/"):
            pointers.put(body, pointer, value)
    return Answer(200, filled_page(body, members.results, items), JSON, headers)


def filled_page(body: dict[str, Any], results: str, items: Sequence[bytes]) -> bytes:
    """Return a page with its items, which are JSON already. results: where they stand in it."""
    pointers.put(body, results, HOLE)
    before, after = encode(body).split(encode(HOLE))
    return before + b"[" + b",".join(items) + b"]" + after


def _headers(rule: EnvelopeRule, count: int, links: Links) -> Iterator[tuple[str, str]]:
    if rule.count is not None and rule.count.startswith(HEADER):
        yield rule.count.removeprefix(HEADER), str(count)
    web_links = [
        f'<{address}>; rel="{relation}"'
        for place, address, relation in ((rule.next, links.next, "next"), (rule.previous, links.previous, "prev"))
        if place == LINK_HEADER and address is not None
    ]
    if web_links:
        yield LINK_HEADER.removeprefix(HEADER), ", ".join(web_links)
