"""How a thing is shown by one operation: those of its members that the answer has, and what else the answer needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.json_values import copied
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.generated.finding import HIDDEN
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker, nothing

ROUNDS = 4
"""How often what does not fit is exchanged, before a whole other value is shown."""


@dataclass(frozen=True)
class View:
    """An answer about one thing.

    holder: where in the answer the thing stands; noun: what it is called; identity: its member that says which one it
    is.
    """

    schema: CompiledSchema
    shape: Shape
    holder: str
    maker: Maker
    noun: str
    identity: str

    def of(self, values: Mapping[str, Any], seed: object) -> Any:
        """Return the body that shows a thing: its own values where the schema takes them, others where it does not."""
        thing = self._chosen(values)
        if self.holder == "" and self.shape.kind in ("object", "any") and self.schema.surely_accepts(thing):
            return thing
        try:
            whole = self.maker.made(seed, 0, self.noun)
        except Unmakeable:
            whole = self._unreferred(seed)
        if whole is None:
            return thing
        return self._joined(whole, thing)

    def _unreferred(self, seed: object) -> Any:
        """Return a made-up answer that refers to nothing, None where there is none either."""
        try:
            return self.maker.made(seed, 0, self.noun, nothing)
        except Unmakeable:
            return None

    def _chosen(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members of a thing that the answer speaks of."""
        shape = self.shape.at(self.holder)
        members: Mapping[str, Shape] = {} if shape is None else shape.members
        if not members or shape is None or shape.is_open:
            return {name: value for name, value in values.items() if not name.startswith(HIDDEN)}
        shown = (name for name in members if name in values and not members[name].is_write_only)
        return {name: _as(values[name], members[name]) for name in shown}

    def _joined(self, whole: Any, thing: dict[str, Any]) -> Any:
        """Return a made-up answer with the values of a thing in it, as many as the schema takes."""
        made = pointers.find(whole, self.holder)
        if not isinstance(made, dict):
            return whole
        body, own = copied(whole), dict(thing)
        inside = len(pointers.split(self.holder))
        for _ in range(ROUNDS):
            mixed = {**_needed(made, self.shape.at(self.holder)), **own}
            body = mixed if self.holder == "" else _replaced(body, self.holder, mixed)
            wrong = [pointers.split(violation.pointer) for violation in self.schema.violations(body)]
            if not wrong:
                return body
            unfit = {path[inside] for path in wrong if len(path) > inside} & own.keys()
            if not unfit:
                break
            own = {name: value for name, value in own.items() if name not in unfit}
        return self._named(whole, thing)

    def _named(self, whole: Any, thing: dict[str, Any]) -> Any:
        """Return a made-up answer that says which thing it is about, where the schema takes that much of it."""
        if self.identity not in thing:
            return whole
        body = _replaced(whole, pointers.join([*pointers.split(self.holder), self.identity]), thing[self.identity])
        return body if self.schema.surely_accepts(body) else whole


def _as(value: Any, member: Shape) -> Any:
    """Return a number as the text that another operation shows it as, and the other way round."""
    if isinstance(value, int) and not isinstance(value, bool) and member.kind == "string":
        return str(value)
    is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16
    return int(value) if is_number and member.kind == "integer" else value


def _needed(made: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
    """Return what of a made-up thing must be there."""
    required = {name for way in (shape.ways if shape is not None else ()) for name in way.get("required", ())}
    return {name: value for name, value in made.items() if name in required}


def _replaced(body: Any, pointer: str, value: Any) -> Any:
    changed = copied(body)
    pointers.put(changed, pointer, value)
    return changed
