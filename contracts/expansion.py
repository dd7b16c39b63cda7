"""How often one value is held against the schemas of a contract: what doubled references, doubled again, come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apitwin.contracts.budgets import Budgets
from apitwin.contracts.errors import ContractError

_LISTED = ("allOf", "anyOf", "oneOf")
_ALONE = ("not", "if", "then", "else")
_WORDS = frozenset(("$ref", "dependentSchemas", *_LISTED, *_ALONE))


class Expansion:
    """The steps that the schemas of one contract need.

    A step is a schema that the same value is held against: by `$ref`, `allOf`, `anyOf`, `oneOf`, `not`, `if`, `then`,
    `else` and `dependentSchemas`.
    """

    def __init__(self, budgets: Budgets) -> None:
        self._most, self._longest = budgets.schema_steps, budgets.references
        self._counts: dict[str, int] = {}

    def check(self, schemas: Iterable[Any], definitions: Mapping[str, Any], place: str) -> None:
        """Refuse schemas that need too many steps for one value, or too long a chain of references.

        definitions: what their references lead to, by name. place: file and pointer, for the ContractError.
        """
        for root in schemas:
            for inner in _branched(root):
                if self._steps(inner, definitions, (), place) > self._most:
                    found = f"references and branches lead to more than {self._most} schemas for one value"
                    raise ContractError(place, found)

    def _steps(self, schema: Any, definitions: Mapping[str, Any], chain: tuple[str, ...], place: str) -> int:
        if not isinstance(schema, dict):
            return 1
        total = 1 + sum(self._steps(part, definitions, chain, place) for part in _parts(schema))
        name = schema["$ref"].rpartition("/")[2] if isinstance(schema.get("$ref"), str) else ""
        if name in chain or name not in definitions:  # a circle costs nothing: the validators stop there
            return total
        if len(chain) >= self._longest:
            raise ContractError(place, f"more than {self._longest} references lead to each other")
        if name not in self._counts:
            self._counts[name] = self._steps(definitions[name], definitions, (*chain, name), place)
        return min(total + self._counts[name], 10 * self._most)


def _parts(schema: Mapping[str, Any]) -> list[Any]:
    """Return the schemas inside a schema that speak of the same value."""
    dependent = schema.get("dependentSchemas")
    parts = [schema[word] for word in _ALONE if word in schema]
    parts += [part for word in _LISTED if isinstance(schema.get(word), list) for part in schema[word]]
    return [*parts, *(dependent.values() if isinstance(dependent, dict) else ())]


def _branched(root: Any) -> list[dict[str, Any]]:
    """Return every object in a schema that has branches or a reference."""
    branched: list[dict[str, Any]] = []
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            branched += [value] if value.keys() & _WORDS else []
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return branched
