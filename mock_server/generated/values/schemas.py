"""Values by their JSON Schema: what a thing of an API could look like, told from others by its number.

A value is made, then judged by the compiled schema. Not all of JSON Schema can be aimed at (`not`, `if`), so another is
made where it is refused: with other branches, without examples, with required members only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from apitwin.contracts import pointers
from apitwin.contracts.plain_schema import Plain, kinds, plain_schemas
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.generated.values import by_name, numbers, texts
from apitwin.mock_server.generated.values.by_name import Named
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.source import Source
from apitwin.mock_server.generated.values.wording import noun, words

Prefers = Callable[[Named, Plain], Any]
"""What a member is rather than what its name says, MISSING where nothing is known."""

FOLLOWED = 10
"""References and branches that are followed from one schema."""
DEEPEST = 3
"""Objects inside objects whose optional members are made."""
BOTTOM = 16
"""Objects inside objects beyond which nothing is made at all."""
MOST_VALUES = 2_000
"""Values inside one, beyond which no optional member is made."""
SCALARS = ("string", "integer", "number", "boolean")


def nothing(named: Named, plain: Plain) -> Any:
    """Prefer nothing to what the name of a member says."""
    return pointers.MISSING


@dataclass(frozen=True)
class Attempt:
    """One way to make a value. turn: by how much its branches are turned on."""

    turn: int = 0
    with_examples: bool = True
    with_optional: bool = True


ATTEMPTS = (
    Attempt(),
    Attempt(0, with_examples=False),
    Attempt(1, with_examples=False),
    Attempt(0, with_examples=False, with_optional=False),
    Attempt(2, with_examples=False),
    Attempt(1, with_examples=False, with_optional=False),
)
"""What is tried, until the schema takes it."""
WIDEST = 16
"""Branches of one choice that are tried in turn, where nothing else is taken (assumed)."""
LAST_ATTEMPTS = tuple(
    Attempt(turn, with_examples=False, with_optional=with_optional)
    for turn in range(2, WIDEST)
    for with_optional in (False, True)
)
"""What is tried where none of these is taken: of a `oneOf` whose branches overlap one may stand out."""


class Place(NamedTuple):
    """Where in a value something is made. above: the schemas around it; optional: whether it could be left out."""

    name: str
    holder: str
    number: int
    attempt: Attempt
    above: tuple[int, ...] = ()
    depth: int = 0

    def within(self, schema: Any, name: str, holder: str, number: int) -> Place:
        """Return the place of a member or an element of a value that is made by a schema here."""
        return Place(name, holder, number, self.attempt, (*self.above, id(schema)), self.depth + 1)


class Ways:
    """The ways to meet a schema, and what is asked of them for every value that is made."""

    def __init__(self, schema: Any, plain: list[Plain]) -> None:
        """plain: all of them, null among them."""
        self.schema = schema
        """Kept, so that no other schema gets its number."""
        usual = [way for way in plain if kinds(way) != ["null"]]
        self.usual: Sequence[Plain] = usual or plain
        """All but null, where there is another."""
        self.inside: Sequence[Plain] = [way for way in self.usual if kinds(way)[0] in SCALARS] or self.usual
        """Those that are taken inside another value: the plain ones first."""
        self.is_nullable = len(usual) < len(plain)
        self.is_write_only = any(way.get("writeOnly") for way in plain)


class Maker:
    """Makes values of one compiled schema and of the schemas in it."""

    def __init__(self, compiled: CompiledSchema, prefers: Prefers = nothing) -> None:
        self.compiled = compiled
        self.prefers = prefers
        self._ways: dict[int, Ways] = {}

    def made(self, seed: object, number: int = 0, holder: str = "", prefers: Prefers | None = None) -> Any:
        """Return a value that the schema takes, the same for the same seed and number.

        number: of the thing among its like; holder: the noun of it. Raises Unmakeable where nothing comes of it.
        """
        if self._usual is None:
            raise Unmakeable
        tried = (self._usual, *(attempt for attempt in ATTEMPTS if attempt != self._usual))
        for count, attempt in enumerate(tried):
            making = _Making(self, Source(seed, number, count), prefers or self.prefers)
            try:
                value = making.value(self.compiled.schema, Place("", holder, number, attempt))
            except Unmakeable:
                continue
            if self.compiled.surely_accepts(value):
                return value
        raise Unmakeable

    @cached_property
    def _usual(self) -> Attempt | None:
        """The attempt that others of its like begin with: the first that succeeds, None where none does.

        It is looked for with one value that nobody sees, so that it does not depend on what is asked for first.
        """
        for attempt in (*ATTEMPTS, *LAST_ATTEMPTS):
            for number in (0, 1):
                making = _Making(self, Source("usual", number), nothing)
                try:
                    value = making.value(self.compiled.schema, Place("", "", number, attempt))
                except Unmakeable:
                    continue
                if self.compiled.surely_accepts(value):
                    return attempt
        return None

    def ways(self, schema: Any) -> Ways:
        """Return the ways to meet a schema, which are looked for once."""
        known = self._ways.get(id(schema))
        if known is None:
            known = self._ways[id(schema)] = Ways(schema, plain_schemas(schema, self.compiled.schema, FOLLOWED))
        return known


class _Making:
    """One value being made. left: how many values may still come into it."""

    def __init__(self, maker: Maker, source: Source, prefers: Prefers) -> None:
        self.maker = maker
        self.source = source
        self.prefers = prefers
        self.left = MOST_VALUES

    def value(self, schema: Any, place: Place) -> Any:
        """Return a value of a schema. Raises Unmakeable."""
        self.left -= 1
        ways = self.maker.ways(schema)
        plain = self._chosen(ways, place)
        preferred = self.prefers(self._named(place), plain) if self.prefers is not nothing else pointers.MISSING
        if preferred is not pointers.MISSING:
            return preferred
        if "const" in plain:
            return plain["const"]
        if isinstance(plain.get("enum"), list):
            return self._of_enum(plain, place)
        types = kinds(plain)
        is_nullable = ways.is_nullable or ("null" in types and len(types) > 1)
        if place.number and place.depth and is_nullable and self.source.one_in(6):
            return None
        return self._of_kind(plain, types, schema, place)

    def _named(self, place: Place) -> Named:
        return Named(self.source, words(place.name), place.holder, place.number)

    def _chosen(self, ways: Ways, place: Place) -> Plain:
        """Return the way that a value is made in."""
        usual = ways.inside if place.depth else ways.usual
        if not usual:
            raise Unmakeable
        return usual[(place.attempt.turn + (0 if place.depth else place.number)) % len(usual)]

    def _of_enum(self, plain: Plain, place: Place) -> Any:
        named = kinds(plain)
        fitting = [value for value in plain["enum"] if named == ["any"] or "null" in named or value is not None]
        told = [value for value in fitting if value is not None] or fitting
        if not told:
            raise Unmakeable
        return told[(place.number + self.source.below(2)) % len(told)]

    def _of_kind(self, plain: Plain, types: Sequence[str], schema: Any, place: Place) -> Any:
        kind = next((kind for kind in types if kind != "null"), "null")
        if kind in SCALARS:
            example = self._example(plain, kind, place)
            return _scalar(kind, plain, self._named(place)) if example is pointers.MISSING else example
        if kind == "array":
            return self._array(plain, schema, place)
        if kind == "object":
            return self._object(plain, schema, place)
        if kind == "null":
            return None
        return by_name.text(self._named(place)) or (by_name.word(self._named(place)) if place.depth else {})

    def _example(self, plain: Plain, kind: str, place: Place) -> Any:
        """Return an example of the schema: the first thing has it, and others where nothing else is known."""
        examples = _examples(plain)
        if not examples or not place.attempt.with_examples:
            return pointers.MISSING
        if len(examples) > 1:
            return examples[(place.number + self.source.below(2)) % len(examples)]
        is_known = kind != "string" or "format" in plain or by_name.text(self._named(place)) is not None
        return pointers.MISSING if place.number and is_known else examples[0]

    # Arrays and objects

    def _array(self, plain: Plain, schema: Any, place: Place) -> list[Any]:
        least, most = _count(plain, "minItems", 0), _count(plain, "maxItems", 100)
        heads = plain.get("prefixItems", ())
        items: Any = plain.get("items", not heads)
        if place.attempt.with_examples and not place.number and isinstance(_first_example(plain), list):
            return list(_first_example(plain))
        if "contains" in plain and not heads:
            items = {"allOf": [plain["contains"], items]}
        wanted = max(least, min(most, max(1 + place.number % 3, len(heads))))
        if least == 0 and (self.left < 0 or place.depth >= DEEPEST or id(items) in place.above):
            return []
        made: list[Any] = []
        for index in range(wanted * 3 if plain.get("uniqueItems") else wanted):
            if len(made) >= wanted:
                break
            part = heads[index] if index < len(heads) else items
            one = place.within(schema, place.name, place.holder, place.number + index)
            try:
                element = self.value(part, one)
            except Unmakeable:
                if len(made) < least:
                    raise
                break
            if not (plain.get("uniqueItems") and element in made):
                made.append(element)
        return made

    def _object(self, plain: Plain, schema: Any, place: Place) -> dict[str, Any]:
        if place.depth > BOTTOM:
            raise Unmakeable
        required = [name for name in plain.get("required", ()) if isinstance(name, str)]
        named: Mapping[str, Any] = plain.get("properties", {})
        given = _first_example(plain) if place.attempt.with_examples and not place.number else None
        made: dict[str, Any] = {}
        for name, member in named.items():
            if isinstance(given, dict) and name in given:
                made[name] = given[name]
            elif name in required or self._is_made(member, plain, place):
                self._put(made, name, member, name in required, schema, place)
        others = plain.get("additionalProperties", True)
        for name in required:
            if name not in made:
                self._put(made, name, named.get(name, others), True, schema, place)
        self._put_others(made, plain, schema, place)
        return made

    def _is_made(self, member: Any, plain: Plain, place: Place) -> bool:
        """Return whether an optional member is made."""
        if not place.attempt.with_optional or self.left < 0 or place.depth >= DEEPEST:
            return False
        return id(member) not in place.above and not self.maker.ways(member).is_write_only

    def _put(self, made: dict[str, Any], name: str, member: Any, is_required: bool, schema: Any, place: Place) -> None:
        holder = noun(place.name) if place.name else place.holder
        inner = place.within(member, name, holder, place.number)
        try:
            made[name] = self.value(member, inner)
        except Unmakeable:
            if is_required:
                raise

    def _put_others(self, made: dict[str, Any], plain: Plain, schema: Any, place: Place) -> None:
        """Put members of any name into an object: two where it is all made of such, more where it must have more."""
        others = plain.get("additionalProperties", True)
        by_pattern = plain.get("patternProperties", {})
        is_map = not plain.get("properties") and isinstance(others, dict) and others != {}
        wanted = max(_count(plain, "minProperties", 0), 2 if is_map and place.depth < DEEPEST else 0)
        wanted = min(wanted, _count(plain, "maxProperties", wanted))
        if others is False and by_pattern:
            others = next(iter(by_pattern.values()))
        for name in islice(self._names(plain), 3 * wanted):
            if len(made) >= wanted or others is False:
                break
            self._put(made, name, others, False, schema, place)

    def _names(self, plain: Plain) -> Any:
        """Yield names for members of any name."""
        rule: Any = plain.get("propertyNames")
        patterns = list(plain.get("patternProperties", ()))
        if not isinstance(rule, dict):
            rule = {"pattern": patterns[0]} if patterns and plain.get("additionalProperties") is False else {}
        enum = rule.get("enum")
        for number in range(100):
            if isinstance(enum, list) and number < len(enum):
                yield str(enum[number])
            elif not isinstance(enum, list):
                named = Named(self.source, ("slug",), "", number)
                yield texts.text(rule, named)


def _scalar(kind: str, plain: Plain, named: Named) -> Any:
    if kind == "string":
        return texts.text(plain, named)
    if kind == "boolean":
        return named.source.one_in(2)
    wanted = by_name.number(named)
    return (numbers.integer if kind == "integer" else numbers.number)(plain, named.source, wanted)


def _examples(plain: Plain) -> list[Any]:
    listed = plain.get("examples")
    if "example" in plain:
        return [plain["example"]]
    return list(listed) if isinstance(listed, list) else list(listed.values()) if isinstance(listed, dict) else []


def _first_example(plain: Plain) -> Any:
    return next(iter(_examples(plain)), None)


def _count(plain: Plain, word: str, otherwise: int) -> int:
    value = plain.get(word, otherwise)
    return int(value) if isinstance(value, (int, float)) else otherwise
