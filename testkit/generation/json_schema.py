"""JSON values by their schema, as Hypothesis strategies: small ones, such as a person would send.

Not all of JSON Schema can be aimed at (`not`, `if`, `contains`, a pattern with a length). Who draws from here asks the
schema afterwards whether it takes the value.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from hypothesis import strategies
from hypothesis.errors import InvalidArgument

from apitwin.contracts import pointers

Strategy = strategies.SearchStrategy[Any]
Plain = dict[str, Any]
"""A schema without references and branches."""

TEXTS = ("Träger №5", "x=1&limit=2", '100 % & more + "quotes"', "梁", "a/b?c#d", "two  spaces")
VALUES: Strategy = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers(-(2**31), 2**31) | strategies.sampled_from(TEXTS),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(strategies.sampled_from(("width", "höhe", "step.one")), inner, max_size=3)
    ),
    max_leaves=6,
)
"""JSON values, small ones."""
NAMES = ("geometry", "größe", "a b")
"""Members of an object of which no member is named."""
DEEPEST = 5
"""Schemas inside schemas that are followed."""
MOST_BRANCHES = 8
LONGEST_TEXT = 40
"""Characters of a text, where no more are asked for."""
MOST_ASKED = 10_000
"""Characters or items beyond which nothing is drawn, though a schema may ask for more."""
SPAN = 1000
"""How far a number goes from its only bound."""
EXACT = Fraction(1, 4)
"""Fractions that are as exact in binary as in decimal places: what a server stores is what it was sent."""
BRANCHED = ("$ref", "allOf", "anyOf", "oneOf")


class Undrawable(Exception):
    """No value of a schema can be drawn."""


def strategy(schema: Any, root: Any, depth: int = DEEPEST) -> Strategy:
    """Return what draws values of a schema. root: the schema that its references lead into.

    Null is drawn only where nothing else is left: to many servers it stands for a default.
    Raises Undrawable where no value is known.
    """
    if schema is True or schema == {}:
        return VALUES
    found: list[Strategy] = []
    for plain in sorted(plain_schemas(schema, root), key=lambda one: kinds(one) == ["null"]):
        if not found or kinds(plain) != ["null"]:
            found += _drawable(plain, root, depth)
    if not found:
        raise Undrawable
    return found[0] if len(found) == 1 else strategies.one_of(found)


def plain_schemas(schema: Any, root: Any, depth: int = DEEPEST) -> list[Plain]:
    """Return schemas without references and branches, each of which is one way to meet a schema; few of many."""
    if schema is True:
        return [{}]
    if not isinstance(schema, dict) or depth == 0:
        return []
    found = [{name: one for name, one in schema.items() if name not in BRANCHED}]
    if "$ref" in schema:
        found = _each(found, plain_schemas(_referred(schema["$ref"], root), root, depth - 1))
    for one in schema.get("allOf", ()):
        found = _each(found, plain_schemas(one, root, depth - 1))
    for name in ("anyOf", "oneOf"):
        if name in schema:
            found = _each(found, [each for one in schema[name] for each in plain_schemas(one, root, depth - 1)])
    return found


def kinds(plain: Mapping[str, Any]) -> list[str]:
    """Return the types that a plain schema takes; where it names none, the one that its other words are about."""
    named = plain.get("type")
    if named is not None:
        return list(named) if isinstance(named, list) else [named]
    return [next((kind for kind, words in WORDS.items() if any(word in plain for word in words)), "any")]


WORDS: Mapping[str, tuple[str, ...]] = {
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties", "propertyNames"),
    "string": ("pattern", "format", "minLength", "maxLength"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "contains", "uniqueItems"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""The words of a schema that say something of one type only."""


def _referred(reference: str, root: Any) -> Any:
    return pointers.find(root, reference[1:]) if reference == "#" or reference.startswith("#/") else None


def _each(some: Iterable[Plain], others: Iterable[Plain]) -> list[Plain]:
    return [_both(*pair) for pair in itertools.islice(itertools.product(some, others), MOST_BRANCHES)]


def _both(one: Plain, other: Plain) -> Plain:
    """Return a schema that asks for what two ask for, as far as that can be said in one."""
    found = {**one, **other}
    for name in one.keys() & other.keys() & _TOGETHER.keys():
        found[name] = _TOGETHER[name](one[name], other[name])
    return found


def _types(one: Any, other: Any) -> list[str]:
    some, others = ([each] if isinstance(each, str) else each for each in (one, other))
    shared = [each for each in some if each in others or (each == "integer" and "number" in others)]
    return shared + [each for each in others if each == "integer" and "number" in some and each not in shared]


def _members(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, **{name: {"allOf": [one[name], each]} if name in one else each for name, each in other.items()}}


_TOGETHER: Mapping[str, Callable[[Any, Any], Any]] = {
    "type": _types,
    "properties": _members,
    "required": lambda one, other: [*one, *(each for each in other if each not in one)],
    "enum": lambda one, other: [each for each in one if each in other],
    "additionalProperties": lambda one, other: False if one is False else other,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}


def _drawable(plain: Plain, root: Any, depth: int) -> list[Strategy]:
    """Return what draws values of a plain schema, one strategy for each type that can be drawn."""
    named = kinds(plain)
    if "const" in plain:
        return [strategies.just(plain["const"])]
    if "enum" in plain:
        chosen = [one for one in plain["enum"] if named == ["any"] or any(_is(one, kind) for kind in named)]
        return [strategies.sampled_from(chosen)] if chosen else []
    found: list[Strategy] = []
    for kind in sorted(named, key=lambda one: one == "null") if depth else ():
        if kind == "null" and found:
            continue
        try:
            found.append(_BY_KIND[kind](plain, root, depth - 1))
        except (Undrawable, ValueError, OverflowError):  # a bound may be too large for a number
            continue
    return found


def _is(value: Any, kind: str) -> bool:
    if kind in ("integer", "number"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    types = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}
    return isinstance(value, types.get(kind, ()))


# Texts


def _text(plain: Plain, root: Any, depth: int) -> Strategy:
    least, most = int(plain.get("minLength", 0)), int(plain.get("maxLength", MOST_ASKED))
    if "pattern" in plain:
        return _matching(plain["pattern"], least, most)
    if plain.get("format", "password") != "password":
        return _formatted(plain["format"])
    if least > most or least > MOST_ASKED:
        raise Undrawable
    if most == 0:
        return strategies.just("")
    fitting = [one for one in TEXTS if least <= len(one) <= most]
    # A text of no characters is no text to many servers. A long one is filled up: long draws are given up.
    shortest, longest = max(1, min(least, LONGEST_TEXT)), max(1, min(most, LONGEST_TEXT))
    letters = strategies.characters(categories=("L", "N"))
    drawn = strategies.text(letters, min_size=shortest, max_size=longest).map(lambda one: one.ljust(least, "x"))
    return strategies.sampled_from(fitting) | drawn if fitting else drawn


def _matching(pattern: str, least: int, most: int) -> Strategy:
    """Draw what matches a pattern, without space around it, which servers take away."""
    for lowest in (33, 32):
        alphabet = strategies.characters(min_codepoint=lowest, max_codepoint=126)
        try:
            found = strategies.from_regex(pattern, fullmatch=True, alphabet=alphabet)
            found.validate()
        except (InvalidArgument, re.error, RecursionError):  # characters beyond these, or words of another dialect
            continue
        return found.filter(lambda one: least <= len(one) <= most and one == one.strip())
    raise Undrawable


def _formatted(name: str) -> Strategy:
    if name not in FORMATS:
        raise Undrawable
    return FORMATS[name]


_SOME = strategies.integers(1, 250)
FORMATS: Mapping[str, Strategy] = {
    "date-time": strategies.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)).map(
        lambda one: one.replace(microsecond=0).isoformat() + "Z"
    ),
    "date": strategies.dates(date(2000, 1, 1), date(2037, 12, 31)).map(date.isoformat),
    "time": strategies.integers(0, 59).map("12:30:{:02}Z".format),
    "email": _SOME.map("law{}@example.com".format),
    "uuid": strategies.uuids(version=4).map(str),
    "ipv4": _SOME.map("192.0.2.{}".format),
    "ipv6": _SOME.map("2001:db8::{:x}".format),
    "hostname": _SOME.map("h{}.example.com".format),
    "uri": _SOME.map("https://example.com/{}".format),
    "url": _SOME.map("https://example.com/{}".format),
}
"""Texts of a format, each written as servers write it back."""


# Numbers


def _integer(plain: Plain, root: Any, depth: int) -> Strategy:
    # A whole multiple of p/q, in lowest terms, is a multiple of p.
    grid = _fraction(plain.get("multipleOf", 1)).numerator
    return strategies.integers(*_between(plain, Fraction(grid))).map(lambda one: one * grid)


def _number(plain: Plain, root: Any, depth: int) -> Strategy:
    """Draw a number with few decimal places, always as a float: what comes back is compared as a number then."""
    for grid in [_fraction(plain["multipleOf"])] if "multipleOf" in plain else _GRIDS:
        try:
            steps = _between(plain, grid)
        except Undrawable:
            continue
        return strategies.integers(*steps).map(lambda one, grid=grid: float(one * grid))  # type: ignore[misc]
    raise Undrawable


_GRIDS = (EXACT, *(Fraction(1, 10**places) for places in range(1, 18)))


def _between(plain: Plain, grid: Fraction) -> tuple[int, int]:
    """Return the first and the last multiple of a grid, counted, between the bounds of a schema."""
    lows = [math.ceil(_fraction(plain["minimum"]) / grid)] if "minimum" in plain else []
    lows += [math.floor(_fraction(plain["exclusiveMinimum"]) / grid) + 1] if "exclusiveMinimum" in plain else []
    highs = [math.floor(_fraction(plain["maximum"]) / grid)] if "maximum" in plain else []
    highs += [math.ceil(_fraction(plain["exclusiveMaximum"]) / grid) - 1] if "exclusiveMaximum" in plain else []
    span = max(1, math.floor(SPAN / grid))
    low = max(lows) if lows else min([0, *(one - span for one in highs)])
    high = min(highs) if highs else low + span
    if low > high:
        raise Undrawable
    return low, high


def _fraction(number: float) -> Fraction:
    return Fraction(str(number))  # as it is written: 0.1 is a tenth


# Arrays and objects


def _array(plain: Plain, root: Any, depth: int) -> Strategy:
    least, most = int(plain.get("minItems", 0)), int(plain.get("maxItems", MOST_ASKED))
    heads = [strategy(one, root, depth) for one in plain.get("prefixItems", ())[:most]]
    if "contains" in plain and not heads and most > 0:
        heads = [strategy({"allOf": [plain["contains"], plain.get("items", True)]}, root, depth)]
    needed = max(0, least - len(heads))
    if least > most or needed > LONGEST_TEXT:
        raise Undrawable
    try:
        one = strategy(plain.get("items", True), root, depth)
    except Undrawable:
        if needed:
            raise
        return strategies.tuples(*heads).map(list)
    unique = canonical if plain.get("uniqueItems") and not heads else None
    most_more = max(needed, min(most - len(heads), needed + 3))
    more = strategies.lists(one, min_size=needed, max_size=most_more, unique_by=unique)
    return strategies.tuples(strategies.tuples(*heads), more).map(lambda two: [*two[0], *two[1]])


def _object(plain: Plain, root: Any, depth: int) -> Strategy:
    """Draw an object: the members that are asked for; where no member is named, some of any name."""
    named = plain.get("properties", {})
    asked = list(dict.fromkeys(plain.get("required", ())))
    others = plain.get("additionalProperties", True)
    for name in itertools.islice(_spare(named, others), MOST_BRANCHES * MOST_BRANCHES):
        if len(asked) >= plain.get("minProperties", 0):
            break
        asked += [name] if name not in asked else []
    members = {name: strategy(named.get(name, others), root, depth) for name in asked}
    free = () if named or others is False or len(asked) + len(NAMES) > plain.get("maxProperties", 99) else NAMES
    optional = {name: strategy(others, root, depth) for name in free if name not in asked}
    return strategies.fixed_dictionaries(members, optional=optional)


def _spare(named: Mapping[str, Any], others: Any) -> Iterable[str]:
    """Give names of members that an object may have besides those it must have."""
    return itertools.chain(named, () if others is False else (f"member {number}" for number in itertools.count(1)))


def canonical(value: Any) -> str:
    """Return a JSON value as the one text that stands for it, in which true, 1 and 1.0 are three."""
    return json.dumps(value, sort_keys=True)


_BY_KIND: Mapping[str, Callable[[Plain, Any, int], Strategy]] = {
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": lambda plain, root, depth: strategies.booleans(),
    "null": lambda plain, root, depth: strategies.none(),
    "array": _array,
    "object": _object,
    "any": lambda plain, root, depth: VALUES,
}
