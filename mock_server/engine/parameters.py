"""Reading the query parameters of an operation by their schemas, as a form-reading server does."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from apitwin.contracts import object_parameters, parameter_styles, patterns, timestamps
from apitwin.contracts.model import Contract, Operation, Parameter
from apitwin.contracts.validation import CompiledSchema, as_json, shortened
from apitwin.mock_server.engine import forms, numbers
from apitwin.mock_server.messages import Query, Rejected

T = TypeVar("T", int, float)
Values = dict[str, Any]
Reader = Callable[[str, str, Mapping[str, Any], Contract], Any]
"""(text, parameter's name, its schema, contract) -> value or Rejected."""


def read(query: Query, operation: Operation, contract: Contract) -> Values | Rejected:
    """Return the value of each query parameter that was sent, arrays as lists, or the first that is refused.

    Those that choose a page are left to `pagination`; unknown parameters are ignored (assumed: a Django habit).
    """
    paging = operation.pagination
    skipped = () if paging is None else paging.parameters
    sent: dict[str, list[str]] = {}
    for name, text in query:
        sent.setdefault(name, []).append(text)
    values: Values = {}
    for parameter in operation.parameters:
        if parameter.place != "query" or parameter.name in skipped:
            continue
        if object_parameters.may_be_object(parameter):
            is_one = object_parameters.is_object(parameter)
            told = (object_parameters.members if is_one else object_parameters.in_brackets)(parameter, query)
            if told is not None or is_one:
                value = _object(parameter, told)
                if isinstance(value, Rejected):
                    return value
                values |= {} if value is None else {parameter.name: value}
                continue
        texts = sent.get(parameter.name, [])
        if not texts:  # as nearly all are left out, this is most of what is done here
            if parameter.required:
                return Rejected(parameter.name, "required")
            continue
        if parameter.several:
            texts = parameter_styles.values(parameter, texts)
        else:
            texts = texts[:1] if contract.parameters.repeated == "first" else texts[-1:]
        readings = list(_readings(texts, parameter, contract))
        rejected = next((reading for reading in readings if isinstance(reading, Rejected)), None)
        if rejected is not None:
            return rejected
        if readings:
            values[parameter.name] = readings if parameter.several else readings[0]
        elif parameter.required:
            return Rejected(parameter.name, "required")
    return values


def _object(parameter: Parameter, told: Mapping[str, Any] | None) -> Any | Rejected | None:
    """Return the object of a parameter, None where there is none and need not be, or why it is refused.

    told: its members as texts.
    """
    if told is None:
        return Rejected(parameter.name, "required") if parameter.required else None
    value = forms.typed(told, parameter.schema, parameter.schema)
    if _compiled(as_json(parameter.schema)).accepts(value):
        return value
    return Rejected(parameter.name, "other", shortened(as_json(value)))


@lru_cache(maxsize=256)
def _compiled(schema: str) -> CompiledSchema:
    return CompiledSchema(json.loads(schema), "the schema of a parameter")


def _readings(texts: list[str], parameter: Parameter, contract: Contract) -> Iterator[Any]:
    """Yield the value of each text of a parameter, or why it is rejected."""
    schema = parameter.item_schema
    kind = "enum" if "enum" in schema else str(schema.get("format") or schema.get("type") or "string")
    for text in texts:
        # A form sends an empty text for a scalar that was left out; inside an array it is a value (Django, measured).
        empty = text == "" and kind in READERS and kind != "enum" and not parameter.several
        if empty and contract.requests.empty_text == "left-out":
            continue
        reader: Reader = READERS.get(kind, _text)
        yield reader(text, parameter.name, schema, contract)


def _integer(text: str, name: str, schema: Mapping[str, Any], contract: Contract) -> int | Rejected:
    number = numbers.read(text, "lenient")
    if number.kind != "number":
        return Rejected(name, "integer", text)
    return _bounded(number.value, text, name, schema)


def _number(text: str, name: str, schema: Mapping[str, Any], contract: Contract) -> float | Rejected:
    try:
        value = float(text)
    except ValueError:
        return Rejected(name, "other", text)
    if not math.isfinite(value):
        return Rejected(name, "other", text)
    return _bounded(value, text, name, schema)


def _bounded(value: T, text: str, name: str, schema: Mapping[str, Any]) -> T | Rejected:
    if value < schema.get("minimum", value):
        return Rejected(name, "minimum", text, schema["minimum"])
    if value > schema.get("maximum", value):
        return Rejected(name, "maximum", text, schema["maximum"])
    return value


def _boolean(text: str, name: str, schema: Mapping[str, Any], contract: Contract) -> bool | Rejected:
    rules = contract.parameters
    if text in rules.true_words or text in rules.false_words:
        return text in rules.true_words
    return Rejected(name, "boolean", text)


def _choice(text: str, name: str, schema: Mapping[str, Any], contract: Contract) -> str | Rejected:
    choices = schema["enum"]
    rejected = Rejected(name, "choice", text, choices=tuple(map(str, choices)))
    return next((choice for choice in choices if str(choice) == text), rejected)


def _moment(text: str, name: str, schema: Mapping[str, Any], contract: Contract) -> Any:
    return timestamps.parse(text) or Rejected(name, "date-time", text)


def _text(text: str, name: str, schema: Mapping[str, Any], contract: Contract) -> str | Rejected:
    if not text.strip() and schema.get("minLength", 0) > 0:
        return Rejected(name, "blank", text)
    fits = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    storable = "\0" not in text or contract.requests.null_character == "accept"
    if not fits or not storable or ("pattern" in schema and not patterns.compiled(schema["pattern"]).matches(text)):
        return Rejected(name, "other", text)
    return text


READERS: Mapping[str, Reader] = {
    "integer": _integer,
    "boolean": _boolean,
    "number": _number,
    "enum": _choice,
    "date-time": _moment,
    "date": _moment,
}
"""How a text becomes a value, by the schema's enum, format or type; everything else stays text."""
