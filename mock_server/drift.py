"""Misdeeds that are none of the server's: somebody else makes or deletes an item between two pages."""

from __future__ import annotations

import json
from dataclasses import replace

from contracts import pointers
from mock_server.answers import Answer
from mock_server.behaviours import another, copies
from mock_server.occasion import Occasion
from mock_server.table import Record, Table


def inserted(occasion: Occasion) -> Answer | None:
    """Insert a copy of the first item, before it where there is room for its number, else at the end."""
    with occasion.world.changing():
        table, first = _first(occasion)
        if table is None or first is None:
            return None
        table.add(copies(occasion.world, occasion.own, table, first, [_room(table, first)]))
    return occasion.answer()


def deleted(occasion: Occasion) -> Answer | None:
    """Delete the first item, which an earlier page has shown."""
    with occasion.world.changing():
        table, first = _first(occasion)
        if table is None or first is None:
            return None
        table.remove(table.identity(first.values))
    return occasion.answer()


def _first(occasion: Occasion) -> tuple[Table | None, Record | None]:
    """Return the table of the request's list and the first record that the list shows.

    Nothing where it shows none, or where the request came before a reset and must not change what is there now.
    """
    operation = occasion.operation
    if operation is None or operation.collection is None or operation.pagination is None:
        return None, None
    if occasion.epoch != occasion.world.epoch:
        return None, None
    rule, table = operation.pagination, occasion.world.tables[operation.collection.name]
    paging = {rule.limit.parameter: "1", rule.offset.parameter: "0"}
    query = (*(one for one in occasion.request.query if one[0] not in paging), *paging.items())
    given = occasion.honest(replace(occasion.request, query=query), operation)
    page = json.loads(given.body) if given.status == 200 else None
    items = pointers.find(page, rule.envelope.results) if isinstance(page, (dict, list)) else None
    return table, table.get(table.identity(items[0])) if items else None


def _room(table: Table, first: Record) -> int:
    """Return a number for a copy: the one before the first item's where that is free."""
    identity, number = pointers.find(first.values, table.collection.identity), table.next_identity()
    if isinstance(identity, int) and identity > 1 and table.get(str(identity - 1)) is None:
        return identity - 1
    while table.get(str(another(identity, number))) is not None:  # a text may have had its copy before
        number += 1
    return number
