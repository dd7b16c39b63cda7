"""What VIKTOR computes of the things a world starts with."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from apitwin.mock_server.viktor.defaults import filled
from apitwin.mock_server.viktor.entities import param_types, placed, revision
from apitwin.mock_server.world.world import World


def fill_item(
    world: World, collection: str, values: dict[str, Any], earlier: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """Fill in what the platform computes of one item, and what a new one has where nothing else is said.

    Raises LookupError when an entity's parent or its type is not there.
    """
    values = filled(world, collection, values)
    if collection != "entities":
        return values
    values.setdefault("param_types", param_types(values["properties"]))
    return placed(world, values, earlier)


def finalize_world(world: World) -> None:
    """Give every entity that has none its first revision."""
    table = world.tables["revisions"]
    known = {record.values["entity"] for record in table.records}
    new = (record for record in world.tables["entities"].records if record.values["id"] not in known)
    numbers = count(table.next_identity())
    table.add([revision(record, next(numbers), None, None) for record in new], checked=False)
