"""Further records like one that is there, for longer lists and for what appears between two pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.json_values import copied
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.world.earlier import ValuesByIdentity
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Store
from apitwin.mock_server.world.world import World


def copies(
    world: World, extension: Extension, table: Store, original: Record, numbers: Iterable[int]
) -> list[dict[str, Any]]:
    """Return the values of further records like one of a table, completed as the API would, without adding them.

    numbers: one for each copy, see `another`.
    """
    pointer = table.collection.identity
    identity, made = pointers.find(original.values, pointer), []
    earlier = ValuesByIdentity(table)
    for number in numbers:
        values = copied(dict(original.values))
        pointers.put(values, pointer, another(identity, number))
        fill_item = extension.fill_item
        made.append(values if fill_item is None else fill_item(world, table.collection.name, values, earlier))
    return made


def another(identity: Any, number: int) -> int | str:
    """Return an identity like another one: the number itself, or a text with the number in it."""
    if isinstance(identity, int):
        return number
    return str(number) if str(identity).isdigit() else f"{identity}-{number}"
