"""What VIKTOR's API does beyond lists and reads. Source: contracts/viktor/SOURCES.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mock_server import answers
from mock_server.answers import Answer
from mock_server.behaviours import Call, Own, named, refuse
from mock_server.world import Record, World


def siblings(call: Call, records: Sequence[Record]) -> Sequence[Record] | Answer:
    """The other entities with the same parent, in the same workspace. Source: SOURCES.md#statuses (assumed)."""
    entity = named(call, "id")
    if isinstance(entity, Answer):
        return entity
    parent = entity.values["parent"]
    return [one for one in records if one.values["parent"] == parent and one is not entity]


def child_types(call: Call, records: Sequence[Record]) -> Sequence[Record] | Answer:
    """The types that may stand below an entity type. Source: docs, workspaces-entity-types-entity-types."""
    above = named(call, "id")
    if isinstance(above, Answer):
        return above
    allowed = above.values["child_entity_type_ids"]
    return [one for one in records if one.values["id"] in allowed]


def parent(call: Call) -> Answer:
    """The entity above an entity; 204 where there is none. Source: docs, workspaces-entities-parent."""
    entity = named(call, "id")
    if isinstance(entity, Answer):
        return entity
    above = call.world.tables["entities"].get(str(entity.values["parent"]))
    if above is None:
        return Answer(204)
    return Answer(200, call.steps.show(above, call.operation.projection, call.values), answers.JSON)


def current_user(call: Call) -> Answer:
    """The user whose token it is. Source: sdk 14.36.2, get_current_user."""
    user = call.token.user if call.token is not None else None
    record = call.world.tables["users"].get(user) if user is not None else None
    if record is None:
        return refuse(call, "unauthenticated")
    return Answer(200, call.steps.show(record, call.operation.projection, call.values), answers.JSON)


def complete(
    world: World, collection: str, values: dict[str, Any], earlier: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """Fill in what the platform computes: an entity's path, depth and the name of its type.

    Raises LookupError when its parent or its type is not there.
    """
    if collection != "entities":
        return values
    above = values.setdefault("parent", None)
    if above is not None and str(above) not in earlier:
        raise LookupError(f"no entity {above} stands before this one to be its parent")
    entity_type = world.tables["entity_types"].get(str(values.get("entity_type")))
    if entity_type is None:
        raise LookupError(f"there is no entity type {values.get('entity_type')!r}")
    path = [] if above is None else earlier[str(above)]["path"]
    return {
        **values,
        "workspace": entity_type.values["workspace"],
        "entity_type_name": entity_type.values["class_name"],
        "path": [*path, values["id"]],
        "parent_count": len(path),
    }


OWN = Own(
    answers={"users_current": current_user, "workspaces_entities_parent": parent},
    lists={"workspaces_entities_siblings": siblings, "workspaces_entity_types_entity_types": child_types},
    complete=complete,
)
