"""What an operation does, once it is known who asks and for what: list, read, or the API's own behaviour.

An API's own behaviours live in `mock_server/<contract's name>/` and are found by the operation's id.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.model import Contract, Operation
from mock_server import answers
from mock_server.answers import Answer, Rejected
from mock_server.pagination import Query
from mock_server.parameters import Values
from mock_server.seed import Complete
from mock_server.steps import Steps
from mock_server.world import Record, Table, Token, World


@dataclass(frozen=True)
class Call:
    """One request that may be answered. path: texts of the path parameters; base: scheme, host and path for links."""

    contract: Contract
    operation: Operation
    world: World
    steps: Steps
    path: Mapping[str, str]
    query: Query
    values: Values
    base: str
    token: Token | None


Behaviour = Callable[[Call], Answer]
Narrow = Callable[[Call, Sequence[Record]], "Sequence[Record] | Answer"]


@dataclass(frozen=True)
class Own:
    """What an API adds to the engine: whole answers, and which records a list is made of, by operation id."""

    answers: Mapping[str, Behaviour] = field(default_factory=dict)
    lists: Mapping[str, Narrow] = field(default_factory=dict)
    complete: Complete | None = None


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
        chosen.append((one.field, table.identity(holder.values)))
    return chosen


def narrowed(call: Call) -> Sequence[Record] | Answer:
    """Return the records of the operation's collection that meet the conditions of the path."""
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    table = _table(call)
    return table.where(*chosen) if chosen else table.records


def named(call: Call, parameter: str) -> Record | Answer:
    """Return the record whose identity a path parameter gives, or the answer that it is not there."""
    chosen = conditions(call)
    if isinstance(chosen, Answer):
        return chosen
    record = _table(call).get(call.path[parameter])
    if record is None or not meets(record, chosen):
        return refuse(call, "not-found")
    return record


def _table(call: Call) -> Table:
    assert call.operation.collection is not None, "a behaviour is chosen by the collection"
    return call.world.tables[call.operation.collection.name]


def meets(record: Record, chosen: Conditions) -> bool:
    """Return whether a record has the fields' values; a field that it does not have is no matter."""
    return all(name not in record.values or str(record.values[name]) == str(value) for name, value in chosen)


def listed(call: Call, narrow: Narrow | None = None) -> Answer:
    """Answer a list: narrow, filter and sort, then cut the window out."""
    records = narrowed(call)
    if narrow is not None and not isinstance(records, Answer):
        records = narrow(call, records)
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
    if isinstance(record, Answer):
        return record
    return Answer(200, call.steps.show(record, call.operation.projection, call.values), answers.JSON)


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
    if operation.behaviour == "list" and operation.collection is not None:
        return listed(call)
    if operation.behaviour == "read" and operation.collection is not None:
        return read(call)
    return example(call)
