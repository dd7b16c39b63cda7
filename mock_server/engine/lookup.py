"""Which records a path means: those that meet its conditions, and the one whose identity it gives."""

from __future__ import annotations

from typing import Any

from apitwin.mock_server.engine.call import Access, Call, Conditions, Place
from apitwin.mock_server.engine.extension import Narrow
from apitwin.mock_server.engine.refusal import refusal
from apitwin.mock_server.world.listed import as_records
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records


def place(access: Access) -> Place:
    """Return what a path means. Raises Refusal where it names what is not there.

    It comes before anything is said of the query or the body (assumed: Django REST framework looks a thing up first).
    """
    conditions, parameter = _conditions(access), access.operation.identified_by
    if parameter is None or access.operation.collection is None:
        return Place(conditions)
    return Place(conditions, _named(access, conditions, parameter))


def _conditions(access: Access) -> Conditions:
    """Return what the operation and the parameters before the last one of its path ask of a record."""
    conditions: list[tuple[str, Any]] = list(access.operation.where.items())
    for within in access.operation.within:
        table = access.world.tables[within.collection]
        holder = table.get(access.path[within.parameter])
        if holder is None or not _meets(holder, conditions):
            raise refusal(access, within.unknown)
        if within.field is not None:
            conditions.append((within.field, table.identity(holder.values)))
    return conditions


def _named(access: Access, conditions: Conditions, parameter: str) -> Record:
    record = access.table.get(access.path[parameter])
    if record is None or not _meets(record, conditions):
        raise refusal(access, "not-found")
    return record


def _meets(record: Record, conditions: Conditions) -> bool:
    """Return whether a record has the fields' values; a field that it does not have is no matter."""
    return all(name not in record.values or str(record.values[name]) == str(value) for name, value in conditions)


def named(call: Call, parameter: str) -> Record:
    """Return the record whose identity a path parameter gives. Raises Refusal where it is not there."""
    return _named(call, call.place.conditions, parameter)


def narrowed(call: Call) -> Records:
    """Return the records of the operation's collection that meet the conditions of the path."""
    return call.table.where(*call.place.conditions)


def among(call: Call, narrow: Narrow | None = None) -> Records:
    """Return the records that a list is made of before its query is looked at. narrow: the API's own choice."""
    records = narrowed(call)
    return records if narrow is None else as_records(narrow(call, records))
