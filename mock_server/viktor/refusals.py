"""VIKTOR's refusals of what a body asks for, in the shape of its validation errors."""

from __future__ import annotations

from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.table import Record


def refused(call: Call, member: str, message: str) -> Answer:
    """Return a 400 that complains about one member of the body. Source: SOURCES.md, Errors."""
    return messages.error(call.contract.errors["invalid-parameter"], parameter=member, message=message)


def not_there(call: Call, member: str, identity: object) -> Answer:
    """Return a 400 for a member that names what is not there, in the words of REST framework's related field."""
    return refused(call, member, f'Invalid pk "{identity}" - object does not exist.')


def missing(call: Call, member: str) -> Answer:
    """Return a 400 for a member that this request cannot do without."""
    return refused(call, member, call.contract.parameters.messages["required"])


def within(call: Call, collection: str, identity: object, workspace: object) -> Record | None:
    """Return a record of a collection by its identity if it belongs to a workspace, or None."""
    found = call.world.tables[collection].get(str(identity))
    return found if found is not None and str(found.values["workspace"]) == str(workspace) else None
