"""What explains why a value breaks a schema: `jsonschema`, with the patterns of this project and an end to it.

`jsonschema` itself reads patterns by Python's `re`, which one text can hold for ever, and follows references as often
as a schema doubles them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import jsonschema
from jsonschema import ValidationError

from apitwin.contracts import patterns, pointers
from apitwin.contracts.budgets import BUDGETS
from apitwin.contracts.formats import TESTS
from apitwin.contracts.pointers import MISSING

Errors = Iterator[ValidationError]


class _Steps(threading.local):
    """How many references may still be followed in the explanation that this thread is making."""

    left = 0


_STEPS = _Steps()
_DRAFT = jsonschema.Draft202012Validator
FORMATS = jsonschema.FormatChecker(())
for _name, _conforms in TESTS.items():
    FORMATS.checks(_name)(_conforms)


class _TooMuchError(Exception):
    """More references were followed than an explanation may cost."""


def explained(validator: Any, value: Any) -> list[ValidationError]:
    """Return what is wrong with a value; one general error where the explanation would cost too much."""
    _STEPS.left = BUDGETS.explained_references
    try:
        return list(validator.iter_errors(value))
    except (_TooMuchError, RecursionError):
        return [ValidationError("is not what the schema asks for, which is too large to say why", validator="$ref")]


def explainer(schema: Any) -> Any:
    """Return the validator of a stand-alone schema that `explained` asks."""

    def unevaluated(validator: Any, allowed: Any, instance: Any, holder: Any) -> Errors:
        if not validator.is_type(instance, "object"):
            return
        known = _evaluated(validator, instance, holder, schema)
        extras = [name for name in instance if name not in known]
        wrong = [name for name in extras if any(True for _ in validator.descend(instance[name], allowed, path=name))]
        if wrong:
            yield ValidationError(f"Unevaluated properties are not allowed ({', '.join(map(repr, wrong))})")

    def reference(validator: Any, named: str, instance: Any, holder: Any) -> Errors:
        # The registry of `jsonschema` is asked for what has a name of its own only: where Python's stack ends inside
        # of it, it panics instead of raising RecursionError.
        _count_a_reference()
        pointer = named.removeprefix("#")
        meant = pointers.find(schema, pointer, MISSING) if pointer[:1] in ("", "/") else MISSING
        if meant is not MISSING:
            yield from validator.descend(instance, meant)
        else:
            yield from _DRAFT.VALIDATORS["$ref"](validator, named, instance, holder) or ()

    extend: Any = jsonschema.validators.extend  # it has no types
    own = {"$ref": reference, "unevaluatedProperties": unevaluated}
    return extend(_DRAFT, {**_KEYWORDS, **own})(schema, format_checker=FORMATS)


def no_schema(schema: Any) -> ValidationError | None:
    """Return the first reason why a value is no JSON Schema 2020-12, None where it is one."""
    error: ValidationError | None = jsonschema.exceptions.best_match(_DRAFT(_DRAFT.META_SCHEMA).iter_errors(schema))
    return error


def _count_a_reference() -> None:
    _STEPS.left -= 1
    if _STEPS.left < 0:
        raise _TooMuchError


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Errors:
    if validator.is_type(instance, "string") and not patterns.compiled(pattern).matches(instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, named: Any, instance: Any, schema: Any) -> Errors:
    if not validator.is_type(instance, "object"):
        return
    for pattern, inner in named.items():
        for name in _matching(instance, [pattern]):
            yield from validator.descend(instance[name], inner, path=name, schema_path=pattern)


def _additional_properties(validator: Any, allowed: Any, instance: Any, schema: Any) -> Errors:
    if "patternProperties" not in schema:
        yield from _DRAFT.VALIDATORS["additionalProperties"](validator, allowed, instance, schema) or ()
    elif validator.is_type(instance, "object"):
        others = [name for name in instance if name not in schema.get("properties", {})]
        extras = [name for name in others if name not in _matching(others, schema["patternProperties"])]
        if isinstance(allowed, dict):
            for name in extras:
                yield from validator.descend(instance[name], allowed, path=name)
        elif not allowed and extras:
            told = ", ".join(map(repr, sorted(extras)))
            regexes = ", ".join(map(repr, sorted(schema["patternProperties"])))
            yield ValidationError(
                f"{told} {'does' if len(extras) == 1 else 'do'} not match any of the regexes: {regexes}"
            )


def _matching(names: Iterable[str], texts: Iterable[str]) -> set[str]:
    found = [patterns.compiled(text) for text in texts]
    return {name for name in names if any(pattern.matches(name) for pattern in found)}


def _evaluated(validator: Any, instance: Any, schema: Any, root: Any) -> set[str]:
    """Return the members of an object that a schema, or one that holds for the same object, says something about."""
    if not isinstance(schema, dict):
        return set()
    if schema.keys() & {"additionalProperties"}:
        return set(instance)
    known = {name for name in instance if name in schema.get("properties", {})}
    known |= _matching(instance, schema.get("patternProperties", ()))
    for inner in _holding(validator, instance, schema, root):
        if isinstance(inner, dict) and "unevaluatedProperties" in inner:
            return set(instance)
        known |= _evaluated(validator, instance, inner, root)
    return known


def _holding(validator: Any, instance: Any, schema: Any, root: Any) -> Iterator[Any]:
    """Give the schemas inside a schema that speak of the same value, and that it meets."""
    if "$ref" in schema:
        _count_a_reference()
        yield pointers.find(root, schema["$ref"].removeprefix("#"))
    named = [*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())]
    named += [inner for name, inner in schema.get("dependentSchemas", {}).items() if name in instance]
    if "if" in schema:
        is_met = validator.evolve(schema=schema["if"]).is_valid(instance)
        named += [schema["if"], schema.get("then", True)] if is_met else [schema.get("else", True)]
    yield from (inner for inner in named if validator.evolve(schema=inner).is_valid(instance))


_KEYWORDS = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
}
