"""What an operation does, once it is known who asks and for what: list, read, or the API's own behaviour.

An API's own behaviours live in `mock_server/<contract's name>/` and are found by the operation's id.
"""

from __future__ import annotations

import copy
import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from contracts import pointers
from contracts.model import Contract, Operation
from mock_server import answers
from mock_server.answers import Answer, Rejected
from mock_server.pagination import Query
from mock_server.parameters import Values
from mock_server.seed import Complete, Settle
from mock_server.steps import Steps
from mock_server.table import Record, Table
from mock_server.world import Token, World


@dataclass(frozen=True)
class Call:
    """One request that may be answered.

    path: texts of the path parameters; base: scheme, host and path for links; body: the value of the body, None where
    there is none.
    """

    contract: Contract
    operation: Operation
    world: World
    steps: Steps
    path: Mapping[str, str]
    query: Query
    values: Values
    base: str
    token: Token | None
    body: Any = None

    @property
    def origin(self) -> str:
        """Scheme and host of the twin, for absolute addresses."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def table(self) -> Table:
        """The table of the operation's collection; a behaviour is chosen where there is one."""
        assert self.operation.collection is not None, "a behaviour is chosen by the collection"
        return self.world.tables[self.operation.collection.name]


Behaviour = Callable[[Call], Answer]
Permission = Callable[[Call], bool]
Narrow = Callable[[Call, Sequence[Record]], "Sequence[Record] | Answer"]


@dataclass(frozen=True)
class Own:
    """What an API adds to the engine: whole answers, and which records a list is made of, by operation id.

    permissions: what the words of the contract's `permission` mean; a word that is not here is a role of the token.
    complete: fills in what the API computes of one item of a seed. settle: the same for a whole world.
    """

    answers: Mapping[str, Behaviour] = field(default_factory=dict)
    lists: Mapping[str, Narrow] = field(default_factory=dict)
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    complete: Complete | None = None
    settle: Settle | None = None


def own(contract: Contract) -> Own:
    """Return what `mock_server/<name>/` adds for a contract, nothing where there is no such folder."""
    name = f"mock_server.{contract.name}"
    if not contract.name.isidentifier() or importlib.util.find_spec(name) is None:
        return Own()
    found = getattr(importlib.import_module(name), "OWN", None)
    return found if isinstance(found, Own) else Own()


def refuse(call: Call, error: str) -> Answer:
    """Return the contract's error of that name."""
    return answers.error(call.contract.errors[error], method=call.operation.method, path=call.base)


def permitted(call: Call, extra: Own) -> bool:
    """Return whether every word of the operation's `permission` holds for who asks."""
    roles = frozenset[str]() if call.token is None else call.token.roles
    return all(
        extra.permissions[word](call) if word in extra.permissions else word in roles
        for word in call.operation.permission
    )


Conditions = list[tuple[str, Any]]


def conditions(call: Call) -> Conditions | Answer:
    """Return what a record must be to be meant by the path: fields and their values.

    An Answer where a path parameter names what is not there.
    """
    chosen: Conditions = list(call.operation.where.items())
    for one in call.operation.within:
        table = call.world.tables[one.collection]
        holder = table.get(call.path[one.parameter])
        if holder is None or not meets(holder, chosen):
            return refuse(call, one.unknown)
        if one.field is not None:
            chosen.append((one.field, table.identity(holder.values)))
    return chosen


def narrowed(call: Call) -> Sequence[Record] | Answer:
    """Return the records of the operation's collection that meet the conditions of the path."""
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    return call.table.where(*chosen) if chosen else call.table.records


def among(call: Call, narrow: Narrow | None = None) -> Sequence[Record] | Answer:
    """Return the records that a list is made of before its query is looked at. narrow: the API's own choice."""
    records = narrowed(call)
    return records if narrow is None or isinstance(records, Answer) else narrow(call, records)


def named(call: Call, parameter: str) -> Record | Answer:
    """Return the record whose identity a path parameter gives, or the answer that it is not there."""
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    record = call.table.get(call.path[parameter])
    if record is None or not meets(record, chosen):
        return refuse(call, "not-found")
    return record


def nothing_there(call: Call) -> Answer | None:
    """Return the refusal of a path that names what is not there, or None.

    It comes before anything is said of the query or the body (assumed: Django REST framework looks a thing up first).
    """
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    if call.operation.identified_by is None or call.operation.collection is None:
        return None
    found = named(call, call.operation.identified_by)
    return found if isinstance(found, Answer) else None


def meets(record: Record, chosen: Conditions) -> bool:
    """Return whether a record has the fields' values; a field that it does not have is no matter."""
    return all(name not in record.values or str(record.values[name]) == str(value) for name, value in chosen)


def listed(call: Call, narrow: Narrow | None = None) -> Answer:
    """Answer a list: narrow, filter and sort, then cut the window out."""
    records = among(call, narrow)
    if isinstance(records, Answer):
        return records
    steps, rule = call.steps, call.operation.pagination
    records = steps.select(records, call.operation, call.values)
    if rule is None:
        items = [steps.show(one, call.operation.projection, call.values) for one in records]
        return Answer(200, b"[" + b",".join(items) + b"]", answers.JSON)
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
    return Answer(status, call.steps.show(record, call.operation.projection, call.values), answers.JSON)


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


def copies(world: World, extra: Own, table: Table, original: Record, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Return the values of further records like one of a table, completed as the API would, without adding them.

    numbers: one for each copy, see `another`.
    """
    pointer = table.collection.identity
    identity, made = pointers.find(original.values, pointer), []
    earlier: dict[str, Any] = {key: one.values for key, one in table.state.by_identity.items()}
    for number in numbers:
        values = copy.deepcopy(dict(original.values))
        pointers.put(values, pointer, another(identity, number))
        complete = extra.complete
        made.append(values if complete is None else complete(world, table.collection.name, values, earlier))
    return made


def another(identity: Any, number: int) -> int | str:
    """Return an identity like another one: the number itself, or a text with the number in it."""
    if isinstance(identity, int):
        return number
    return str(number) if str(identity).isdigit() else f"{identity}-{number}"


def example(call: Call) -> Answer:
    """Answer the contract's own example: an operation that is only described, not imitated."""
    response = next((one for status, one in call.operation.responses.items() if status.startswith("2")), None)
    if response is None or (response.schema is not None and response.example is None):
        body = {"detail": f"apitwin: {call.operation.id} has no behaviour and no example in its contract"}
        return Answer(501, answers.encode(body), answers.JSON)
    status = int(response.status) if response.status.isdigit() else 200
    if response.schema is None:
        return Answer(status)
    return Answer(status, answers.encode(response.example), response.media_type)


def rejected(call: Call, found: Rejected) -> Answer:
    """Answer a parameter that cannot be read."""
    return answers.rejection(found, call.contract.errors["invalid-parameter"], call.contract.parameters.messages)


def answer(call: Call, extra: Own) -> Answer:
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
