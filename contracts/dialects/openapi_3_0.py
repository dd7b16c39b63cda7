"""OpenAPI 3.0: its schemas are another dialect of JSON Schema than those of 3.1.

Source: OpenAPI 3.0.4, section 4.7.24 (Schema Object) and 4.7.23.2 (siblings of `$ref`); what became of it in 3.1 is in
the migration guide, "Migrating from OpenAPI 3.0 to 3.1.0".
"""

from __future__ import annotations

from typing import Any

from apitwin.contracts.dialects.dialect import Dialect
from apitwin.contracts.dialects.nulls import ANNOTATIONS, let_null_be, says_null
from apitwin.contracts.walking import Place, Walk

BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def schema(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Turn a schema of OpenAPI 3.0 or Swagger 2.0 into one of JSON Schema 2020-12, in place."""
    if "example" in value:
        value.setdefault("examples", [value["example"]])
        del value["example"]
    for exclusive, bound in BOUNDS:
        _exclusive(value, exclusive, bound)
    _file(value)
    may_be_null = says_null(value)
    if "$ref" in value:
        for word in [word for word in value if word not in ANNOTATIONS and word[:2] != "x-" and word != "$ref"]:
            del value[word]  # siblings of a reference are ignored
    if may_be_null:
        let_null_be(value)
    return value


def _exclusive(value: dict[str, Any], exclusive: str, bound: str) -> None:
    """Turn `exclusiveMinimum: true` beside `minimum: 0` into `exclusiveMinimum: 0`."""
    if isinstance(value.get(exclusive), bool) and value.pop(exclusive) and bound in value:
        value[exclusive] = value.pop(bound)


def _file(value: dict[str, Any]) -> None:
    """Turn `type: file` of Swagger 2.0 into a text of bytes."""
    if value.get("type") == "file":
        value.update(type="string", format="binary")


DIALECT = Dialect("OpenAPI 3.0", "openapi", ("3.0.",), lambda document: {"schema": (schema,)})
