"""Which things to ask an operation about: real values for the parameters in its path, found by asking the API.

`/workspaces/{workspace_id}/entities/` says nothing until there is a workspace. The contract says which list each
parameter's values are drawn from; a few of them become subjects, chosen to differ in size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from apitwin.contracts import object_parameters, path_parameters, pointers
from apitwin.contracts.model import Contract, Operation, Parameter
from apitwin.testkit.transport import extra_headers
from apitwin.testkit.transport.exchange import UNREADABLE, Exchange, Query, Request
from apitwin.testkit.transport.target import Target

CANDIDATES = 18
"""How many candidates are asked for their size."""
SUBJECTS = 5
"""How many of them are kept."""
VALUES = 6
"""How many values of one parameter are tried, more only where these have nothing below them."""


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
        path_values: Mapping[str, str] | None = None,
        query_values: Mapping[str, str] | None = None,
    ) -> None:
        """path_values: the user's values for path parameters; they are used instead of looking.

        query_values: the user's values for required query parameters.
        """
        self._contract = contract
        self._target = target
        self._path_values = dict(path_values or {})
        self._query_values = dict(query_values or {})
        self._subjects: dict[str, tuple[Subject, ...]] = {}
        self._lists: dict[tuple[str, tuple[tuple[str, str], ...]], list[Any]] = {}

    def of(self, operation: Operation) -> tuple[Subject, ...]:
        """Return the subjects of an operation, the largest first; none where nothing is there to ask about.

        Raises TargetError when the target cannot be asked.
        """
        if operation.id not in self._subjects:
            query = self.required(operation)
            answering: list[Subject] = []
            for tried, combination in enumerate(islice(self._values(operation), CANDIDATES)):
                if tried >= VALUES and _are_enough(answering, operation):
                    break
                sized = self._sized(subject(operation, combination, query), operation)
                answering += [] if sized is None else [sized]
            self._subjects[operation.id] = _chosen(answering, operation)
        return self._subjects[operation.id]

    def unknown(self, operation: Operation) -> list[str]:
        """Return the required query parameters of an operation for which no value is known."""
        required = (parameter for parameter in operation.query_parameters() if parameter.required)
        return [parameter.name for parameter in required if not self._said(parameter)]

    def missing_header(self, operation: Operation) -> str | None:
        """Return the header or the cookie that a live API requires and nobody gave; a twin does without."""
        if self._target.is_twin:
            return None
        return extra_headers.missing(operation, self._target.headers)

    def required(self, operation: Operation) -> Query:
        """Return values for the required query parameters: the user's, or else the contract's example."""
        asked = (
            parameter
            for parameter in operation.query_parameters()
            if parameter.required or parameter.name in self._query_values
        )
        return tuple(pair for parameter in asked for pair in self._said(parameter))

    def _said(self, parameter: Parameter) -> Query:
        """Return the pairs that give a parameter the user's value, or else the contract's; none without either."""
        if parameter.name in self._query_values:
            return ((parameter.name, self._query_values[parameter.name]),)
        if isinstance(parameter.example, dict) and object_parameters.is_object(parameter):
            return object_parameters.written(parameter, parameter.example) or ()
        text = _example(parameter)
        return () if text is None else ((parameter.name, text),)

    def _values(self, operation: Operation) -> Iterator[dict[str, str]]:
        yield from self._extended({}, operation.path_parameters())

    def _extended(self, known: dict[str, str], parameters: tuple[Parameter, ...]) -> Iterator[dict[str, str]]:
        if not parameters:
            yield known
            return
        head, *tail = parameters
        fruitful = 0
        for text in self._texts(head, known):
            found = list(islice(self._extended({**known, head.name: text}, tuple(tail)), CANDIDATES // 2))
            yield from found
            fruitful += bool(found)
            if tail and fruitful == VALUES:
                return

    def _texts(self, parameter: Parameter, known: dict[str, str]) -> Iterator[str]:
        if parameter.name in self._path_values:
            yield self._path_values[parameter.name]
        elif parameter.drawn_from is not None:
            operation = self._contract.operation(parameter.drawn_from.operation)
            names = [other.name for other in operation.path_parameters()]
            values = {name: known[name] for name in names if name in known}
            if len(values) == len(names):
                items = self._items(operation, values)
                texts = (pointers.find(item, parameter.drawn_from.pointer) for item in items)
                yield from islice((str(text) for text in texts if text is not None), CANDIDATES)
        elif parameter.example is not None:
            example = parameter.example
            yield path_parameters.BETWEEN.join(map(str, example)) if isinstance(example, list) else str(example)

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
            size = min(rule.limit.maximum or 20, 20)
            query += () if rule.limit.parameter is None else ((rule.limit.parameter, str(size)),)
        return self._target.send(Request(operation.method, path, query, self._target.credential(operation.security)))

    def _sized(self, candidate: Subject, operation: Operation) -> Subject | None:
        """Return a candidate with its size, None where it cannot be read."""
        if operation.method != "GET":
            return candidate
        exchange = self._ask(candidate.path, operation)
        if operation.path_parameters() and exchange.response.status in (403, 404):
            return None
        rule = operation.pagination
        size = len(_results(exchange, operation))
        if rule is not None and (rule.envelope.count or "").startswith("/"):
            count = pointers.find(exchange.value, rule.envelope.count or "")
            size = max(size, count) if isinstance(count, int) else size
        return replace(candidate, size=size)


def _example(parameter: Parameter) -> str | None:
    if parameter.example is not None:
        return str(parameter.example)
    choices = parameter.item_schema.get("enum")
    return str(choices[0]) if choices else None


def subject(operation: Operation, values: Mapping[str, str], query: Query = ()) -> Subject:
    """Return the subject of an operation for values of its path parameters. query: its required parameters."""
    path = operation.path
    for name, text in values.items():
        path = path.replace("{" + name + "}", path_parameters.written(operation.parameter(name), text))
    return Subject(path, tuple(values.items()), query=query)


def _results(exchange: Exchange, operation: Operation) -> list[Any]:
    pointer = "" if operation.pagination is None else operation.pagination.envelope.results
    if exchange.response.status != 200 or exchange.value is UNREADABLE:
        return []
    items = pointers.find(exchange.value, pointer)
    return items if isinstance(items, list) else []


def _are_enough(candidates: list[Subject], operation: Operation) -> bool:
    """Return whether no more of the values of a single parameter have to be tried: one leads to something."""
    if len(operation.path_parameters()) != 1:
        return False
    return any(candidate.size for candidate in candidates) or (bool(candidates) and operation.pagination is None)


def _chosen(candidates: list[Subject], operation: Operation) -> tuple[Subject, ...]:
    """Keep a few that differ: the largest, whole multiples of the page, one, none, then whatever else there is."""
    maximum = operation.pagination.limit.maximum if operation.pagination is not None else None
    ordered = sorted(candidates, key=lambda subject: -subject.size)
    whole_multiples = [subject for subject in ordered if maximum and subject.size and subject.size % maximum == 0]
    single = [subject for subject in ordered if subject.size == 1]
    empty = [subject for subject in ordered if subject.size == 0]
    wanted = [*ordered[:1], *whole_multiples[:2], *single[:1], *empty[:1]]
    return tuple(dict.fromkeys([*wanted, *ordered]))[:SUBJECTS]
