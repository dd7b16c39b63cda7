"""Filter, search, sort: which records a list has, and in which order, before any window is cut out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from apitwin.contracts import pointers, timestamps
from apitwin.contracts.model import Filter, Operation, SearchRule, SortRule
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.world.table import Record


def select(records: Sequence[Record], operation: Operation, values: Values) -> Sequence[Record]:
    """Return the records that the query keeps, in the order that it asks for."""
    for rule in operation.filters:
        keeps = MATCHES[rule.match](rule, values)
        if keeps is not None:
            records = [record for record in records if keeps(record.values)]
    if operation.search is not None and operation.search.parameter in values:
        records = searched(records, operation.search, values[operation.search.parameter])
    if operation.sort is not None and operation.sort.parameter in values:
        records = ordered(records, operation.sort, values[operation.sort.parameter])
    return records


def searched(records: Sequence[Record], rule: SearchRule, asked: Any) -> Sequence[Record]:
    """Return the records with what is looked for in one of the fields, in any case; of an array, any of its values."""
    needles = [str(needle).casefold() for needle in _listed(asked)]
    return [
        record
        for record in records
        if any(needle in text for text in _texts(record.values, rule.fields) for needle in needles)
    ]


def _listed(asked: Any) -> list[Any]:
    """Return the values of a parameter as a list: a scalar gives one, an array several."""
    return asked if isinstance(asked, list) else [asked]


def _texts(values: Mapping[str, Any], fields: Sequence[str]) -> list[str]:
    members = (value for field in fields for value in pointers.values(values, field))
    return [str(value).casefold() for value in members if value is not None]


Keeps = Callable[[Mapping[str, Any]], bool]
"""Whether a filter keeps a record with these values."""


def _of(values: Mapping[str, Any], rule: Filter) -> list[Any]:
    return [value for field in rule.fields for value in pointers.values(values, field)]


def _any_of(rule: Filter, values: Values) -> Keeps | None:
    """Keep what has one of the values that are asked for."""
    if rule.parameter not in values:
        return None
    choices = _listed(values[rule.parameter])
    return lambda record: any(_same(value, choice) for value in _of(record, rule) for choice in choices)


def _same(value: Any, wanted: Any) -> bool:
    """Whether a field has a value that was read from a query: by kind, and as texts where a text was asked for."""
    if value is None or isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(wanted, datetime):
        return isinstance(value, str) and timestamps.parse(value) == wanted
    if isinstance(wanted, (int, float)):
        return isinstance(value, (int, float)) and value == wanted
    return str(value) == str(wanted)


def _bound(rule: Filter, values: Values) -> Keeps | None:
    if rule.parameter not in values:
        return None
    bound = values[rule.parameter]

    def keeps(record: Mapping[str, Any]) -> bool:
        comparable = (_like(value, bound) for value in _of(record, rule))
        return any(
            value is not None and (value >= bound if rule.match == "at-least" else value <= bound)
            for value in comparable
        )

    return keeps


def _like(value: Any, bound: Any) -> Any:
    """Return a field's value as something that can be compared with a bound, None where it cannot."""
    if isinstance(bound, datetime):
        return timestamps.parse(value) if isinstance(value, str) else None
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if number and isinstance(bound, (int, float)) else None


def _only_when_true(rule: Filter, values: Values) -> Keeps | None:
    if not values.get(rule.parameter):
        return None
    return lambda record: any(value is True for value in _of(record, rule))


def _hidden_unless_true(rule: Filter, values: Values) -> Keeps | None:
    if any(values.get(name) for name in (rule.parameter, *rule.revealed_by)):
        return None
    return lambda record: not any(value is True for value in _of(record, rule))


MATCHES: Mapping[str, Callable[[Filter, Values], Keeps | None]] = {
    "equals": _any_of,
    "any-of": _any_of,
    "at-least": _bound,
    "at-most": _bound,
    "only-when-true": _only_when_true,
    "hidden-unless-true": _hidden_unless_true,
    "unspecified": lambda rule, values: None,
}
"""What each `match` of the contract keeps; None where the query leaves the filter alone."""


def ordered(records: Sequence[Record], rule: SortRule, asked: str | list[str]) -> Sequence[Record]:
    """Return records sorted by the asked keys, most significant first; ties stay in the order they had."""
    for text in reversed(_listed(asked)):
        key, _, direction = text.partition(":")
        field = rule.keys.get(key)
        if field is not None:
            records = _sorted(records, field, direction == "desc", rule.nulls)
    return records


def _sorted(records: Sequence[Record], field: str, descending: bool, nulls: str) -> list[Record]:
    valued = [record for record in records if pointers.find(record.values, field) is not None]
    without = [record for record in records if pointers.find(record.values, field) is None]
    # A reversed sort keeps ties in place, which is what the contract says of them.
    valued.sort(key=lambda record: _comparable(pointers.find(record.values, field)), reverse=descending)
    first = nulls == "first" or nulls == ("largest" if descending else "smallest")
    return without + valued if first else valued + without


def _comparable(value: Any) -> tuple[bool, Any]:
    number = isinstance(value, (bool, int, float))
    return (not number, value if number else str(value))
