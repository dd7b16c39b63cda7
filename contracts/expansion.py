"""How often one value is held against the schemas of a contract: what doubled references, doubled again, come to."""

from __future__ import annotations

from typing import Any

from apitwin.contracts.budgets import Budgets
from apitwin.contracts.errors import ContractError

_LISTED = ("allOf", "anyOf", "oneOf")
_ALONE = ("not", "if", "then", "else")


def check(schema: Any, place: str, budgets: Budgets) -> None:
    """Refuse a stand-alone schema that needs too many steps for one value, or too long a chain of references.

    A step is a schema that the same value is held against: by `$ref`, `allOf`, `anyOf`, `oneOf`, `not`, `if`, `then`,
    `else` and `dependentSchemas`. place: file and pointer, for the ContractError.
    """
    if not isinstance(schema, dict):
        return
    definitions = schema.get("$defs", {})
    counts: dict[str, int] = {}
    for root in (*definitions.values(), schema):
        for inner in _schemas(root):
            if _steps(inner, definitions, counts, (), place, budgets) > budgets.schema_steps:
                found = f"references and branches lead to more than {budgets.schema_steps} schemas for one value"
                raise ContractError(place, found)


def _schemas(root: Any) -> list[dict[str, Any]]:
    """Return every object in a definition that has branches or a reference, those of other definitions left out."""
    found: list[dict[str, Any]] = []
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found += [value] if any(word in value for word in ("$ref", "dependentSchemas", *_LISTED, *_ALONE)) else []
            waiting += [member for key, member in value.items() if key != "$defs"]
        elif isinstance(value, list):
            waiting += value
    return found


def _steps(
    schema: Any, definitions: Any, counts: dict[str, int], chain: tuple[str, ...], place: str, budgets: Budgets
) -> int:
    if not isinstance(schema, dict):
        return 1
    parts = [schema[word] for word in _ALONE if word in schema]
    parts += [part for word in _LISTED if isinstance(schema.get(word), list) for part in schema[word]]
    dependent = schema.get("dependentSchemas")
    parts += dependent.values() if isinstance(dependent, dict) else []
    total = 1 + sum(_steps(part, definitions, counts, chain, place, budgets) for part in parts)
    name = schema["$ref"].rpartition("/")[2] if isinstance(schema.get("$ref"), str) else ""
    if name in chain or name not in definitions:  # a circle costs nothing: the validators stop there
        return total
    if len(chain) >= budgets.references:
        raise ContractError(place, f"more than {budgets.references} references lead to each other")
    if name not in counts:
        counts[name] = _steps(definitions[name], definitions, counts, (*chain, name), place, budgets)
    return min(total + counts[name], 10 * budgets.schema_steps)
