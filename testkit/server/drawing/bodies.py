"""Bodies for writing operations: valid ones drawn by their schema, and ones that it must refuse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hypothesis import strategies

from apitwin.contracts import timestamps
from apitwin.contracts.model import Operation
from apitwin.contracts.plain_schema import Plain, kinds, plain_schemas
from apitwin.contracts.validation import CompiledSchema
from apitwin.testkit.errors import NothingToCompare
from apitwin.testkit.generation.json_schema import Strategy, Undrawable, canonical, strategy
from apitwin.testkit.server.probe import Probe

MISFITS: tuple[Any, ...] = ([[]], {"a": []}, "", None, True)
"""Values that few members take; no number is among them, for many servers take a number where a text is expected
(Django REST framework does)."""
MARKED = "apitwin"
"""What stands before a mark, so that people see where a thing comes from; the member that holds a mark in an object."""
CHOICE = ("enum", "const", "format", "pattern")
"""Words of a schema that allow certain texts only, and not just any text."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT")
TRIES = (("usual", True), ("usual", True), ("usual", False), ("required", True), ("required", False), ("all", True))
"""Which members are drawn, and whether numbers are taken from an existing thing; tried until the schema takes it."""


def body(probe: Probe, operation: Operation, items: Sequence[Any], mark: str = "") -> dict[str, Any]:
    """Draw a body that an operation takes: its required members, and of the others those that can be read back.

    items: things of the same kind. A number that a body shares with them, such as the type of a new thing, is taken
    from one of them, for it names something that has to exist. mark: put where anything may stand, if there is such a
    place. Raises NothingToCompare where no body can be drawn that the schema takes.
    """
    schema = operation.body.schema if operation.body is not None else None
    if schema is None:
        return {}
    like = probe.draw(strategies.sampled_from(list(items)), "like") if items else None
    like = like if isinstance(like, dict) else {}
    shapes = _shapes(schema)
    if not shapes:
        raise NothingToCompare(f"no body for {operation.id} can be drawn: {_lacking(schema)}")
    at = probe.draw(strategies.integers(0, len(shapes) - 1), "branch") if len(shapes) > 1 else 0
    shape = shapes[at % len(shapes)]
    drawn: dict[str, Any] = {}
    for members, copied in TRIES:
        names = shape.names(members, like)
        drawn = {name: probe.draw(shape.strategy(name, like if copied else {}), name) for name in names}
        if accepts(schema, drawn):
            return _marked(drawn, shape, like, mark, schema)
    raise NothingToCompare(f"no body for {operation.id} can be drawn: {_refused(schema, drawn)}")


def refusable(probe: Probe, operation: Operation, items: Sequence[Any], mark: str = "") -> Any | None:
    """Draw a body that the operation's schema refuses, None where no simple change does that. mark: as for `body`."""
    compiled = operation.body.schema if operation.body is not None else None
    if compiled is None:
        return None
    try:
        good = body(probe, operation, items, mark)
    except NothingToCompare:
        good = {}
    lacking = [{name: value for name, value in good.items() if name != gone} for gone in good]
    mistyped = [{**good, name: value} for name in good for value in MISFITS]
    candidates: list[Any] = [*lacking, *mistyped, [], "text", [good]]
    wrong = [candidate for candidate in candidates if accepts(compiled, candidate) is False]
    return probe.draw(strategies.sampled_from(wrong), "wrong body") if wrong else None


def accepts(schema: CompiledSchema, value: Any) -> bool | None:
    """Return whether a schema takes a value, None where nobody can say (a pattern in another dialect)."""
    try:
        return schema.accepts(value)
    except (re.error, RecursionError):
        return None


# The members of a body


@dataclass(frozen=True)
class _Shape:
    """One way to build a body. drawable: strategies by name; free: members for which any text or object will do.

    members: every schema that a member has, without references and branches.
    """

    required: tuple[str, ...]
    least: int
    drawable: Mapping[str, Strategy]
    members: Mapping[str, list[Plain]]
    free: frozenset[str]

    def names(self, members: str, like: Mapping[str, Any]) -> list[str]:
        """Return the members to draw: `required` only, the `usual` ones, or `all`; never fewer than are asked for."""
        chosen = {
            name
            for name in self.drawable
            if name in self.required or members == "all" or (members == "usual" and name in like and name in self.free)
        }
        spare = sorted((name for name in self.drawable if name not in chosen), key=lambda name: name not in like)
        chosen.update(spare[: max(0, self.least - len(chosen))])
        return [name for name in self.drawable if name in chosen]

    def strategy(self, name: str, like: Mapping[str, Any]) -> Strategy:
        """Return what draws a member: the value of an item, if it may name another thing, as numbers do."""
        value = like.get(name)
        listed = isinstance(value, list) and bool(value) and all(map(_is_number, value))
        named = isinstance(value, str) and any(plain.get("format") == "uuid" for plain in self.members.get(name, ()))
        chosen = any("enum" in plain or "const" in plain for plain in self.members.get(name, ()))
        copied = (_is_number(value) or listed or named) and not chosen
        return strategies.just(value) if copied else self.drawable[name]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@lru_cache(maxsize=512)
def _shapes(schema: CompiledSchema) -> tuple[_Shape, ...]:
    """Return the ways in which a body can be built that is an object."""
    plain = [
        candidate
        for candidate in plain_schemas(schema.schema, schema.schema)
        if {"object", "any"} & set(kinds(candidate))
    ]
    shapes = (_shape(candidate, schema.schema) for candidate in plain)
    return tuple(shape for shape in shapes if shape is not None)


def _shape(plain: Plain, root: Any) -> _Shape | None:
    named = plain.get("properties", {})
    required = tuple(plain.get("required", ()))
    asked = {**named, **{name: plain.get("additionalProperties", True) for name in required if name not in named}}
    drawable: dict[str, Strategy] = {}
    for name, member in asked.items():
        if name not in required and isinstance(member, dict) and member.get("readOnly"):
            continue
        try:
            drawable[name] = strategy(member, root)
        except Undrawable:
            if name in required:
                return None
    members = {name: plain_schemas(member, root) for name, member in asked.items()}
    free = frozenset(name for name, schemas in members.items() if _is_free(schemas))
    return _Shape(required, int(plain.get("minProperties", 0)), drawable, members, free)


def _is_free(members: Iterable[Plain]) -> bool:
    """Whether any text or object will do: a number or a choice may depend on things that a law knows nothing about."""
    named = [plain for plain in members if kinds(plain) != ["null"]]
    return bool(named) and all(
        {"string", "object"} & set(kinds(plain)) and not any(word in plain for word in CHOICE) for plain in named
    )


def _lacking(schema: CompiledSchema) -> str:
    """Say which required member cannot be drawn."""
    for plain in plain_schemas(schema.schema, schema.schema):
        for name in plain.get("required", ()):
            try:
                strategy(plain.get("properties", {}).get(name, plain.get("additionalProperties", True)), schema.schema)
            except Undrawable:
                return f"member {name}"
    return "it is no object"


def _refused(schema: CompiledSchema, drawn: Any) -> str:
    """Say where a schema refuses what was drawn."""
    try:
        violations = schema.violations(drawn)
    except (re.error, RecursionError):
        violations = []
    if not violations:
        return "its schema is not clear"
    place = violations[0].pointer.split("/")[1:2]
    return f"member {place[0]}" if place else f"{violations[0].keyword} of the whole"


# Marks


def _marked(
    good: dict[str, Any], shape: _Shape, like: Mapping[str, Any], mark: str, schema: CompiledSchema
) -> dict[str, Any]:
    """Return a body with a mark in a text and in every object that may hold anything, as far as the schema takes it.

    In both, for a body may lose a member on its way, and a thing that cannot be recognised is never removed.
    """
    texts = [name for name, value in good.items() if isinstance(value, str) and name in shape.free]
    texts = sorted(texts, key=lambda name: name not in like)[:1]  # one that lists show, if there is one
    objects = [name for name, value in good.items() if isinstance(value, dict) and name in shape.free]
    for names in ([*texts, *objects], texts, objects) if mark else ():
        tried = {**good, **{name: _with(good[name], mark, shape.members[name]) for name in names}}
        if tried != good and accepts(schema, tried):
            return tried
    return good


def _with(value: Any, mark: str, members: Iterable[Plain]) -> Any:
    if isinstance(value, dict):
        return {**value, MARKED: mark}
    room = min((int(plain["maxLength"]) for plain in members if "maxLength" in plain), default=10_000)
    for sign in (f"{MARKED}-{mark}", mark):
        if len(sign) == room or len(sign) == room - 1:
            return sign
        if len(sign) < room:
            return f"{value[: room - len(sign) - 1]} {sign}"
    return value


# What comes back


def differing(written: Mapping[str, Any], read: Mapping[str, Any], operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the members that were written and come back as something else; a missing member is no difference.

    operations: the writing operations. A server may add members to an object whose members are named, and may write
    a moment in its own way; true, 1 and 1.0 are three values, but a fraction that was sent is compared as a number.
    """
    structured = {name for operation in operations for name in _structured(operation)}
    return {
        name: value
        for name, value in written.items()
        if name in read and not _same(value, read[name], name in structured)
    }


def _structured(operation: Operation) -> set[str]:
    schema = operation.body.schema if operation.body is not None else None
    shapes = () if schema is None else _shapes(schema)
    return {
        name
        for shape in shapes
        for name, schemas in shape.members.items()
        if any("properties" in plain for plain in schemas)
    }


def _same(sent: Any, read: Any, structured: bool) -> bool:
    if isinstance(sent, dict) and isinstance(read, dict):
        named = sent.keys() <= read.keys() if structured else sent.keys() == read.keys()
        return named and all(_same(value, read[name], structured) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(read, list):
        return len(sent) == len(read) and all(_same(*pair, structured) for pair in zip(sent, read, strict=True))
    if isinstance(sent, float) and _is_number(read):
        return bool(sent == read)
    if isinstance(sent, str) and isinstance(read, str) and MOMENT.match(sent) and sent != read:
        moment = timestamps.parse(sent)
        return moment is not None and moment == timestamps.parse(read)
    return canonical(sent) == canonical(read)
