"""Which things to ask an operation about: real values for the parameters in its path, found by asking the API.

`/workspaces/{workspace_id}/entities/` says nothing until there is a workspace. The contract says which list each
parameter's values are drawn from; a few of them become subjects, chosen to differ in size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import quote

from apitwin.contracts import pointers
from apitwin.contracts.model import Contract, Operation, Parameter
from apitwin.testkit.transport.exchange import UNREADABLE, Exchange, Query, Request
from apitwin.testkit.transport.target import Target

CANDIDATES = 18
"""How many candidates are asked for their size."""
SUBJECTS = 5
"""How many of them are kept."""
VALUES = 6
"""How many values of one parameter are tried."""


@dataclass(frozen=True)
class Subject:
    """Values for the path of an operation, and for the query parameters that it cannot do without.

    size: the items it seemed to have when it was found, for choosing only.
    """

    path: str
    values: tuple[tuple[str, str], ...]
    size: int = 0
    query: Query = ()


class Subjects:
    """The subjects of a whole run, each operation's found once."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        given: Mapping[str, str] | None = None,
        queried: Mapping[str, str] | None = None,
    ) -> None:
        """given: values for path parameters that the user named; they are used instead of looking.

        queried: values for required query parameters that the user named.
        """
        self._contract = contract
        self._target = target
        self._given = dict(given or {})
        self._queried = dict(queried or {})
        self._found: dict[str, tuple[Subject, ...]] = {}
        self._lists: dict[tuple[str, tuple[tuple[str, str], ...]], list[Any]] = {}

    def of(self, operation: Operation) -> tuple[Subject, ...]:
        """Return the subjects of an operation, the largest first; none where nothing is there to ask about.

        Raises TargetError when the target cannot be asked.
        """
        if operation.id not in self._found:
            query = self.required(operation)
            candidates = [subject(operation, one, query) for one in islice(self._values(operation), CANDIDATES)]
            sized = [self._sized(one, operation) for one in candidates]
            self._found[operation.id] = _chosen([one for one in sized if one is not None], operation)
        return self._found[operation.id]

    def unknown(self, operation: Operation) -> list[str]:
        """Return the required query parameters of an operation for which no value is known."""
        known = {name for name, _ in self.required(operation)}
        return [one.name for one in operation.query_parameters() if one.required and one.name not in known]

    def required(self, operation: Operation) -> Query:
        """Return values for the required query parameters: the user's, or else the contract's example."""
        found = (
            (one.name, self._queried.get(one.name, _example(one)))
            for one in operation.query_parameters()
            if one.required or one.name in self._queried
        )
        return tuple((name, value) for name, value in found if value is not None)

    def _values(self, operation: Operation) -> Iterator[dict[str, str]]:
        yield from self._extended({}, operation.path_parameters())

    def _extended(self, known: dict[str, str], left: tuple[Parameter, ...]) -> Iterator[dict[str, str]]:
        if not left:
            yield known
            return
        head, *tail = left
        for text in self._texts(head, known):
            yield from islice(self._extended({**known, head.name: text}, tuple(tail)), CANDIDATES // 2)

    def _texts(self, parameter: Parameter, known: dict[str, str]) -> Iterator[str]:
        if parameter.name in self._given:
            yield self._given[parameter.name]
        elif parameter.drawn_from is not None:
            operation = self._contract.operation(parameter.drawn_from.operation)
            values = {one.name: known[one.name] for one in operation.path_parameters() if one.name in known}
            if len(values) == len(operation.path_parameters()):
                found = (pointers.find(one, parameter.drawn_from.pointer) for one in self._items(operation, values))
                yield from islice((str(one) for one in found if one is not None), VALUES)
        elif parameter.example is not None:
            yield str(parameter.example)

    def _items(self, operation: Operation, values: dict[str, str]) -> list[Any]:
        key = (operation.id, tuple(values.items()))
        if key not in self._lists:
            exchange = self._ask(subject(operation, values).path, operation)
            self._lists[key] = _results(exchange, operation)
        return self._lists[key]

    def _ask(self, path: str, operation: Operation) -> Exchange:
        rule = operation.pagination
        query = self.required(operation)
        if rule is not None:
            query += ((rule.limit.parameter, str(min(rule.limit.maximum or 20, 20))), (rule.offset.parameter, "0"))
        return self._target.send(Request(operation.method, path, query, self._target.default))

    def _sized(self, one: Subject, operation: Operation) -> Subject | None:
        if operation.method != "GET":
            return one
        exchange = self._ask(one.path, operation)
        if operation.path_parameters() and exchange.response.status in (403, 404):
            return None
        rule = operation.pagination
        size = len(_results(exchange, operation))
        if rule is not None and (rule.envelope.count or "").startswith("/"):
            count = pointers.find(exchange.value, rule.envelope.count or "")
            size = max(size, count) if isinstance(count, int) else size
        return replace(one, size=size)


def _example(parameter: Parameter) -> str | None:
    if parameter.example is not None:
        return str(parameter.example)
    choices = parameter.item_schema.get("enum")
    return str(choices[0]) if choices else None


def subject(operation: Operation, values: Mapping[str, str], query: Query = ()) -> Subject:
    """Return the subject of an operation for values of its path parameters. query: its required parameters."""
    path = operation.path
    for name, text in values.items():
        path = path.replace("{" + name + "}", quote(text, safe=""))
    return Subject(path, tuple(values.items()), query=query)


def _results(exchange: Exchange, operation: Operation) -> list[Any]:
    pointer = "" if operation.pagination is None else operation.pagination.envelope.results
    if exchange.response.status != 200 or exchange.value is UNREADABLE:
        return []
    found = pointers.find(exchange.value, pointer)
    return found if isinstance(found, list) else []


def _chosen(found: list[Subject], operation: Operation) -> tuple[Subject, ...]:
    """Keep a few that differ: the largest, whole multiples of the page, one, none, then whatever else there is."""
    maximum = operation.pagination.limit.maximum if operation.pagination is not None else None
    ordered = sorted(found, key=lambda one: -one.size)
    wanted = ordered[:1]
    wanted += [one for one in ordered if maximum and one.size and one.size % maximum == 0][:2]
    wanted += [one for one in ordered if one.size == 1][:1] + [one for one in ordered if one.size == 0][:1]
    return tuple(dict.fromkeys([*wanted, *ordered]))[:SUBJECTS]
