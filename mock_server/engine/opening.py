"""A first request to a twin that is answered with something: for the line that shows how to use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server.world.world import World


@dataclass(frozen=True)
class Opening:
    """A request that can be sent as it is. path: with values for its parameters."""

    operation: Operation
    path: str


def opening(contract: Contract, world: World) -> Opening | None:
    """Return a request that reads something: a list where there is one, of a thing that there is; None without any."""
    for operation in _likeliest(contract):
        path = filled(operation, world)
        if path is not None:
            return Opening(operation, path)
    return None


def _likeliest(contract: Contract) -> Iterator[Operation]:
    """Yield the operations that read: lists without path parameters, other GETs without any, then those with some."""
    reading = [
        operation
        for operation in contract.operations
        if operation.method == "GET"
        and operation.responses
        and not any(parameter.required and parameter.place != "path" for parameter in operation.parameters)
    ]
    lists = [operation for operation in reading if operation.pagination is not None or operation.behaviour == "list"]
    yield from (operation for operation in lists if not operation.path_parameters())
    yield from (operation for operation in reading if not operation.path_parameters() and operation not in lists)
    yield from (operation for operation in (*lists, *reading) if operation.path_parameters())


def filled(operation: Operation, world: World) -> str | None:
    """Return the path of an operation with the names of things that there are, None where there are none.

    A list is one that has something in it, a thing one of the parents that it has.
    """
    names = names_for(operation, world)
    path = operation.path
    for parameter in operation.path_parameters():
        if parameter.name not in names:
            return None
        path = path.replace(f"{{{parameter.name}}}", quote(names[parameter.name], safe=""))
    return path


def names_for(operation: Operation, world: World) -> dict[str, str]:
    """Return values for parameters in the path of an operation, as far as what there is has any."""
    names: dict[str, str] = {}
    record = None
    if operation.collection is not None:
        table = world.tables[operation.collection.name]
        record = next(iter(table.records), None)
        if record is not None and operation.identified_by is not None:
            names[operation.identified_by] = table.identity(record.values)
    for within in operation.within:
        held = None if record is None or within.field is None else record.values.get(within.field)
        holders = world.tables[within.collection]
        if held is not None:
            names[within.parameter] = str(held)
        elif holders.records:
            names[within.parameter] = holders.identity(holders.records[0].values)
    return names
