"""Reading `x-apitwin`: what OpenAPI cannot say, turned into the frozen rules of `apitwin.contracts.model`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from apitwin.contracts import pointers
from apitwin.contracts.errors import ContractError
from apitwin.contracts.model import (
    AuthRule,
    Block,
    EnvelopeRule,
    ErrorRule,
    Evidence,
    Filter,
    Levels,
    LimitRule,
    LinkRule,
    OffsetRule,
    Pagination,
    ParameterRules,
    Projection,
    Restriction,
    SearchRule,
    SortRule,
    Within,
)
from apitwin.contracts.nearest import allowed as allowed_names
from apitwin.contracts.validation import as_json, shortened

EXTENSION = "x-apitwin"

MESSAGES: Mapping[str, str] = {
    "integer": "A valid integer is required.",
    "minimum": "Ensure this value is greater than or equal to {limit}.",
    "maximum": "Ensure this value is less than or equal to {limit}.",
    "boolean": "Must be a valid boolean.",
    "choice": '"{value}" is not a valid choice.',
    "date-time": "Datetime has wrong format.",
    "blank": "This field may not be blank.",
    "required": "This field is required.",
    "null": "This field may not be null.",
    "string": "Not a valid string.",
    "too-long": "Ensure this field has no more than {limit} characters.",
    "too-short": "Ensure this field has at least {limit} characters.",
    "list": 'Expected a list of items but got type "{value}".',
    "object": 'Expected a dictionary of items but got type "{value}".',
    "body": "Invalid data. Expected a dictionary, but got {value}.",
    "uuid": "Must be a valid UUID.",
    "null-character": "Null characters are not allowed.",
    "other": "This value is not valid.",
}

ERRORS: Mapping[str, ErrorRule] = {
    name: ErrorRule(name, status, {"detail": text}, "application/json")
    for name, status, text in (
        ("unauthenticated", 401, "Authentication credentials were not provided."),
        ("invalid-token", 401, "The token is not valid."),
        ("forbidden", 403, "You do not have permission to perform this action."),
        ("not-found", 404, "Not found."),
        ("method-not-allowed", 405, 'Method "{method}" not allowed.'),
        ("invalid-parameter", 400, "{parameter}: {message}"),
        ("malformed-body", 400, "JSON parse error - {message}"),
        ("too-large", 413, "The body is larger than this server takes."),
        ("unsupported-media-type", 415, 'Unsupported media type "{media_type}" in request.'),
    )
}
"""The error answers of an API whose contract names none: assumed, in the words of common frameworks."""


@cache
def _validators() -> Mapping[str, jsonschema.Draft202012Validator]:
    schema = json.loads(Path(__file__).with_name("extension.schema.json").read_text(encoding="utf-8"))
    return {
        part: jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{part}"})
        for part in ("root", "operation", "parameter", "scheme")
    }


def check(value: Any, part: str, place: str) -> None:
    """Refuse an `x-apitwin` value that its own schema refuses.

    part: root, operation, parameter or scheme. place: file and pointer of the value.
    Raises ContractError naming the key, what was found and what is allowed.
    """
    error = jsonschema.exceptions.best_match(_validators()[part].iter_errors(value))
    if error is not None:
        raise ContractError(place + pointers.join(error.absolute_path), _complaint(error))


def _complaint(error: jsonschema.ValidationError) -> str:
    allowed: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "additionalProperties" and isinstance(error.schema, dict):
        known = list(error.schema.get("properties", {}))
        unknown = next(key for key in instance if key not in known)
        return f"unknown key {unknown!r}; {allowed_names(str(unknown), known)}"
    if error.validator == "enum":
        return f"found {as_json(instance)}; expected one of {', '.join(map(str, allowed))}"
    if error.validator == "required":
        missing = next(key for key in allowed if key not in instance)
        return f"the key {missing!r} is missing"
    return f"found {as_json(instance)}; {shortened(error.message)}"


def auth(value: Mapping[str, Any] | None) -> AuthRule:
    """Return how requests without a good credential are refused, with the engine's errors where none are named."""
    rule = value or {}
    return AuthRule(
        missing=rule.get("missing", "unauthenticated"),
        invalid=rule.get("invalid", "invalid-token"),
        challenge=rule.get("challenge"),
        scheme_case=rule.get("scheme-case", "unspecified"),
    )


def errors(value: Mapping[str, Any]) -> dict[str, ErrorRule]:
    """Return the error answers by name: the common ones, replaced by those the contract names."""
    own = {
        name: ErrorRule(name, rule["status"], rule["body"], rule.get("content-type", "application/json"))
        for name, rule in value.items()
    }
    return {**ERRORS, **own}


def parameter_rules(value: Mapping[str, Any]) -> ParameterRules:
    """Return how query strings are read; of a repeated scalar nothing is known unless it is said."""
    return ParameterRules(
        repeated=value.get("repeated", "unspecified"),
        true_words=tuple(value.get("true", ("true", "True", "1"))),
        false_words=tuple(value.get("false", ("false", "False", "0"))),
        messages={**MESSAGES, **value.get("messages", {})},
    )


def pagination(name: str, value: Mapping[str, Any], pointer: str, place: str) -> Pagination:
    """Return one pagination rule.

    pointer: where it stands in the contract; place: the same with the file, for errors.
    Raises ContractError where two of its facts contradict each other.
    """
    limit, offset, envelope = value["limit"], value["offset"], value["envelope"]
    invalid = limit.get("when-invalid", "unspecified")
    lenient = offset.get("when-invalid", "unspecified")
    links = value.get("links", {}) if "next" in envelope or "previous" in envelope else None
    rule = Pagination(
        name=name,
        pointer=pointer,
        limit=LimitRule(
            parameter=limit["parameter"],
            maximum=limit.get("maximum"),
            default=limit.get("default"),
            over_maximum=limit.get("over-maximum", "truncate"),
            when_absent=limit.get("when-absent", "unspecified"),
            spelling=limit.get("spelling", "unspecified"),
            **{
                f"when_{case}": limit.get(f"when-{case}", invalid)
                for case in ("zero", "negative", "text", "empty", "fraction")
            },
        ),
        offset=OffsetRule(
            parameter=offset["parameter"],
            past_end=offset.get("past-end", "empty"),
            spelling=offset.get("spelling", "unspecified"),
            **{
                f"when_{case}": offset.get(f"when-{case}", lenient)
                for case in ("negative", "text", "empty", "fraction")
            },
        ),
        envelope=EnvelopeRule(
            results=envelope["results"],
            count=envelope.get("count"),
            next=envelope.get("next"),
            previous=envelope.get("previous"),
            count_nullable=envelope.get("count-nullable", False),
        ),
        links=None if links is None else LinkRule(links.get("form", "unspecified"), links.get("limit", "unspecified")),
    )
    _consistent(rule, place)
    return rule


def _consistent(rule: Pagination, place: str) -> None:
    limit, envelope = rule.limit, rule.envelope
    treatments = {key: word for key, word in vars(limit).items() if key.startswith("when_")}
    for key, word in treatments.items():
        key = key.replace("_", "-")
        if word == "default" and limit.default is None:
            raise ContractError(f"{place}/limit", f"{key} is 'default', and there is no key 'default' with the number")
        if word == "maximum" and limit.maximum is None:
            raise ContractError(f"{place}/limit", f"{key} is 'maximum', and no 'maximum' is known")
    if limit.maximum is not None and limit.default is not None and limit.default > limit.maximum:
        raise ContractError(
            f"{place}/limit/default", f"found {limit.default}, which is over the maximum of {limit.maximum}"
        )
    if envelope.results == "" and (envelope.next or envelope.previous or (envelope.count or "").startswith("/")):
        raise ContractError(
            f"{place}/envelope/results", "a bare array has no room for count, next or previous; use header:NAME"
        )


def sort(value: Mapping[str, Any] | None) -> SortRule | None:
    """Return the sort rule of an operation, or None."""
    if value is None:
        return None
    return SortRule(
        parameter=value["parameter"],
        keys=dict(value["keys"]),
        directions=value.get("directions", "none"),
        several=value.get("several", False),
        nulls=value.get("nulls", "largest"),
        collation=value.get("collation", "unspecified"),
    )


def search(value: Mapping[str, Any] | None) -> SearchRule | None:
    """Return the search rule of an operation, or None."""
    if value is None:
        return None
    return SearchRule(value["parameter"], tuple(value["fields"]), value.get("match", "unspecified"))


def filters(value: Mapping[str, Any]) -> tuple[Filter, ...]:
    """Return the filters of an operation; a filter without fields works on the field of its own name."""
    return tuple(
        Filter(name, tuple(rule.get("fields", [f"/{name}"])), rule["match"], tuple(rule.get("revealed-by", ())))
        for name, rule in value.items()
    )


def projection(value: Mapping[str, Any]) -> Projection:
    """Return which members of an item the query chooses."""
    levels = value.get("levels")
    return Projection(
        blocks=tuple(Block(name, block["member"], block["default"]) for name, block in value.get("blocks", {}).items()),
        levels=levels
        and Levels(
            levels["parameter"],
            levels["default"],
            {level: tuple(members) for level, members in levels["members"].items()},
        ),
    )


def within(value: Mapping[str, Any]) -> tuple[Within, ...]:
    """Return how path parameters narrow the collection; an unknown value is `not-found` unless said otherwise."""
    return tuple(
        Within(name, rule.get("field"), rule["collection"], rule.get("unknown", "not-found"))
        for name, rule in value.items()
    )


def restrictions(value: Mapping[str, Any]) -> tuple[Restriction, ...]:
    """Return which query parameters need a role."""
    return tuple(Restriction(name, rule["value"], rule["to"]) for name, rule in value.items())


def evidence(value: Mapping[str, Any], pointer: str) -> dict[str, Evidence]:
    """Return the evidence that an `x-apitwin` object carries, by pointer in the document.

    pointer: where that object stands; the keys of its `evidence` are relative to it, or to the document after `#`.
    """
    return {
        key[1:] if key.startswith("#") else pointer + key: Evidence(entry["status"], entry["source"])
        for key, entry in value.get("evidence", {}).items()
    }
