"""Filter, search, sort: the query of a request as conditions and an order, which the records then answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apitwin.contracts.model import Filter, Operation, SortRule
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.world.conditions import Bound, Condition, Has, contains, term, truth
from apitwin.mock_server.world.listed import as_records
from apitwin.mock_server.world.order import Order, Sort
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records


def select(records: Sequence[Record], operation: Operation, values: Values) -> Records:
    """Return the records that the query keeps, in the order that it asks for."""
    kept = as_records(records).where(*conditions(operation, values))
    rule = operation.sort
    return kept if rule is None or rule.parameter not in values else ordered(kept, rule, values[rule.parameter])


def conditions(operation: Operation, values: Values) -> list[Condition]:
    """Return what a query asks of a record, by the filters and the search of its operation."""
    asked = [MATCHES[rule.match](rule, values) for rule in operation.filters]
    search = operation.search
    if search is not None and search.parameter in values:
        asked.append(contains(search.fields, _listed(values[search.parameter])))
    return [condition for condition in asked if condition is not None]


def _listed(asked: Any) -> list[Any]:
    """Return the values of a parameter as a list: a scalar gives one, an array several."""
    return asked if isinstance(asked, list) else [asked]


def _any_of(rule: Filter, values: Values) -> Condition | None:
    """Keep what has one of the values that are asked for."""
    if rule.parameter not in values:
        return None
    return Has(rule.fields, tuple(dict.fromkeys(map(term, _listed(values[rule.parameter])))))


def _bound(rule: Filter, values: Values) -> Condition | None:
    """Keep what is not on the other side of a bound."""
    bound = values.get(rule.parameter)
    return None if bound is None else Bound(rule.fields, bound, rule.match == "at-least")


def _only_when_true(rule: Filter, values: Values) -> Condition | None:
    return truth(rule.fields, True) if values.get(rule.parameter) else None


def _hidden_unless_true(rule: Filter, values: Values) -> Condition | None:
    revealed = any(values.get(name) for name in (rule.parameter, *rule.revealed_by))
    return None if revealed else truth(rule.fields, False)


MATCHES: Mapping[str, Callable[[Filter, Values], Condition | None]] = {
    "equals": _any_of,
    "any-of": _any_of,
    "at-least": _bound,
    "at-most": _bound,
    "only-when-true": _only_when_true,
    "hidden-unless-true": _hidden_unless_true,
    "unspecified": lambda rule, values: None,
}
"""What each `match` of the contract keeps; None where the query leaves the filter alone."""


def ordered(records: Sequence[Record], rule: SortRule, asked: str | list[str]) -> Records:
    """Return records sorted by the asked keys, most significant first; ties stay in the order they had."""
    return as_records(records).ordered(order(rule, asked))


def order(rule: SortRule, asked: str | list[str]) -> Order:
    """Return the order that the texts of a sort parameter ask for; a key of unknown order asks for nothing."""
    return tuple(sort for sort in (_sort(rule, text) for text in _listed(asked)) if sort)


def _sort(rule: SortRule, text: str) -> Sort | None:
    key = rule.key(text)
    if key is None:
        return None
    pointer, descending = key
    nulls = "largest" if rule.nulls == "unspecified" else rule.nulls
    return Sort(pointer, descending, nulls == "first" or nulls == ("largest" if descending else "smallest"))
