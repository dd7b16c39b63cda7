"""What an operation does, once it is known who asks and for what: list, read, or the API's own behaviour.

An API's own behaviours live in `mock_server/<contract's name>/` and are found by the operation's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call, rejected
from apitwin.mock_server.engine.extension import Behaviour, Extension, Narrow
from apitwin.mock_server.engine.lookup import among, conditions, named
from apitwin.mock_server.messages import Answer, Rejected
from apitwin.mock_server.world.table import Record


def listed(call: Call, narrow: Narrow | None = None) -> Answer:
    """Answer a list: narrow, filter and sort, then cut the window out."""
    records = among(call, narrow)
    if isinstance(records, Answer):
        return records
    steps, rule = call.steps, call.operation.pagination
    records = steps.select(records, call.operation, call.values)
    if rule is None:
        items = [steps.show(one, call.operation.projection, call.values) for one in records]
        return Answer(200, b"[" + b",".join(items) + b"]", messages.JSON)
    seen = steps.window(call.query, rule, call.contract.parameters.repeated)
    if isinstance(seen, Rejected):
        return rejected(call, seen)
    if rule.offset.past_end == "reject" and seen.offset > len(records):
        return rejected(call, Rejected(rule.offset.parameter, "maximum", str(seen.offset), len(records)))
    items = [steps.show(one, call.operation.projection, call.values) for one in steps.cut(records, seen)]
    links = steps.links(call.base, call.query, seen, len(records), rule)
    return steps.envelope(rule, seen, len(records), items, links)


def read(call: Call) -> Answer:
    """Answer one record by its identity, if it is among those that the path leaves."""
    assert call.operation.identified_by is not None, "a read is chosen by identified-by"
    record = named(call, call.operation.identified_by)
    return record if isinstance(record, Answer) else shown(call, record)


def shown(call: Call, record: Record, status: int = 200) -> Answer:
    """Answer one record, with the members that the query chooses."""
    return Answer(status, call.steps.show(record, call.operation.projection, call.values), messages.JSON)


def create(call: Call) -> Answer:
    """Make a record of the body's members, numbered by the twin, and answer it with the documented status."""
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    values: dict[str, Any] = {}
    pointers.put(values, call.table.collection.identity, _new_identity(call))
    record = call.table.record({**dict(chosen), **members(call), **values})
    unfit = misfit(call, record)
    if unfit is not None:
        return unfit
    call.table.add([record.values])
    return shown(call, record, _status(call.operation, 201))


def _new_identity(call: Call) -> int | str:
    """Return the next number, as text where the schema has texts for identities."""
    collection, number = call.table.collection, call.table.next_identity()
    schema = collection.schema.resolved if collection.schema is not None else {}
    member = pointers.find(schema.get("properties", {}), collection.identity, {})
    return str(number) if isinstance(member, dict) and member.get("type") == "string" else number


def update(call: Call) -> Answer:
    """Give a record the body's members; PUT and PATCH alike keep what the body does not name."""
    assert call.operation.identified_by is not None, "an update is chosen by identified-by"
    record = named(call, call.operation.identified_by)
    if isinstance(record, Answer):
        return record
    unfit = misfit(call, call.table.record({**record.values, **members(call)}))
    if unfit is not None:
        return unfit
    return shown(call, call.table.update(call.table.identity(record.values), members(call)))


def delete(call: Call) -> Answer:
    """Remove a record."""
    assert call.operation.identified_by is not None, "a delete is chosen by identified-by"
    record = named(call, call.operation.identified_by)
    if isinstance(record, Answer):
        return record
    call.table.remove(call.table.identity(record.values))
    return Answer(_status(call.operation, 204))


def members(call: Call) -> dict[str, Any]:
    """Return the members of the body that may be written: not the identity, not what the API keeps to itself."""
    collection = call.table.collection
    kept = {*collection.private, pointers.split(collection.identity)[0]}
    body = call.body if isinstance(call.body, dict) else {}
    return {name: value for name, value in body.items() if name not in kept}


def misfit(call: Call, record: Record) -> Answer | None:
    """Return the refusal of a record that would not fit its collection's schema, or None."""
    schema = call.table.collection.schema
    public = {name: one for name, one in record.values.items() if name not in call.table.collection.private}
    found = schema.violations(public) if schema is not None else []
    if not found:
        return None
    name = (pointers.split(found[0].pointer) or ["non_field_errors"])[0]
    return rejected(call, Rejected(name, "other"))


def _status(operation: Operation, usual: int) -> int:
    """Return the status of a success: the usual one, if the contract does not name just another."""
    named = [int(one) for one in operation.responses if one.isdigit() and one.startswith("2")]
    return named[0] if named and usual not in named else usual


def example(call: Call) -> Answer:
    """Answer the contract's own example: an operation that is only described, not imitated."""
    response = next((one for status, one in call.operation.responses.items() if status.startswith("2")), None)
    if response is None or (response.schema is not None and response.example is None):
        body = {"detail": f"apitwin: {call.operation.id} has no behaviour and no example in its contract"}
        return Answer(501, messages.encode(body), messages.JSON)
    status = int(response.status) if response.status.isdigit() else 200
    if response.schema is None:
        return Answer(status)
    return Answer(status, messages.encode(response.example), response.media_type)


def answer(call: Call, extra: Extension) -> Answer:
    """Answer a request by the operation's behaviour. A missing own behaviour is answered by the example."""
    operation = call.operation
    if operation.id in extra.answers:
        return extra.answers[operation.id](call)
    if operation.id in extra.lists:
        return listed(call, extra.lists[operation.id])
    return GENERIC.get(operation.behaviour, example)(call)


GENERIC: Mapping[str, Behaviour] = {
    "list": listed,
    "read": read,
    "create": create,
    "update": update,
    "delete": delete,
}
"""What any API does, by the contract's word for it."""
