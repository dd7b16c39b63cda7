"""Holding a value of a contract against a JSON Schema of our own, with a complaint of one line.

The fast validator decides; `jsonschema`, whose import alone costs as much as reading a contract, explains a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from apitwin.contracts import pointers
from apitwin.contracts.errors import ContractError
from apitwin.contracts.nearest import allowed as allowed_names
from apitwin.contracts.validation import as_json, shortened

if TYPE_CHECKING:
    import jsonschema


class Expected:
    """A schema that values of a contract must meet, compiled when the first is held against it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """schema: one of our own, which is known to be a JSON Schema and holds no `format`."""
        self.schema = schema

    @cached_property
    def _fast(self) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(dict(self.schema))

    def require(self, value: Any, place: str) -> None:
        """Refuse a value that the schema refuses.

        place: file and pointer of the value. Raises ContractError naming the key, what was found and what is allowed.
        """
        try:
            if self._fast.is_valid(value):
                return
        except (ValueError, OverflowError):  # a number that the fast validator cannot hold
            pass
        import jsonschema

        error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(self.schema).iter_errors(value))
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
