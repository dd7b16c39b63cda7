"""Schemas of a document, and what they come to: seen through references, optional values and combinations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.errors import ContractError

DEPTH = 12
"""Combinations and references inside each other that are looked through (assumed: written ones have two or three)."""
NULL = "null"


@dataclass(frozen=True)
class Node:
    """A value of a document and where it stands: its file, None in a document without one, and its pointer."""

    value: Any
    holder: Any
    pointer: str

    def at(self, *keys: str | int) -> Node | None:
        """Return what stands below some keys, or None where nothing does."""
        value = self.value
        for key in keys:
            if isinstance(value, Mapping) and key in value:
                value = value[key]
            elif isinstance(value, list) and key in range(len(value)):
                value = value[int(key)]
            else:
                return None
        return Node(value, self.holder, self.pointer + pointers.join(keys))


Follow = Callable[[Any, Any, str], tuple[Any, Any, str]]
"""What a `$ref` names: from its text, the file that holds it and its place to the value, its file and its pointer."""


@dataclass(frozen=True)
class Shape:
    """What a schema allows, as far as it can be said in a few words.

    types: without null, empty where nothing is said; is_nullable: whether null is allowed, too. members: of an object;
    items: of an array. choices: the values of an enum, None where any value will do. words: its other keywords, of the
    schema itself and of the only thing that it may be. written: how many references led to it and the last one's text.
    """

    types: frozenset[str] = frozenset()
    is_nullable: bool = False
    members: Mapping[str, Node] = field(default_factory=dict)
    items: Node | None = None
    choices: tuple[Any, ...] | None = None
    words: Mapping[str, Any] = field(default_factory=dict)
    source: Node | None = None

    def is_a(self, *types: str) -> bool:
        """Return whether it is of one of some types; a schema that names no type is of none."""
        return not self.types.isdisjoint(types)

    def may_be(self, *types: str) -> bool:
        """Return whether it is of one of some types, or says nothing of its type."""
        return not self.types or self.is_a(*types)

    @property
    def description(self) -> str:
        """The text that describes it, in lower case."""
        text = self.words.get("description", "")
        return text.lower() if isinstance(text, str) else ""

    @property
    def format(self) -> str:
        """Its format, "" where there is none."""
        text = self.words.get("format", "")
        return text if isinstance(text, str) else ""


NOTHING = Shape()


class Shapes:
    """The schemas of one document, each looked at once."""

    def __init__(self, follow: Follow) -> None:
        """follow: finds what a `$ref` names; a reference that leads nowhere says nothing."""
        self._follow = follow
        self._seen: dict[tuple[int, str], tuple[Any, Shape]] = {}
        self._targets: dict[int, tuple[Any, Shape]] = {}

    def resolved(self, node: Node | None) -> Node | None:
        """Return a node with its own `$ref` followed, None where that leads nowhere."""
        for _ in range(DEPTH):
            if node is None or not isinstance(node.value, Mapping) or "$ref" not in node.value:
                return node
            try:
                node = Node(*self._follow(node.value["$ref"], node.holder, node.pointer))
            except (ContractError, LookupError, ValueError):
                return None
        return None

    def of(self, node: Node | None) -> Shape:
        """Return what a schema comes to; where nothing is said, `NOTHING`."""
        if node is None or not isinstance(node.value, Mapping):
            return NOTHING
        key = (id(node.value), node.pointer)
        if key not in self._seen:
            self._seen[key] = (node.value, self._shape(node, 0))
        return self._seen[key][1]

    def _shape(self, node: Node, depth: int) -> Shape:
        if depth > DEPTH:
            return NOTHING
        target = self.resolved(node)
        if target is None or not isinstance(target.value, Mapping):
            return NOTHING
        shape = self._target(target, depth)
        if target.value is node.value:
            return shape
        beside = {key: value for key, value in node.value.items() if key != "$ref"}
        return Shape(**{**vars(shape), "words": {**shape.words, **beside}}) if beside else shape

    def _target(self, target: Node, depth: int) -> Shape:
        """Return what a schema without a `$ref` comes to. Each is looked at once: doubled references double nothing."""
        key = id(target.value)
        if key not in self._targets:
            self._targets[key] = (target.value, NOTHING)  # what it says by way of itself is nothing new
            self._targets[key] = (target.value, self._combined(target, depth))
        return self._targets[key][1]

    def _combined(self, target: Node, depth: int) -> Shape:
        own = _plain(target)
        parts = [own, *(self._shape(part, depth + 1) for part in _parts(target, "allOf"))]
        choices = [part for word in ("anyOf", "oneOf") for part in _parts(target, word)]
        if choices:
            parts.append(_either([self._shape(part, depth + 1) for part in choices]))
        return _both(parts, target)


def _parts(node: Node, word: str) -> Iterator[Node]:
    listed = node.value.get(word)
    for index in range(len(listed) if isinstance(listed, list) else 0):
        part = node.at(word, index)
        if part is not None and isinstance(part.value, Mapping):
            yield part


def _plain(node: Node) -> Shape:
    """Return what a schema says by itself, without its combinations."""
    value = node.value
    listed = value.get("type", ())
    types = {listed} if isinstance(listed, str) else {kind for kind in listed if isinstance(kind, str)}
    properties = value.get("properties")
    members = {name: node.at("properties", name) for name in properties} if isinstance(properties, Mapping) else {}
    enum = value.get("enum", [value["const"]] if "const" in value else None)
    is_null = value.get("nullable") is True or NULL in types or (isinstance(enum, list) and None in enum)
    if not types:
        types = {"object"} if members else {"array"} if "items" in value else _types_of(enum)
    return Shape(
        types=frozenset(types - {NULL}),
        is_nullable=is_null,
        members={name: member for name, member in members.items() if member is not None},
        items=node.at("items"),
        choices=tuple(choice for choice in enum if choice is not None) if isinstance(enum, list) else None,
        words=value,
        source=node,
    )


def _types_of(enum: Any) -> set[str]:
    is_texts = isinstance(enum, list) and enum and all(isinstance(value, str) for value in enum)
    return {"string"} if is_texts else set()


def _is_only_null(shape: Shape) -> bool:
    return shape.is_nullable and not shape.types and not shape.choices and not shape.members


def _either(shapes: list[Shape]) -> Shape:
    """Return what a value is that is one of these: the one that is not null, or what any of them may be."""
    values = [shape for shape in shapes if not _is_only_null(shape)]
    is_nullable = any(shape.is_nullable for shape in shapes)
    if len(values) == 1:
        return Shape(**{**vars(values[0]), "is_nullable": is_nullable})
    members: dict[str, Node] = {}
    for shape in reversed(values):
        members.update(shape.members)
    listed = [shape.choices for shape in values]
    choices = [choice for chosen in listed if chosen is not None for choice in chosen]
    return Shape(
        types=frozenset().union(*(shape.types for shape in values))
        if all(shape.types for shape in values)
        else frozenset(),
        is_nullable=is_nullable,
        members=members,
        items=next((shape.items for shape in values if shape.items is not None), None),
        choices=tuple(choices) if listed and None not in listed else None,
        words={key: value for shape in values for key, value in shape.words.items() if key == "format"},
        source=None,
    )


def _both(shapes: list[Shape], node: Node) -> Shape:
    """Return what a value is that is all of these."""
    shapes = [shape for shape in shapes if shape is not NOTHING]
    if len(shapes) == 1:
        return shapes[0]
    typed = [shape.types for shape in shapes if shape.types]
    members: dict[str, Node] = {}
    words: dict[str, Any] = {}
    for shape in shapes:
        members.update(shape.members)
    for shape in reversed(shapes):
        words.update(shape.words)
    return Shape(
        types=frozenset.intersection(*typed) or typed[0] if typed else frozenset(),
        is_nullable=any(shape.is_nullable for shape in shapes),
        members=members,
        items=next((shape.items for shape in shapes if shape.items is not None), None),
        choices=next((shape.choices for shape in shapes if shape.choices is not None), None),
        words=words,
        source=node,
    )
