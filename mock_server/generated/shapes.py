"""Reading the shape of an answer off its schema: where its items stand, and which members a thing has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.definitions import complete
from apitwin.contracts.plain_schema import Plain, kinds, plain_schemas
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.generated.values.schemas import FOLLOWED


@dataclass(frozen=True)
class Shape:
    """A schema, looked at from outside. root: the schema that its references lead into."""

    schema: Any
    root: Any

    @classmethod
    def of(cls, compiled: CompiledSchema) -> Shape:
        """Return the shape of a whole schema."""
        return cls(compiled.schema, compiled.schema)

    @cached_property
    def ways(self) -> list[Plain]:
        """The ways to meet it, but for null."""
        return [way for way in plain_schemas(self.schema, self.root, FOLLOWED) if kinds(way) != ["null"]]

    @cached_property
    def kind(self) -> str:
        """The type of the first way that is one of JSON's; `any` where it says nothing."""
        found = (kind for way in self.ways for kind in kinds(way) if kind != "null")
        return next(found, "any")

    @cached_property
    def members(self) -> Mapping[str, Shape]:
        """The members of an object, by name: of all ways to be one."""
        named: dict[str, Shape] = {}
        for way in self.ways:
            if "object" in kinds(way):
                for name, schema in way.get("properties", {}).items():
                    named.setdefault(name, Shape(schema, self.root))
        return named

    @cached_property
    def is_open(self) -> bool:
        """Whether an object may have members of any name by its own words: a map, and not a record."""
        return any(
            way.get("additionalProperties") not in (None, False) or "patternProperties" in way for way in self.ways
        )

    @cached_property
    def items(self) -> Shape:
        """The shape of the elements of an array."""
        found = (way["items"] for way in self.ways if "items" in way)
        return Shape(next(found, True), self.root)

    @cached_property
    def is_write_only(self) -> bool:
        """Whether an answer never shows it."""
        return any(way.get("writeOnly") is True for way in self.ways)

    def has_all_choices_of(self, other: Shape) -> bool:
        """Return whether it is a choice of the same kinds of objects as another shape, and of more."""
        own, others = ([frozenset(way.get("properties", {})) for way in shape.ways] for shape in (self, other))
        return len(own) > len(others) and bool(others) and set(others) <= set(own)

    def at(self, pointer: str) -> Shape | None:
        """Return the shape of what a pointer names, None where there is no such member."""
        shape: Shape | None = self
        for token in pointers.split(pointer):
            shape = None if shape is None else shape.members.get(token)
        return shape

    def standing_alone(self, place: str) -> CompiledSchema:
        """Return it as a schema that judges values. place: for errors."""
        definitions = self.root.get("$defs", {}) if isinstance(self.root, dict) else {}
        alone = self.schema if self.schema is self.root else {"allOf": [self.schema]}
        return CompiledSchema(complete(alone, definitions), place)


def arrays(shape: Shape, depth: int = 2) -> Iterator[tuple[str, Shape]]:
    """Yield the arrays of objects in a page, each with its pointer: the page itself, then its members, then theirs."""
    if shape.kind == "array":
        if shape.items.kind == "object":
            yield "", shape.items
        return
    if shape.kind != "object" or depth == 0:
        return
    for name, member in shape.members.items():
        if member.kind == "array" and member.items.kind == "object":
            yield pointers.join([name]), member.items
    for name, member in shape.members.items():
        if member.kind == "object":
            for pointer, items in arrays(member, depth - 1):
                yield pointers.join([name]) + pointer, items
