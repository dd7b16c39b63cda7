"""Schemas that say by a word of their own that null is a value too, as OpenAPI 3.0 does.

Source: OpenAPI 3.0.4, section 4.7.24 (`nullable`). 3.1 has `type: [string, "null"]` for it and no such word.
"""

from __future__ import annotations

from typing import Any

ANNOTATIONS = frozenset({"description", "title", "default", "examples", "readOnly", "writeOnly", "deprecated"})
"""What may stand beside a `$ref`: it says nothing of which values are valid."""
NULLABLE = ("nullable", "x-nullable")
"""Words for a value that may be null; the second is that of generators of Swagger 2.0."""
_SHAPED = frozenset({"enum", "const", "allOf", "anyOf", "oneOf", "not", "$ref"})


def says_null(value: dict[str, Any]) -> bool:
    """Take the words for null out of a schema, and return whether one of them lets it be."""
    return any([value.pop(word, False) is True for word in NULLABLE])  # a list: every word is taken out


def let_null_be(value: dict[str, Any]) -> None:
    """Let null be a value too.

    3.0.4 says that `nullable` adds nothing to an `enum` without null, nor where no `type` stands beside it; whoever
    writes it there means null all the same (assumed), and a server that answers it is not accused.
    """
    kind = value.get("type")
    if isinstance(kind, list):
        value["type"] = kind if "null" in kind else [*kind, "null"]
    elif isinstance(kind, str) and not value.keys() & (_SHAPED - {"enum"}):
        value["type"] = [kind] if kind == "null" else [kind, "null"]
        if isinstance(value.get("enum"), list) and None not in value["enum"]:
            value["enum"] = [*value["enum"], None]
    elif value.keys() & (_SHAPED | {"type"}):
        kept = {word: value.pop(word) for word in list(value) if word in ANNOTATIONS}
        inner = dict(value)
        value.clear()
        value.update(kept, anyOf=[inner, {"type": "null"}])
