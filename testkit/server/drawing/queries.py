"""Query parameters other than paging: valid values, drawn from what the API itself holds, and hostile ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from hypothesis import strategies

from apitwin.contracts import object_parameters, pointers, timestamps
from apitwin.contracts.model import Filter, Parameter
from apitwin.contracts.parameter_styles import can_be_written
from apitwin.contracts.validation import CompiledSchema
from apitwin.testkit.generation import json_schema
from apitwin.testkit.server import walks
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.transport.exchange import Query

HOSTILE = (
    "", " ", "abc", "-1", "0", "1e400", "9" * 30, "9" * 2000, "true;false", "null", "[]", "{}", "'", '"', "\\", "%",
    "%00",
    "\x00", "\n", "a\u0300", "😀", "\u202e", "../../etc/passwd", "' OR 1=1 --", "${7*7}", "<script>", "x" * 3000,
    "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+23:59", "name:asc:desc", ":", ",", "é+%&=",
)  # fmt: skip
"""Texts that have broken servers: bounds of numbers and dates, odd Unicode, and what injection tests send."""

UNUSED = "apitwin-nothing-has-this-value"


def narrowing(probe: Probe) -> Query:
    """Draw a query that narrows the list a little, or nothing where the operation has no such parameter."""
    known = [rule for rule in probe.operation.filters if rule.match in ("any-of", "equals") and _values(probe, rule)]
    if not known:
        return ()
    rule = probe.draw(strategies.sampled_from([None, *known]), "filter")
    if rule is None:
        return ()
    values, most = _values(probe, rule), 3 if rule.match == "any-of" else 1
    chosen = probe.draw(
        strategies.lists(strategies.sampled_from(values), min_size=1, max_size=most, unique=True), "values"
    )
    return tuple((rule.parameter, value) for value in chosen)


def filtering(probe: Probe) -> Query:
    """Draw values for any filter of the operation whose meaning is known; nothing where there are none to draw."""
    rules = {rule.parameter: rule for rule in probe.operation.filters if rule.match != "unspecified"}
    return filter_query(probe, rules[probe.draw(strategies.sampled_from(list(rules)), "filter")])


def filter_query(probe: Probe, rule: Filter) -> Query:
    """Draw values for a filter: values that items have, and now and then a value that no item has."""
    parameter = probe.operation.parameter(rule.parameter)
    assert parameter is not None, "a contract's filters are its operation's parameters"
    if rule.match in ("only-when-true", "hidden-unless-true"):
        return ((rule.parameter, probe.draw(strategies.sampled_from(("true", "false")), rule.parameter)),)
    values = [*_values(probe, rule), *_unused(parameter)]
    if not values:
        return ()
    most = 3 if parameter.several else 1
    texts = strategies.lists(strategies.sampled_from(values), min_size=1, max_size=most, unique=True)
    return tuple((rule.parameter, value) for value in probe.draw(texts, rule.parameter))


def _values(probe: Probe, rule: Filter) -> list[str]:
    """Return the values for a filter that the items of the list have, as texts."""
    parameter = probe.operation.parameter(rule.parameter)
    schema = {} if parameter is None else parameter.item_schema
    values = (
        value
        for item in walks.reference(probe).items
        for field in rule.fields
        for value in pointers.values(item, field)
    )
    texts = list(
        dict.fromkeys(as_text(value) for value in values if isinstance(value, (str, int, float)) and value != "")
    )
    if "enum" in schema:
        return [str(choice) for choice in schema["enum"]]
    if schema.get("type") == "boolean":
        return ["true", "false"]
    if schema.get("type") == "integer":
        return [text for text in texts if text.isascii() and text.isdigit()][:20]
    whole = [text for text in texts if text.strip() == text]
    return [text for text in whole if parameter is None or can_be_written(parameter, text)][:20]


def _unused(parameter: Parameter) -> list[str]:
    """Return values that a parameter accepts and that no item is likely to have."""
    schema = parameter.item_schema
    if "enum" in schema or schema.get("type") == "boolean":
        return []
    if schema.get("type") == "integer":
        return [str(max(min(987654321, schema.get("maximum", 987654321)), schema.get("minimum", 0)))]
    if schema.get("format") == "date-time":
        return ["2001-02-03T04:05:06Z", "2199-12-31T23:59:59Z"]
    return [UNUSED] if schema.get("type") == "string" and fits(parameter, UNUSED) else []


def fits(parameter: Parameter | None, text: str) -> bool:
    """Return whether a text is one that a parameter for free texts accepts, as far as that is known."""
    if parameter is None:
        return True
    schema = parameter.item_schema
    is_free = not {"pattern", "format", "enum"} & set(schema)
    is_as_long = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    return is_free and is_as_long and can_be_written(parameter, text)


def as_text(value: Any) -> str:
    """Return a JSON scalar as it is written in a query."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def keeps(rule: Filter, item: Any, query: Query) -> bool | None:
    """Return whether a filter keeps an item, or None where the item does not show the field."""
    texts = [value for name, value in query if name == rule.parameter]
    values = [value for field in rule.fields for value in pointers.values(item, field)]
    judge = JUDGES.get(rule.match)
    if rule.match == "hidden-unless-true":
        texts = texts or ["false"]
        if any(name in rule.revealed_by and value == "true" for name, value in query):
            return True
    if not texts or judge is None or not any(_shows(item, field) for field in rule.fields):
        return None
    return bool(judge(values, texts))


def _shows(item: Any, field: str) -> bool:
    return isinstance(item, dict) and pointers.split(field)[0] in item


def _bound(text: str, value: Any) -> tuple[Any, Any] | None:
    """Return a bound and a value as things that can be compared, or None."""
    if isinstance(value, str):
        left, right = timestamps.parse(text), timestamps.parse(value)
        return None if left is None or right is None else (left, right)
    try:
        return (float(text), value) if isinstance(value, (int, float)) else None
    except ValueError:
        return None


def _within(values: list[Any], text: str, at_least: bool) -> bool:
    pairs = [pair for pair in (_bound(text, value) for value in values) if pair is not None]
    return any(value >= bound if at_least else value <= bound for bound, value in pairs)


JUDGES: Mapping[str, Callable[[list[Any], list[str]], bool]] = {
    "equals": lambda values, texts: texts[-1] in map(as_text, values),
    "any-of": lambda values, texts: bool(set(texts) & set(map(as_text, values))),
    "at-least": lambda values, texts: _within(values, texts[-1], True),
    "at-most": lambda values, texts: _within(values, texts[-1], False),
    "only-when-true": lambda values, texts: texts[-1] == "false" or True in values,
    "hidden-unless-true": lambda values, texts: texts[-1] == "true" or True not in values,
}
"""Whether an item with the values `values` is kept by a query with the values `texts`, by the contract's `match`."""


def drawable(parameter: Parameter) -> bool:
    """Whether valid texts can be drawn for a parameter: not where a pattern or an unknown format says what is valid."""
    schema = parameter.item_schema
    return "pattern" not in schema and schema.get("format") in (None, "date-time", "date", "uuid", "int32", "int64")


def drawn(probe: Probe, parameter: Parameter) -> Query:
    """Draw a valid value for a parameter, as it is written; nothing where none is found for an object."""
    if not object_parameters.is_object(parameter):
        return ((parameter.name, probe.draw(valid(probe, parameter), parameter.name)),)
    judge = CompiledSchema(parameter.schema, parameter.name)
    try:
        values = json_schema.strategy(parameter.schema, parameter.schema)
    except json_schema.Undrawable:
        return ()
    value = probe.draw(values, parameter.name)
    pairs = object_parameters.written(parameter, value) if isinstance(value, dict) and judge.accepts(value) else None
    return pairs or ()


def is_free_text(parameter: Parameter) -> bool:
    """Whether any text fits the schema of a parameter: which of them mean something, it does not say."""
    schema = parameter.item_schema
    return (
        "enum" not in schema and "format" not in schema and schema.get("type") not in ("boolean", "integer", "number")
    )


def valid(probe: Probe, parameter: Parameter) -> strategies.SearchStrategy[str]:
    """Return texts that a parameter accepts, by its schema."""
    schema = parameter.item_schema
    if "enum" in schema:
        return strategies.sampled_from([str(choice) for choice in schema["enum"]])
    if schema.get("type") == "boolean":
        return strategies.sampled_from(("true", "false", "True", "False"))
    if schema.get("type") == "integer":
        low = schema.get("minimum", 0)
        return strategies.integers(low, schema.get("maximum", low + 1000)).map(str)
    if schema.get("format") == "date-time":
        moments = strategies.datetimes(
            datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=strategies.just(timezone.utc)
        )
        return moments.map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    if schema.get("type") == "number":
        low = schema.get("minimum", 0)
        return strategies.integers(int(low), int(schema.get("maximum", low + 1000))).map(str)
    if schema.get("format") == "uuid":
        return strategies.uuids().map(str)
    if schema.get("format") == "date":
        return strategies.dates().map(str)
    letters = strategies.characters(categories=("L", "N"))
    return strategies.text(
        letters,
        min_size=max(1, schema.get("minLength", 1)),
        max_size=min(max(20, schema.get("minLength", 0)), schema.get("maxLength", 10**6)),
    )
