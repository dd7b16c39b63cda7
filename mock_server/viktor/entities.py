"""VIKTOR's tree of entities: reading beside and above, and every write, each of which leaves a revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.lookup import named
from apitwin.mock_server.engine.refusal import invalid, refusal
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.viktor.defaults import filled
from apitwin.mock_server.viktor.refusals import missing, not_there, within
from apitwin.mock_server.viktor.rights import caller, known_workspace
from apitwin.mock_server.world.clock import written
from apitwin.mock_server.world.conditions import Has, Meets, member, term
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records
from apitwin.mock_server.world.world import World

READ = "workspaces_entities_read"
"""The operation that says how an entity is shown."""


def entity(call: Call) -> Record:
    """Return the entity that the path names. Raises Refusal: 403 for an unknown workspace, 404 for such an entity."""
    record = within(call, "entities", call.path["id"], known_workspace(call).values["id"])
    if record is None:
        raise refusal(call, "not-found")
    return record


def siblings(call: Call, records: Records) -> Records:
    """The other entities with the same parent, in the same workspace. Source: SOURCES.md, Statuses (assumed)."""
    own = named(call, "id").values
    others = Meets(("another", own["id"]), lambda values: bool(values["id"] != own["id"]))
    return records.where(member("parent", own["parent"]), others)


def parent(call: Call) -> Answer:
    """The entity above an entity; 204 where there is none. Source: docs, workspaces-entities-parent."""
    above = call.world.tables["entities"].get(str(entity(call).values["parent"]))
    return Answer(204) if above is None else as_read(call, above)


def parents(call: Call) -> Answer:
    """All entities above an entity, the nearest first and the root last. Source: SOURCES.md, Order."""
    path = entity(call).values["path"][:-1]
    above = [call.world.tables["entities"].get(str(identity)) for identity in reversed(path)]
    projection = call.contract.operation(READ).projection
    items = call.steps.show((record for record in above if record is not None), projection, call.values)
    return Answer(200, b"[" + b",".join(items) + b"]", messages.JSON)


def as_read(call: Call, record: Record) -> Answer:
    """Answer an entity as it is read alone, also where the query of this operation chooses nothing."""
    projection = call.contract.operation(READ).projection
    return Answer(200, call.steps.show([record], projection, call.values)[0], messages.JSON)


def create_root(call: Call) -> Answer:
    """Make an entity at the top of a workspace. Source: docs, workspaces-entities-create."""
    return _create(call, known_workspace(call), None)


def create_child(call: Call) -> Answer:
    """Make an entity below another: 200 with that entity, as sdk 14.36.2 needs it."""
    return _create(call, known_workspace(call), entity(call))


def _create(call: Call, holder: Record, above: Record | None) -> Answer:
    kind = within(call, "entity_types", call.body["entity_type"], holder.values["id"])
    if kind is None:
        raise not_there(call, "entity_type", call.body["entity_type"])
    if above is not None:
        _require_place(call, kind, above)
    key = _uploaded_key(call) if kind.values["is_file"] else None
    made = created(
        call.world,
        {
            "name": call.body.get("name", kind.values["class_name"]),
            "entity_type": kind.values["id"],
            "properties": call.body["properties"],
            "parent": None if above is None else above.values["id"],
            "file": key,
            "created_by": caller(call),
            "last_updated_by": caller(call),
        },
        call.body.get("message"),
    )
    return as_read(call, made)


def _require_place(call: Call, kind: Record, above: Record) -> None:
    """Raise Refusal where no entity of a type may stand below another; one that names no types takes any (assumed)."""
    over = call.world.tables["entity_types"].get(str(above.values["entity_type"]))
    allowed = over.values["child_entity_type_ids"] if over is not None else []
    if allowed and kind.values["id"] not in allowed:
        raise invalid(call, "entity_type", f"{kind.values['class_name']} may not stand below this entity.")


def _uploaded_key(call: Call) -> str:
    """Return the key of the file that a new entity is made of, from either place where clients put it.

    Source: SOURCES.md, Files and jobs. Raises Refusal where there is none, or nothing was uploaded under it.
    """
    properties = call.body["properties"] or {}
    key = call.body.get("filename", properties.get("filename"))
    if key is None:
        raise missing(call, "filename")
    return _stored(call, key)


def _stored(call: Call, key: Any) -> str:
    """Return a key under which something was uploaded. Raises Refusal for any other value."""
    if not isinstance(key, str) or call.world.storage.get(key) is None:
        raise invalid(call, "filename", "Nothing was uploaded under this name.")
    return key


def update(call: Call) -> Answer:
    """Change an entity's name, properties or file; PUT and PATCH keep what the body does not name.

    Source: docs, workspaces-entities-update; PATCH: sdk 14.36.2, set_params.
    """
    record = entity(call)
    changes = {name: call.body[name] for name in ("name", "properties") if name in call.body}
    if "filename" in call.body:
        changes["file"] = _stored(call, call.body["filename"])
    return as_read(call, _changed(call, record, changes))


def rename(call: Call) -> Answer:
    """Give an entity another name. Source: sdk 14.36.2, rename."""
    return as_read(call, _changed(call, entity(call), {"name": call.body["name"]}))


def _changed(call: Call, record: Record, changes: Mapping[str, Any]) -> Record:
    now = written(call.world.clock.now())
    more: dict[str, Any] = {"updated_at": now, "last_updated_by": caller(call)}
    if "properties" in changes:
        more["param_types"] = kept_types(record.values.get("param_types"), changes["properties"])
    table = call.world.tables["entities"]
    changed = table.update(str(record.values["id"]), {**changes, **more}, checked=False)
    revise(call.world, changed, call.body.get("message"))
    return changed


def delete(call: Call) -> Answer:
    """Remove an entity and all below it, with their revisions. Source: sdk 14.36.2, delete."""
    identity = entity(call).values["id"]
    entities, revisions = call.world.tables["entities"], call.world.tables["revisions"]
    gone = [record.values["id"] for record in entities.records.where(Has(("/path",), (term(identity),)))]
    entities.remove(*map(str, gone))
    left = revisions.records.where(Has(("/entity",), tuple(map(term, gone))))
    revisions.remove(*(str(record.values["id"]) for record in left))
    return Answer(204)


def created(world: World, values: Mapping[str, Any], message: str | None = None) -> Record:
    """Put a new entity into a world, with its first revision, and return it.

    values: at least name, entity_type, properties and parent; the type and the parent are there.
    """
    table = world.tables["entities"]
    above = table.get(str(values["parent"]))
    earlier = {} if above is None else {table.identity(above.values): above.values}
    new = filled(world, "entities", {"id": table.next_identity(), **values})
    new.setdefault("param_types", param_types(new["properties"]))
    table.add([placed(world, new, earlier)], checked=False)
    made = table.get(str(new["id"]))
    assert made is not None, "it was added just now"
    revise(world, made, message)
    return made


def placed(world: World, values: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return an entity's values with what its place in the tree makes of them: path, depth, type name, workspace.

    earlier: the entities that may be its parent, by identity. Raises LookupError when parent or type is not there.
    """
    above = values.get("parent")
    if above is not None and str(above) not in earlier:
        raise LookupError(f"no entity {above} stands before this one to be its parent")
    kind = world.tables["entity_types"].get(str(values.get("entity_type")))
    if kind is None:
        raise LookupError(f"there is no entity type {values.get('entity_type')!r}")
    if above is not None and earlier[str(above)]["workspace"] != kind.values["workspace"]:
        raise LookupError(f"its parent {above} is in another workspace than its type {values['entity_type']}")
    path = [] if above is None else earlier[str(above)]["path"]
    return {
        **values,
        "parent": above,
        "workspace": kind.values["workspace"],
        "entity_type_name": kind.values["class_name"],
        "path": [*path, values["id"]],
        "parent_count": len(path),
    }


def revise(world: World, record: Record, message: str | None) -> None:
    """Leave a revision of an entity as it is now. message: what whoever wrote it says of it."""
    table = world.tables["revisions"]
    before = table.where(("entity", record.values["id"]))
    previous = before[-1].values["id"] if before else None
    table.add([revision(record, table.next_identity(), previous, message)], checked=False)


def revision(record: Record, identity: int, previous: int | None, message: str | None) -> dict[str, Any]:
    """Return the values of a revision of an entity as it is now."""
    values = record.values
    return {
        "id": identity,
        "name": values["name"],
        "properties": values.get("properties"),
        "param_types": values.get("param_types"),
        "created_at": values["updated_at"],
        "created_by": values.get("last_updated_by"),
        "previous_revision_id": previous,
        "message": message or "",
        "entity": values["id"],
        "workspace": values["workspace"],
    }


def param_types(properties: Any) -> dict[str, Any] | None:
    """Return what each input is, by its dotted path; None where nothing is saved. The words are assumed."""
    if not isinstance(properties, dict):
        return None
    types: dict[str, Any] = {}
    for name, value in properties.items():
        below = param_types(value) if isinstance(value, dict) else None
        if below is None:
            types[name] = {"type": TYPES.get(type(value), "text")}
        else:
            types.update({f"{name}.{path}": kind for path, kind in below.items()})
    return types


def kept_types(before: Mapping[str, Any] | None, properties: Any) -> dict[str, Any] | None:
    """Return the types of new input: of what there was before they stay, for a date is written like any text."""
    types = param_types(properties)
    return None if types is None else {path: (before or {}).get(path, kind) for path, kind in types.items()}


TYPES: Mapping[type, str] = {bool: "boolean", int: "integer", float: "number", list: "array"}
