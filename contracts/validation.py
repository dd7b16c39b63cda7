"""JSON Schemas compiled once: accept fast, explain well.

`jsonschema-rs` decides (a page costs it a hundredth of what it costs `jsonschema`), and only where it says no does
`jsonschema` explain. Both read `format` by the same table, and `pattern` by the same engine, so the two cannot differ
there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

import jsonschema_rs

from apitwin.contracts import patterns, pointers
from apitwin.contracts.errors import ContractError
from apitwin.contracts.errors import shortened as shortened
from apitwin.contracts.formats import TESTS as FORMAT_TESTS

if TYPE_CHECKING:
    import jsonschema

META = jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})


def _explaining() -> ModuleType:
    """Return what explains a refusal, imported when first asked: that takes as long as reading a contract."""
    from apitwin.contracts import explaining

    return explaining


@dataclass(frozen=True)
class Violation:
    """One way in which a value breaks a schema. pointer: where in the value; keyword: the schema's word."""

    pointer: str
    keyword: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or 'the whole body'}: {self.message} ({self.keyword})"


class CompiledSchema:
    """A JSON Schema 2020-12 that is self-contained and ready to judge values."""

    def __init__(self, schema: Mapping[str, Any] | bool, place: str, origins: Mapping[str, str] | None = None) -> None:
        """Compile.

        place: file and pointer, for errors; origins: those of the definitions that were carried into the schema.
        Raises ContractError when it is no JSON Schema.
        """
        self.schema = schema
        self.place = place
        self._accepts = compiled(schema, place, origins or {})

    @property
    def name(self) -> str:
        """The last part of its place, for people: `WorkspacePage`, `entity.json`."""
        return self.place.rstrip("#").rpartition("/")[2]

    @property
    def resolved(self) -> Mapping[str, Any]:
        """The schema itself, where it is no more than a reference to one that was carried in; {} where it is true."""
        schema: Any = self.schema
        while isinstance(schema, dict) and "$ref" in schema and "properties" not in schema:
            schema = pointers.find(self.schema, schema["$ref"].removeprefix("#"))
        return schema if isinstance(schema, dict) else {}

    @cached_property
    def _explain(self) -> jsonschema.protocols.Validator:
        return cast("jsonschema.protocols.Validator", _explaining().explainer(self.whole))

    @property
    def whole(self) -> Mapping[str, Any] | bool:
        """The schema with everything that it refers to."""
        return self.schema

    def accepts(self, value: Any) -> bool:
        """Return whether a JSON value matches the schema."""
        return self.surely_accepts(value) or not _explaining().explained(self._explain, value)

    def surely_accepts(self, value: Any) -> bool:
        """Return whether the fast validator takes a value; its no is not the last word (numbers it cannot hold)."""
        try:
            return bool(self._accepts(value))
        except (ValueError, OverflowError):
            return False

    def violations(self, value: Any) -> list[Violation]:
        """Return every way in which a JSON value breaks the schema, in the order of its pointers."""
        violations = [
            Violation(pointers.join(error.absolute_path), str(error.validator), shortened(error.message))
            for error in self.errors(value)
        ]
        return sorted(violations, key=lambda violation: (violation.pointer, violation.keyword, violation.message))

    def errors(self, value: Any) -> list[jsonschema.ValidationError]:
        """Return the same as jsonschema's own errors, for who has to put them into other words."""
        if self.surely_accepts(value):
            return []
        return [specific for error in _explaining().explained(self._explain, value) for specific in _specific(error)]


def compiled(schema: Any, place: str, origins: Mapping[str, str]) -> Callable[[Any], bool]:
    """Return what says of a value whether a stand-alone schema accepts it. Raises ContractError where it is none."""
    problem = meta_problem(schema)
    if problem is not None:
        raise ContractError(_origin(problem.pointer, place, origins), f"no JSON Schema 2020-12: {problem.message}")
    try:
        validator = jsonschema_rs.Draft202012Validator(
            cast("dict[str, Any] | bool", schema),
            validate_formats=True,
            formats=dict(FORMAT_TESTS),
            pattern_options=patterns.OPTIONS,
        )
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise ContractError(place, f"no usable JSON Schema: {str(error).splitlines()[0]}") from None
    return cast("Callable[[Any], bool]", validator.is_valid)


def _specific(error: jsonschema.ValidationError) -> list[jsonschema.ValidationError]:
    """Return what is wrong inside the branch of a oneOf or anyOf that was meant: the one branch of the right type."""
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        return [error]
    branches: dict[Any, list[jsonschema.ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(next(iter(inner.schema_path), None), []).append(inner)
    meant = [
        errors
        for errors in branches.values()
        if not any(inner.validator in ("type", "const", "enum") and not inner.path for inner in errors)
    ]
    if len(meant) != 1:
        return [error]
    return [specific for inner in meant[0] for specific in _specific(inner)]


def _origin(pointer: str, place: str, origins: Mapping[str, str]) -> str:
    """Return where a place in a stand-alone schema was written."""
    tokens = pointers.split(pointer)
    if len(tokens) > 1 and tokens[0] == "$defs" and tokens[1] in origins:
        return origins[tokens[1]] + pointers.join(tokens[2:])
    return place + pointer


def meta_problem(schema: Any) -> Violation | None:
    """Return why a value is no JSON Schema 2020-12, or None where it is one."""
    if _is_schema(schema):
        return None
    error = _explaining().no_schema(schema)
    if error is None:
        return None
    return Violation(pointers.join(error.absolute_path), str(error.validator), shortened(error.message))


def _is_schema(value: Any) -> bool:
    try:
        return META.is_valid(value)
    except (ValueError, OverflowError):  # a number that the fast validator cannot hold
        return False


def as_json(value: Any) -> str:
    """Return a value as the JSON a reader would write, shortened."""
    return shortened(json.dumps(value, ensure_ascii=False))
