"""Reading `x-apitwin`: what OpenAPI cannot say, turned into the frozen rules of `apitwin.contracts.model`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from apitwin.contracts import checking
from apitwin.contracts.model import (
    AuthRule,
    Block,
    ErrorRule,
    Evidence,
    Filter,
    Levels,
    ParameterRules,
    Projection,
    Restriction,
    SearchRule,
    SortRule,
    Within,
)

EXTENSION = "x-apitwin"


@cache
def _schema() -> Mapping[str, Any]:
    return dict(json.loads(Path(__file__).with_name("extension.schema.json").read_text(encoding="utf-8")))


@cache
def _expected(part: str) -> checking.Expected:
    return checking.Expected({**_schema(), "$ref": f"#/$defs/{part}"})


def check(value: Any, part: str, place: str) -> None:
    """Refuse an `x-apitwin` value that its own schema refuses.

    part: root, operation, parameter, scheme, or profile for a file of its own. place: file and pointer of the value.
    Raises ContractError naming the key, what was found and what is allowed.
    """
    _expected(part).require(value, place)


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
    """Return the error answers by name, where a profile has completed them."""
    return {
        name: ErrorRule(name, rule["status"], rule["body"], rule.get("content-type", "application/json"))
        for name, rule in value.items()
    }


def parameter_rules(value: Mapping[str, Any]) -> ParameterRules:
    """Return how query strings are read, where a profile has completed it."""
    return ParameterRules(
        repeated=value["repeated"],
        true_words=tuple(value["true"]),
        false_words=tuple(value["false"]),
        messages=value["messages"],
        codes=value["codes"],
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
        key[1:] if key.startswith("#") else pointer + key: Evidence(
            entry["status"], entry["source"], entry.get("certainty", "certain")
        )
        for key, entry in value.get("evidence", {}).items()
    }
