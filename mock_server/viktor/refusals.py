"""VIKTOR's refusals of what a body asks for, in the shape of its validation errors. Each is to be raised."""

from __future__ import annotations

from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.refusal import Refusal, invalid
from apitwin.mock_server.world.record import Record


def not_there(call: Call, member: str, identity: object) -> Refusal:
    """Return a 400 for a member that names what is not there, in the words of REST framework's related field."""
    return invalid(call, member, f'Invalid pk "{identity}" - object does not exist.')


def missing(call: Call, member: str) -> Refusal:
    """Return a 400 for a member that this request cannot do without."""
    return invalid(call, member, call.contract.parameters.messages["required"])


def within(call: Call, collection: str, identity: object, workspace: object) -> Record | None:
    """Return a record of a collection by its identity if it belongs to a workspace, or None."""
    record = call.world.tables[collection].get(str(identity))
    return record if record is not None and str(record.values["workspace"]) == str(workspace) else None
