"""Pages read without believing them: their items by identity, and the count and links that they state.

Where an answer is no page, reading it says so by raising Broken, whatever law asked for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from requests.utils import parse_header_links

from apitwin.contracts import pointers
from apitwin.contracts.json_values import copied
from apitwin.contracts.pagination.rules import HEADER, LINK_HEADER, Pagination
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.transport.exchange import UNREADABLE, Exchange, Query


@dataclass(frozen=True)
class Page:
    """A page as it came. ids: the identity of each item, as text.

    What it states may be anything: count, next, previous, more, and what only its style has, by the style's words.
    """

    items: tuple[Any, ...]
    ids: tuple[str, ...]
    count: Any
    next: Any
    previous: Any
    exchange: Exchange
    more: Any = None
    stated: Mapping[str, Any] = field(default_factory=dict)


def at(probe: Probe, limit: Any, position: Position | None = None, extra: Query = ()) -> Page:
    """Ask for the page of some size at a position, and read it. Raises Broken when the answer is no page."""
    return read(probe, probe.page(limit, position, extra))


def read(probe: Probe, exchange: Exchange) -> Page:
    """Read an answer as a page. Raises Broken when it is none."""
    _require_success(probe, exchange)
    envelope, value = probe.rule.envelope, exchange.value
    items = _items(probe, exchange)
    probe.met_items = probe.met_items or bool(items)
    return Page(
        items=tuple(items),
        ids=tuple(identity(probe, item) for item in items),
        count=_count(probe, exchange),
        next=_link(exchange, envelope.next, "next"),
        previous=_link(exchange, envelope.previous, "prev"),
        exchange=exchange,
        more=None if envelope.more is None else pointers.find(value, envelope.more),
        stated={word: pointers.find(value, pointer) for word, pointer in envelope.members.items()},
    )


def _require_success(probe: Probe, exchange: Exchange) -> None:
    probe.require_readable(
        exchange.response.status == 200,
        f"a valid request for a page is answered with status {exchange.response.status}",
        expected="status 200 with a page",
        found=f"status {exchange.response.status}: {exchange.response.text[:200]}",
        shown=[exchange],
    )


def _items(probe: Probe, exchange: Exchange) -> list[Any]:
    pointer, value = probe.rule.envelope.results, exchange.value
    items = pointers.find(value, pointer, UNREADABLE) if value is not UNREADABLE else UNREADABLE
    probe.require_readable(
        isinstance(items, list),
        f"a page has no array at {pointer or 'its root'}",
        expected=f"an array at {pointer or 'the root'}, also when it is empty",
        found=exchange.response.text[:200],
        shown=[exchange],
        fact=probe.fact("envelope"),
    )
    return list(items)


def _link(exchange: Exchange, place: str | None, relation: str) -> Any:
    """Return a link as it came, None where a page has none. Of web links, that of the relation (RFC 8288 section 3)."""
    if place != LINK_HEADER:
        return None if place is None else pointers.find(exchange.value, place)
    links = parse_header_links(exchange.response.headers.get("link", ""))
    return next((link["url"] for link in links if relation in link.get("rel", "").split()), None)


def _count(probe: Probe, exchange: Exchange) -> Any:
    """Return the count that a page states in its body or in a header, as it came; None where it states none."""
    place = probe.rule.envelope.count
    if place is None or not place.startswith(HEADER):
        return None if place is None else pointers.find(exchange.value, place)
    text = exchange.response.headers.get(place.removeprefix(HEADER).lower())
    return int(text) if text is not None and text.isascii() and text.isdigit() else text


def identity(probe: Probe, item: Any) -> str:
    """Return what tells an item from the others, as text: its identity, or all of it where it has none."""
    collection = probe.operation.collection
    value = None if collection is None else pointers.find(item, collection.identity)
    return str(value) if value is not None else json.dumps(item, sort_keys=True)


def identity_in(probe: Probe, exchange: Exchange) -> str | None:
    """Return the identity of the thing that an answer shows, None where it is no JSON object with an identity."""
    collection, value = probe.operation.collection, exchange.value
    if collection is None or not isinstance(value, dict):
        return None
    name = pointers.find(value, collection.identity)
    names_a_thing = isinstance(name, (str, int)) and not isinstance(name, bool) and name != ""
    return str(name) if names_a_thing else None


def without_volatile_members(probe: Probe, body: Any) -> Any:
    """Return a body without the members that the contract calls volatile, which reading itself may change."""
    collection, rule = probe.operation.collection, probe.operation.pagination
    volatile = () if collection is None else collection.volatile
    if isinstance(body, list):
        return [without_volatile_members(probe, item) for item in body]
    if not isinstance(body, dict):
        return body
    body = body if rule is None else _without_varying_ways(rule, body)
    kept = {name: value for name, value in body.items() if name not in volatile}
    results = "" if rule is None else rule.envelope.results.removeprefix("/")
    if isinstance(kept.get(results), list):
        kept[results] = without_volatile_members(probe, kept[results])
    return kept


def _without_varying_ways(rule: Pagination, body: dict[str, Any]) -> dict[str, Any]:
    """Return a page without what leads to others, where that may be written in another way each time, as if signed."""
    is_page = isinstance(pointers.find(body, rule.envelope.results), list)
    if not (is_page and rule.style.varies):
        return body
    same: dict[str, Any] = copied(body)
    for place in (rule.envelope.next, rule.envelope.previous, *rule.envelope.members.values()):
        if place is not None and place.startswith("/") and pointers.find(same, place):
            pointers.put(same, place, None)
    return same
