"""Which records a path means: those that meet its conditions, and the one whose identity it gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apitwin.mock_server.engine.call import Call, refuse
from apitwin.mock_server.engine.extension import Narrow
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.table import Record

Conditions = list[tuple[str, Any]]


def conditions(call: Call) -> Conditions | Answer:
    """Return what a record must be to be meant by the path: fields and their values.

    An Answer where a path parameter names what is not there.
    """
    chosen: Conditions = list(call.operation.where.items())
    for one in call.operation.within:
        table = call.world.tables[one.collection]
        holder = table.get(call.path[one.parameter])
        if holder is None or not meets(holder, chosen):
            return refuse(call, one.unknown)
        if one.field is not None:
            chosen.append((one.field, table.identity(holder.values)))
    return chosen


def narrowed(call: Call) -> Sequence[Record] | Answer:
    """Return the records of the operation's collection that meet the conditions of the path."""
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    return call.table.where(*chosen) if chosen else call.table.records


def among(call: Call, narrow: Narrow | None = None) -> Sequence[Record] | Answer:
    """Return the records that a list is made of before its query is looked at. narrow: the API's own choice."""
    records = narrowed(call)
    return records if narrow is None or isinstance(records, Answer) else narrow(call, records)


def named(call: Call, parameter: str) -> Record | Answer:
    """Return the record whose identity a path parameter gives, or the answer that it is not there."""
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    record = call.table.get(call.path[parameter])
    if record is None or not meets(record, chosen):
        return refuse(call, "not-found")
    return record


def nothing_there(call: Call) -> Answer | None:
    """Return the refusal of a path that names what is not there, or None.

    It comes before anything is said of the query or the body (assumed: Django REST framework looks a thing up first).
    """
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    if call.operation.identified_by is None or call.operation.collection is None:
        return None
    found = named(call, call.operation.identified_by)
    return found if isinstance(found, Answer) else None


def meets(record: Record, chosen: Conditions) -> bool:
    """Return whether a record has the fields' values; a field that it does not have is no matter."""
    return all(name not in record.values or str(record.values[name]) == str(value) for name, value in chosen)
