"""What any API does with one record: read, create, update and delete it."""

from __future__ import annotations

from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.refusal import Refusal
from apitwin.mock_server.messages import Answer, Rejected
from apitwin.mock_server.world.record import Record


def read(call: Call) -> Answer:
    """Answer one record by its identity, if it is among those that the path leaves."""
    return shown(call, call.record)


def shown(call: Call, record: Record, status: int = 200) -> Answer:
    """Answer one record, with the members that the query chooses."""
    return Answer(status, call.steps.show([record], call.operation.projection, call.values)[0], messages.JSON)


def create(call: Call) -> Answer:
    """Make a record of the body's members, numbered by the twin, and answer it with the documented status."""
    identity: dict[str, Any] = {}
    pointers.put(identity, call.table.collection.identity, _new_identity(call))
    record = call.table.record({**dict(call.place.conditions), **_members(call), **identity})
    _require_fitting(call, record)
    call.table.add([record.values], checked=False)
    return shown(call, record, _status(call.operation, 201))


def update(call: Call) -> Answer:
    """Give a record the body's members; PUT and PATCH alike keep what the body does not name."""
    changes = _members(call)
    _require_fitting(call, call.table.record({**call.record.values, **changes}))
    return shown(call, call.table.update(call.table.identity(call.record.values), changes, checked=False))


def delete(call: Call) -> Answer:
    """Remove a record."""
    call.table.remove(call.table.identity(call.record.values))
    return Answer(_status(call.operation, 204))


def _new_identity(call: Call) -> int | str:
    """Return the next number, as text where the schema has texts for identities."""
    collection, number = call.table.collection, call.table.next_identity()
    schema = collection.schema.resolved if collection.schema is not None else {}
    member = pointers.find(schema.get("properties", {}), collection.identity, {})
    return str(number) if isinstance(member, dict) and member.get("type") == "string" else number


def _members(call: Call) -> dict[str, Any]:
    """Return the members of the body that may be written: not the identity, not what the API keeps to itself."""
    collection = call.table.collection
    unwritten = {*collection.private, pointers.split(collection.identity)[0]}
    body = call.body if isinstance(call.body, dict) else {}
    return {name: value for name, value in body.items() if name not in unwritten}


def _require_fitting(call: Call, record: Record) -> None:
    """Raise Refusal, naming the first member, for a record that would not fit its collection's schema."""
    violations = call.table.violations(record.values)
    if violations:
        path = pointers.split(violations[0].pointer)
        member = path[0] if path else None
        found = record.values if member is None else record.values.get(member)
        raise Refusal(Rejected(member, "other", location="body", found=found).answer(call.contract))


def _status(operation: Operation, usual: int) -> int:
    """Return the status of a success: the usual one, if the contract does not name just another."""
    successes = [int(status) for status in operation.responses if status.isdigit() and status.startswith("2")]
    return successes[0] if successes and usual not in successes else usual
