"""Fault types that are no fault of the server's: somebody else makes or deletes an item between two pages."""

from __future__ import annotations

import json
from dataclasses import replace

from apitwin.contracts import pointers
from apitwin.mock_server.engine.copies import another, copies
from apitwin.mock_server.engine.pagination.pagers import of_a_place
from apitwin.mock_server.faults.context import FaultContext
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Store


def inserted(context: FaultContext) -> Answer | None:
    """Insert a copy of the first item, before it where there is room for its number, else at the end."""
    with context.world.changing():
        table, first = _first(context)
        if table is None or first is None:
            return None
        made = copies(context.world, context.extension, table, first, [_free_number(table, first)])
        table.add(made, checked=False)
    return context.answer()


def deleted(context: FaultContext) -> Answer | None:
    """Delete the first item, which an earlier page has shown."""
    with context.world.changing():
        table, first = _first(context)
        if table is None or first is None:
            return None
        table.remove(table.identity(first.values))
    return context.answer()


def _first(context: FaultContext) -> tuple[Store | None, Record | None]:
    """Return the table of the request's list and the first record that the list shows.

    Nothing where it shows none, or where the request came before a reset and must not change what is there now.
    """
    operation = context.operation
    if operation is None or operation.collection is None or operation.pagination is None:
        return None, None
    if context.epoch != context.world.epoch:
        return None, None
    rule, table = operation.pagination, context.world.tables[operation.collection.name]
    paging = {rule.limit.parameter, *of_a_place(rule)}
    query = tuple(pair for pair in context.request.query if pair[0] not in paging)
    if rule.limit.parameter is not None:
        query = (*query, (rule.limit.parameter, "1"))
    answer = context.honest(replace(context.request, query=query), operation)
    page = json.loads(answer.body) if answer.status == 200 else None
    items = pointers.find(page, rule.envelope.results) if isinstance(page, (dict, list)) else None
    return table, table.get(table.identity(items[0])) if items else None


def _free_number(table: Store, first: Record) -> int:
    """Return a number for a copy: the one before the first item's where that is free, else a new one."""
    identity, number = pointers.find(first.values, table.collection.identity), table.next_identity()
    if isinstance(identity, int) and identity > 1 and table.get(str(identity - 1)) is None:
        return identity - 1
    while table.get(str(another(identity, number))) is not None:  # a text may have had its copy before
        number += 1
    return number
