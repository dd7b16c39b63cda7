"""Answering a list: which records it has, and the page that is cut out of them."""

from __future__ import annotations

from collections.abc import Sequence

from apitwin.contracts.model import Pagination
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.extension import Narrow
from apitwin.mock_server.engine.lookup import among
from apitwin.mock_server.engine.refusal import accepted
from apitwin.mock_server.messages import Answer, Rejected
from apitwin.mock_server.world.record import Record


def listed(call: Call, narrow: Narrow | None = None) -> Answer:
    """Answer a list: narrow, filter and sort, then cut the window out. narrow: the API's own choice of records."""
    records = call.steps.select(among(call, narrow), call.operation, call.values)
    if call.operation.pagination is not None:
        return _page(call, call.operation.pagination, records)
    return Answer(200, b"[" + b",".join(_items(call, records)) + b"]", messages.JSON)


def _page(call: Call, rule: Pagination, records: Sequence[Record]) -> Answer:
    steps, count = call.steps, len(records)
    seen = accepted(steps.window(call.query, rule, call.contract.parameters.repeated), call.contract)
    if rule.offset.past_end == "reject" and seen.offset > count:
        accepted(Rejected(rule.offset.parameter, "maximum", str(seen.offset), count), call.contract)
    items = _items(call, steps.cut(records, seen))
    return steps.envelope(rule, seen, count, items, steps.links(call.base, call.query, seen, count, rule))


def _items(call: Call, records: Sequence[Record]) -> list[bytes]:
    return [call.steps.show(record, call.operation.projection, call.values) for record in records]
