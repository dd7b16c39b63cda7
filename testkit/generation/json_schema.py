"""JSON values by their schema, as Hypothesis strategies: small ones, such as a person would send.

Not all of JSON Schema can be aimed at (`not`, `if`, `contains`, a pattern with a length). Whoever draws from here must
check the value against the schema afterwards.
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

from apitwin.contracts import patterns
from apitwin.contracts.plain_schema import DEEPEST, Plain, kinds, plain_schemas

Strategy = strategies.SearchStrategy[Any]

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
MOST_NAMES = 64
"""Names that are looked at for the members of an object that must have more members than it names."""
LONGEST_TEXT = 40
"""Characters of a text, where no more are asked for."""
MOST_ASKED = 10_000
"""Characters or items beyond which nothing is drawn, though a schema may ask for more."""
SPAN = 1000
"""How far a number goes from its only bound."""
EXACT = Fraction(1, 4)
"""Fractions that are as exact in binary as in decimal places: what a server stores is what it was sent."""


_REPEATED = re.compile(r"[*+{]")
_PLACES = re.compile(r"(?<!\[)[$^]|\\[bBAZz]")


class Undrawable(Exception):
    """No value of a schema can be drawn."""


def strategy(schema: Any, root: Any, depth: int = DEEPEST) -> Strategy:
    """Return what draws values of a schema. root: the schema that its references lead into.

    Null is drawn only where nothing else is left: to many servers it stands for a default.
    Raises Undrawable where no value is known.
    """
    if schema is True or schema == {}:
        return VALUES
    branches: list[Strategy] = []
    for plain in sorted(plain_schemas(schema, root), key=lambda plain: kinds(plain) == ["null"]):
        if not branches or kinds(plain) != ["null"]:
            branches += _drawable(plain, root, depth)
    if not branches:
        raise Undrawable
    return branches[0] if len(branches) == 1 else strategies.one_of(branches)


def _drawable(plain: Plain, root: Any, depth: int) -> list[Strategy]:
    """Return what draws values of a plain schema, one strategy for each type that can be drawn."""
    named = kinds(plain)
    if "const" in plain:
        return [strategies.just(plain["const"])]
    if "enum" in plain:
        chosen = [value for value in plain["enum"] if named == ["any"] or any(_is(value, kind) for kind in named)]
        return [strategies.sampled_from(chosen)] if chosen else []
    drawable: list[Strategy] = []
    for kind in sorted(named, key=lambda kind: kind == "null") if depth else ():
        if kind == "null" and drawable:
            continue
        try:
            drawable.append(_BY_KIND[kind](plain, root, depth - 1))
        except (Undrawable, ValueError, OverflowError):  # a bound may be too large for a number
            continue
    return drawable


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
    fitting = [text for text in TEXTS if least <= len(text) <= most]
    # To many servers an empty text is no text. A long text is filled up: Hypothesis gives up long draws.
    shortest, longest = max(1, min(least, LONGEST_TEXT)), max(1, min(most, LONGEST_TEXT))
    letters = strategies.characters(categories=("L", "N"))
    drawn = strategies.text(letters, min_size=shortest, max_size=longest).map(lambda text: text.ljust(least, "x"))
    return strategies.sampled_from(fitting) | drawn if fitting else drawn


def _matching(pattern: str, least: int, most: int) -> Strategy:
    """Draw what matches a pattern, without space around it, which servers strip.

    Raises Undrawable where Python's `re`, by which Hypothesis makes texts and looks at them, could take for ever: for
    lookaround, references back, and places such as `$` between repetitions.
    """
    try:
        engine = patterns.compiled(pattern)
    except patterns.PatternError:
        raise Undrawable from None
    body = pattern.removeprefix("^").removesuffix("$")
    if not engine.is_linear or (_REPEATED.search(body) and _PLACES.search(body)):
        raise Undrawable
    for lowest in (33, 32):
        alphabet = strategies.characters(min_codepoint=lowest, max_codepoint=126)
        try:
            matching = strategies.from_regex(pattern, fullmatch=True, alphabet=alphabet)
            matching.validate()
        except (InvalidArgument, re.error, RecursionError):  # characters beyond these, or words of another dialect
            continue
        return matching.filter(
            lambda text: least <= len(text) <= most and text == text.strip() and engine.matches(text)
        )
    raise Undrawable


def _formatted(name: str) -> Strategy:
    if name not in FORMATS:
        raise Undrawable
    return FORMATS[name]


_SOME = strategies.integers(1, 250)
FORMATS: Mapping[str, Strategy] = {
    "date-time": strategies.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0).isoformat() + "Z"
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
    return strategies.integers(*_between(plain, Fraction(grid))).map(lambda step: step * grid)


def _number(plain: Plain, root: Any, depth: int) -> Strategy:
    """Draw a number with few decimal places, always as a float, so that what comes back is compared as a number."""
    for grid in [_fraction(plain["multipleOf"])] if "multipleOf" in plain else _GRIDS:
        try:
            steps = _between(plain, grid)
        except Undrawable:
            continue
        return strategies.integers(*steps).map(lambda step, grid=grid: float(step * grid))  # type: ignore[misc]
    raise Undrawable


_GRIDS = (EXACT, *(Fraction(1, 10**places) for places in range(1, 18)))


def _between(plain: Plain, grid: Fraction) -> tuple[int, int]:
    """Return the first and the last multiple of a grid, counted, between the bounds of a schema."""
    lows = [math.ceil(_fraction(plain["minimum"]) / grid)] if "minimum" in plain else []
    lows += [math.floor(_fraction(plain["exclusiveMinimum"]) / grid) + 1] if "exclusiveMinimum" in plain else []
    highs = [math.floor(_fraction(plain["maximum"]) / grid)] if "maximum" in plain else []
    highs += [math.ceil(_fraction(plain["exclusiveMaximum"]) / grid) - 1] if "exclusiveMaximum" in plain else []
    span = max(1, math.floor(SPAN / grid))
    low = max(lows) if lows else min([0, *(high - span for high in highs)])
    high = min(highs) if highs else low + span
    if low > high:
        raise Undrawable
    return low, high


def _fraction(number: float) -> Fraction:
    return Fraction(str(number))  # as it is written: 0.1 is a tenth


# Arrays and objects


def _array(plain: Plain, root: Any, depth: int) -> Strategy:
    least, most = int(plain.get("minItems", 0)), int(plain.get("maxItems", MOST_ASKED))
    heads = [strategy(head, root, depth) for head in plain.get("prefixItems", ())[:most]]
    if "contains" in plain and not heads and most > 0:
        heads = [strategy({"allOf": [plain["contains"], plain.get("items", True)]}, root, depth)]
    needed = max(0, least - len(heads))
    if least > most or needed > LONGEST_TEXT:
        raise Undrawable
    try:
        item = strategy(plain.get("items", True), root, depth)
    except Undrawable:
        if needed:
            raise
        return strategies.tuples(*heads).map(list)
    unique = canonical if plain.get("uniqueItems") and not heads else None
    most_more = max(needed, min(most - len(heads), needed + 3))
    more = strategies.lists(item, min_size=needed, max_size=most_more, unique_by=unique)
    return strategies.tuples(strategies.tuples(*heads), more).map(lambda parts: [*parts[0], *parts[1]])


def _object(plain: Plain, root: Any, depth: int) -> Strategy:
    """Draw an object: its required members; where no member is named, some members of any name."""
    named = plain.get("properties", {})
    asked = list(dict.fromkeys(plain.get("required", ())))
    others = plain.get("additionalProperties", True)
    for name in itertools.islice(_spare(named, others), MOST_NAMES):
        if len(asked) >= plain.get("minProperties", 0):
            break
        asked += [name] if name not in asked else []
    members = {name: strategy(named.get(name, others), root, depth) for name in asked}
    free = () if named or others is False or len(asked) + len(NAMES) > plain.get("maxProperties", 99) else NAMES
    optional = {name: strategy(others, root, depth) for name in free if name not in asked}
    return strategies.fixed_dictionaries(members, optional=optional)


def _spare(named: Mapping[str, Any], others: Any) -> Iterable[str]:
    """Return names of members that an object may have besides those it must have."""
    return itertools.chain(named, () if others is False else (f"member {number}" for number in itertools.count(1)))


def canonical(value: Any) -> str:
    """Return the one text that stands for a JSON value; true, 1 and 1.0 are three different texts."""
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
