"""What an operation does, once it is known who asks and for what: the API's own behaviour, or that of any API.

An API's own behaviours are those of its extension, found by the operation's id.
"""

from __future__ import annotations

from collections.abc import Mapping

from apitwin.mock_server import messages
from apitwin.mock_server.engine import records
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.extension import Behaviour, Extension
from apitwin.mock_server.engine.listing import listed
from apitwin.mock_server.messages import Answer


def answer(call: Call, extension: Extension) -> Answer:
    """Answer a request by the operation's behaviour, or by the contract's example where it has none."""
    operation = call.operation
    if operation.id in extension.answers:
        return extension.answers[operation.id](call)
    if operation.id in extension.lists:
        return listed(call, extension.lists[operation.id])
    return GENERIC.get(operation.behaviour, example)(call)


def example(call: Call) -> Answer:
    """Answer the contract's own example: an operation that is only described, not imitated."""
    responses = call.operation.responses
    response = next((responses[status] for status in responses if status.startswith("2")), None)
    if response is None or (response.schema is not None and response.example is None):
        problem = f"apitwin: {call.operation.id} has no behaviour and no example in its contract"
        return messages.error(call.contract.errors["not-implemented"], message=problem)
    status = int(response.status) if response.status.isdigit() else 200
    if response.schema is None:
        return Answer(status)
    return Answer(status, messages.encode(response.example), response.media_type)


GENERIC: Mapping[str, Behaviour] = {
    "list": listed,
    "read": records.read,
    "create": records.create,
    "update": records.update,
    "delete": records.delete,
}
"""What any API does, by the contract's word for it."""
