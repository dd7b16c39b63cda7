"""Holding a value of a contract against a JSON Schema, with a complaint of one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema

from apitwin.contracts import pointers
from apitwin.contracts.errors import ContractError
from apitwin.contracts.nearest import allowed as allowed_names
from apitwin.contracts.validation import as_json, shortened


def check(value: Any, schema: Mapping[str, Any], place: str) -> None:
    """Refuse a value that a schema refuses.

    place: file and pointer of the value. Raises ContractError naming the key, what was found and what is allowed.
    """
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(value))
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
