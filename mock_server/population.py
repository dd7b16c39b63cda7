"""Making a list as long as a test needs it: copies of one of its items, instead of what is there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from contracts import pointers
from contracts.model import Operation
from mock_server import behaviours
from mock_server.answers import Answer, Rejected
from mock_server.backend import Backend
from mock_server.behaviours import Call
from mock_server.errors import TwinError
from mock_server.pagination import Query
from mock_server.world import Record, Table

FIRST = 1001
"""The number of the first copy, where nothing has it yet."""
ROOM = 10
"""Numbers left free before it, for what a fault inserts there."""


def populate(
    backend: Backend, operation: Operation, path: Mapping[str, str], size: int, query: Query = ()
) -> tuple[str, ...]:
    """Make a list have just so many items, and return their identities in the order of its collection.

    path: values for the parameters in the operation's path; query: what is asked for besides pages, which the items
    satisfy. They are copies of the first one that does, numbered from 1001 or above. Raises TwinError where the list
    has no item to copy.
    """
    call = Call(backend.contract, operation, backend.world, backend.steps, path, (), {}, "", None)
    records = behaviours.narrowed(call)
    if isinstance(records, Answer) or not records:
        raise TwinError(f"{operation.id}: there is no item to copy; the world needs one to make a list of {size}")
    table, template = call.table, _plainest(backend, operation, records, query)
    first = max(FIRST, table.next_identity() + ROOM)
    table.remove(*(table.identity(one.values) for one in records))
    earlier = {table.identity(one.values): dict(one.values) for one in table.records}
    made = [_copy(template, table, first + at, at + 1) for at in range(size)]
    if backend.own.complete is not None:
        complete = backend.own.complete
        made = [complete(backend.world, table.collection.name, one, earlier) for one in made]
    table.add(made)
    return tuple(table.identity(one) for one in made)


def _plainest(backend: Backend, operation: Operation, records: Sequence[Record], query: Query) -> Record:
    """Return the first item that the query shows, so that no copy is hidden."""
    values = backend.steps.read(query, operation, backend.contract)
    shown = backend.steps.select(records, operation, {} if isinstance(values, Rejected) else values)
    if not shown:
        raise TwinError(
            f"{operation.id}: nothing satisfies {dict(query)}; the world needs an item that does, to copy it"
        )
    return shown[0]


def _copy(template: Record, table: Table, number: int, place: int) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(json.dumps(template.values))
    identity = pointers.find(values, table.collection.identity)
    pointers.put(values, table.collection.identity, number if isinstance(identity, int) else f"item-{number}")
    if isinstance(values.get("name"), str):
        values["name"] = f"Item {place}"
    return values
