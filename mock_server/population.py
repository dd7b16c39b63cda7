"""Making a list as long as a test needs it: copies of one of its items, instead of what is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contracts import pointers
from contracts.model import Operation
from mock_server import behaviours
from mock_server.answers import Answer
from mock_server.backend import Backend
from mock_server.behaviours import Call
from mock_server.errors import TwinError
from mock_server.world import Record, Table

FIRST = 1001
"""The number of the first copy, where nothing has it yet."""
ROOM = 10
"""Numbers left free before it, for what a fault inserts there."""


def populate(backend: Backend, operation: Operation, path: Mapping[str, str], size: int) -> tuple[str, ...]:
    """Make a list have just so many items, and return their identities in the order of its collection.

    path: values for the parameters in the operation's path. The items are copies of the first one there, numbered from
    1001. Raises TwinError where the list has no item to copy.
    """
    call = Call(backend.contract, operation, backend.world, backend.steps, path, (), {}, "", None)
    records = behaviours.narrowed(call)
    if isinstance(records, Answer) or not records:
        raise TwinError(f"{operation.id}: there is no item to copy; the world needs one to make a list of {size}")
    table, template = call.table, _plainest(backend, operation, records)
    first = max(FIRST, table.next_identity() + ROOM)
    table.remove(*(table.identity(one.values) for one in records))
    earlier = {table.identity(one.values): dict(one.values) for one in table.records}
    made = [_copy(template, table, first + at, at + 1) for at in range(size)]
    if backend.own.complete is not None:
        complete = backend.own.complete
        made = [complete(backend.world, table.collection.name, one, earlier) for one in made]
    table.add(made)
    return tuple(table.identity(one) for one in made)


def _plainest(backend: Backend, operation: Operation, records: Any) -> Record:
    """Return the first item that a request without a query shows, so that no copy is hidden."""
    shown = backend.steps.select(records, operation, {})
    return (shown or records)[0]


def _copy(template: Record, table: Table, number: int, place: int) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(json.dumps(template.values))
    identity = pointers.find(values, table.collection.identity)
    pointers.put(values, table.collection.identity, number if isinstance(identity, int) else f"item-{number}")
    if isinstance(values.get("name"), str):
        values["name"] = f"Item {place}"
    return values
