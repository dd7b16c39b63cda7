"""The steps of an answer as a table of functions, so that one of them can be exchanged for another.

A twin is made of these. A broken server for testing the laws is the same twin with one step replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Body, Contract, Operation, Pagination, Projection
from apitwin.mock_server.engine import auth, bodies, pagination, parameters, selection
from apitwin.mock_server.engine.auth import Refused
from apitwin.mock_server.engine.bodies import Unreadable
from apitwin.mock_server.engine.pagination import Links, Window
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.messages import Answer, Query, Rejected, Request, encode
from apitwin.mock_server.world.table import Record
from apitwin.mock_server.world.world import Token

HOLE = "\ufdd0results\ufdd0"
"""Where the results go in an encoded envelope: noncharacters of Unicode, which no server sends."""


def show(record: Record, projection: Projection, values: Values) -> bytes:
    """Return the JSON of a record with the members that the query chooses."""
    hidden = frozenset(block.member for block in projection.blocks if not values.get(block.parameter, block.default))
    levels = projection.levels
    only = None if levels is None else levels.members.get(values.get(levels.parameter, levels.default))
    return record.shown(hidden, None if only is None else frozenset(only))


def envelope(rule: Pagination, seen: Window, count: int, items: Sequence[bytes], links: Links) -> Answer:
    """Return a page: the items joined, inside the members that the contract names."""
    results = b"[" + b",".join(items) + b"]"
    members = rule.envelope
    headers: tuple[tuple[str, str], ...] = ()
    if members.count is not None and members.count.startswith("header:"):
        headers = ((members.count.removeprefix("header:"), str(count)),)
    if seen.limit is None or members.results == "":
        return Answer(200, results, "application/json", headers)
    body: dict[str, Any] = {}
    for pointer, value in (
        (members.count, count),
        (members.next, links.next),
        (members.previous, links.previous),
        (members.results, HOLE),
    ):
        if pointer is not None and pointer.startswith("/"):
            pointers.put(body, pointer, value)
    before, after = encode(body).split(encode(HOLE))
    return Answer(200, before + results + after, "application/json", headers)


@dataclass(frozen=True)
class Steps:
    """Every step that can be replaced, in the order of a request."""

    authenticate: Callable[[Request, Operation, Contract, Iterable[Token]], Token | Refused | None] = auth.authenticate
    read: Callable[[Query, Operation, Contract], Values | Rejected] = parameters.read
    read_body: Callable[[bytes, str, Body, Contract], Any | Rejected | Unreadable] = bodies.read
    select: Callable[[Sequence[Record], Operation, Values], Sequence[Record]] = selection.select
    window: Callable[[Query, Pagination, str], Window | Rejected] = pagination.window
    cut: Callable[[Sequence[Record], Window], Sequence[Record]] = pagination.cut
    links: Callable[[str, Query, Window, int, Pagination], Links] = pagination.links
    show: Callable[[Record, Projection, Values], bytes] = show
    envelope: Callable[[Pagination, Window, int, Sequence[bytes], Links], Answer] = envelope
    finish: Callable[[Answer, Operation, Mapping[str, str]], Answer] = lambda answer, operation, headers: answer


STEPS = Steps()
"""The steps of a correct twin."""
