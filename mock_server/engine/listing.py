"""Answering a list: which records it has, and the page that is cut out of them."""

from __future__ import annotations

from collections.abc import Sequence

from apitwin.contracts.model import Pagination
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.extension import Narrow
from apitwin.mock_server.engine.lookup import among
from apitwin.mock_server.engine.pagination.asked import Asked
from apitwin.mock_server.engine.refusal import accepted
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.record import Record


def listed(call: Call, narrow: Narrow | None = None) -> Answer:
    """Answer a list: narrow, filter and sort, then cut the window out. narrow: the API's own choice of records."""
    records = call.steps.select(among(call, narrow), call.operation, call.values)
    if call.operation.pagination is not None:
        return _page(call, call.operation.pagination, records)
    return Answer(200, b"[" + b",".join(_items(call, records)) + b"]", messages.JSON)


def _page(call: Call, rule: Pagination, records: Sequence[Record]) -> Answer:
    steps = call.steps
    asked = Asked(call.base, call.query, rule, call.contract.parameters.repeated, call.operation.collection)
    seen = accepted(steps.window(asked, records), call.contract)
    items = _items(call, steps.cut(records, seen))
    return steps.envelope(rule, seen, len(records), items, steps.links(asked, seen, records))


def _items(call: Call, records: Sequence[Record]) -> list[bytes]:
    return call.steps.show(records, call.operation.projection, call.values)
