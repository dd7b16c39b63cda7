"""The steps of an answer as a table of functions, so that one of them can be exchanged for another.

A twin is made of these. A broken server for testing the laws is the same twin with one step replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.model import Body, Contract, Operation, Pagination, Projection
from apitwin.mock_server.engine import auth, bodies, parameters, selection
from apitwin.mock_server.engine.auth import Refused
from apitwin.mock_server.engine.bodies import Unreadable
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.envelope import envelope
from apitwin.mock_server.engine.pagination.window import Links, cut, links, window
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.messages import Answer, Query, Rejected, Request
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.world import Token


def show(records: Iterable[Record], projection: Projection, values: Values) -> list[bytes]:
    """Return the JSON of records with the members that the query chooses."""
    levels = projection.levels
    hidden = frozenset(block.member for block in projection.blocks if not values.get(block.parameter, block.default))
    only = None if levels is None else levels.members.get(values.get(levels.parameter, levels.default))
    members = None if only is None else frozenset(only)
    return [record.shown(hidden, members) for record in records]


@dataclass(frozen=True)
class Steps:
    """Every step that can be replaced, in the order of a request."""

    authenticate: Callable[[Request, Operation, Contract, Iterable[Token]], Token | Refused | None] = auth.authenticate
    read: Callable[[Query, Operation, Contract], Values | Rejected] = parameters.read
    read_body: Callable[[bytes, str, Body, Contract], Any | Rejected | Unreadable] = bodies.read
    select: Callable[[Sequence[Record], Operation, Values], Sequence[Record]] = selection.select
    window: Callable[[Asked, Sequence[Record]], Window | Rejected] = window
    cut: Callable[[Sequence[Record], Window], Sequence[Record]] = cut
    links: Callable[[Asked, Window, Sequence[Record]], Links] = links
    show: Callable[[Iterable[Record], Projection, Values], list[bytes]] = show
    envelope: Callable[[Pagination, Window, int, Sequence[bytes], Links], Answer] = envelope
    finish: Callable[[Answer, Operation, Mapping[str, str]], Answer] = lambda answer, operation, headers: answer


STEPS = Steps()
"""The steps of a correct twin."""
