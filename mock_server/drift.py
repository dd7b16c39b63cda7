"""Misdeeds that are none of the server's: somebody else makes or deletes an item between two pages."""

from __future__ import annotations

import json
from dataclasses import replace

from contracts import pointers
from mock_server.answers import Answer
from mock_server.occasion import Occasion
from mock_server.world import Record, Table


def _table(occasion: Occasion) -> Table | None:
    collection = occasion.operation.collection if occasion.operation is not None else None
    return None if collection is None else occasion.world.tables[collection.name]


def _listed(occasion: Occasion) -> list[Record]:
    """Return the records that the request's list is made of, in its order."""
    table, rule = _table(occasion), occasion.operation.pagination if occasion.operation is not None else None
    if table is None or rule is None:
        return []
    paging = (rule.limit.parameter, rule.offset.parameter)
    everything = [one for one in occasion.request.query if one[0] not in paging]
    limit = rule.limit.maximum or 100
    found: list[str] = []
    for offset in range(0, len(table.records) + limit, limit):
        query = (*everything, (rule.limit.parameter, str(limit)), (rule.offset.parameter, str(offset)))
        page = json.loads(occasion.honest(replace(occasion.request, query=query), occasion.operation).body)
        items = pointers.find(page, rule.envelope.results) if isinstance(page, (dict, list)) else None
        found += [table.identity(one) for one in items or ()]
        if not items:
            break
    return [record for record in map(table.get, found) if record is not None]


def inserted(occasion: Occasion) -> Answer:
    """Insert a copy of the first item, before it where there is room for its number, else at the end."""
    table, listed = _table(occasion), _listed(occasion)
    if table is not None and listed:
        first = listed[0]
        values = json.loads(json.dumps(first.values, default=str))
        pointers.put(values, table.collection.identity, _free(table, first))
        table.add([values])
    return occasion.answer()


def _free(table: Table, first: Record) -> int | str:
    identity = pointers.find(first.values, table.collection.identity)
    if isinstance(identity, int) and identity > 1 and table.get(str(identity - 1)) is None:
        return identity - 1
    return table.next_identity() if isinstance(identity, int) else f"{identity}-{table.next_identity()}"


def deleted(occasion: Occasion) -> Answer:
    """Delete the first item, which an earlier page has shown."""
    table, listed = _table(occasion), _listed(occasion)
    if table is not None and listed:
        table.remove(table.identity(listed[0].values))
    return occasion.answer()
