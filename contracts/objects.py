"""Which objects of OpenAPI stand where, as a table: what walks through a document needs to know no more.

Source: OpenAPI 3.1.1, section 4.8, and JSON Schema 2020-12, Core section 10; `definitions`, `parameters` and
`responses` of the document are those of Swagger 2.0. Callbacks, links and webhooks are not in it: nothing reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from apitwin.contracts.words import words

Method = Literal["get", "put", "post", "delete", "options", "head", "patch", "trace"]
"""The methods of a path (OpenAPI 3.1, Path Item Object)."""
METHODS: tuple[str, ...] = words(Method)
Kind = Literal[
    "document",
    "components",
    "path item",
    "operation",
    "parameter",
    "header",
    "request body",
    "response",
    "media type",
    "example",
    "security scheme",
    "schema",
]
"""The kinds of objects."""
Shape = Literal["one", "map", "list"]
"""Whether a member is an object, has objects by names that the author chose, or is a list of objects."""


@dataclass(frozen=True)
class Held:
    """What a member of an object holds."""

    kind: Kind
    shape: Shape = "one"


_SCHEMA, _SCHEMAS, _NAMED = Held("schema"), Held("schema", "list"), Held("schema", "map")
_CONTENT = Held("media type", "map")
OBJECTS: Mapping[Kind, Mapping[str, Held]] = {
    "document": {
        "definitions": _NAMED,
        "parameters": Held("parameter", "map"),
        "responses": Held("response", "map"),
        "components": Held("components"),
        "paths": Held("path item", "map"),
    },
    "components": {
        "schemas": _NAMED,
        "parameters": Held("parameter", "map"),
        "headers": Held("header", "map"),
        "requestBodies": Held("request body", "map"),
        "responses": Held("response", "map"),
        "examples": Held("example", "map"),
        "pathItems": Held("path item", "map"),
        "securitySchemes": Held("security scheme", "map"),
    },
    "path item": {"parameters": Held("parameter", "list"), **{method: Held("operation") for method in METHODS}},
    "operation": {
        "parameters": Held("parameter", "list"),
        "requestBody": Held("request body"),
        "responses": Held("response", "map"),
    },
    "parameter": {"schema": _SCHEMA, "content": _CONTENT, "examples": Held("example", "map")},
    "header": {"schema": _SCHEMA, "content": _CONTENT},
    "request body": {"content": _CONTENT},
    "response": {"content": _CONTENT, "headers": Held("header", "map")},
    "media type": {"schema": _SCHEMA, "examples": Held("example", "map")},
    "example": {},
    "security scheme": {},
    "schema": {
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), _NAMED),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _SCHEMAS),
        **dict.fromkeys(
            (
                "items",
                "contains",
                "additionalProperties",
                "propertyNames",
                "unevaluatedItems",
                "unevaluatedProperties",
                "not",
                "if",
                "then",
                "else",
            ),
            _SCHEMA,
        ),
    },
}
"""The members of each kind of object that hold objects."""
EXTENDED: frozenset[tuple[Kind, str]] = frozenset({("document", "paths"), ("operation", "responses")})
"""Maps in which a name that begins with `x-` is an extension and no object."""
