"""VIKTOR's files: those of entities, those of file fields, and the assets of an app. The bytes are in the storage."""

from __future__ import annotations

import uuid
from typing import Any

from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.records import shown
from apitwin.mock_server.engine.refusal import invalid, refusal
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.viktor.entities import entity
from apitwin.mock_server.viktor.refusals import missing, not_there, within
from apitwin.mock_server.viktor.rights import caller, known_workspace
from apitwin.mock_server.world.clock import written
from apitwin.mock_server.world.record import Record

LARGEST_BYTES = 50_000_000
"""The bound of a file field, and of an entity type that names none: what recorded answers show (client)."""


def _key(folder: str) -> str:
    return f"{folder}/{uuid.uuid4()}"


def upload_entity_file(call: Call) -> Answer:
    """Hand out where to send the file of an entity to come. Source: docs, workspaces-entity-types-upload."""
    kind = within(call, "entity_types", call.path["id"], known_workspace(call).values["id"])
    if kind is None:
        raise refusal(call, "not-found")
    if not kind.values["is_file"]:
        raise invalid(call, "non_field_errors", f"{kind.values['class_name']} is no file type.")
    constraints = kind.values.get("file_constraints") or {}
    target = call.world.storage.upload(call.origin, _key("temporary"), constraints.get("max_size") or LARGEST_BYTES)
    return Answer(200, messages.encode({"url": target.url, "fields": dict(target.fields)}), messages.JSON)


def download_entity_file(call: Call) -> Answer:
    """Hand out where an entity's file can be fetched. Source: docs, workspaces-entities-download."""
    address = _address(call, entity(call).values.get("file"))
    return Answer(200, messages.encode({"temporary_download_url": address}), messages.JSON)


def _address(call: Call, key: str | None) -> str:
    """Return where a stored file can be fetched. Raises Refusal where there are no bytes of it."""
    if key is None or call.world.storage.get(key) is None:
        raise refusal(call, "not-found")
    return call.world.storage.download(call.origin, key)


def create(call: Call) -> Answer:
    """Make a file of a file field, and hand out where to send it. Source: docs, workspaces-files-create."""
    workspace = known_workspace(call).values["id"]
    needed = {"entity": "entity_id", "session": "editor_session"}[call.body["scope"]]
    if call.body.get(needed) is None:
        raise missing(call, needed)
    if needed == "entity_id" and within(call, "entities", call.body[needed], workspace) is None:
        raise not_there(call, needed, call.body[needed])
    table, key = call.world.tables["files"], _key("files")
    values: dict[str, Any] = {
        "id": table.next_identity(),
        "scope": call.body["scope"],
        "entity_id": call.body.get("entity_id"),
        "editor_session": call.body.get("editor_session"),
        "filename": call.body["filename"],
        "file_size": None,
        "created_at": written(call.world.clock.now()),
        "created_by": caller(call),
        "workspace": workspace,
        "key": key,
        "uploaded": False,
    }
    table.add([values], checked=False)
    target = call.world.storage.upload(call.origin, key, LARGEST_BYTES)
    public = {name: value for name, value in values.items() if name not in table.collection.private}
    body = {**public, "temp_upload_url": target.url, "temp_upload_data": dict(target.fields)}
    return Answer(201, messages.encode(body), messages.JSON)


def uploaded(call: Call) -> Answer:
    """Take note that the bytes were sent; 405 while they are not there (assumed: what the documented 405 is for)."""
    file = _file(call)
    blob = call.world.storage.get(file.values["key"])
    if blob is None:
        raise refusal(call, "method-not-allowed")
    changes = {"uploaded": True, "file_size": len(blob.content)}
    return shown(call, call.world.tables["files"].update(str(file.values["id"]), changes, checked=False))


def download(call: Call) -> Answer:
    """Lead to a file's bytes: 302, or 200 with the address where `redirect` is false."""
    address = _address(call, _file(call).values["key"])
    if call.values.get("redirect", True):
        return Answer(302, headers=(("Location", address),))
    return Answer(200, messages.encode({"temp_download_url": address}), messages.JSON)


def _file(call: Call) -> Record:
    """Return the file that the path names. Raises Refusal where there is no such one."""
    file = within(call, "files", call.path["id"], known_workspace(call).values["id"])
    if file is None:
        raise refusal(call, "not-found")
    return file


def asset(call: Call) -> Answer:
    """Hand out where an asset of the workspace's app can be fetched. Source: docs, workspaces-assets."""
    holder = known_workspace(call, "not-found")
    record = call.world.tables["assets"].get(call.values["path"])
    if record is None or record.values["workspace"] != holder.values["id"]:
        raise refusal(call, "not-found")
    address = call.world.storage.download(call.origin, record.values["key"])
    return Answer(200, messages.encode({"temp_download_url": address}), messages.JSON)
