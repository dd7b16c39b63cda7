"""The two views of one schema: what a request may leave out, and what an answer does not show.

One schema often serves both ways. A member that is `readOnly` is the server's to make, so no request has to give it; a
member that is `writeOnly` is never shown, so no answer has to have it. Source: OpenAPI 3.0.3, Schema Object, fixed
fields (`required` takes effect in one direction only); of OpenAPI 3.1 and JSON Schema Validation 9.4 assumed alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from apitwin.contracts import pointers
from apitwin.contracts.definitions import Definitions

Hidden = Literal["readOnly", "writeOnly"]
"""The word of the members that a direction does without: `readOnly` in requests, `writeOnly` in answers."""
BRANCHES = ("allOf", "anyOf", "oneOf")
"""Words under which the schemas of one and the same value stand."""
_MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs")
_VALUES = ("const", "enum", "default", "examples", "example", "required")
DEEPEST = 20
"""References and branches that are followed from one schema."""


def view(schema: Any, hidden: Hidden | None) -> Any:
    """Return a self-contained schema in which no member with a word is required; itself where it has none."""
    if hidden is None or not (_is_later(schema) or _says(schema, hidden)):
        return schema
    return _viewed(schema, schema, hidden, frozenset())


def hidden_members(schema: Any, hidden: Hidden, root: Any = None, depth: int = DEEPEST) -> frozenset[str]:
    """Return the names of the members of an object that a word hides. root: where its references lead into."""
    root = schema if root is None else root
    if not isinstance(schema, dict) or depth == 0:
        return frozenset()
    properties = schema.get("properties")
    names = {
        name
        for name, member in (properties if isinstance(properties, dict) else {}).items()
        if _is_hidden(member, hidden, root, depth)
    }
    for part in _parts(schema, root):
        names |= hidden_members(part, hidden, root, depth - 1)
    return frozenset(names)


def _is_hidden(member: Any, hidden: Hidden, root: Any, depth: int) -> bool:
    if not isinstance(member, dict) or depth == 0:
        return False
    if member.get(hidden) is True:
        return True
    named = _referred(member, root)
    parts = [named, *_listed(member.get("allOf"))]
    return any(_is_hidden(part, hidden, root, depth - 1) for part in parts if part is not None)


def _parts(schema: Mapping[str, Any], root: Any) -> list[Any]:
    """Return the schemas that speak of the same value as one does."""
    return [_referred(schema, root), *(part for word in BRANCHES for part in _listed(schema.get(word)))]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _referred(schema: Mapping[str, Any], root: Any) -> Any:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    return pointers.find(root, reference[1:])


def _is_later(schema: Any) -> bool:
    """Return whether it refers to what is not made yet, which nobody may walk through."""
    return isinstance(schema, dict) and isinstance(schema.get("$defs"), Definitions)


def _says(value: Any, word: str) -> bool:
    """Return whether a word stands anywhere in a schema."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get(word) is True:
                return True
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return False


def _viewed(schema: Any, root: Any, hidden: Hidden, inherited: frozenset[str]) -> Any:
    """Return a copy of a schema. inherited: members that the schemas around it, of the same value, hide."""
    if not isinstance(schema, dict):
        return schema
    names = inherited | hidden_members(schema, hidden, root)
    made: dict[str, Any] = {}
    for word, value in schema.items():
        if word == "required" and isinstance(value, list):
            made[word] = [name for name in value if name not in names]
        elif word in _VALUES:
            made[word] = value
        elif isinstance(value, Definitions):
            made[word] = _definitions(value, root, hidden)
        elif word in _MAPS and isinstance(value, dict):
            made[word] = {name: _viewed(part, root, hidden, frozenset()) for name, part in value.items()}
        elif word in BRANCHES and isinstance(value, list):
            made[word] = [_viewed(part, root, hidden, names) for part in value]
        elif isinstance(value, list):
            made[word] = [_viewed(part, root, hidden, frozenset()) for part in value]
        else:
            made[word] = _viewed(value, root, hidden, frozenset())
    return made


def _definitions(definitions: Definitions, root: Any, hidden: Hidden) -> Definitions:
    """Return definitions of which each is a view when it is first asked for."""
    return Definitions(lambda name: _viewed(definitions[name], root, hidden, frozenset()), definitions)
