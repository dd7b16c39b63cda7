"""The `$defs` of a schema that is looked at and not compiled: nobody makes those that nobody asks for."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any

from apitwin.contracts import pointers


class Definitions(dict[str, Any]):
    """Schemas by name. Each is made when it is first asked for, and is not there before: do not walk through them."""

    def __init__(self, make: Callable[[str], Any], names: Container[object]) -> None:
        """make: returns the schema of a name; names: of all that there are."""
        super().__init__()
        self._make, self._names = make, names

    def __missing__(self, name: str) -> Any:
        self[name] = self._make(name)
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def get(self, name: str, default: Any = None) -> Any:
        """Return the schema of a name, the default where there is none."""
        return self[name] if name in self else default  # noqa: SIM401  that is this method


def complete(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a schema that needs no other one: with all definitions, and no more, that its references lead to."""
    if not isinstance(schema, dict):
        return schema
    own = {word: value for word, value in schema.items() if word != "$defs"}
    carried: dict[str, Any] = {}
    waiting: list[Any] = [own]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            name = _name(value.get("$ref"))
            if name is not None and name not in carried and name in definitions:
                carried[name] = definitions[name]
                waiting.append(carried[name])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return {**own, "$defs": carried} if carried else own


def _name(reference: Any) -> str | None:
    """Return the name of the definition that a `$ref` leads into, None where it leads elsewhere."""
    if not isinstance(reference, str) or not reference.startswith("#/$defs/"):
        return None
    return pointers.split(reference[1:])[1]
