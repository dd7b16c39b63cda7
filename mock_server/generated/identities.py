"""What tells the things of a generated world apart: made by number, without the things themselves.

So that a loan can name a book before any book is made, whichever of the two is asked for first.
"""

from __future__ import annotations

from collections.abc import Iterator

from apitwin.contracts.plain_schema import Plain, kinds
from apitwin.mock_server.generated.kinds import Kind
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values import by_name, numbers, texts
from apitwin.mock_server.generated.values.by_name import Named
from apitwin.mock_server.generated.values.formats import FORMATS
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.source import Source
from apitwin.mock_server.generated.values.wording import words

SAID_OF_BOTH = ("pattern", "format", "minLength", "maxLength", "minimum", "maximum", "enum", "example", "examples")
"""What the schema of a path parameter adds to that of the member that it names."""
DIGITS = "^[1-9][0-9]*$"
"""What a text must be that stands in a path for a number."""
BY_NAME = ("name", "slug", "login", "username", "email", "sku", "isbn", "code", "handle")
"""Members whose name says what an identity looks like; others are numbered."""


def identity(kind: Kind, seed: object, number: int) -> int | str:
    """Return the identity of the thing of a number. Raises Unmakeable where there is none of that number."""
    plain = _plain(kind)
    named = Named(Source(seed, kind.collection.name, number), words(kind.identity_member), kind.noun, number)
    if isinstance(plain.get("enum"), list):
        choices = [choice for choice in plain["enum"] if isinstance(choice, (int, str))]
        if number >= len(choices):
            raise Unmakeable
        return choices[number]
    if "string" in kinds(plain):
        return _text(plain, named, kind.noun)
    return _number(plain, named)


def _plain(kind: Kind) -> Plain:
    """Return what the member and the path parameter say together."""
    member = None if kind.item is None else kind.item.at(kind.identity)
    ways = [] if member is None else member.ways
    own: Plain = dict(ways[0]) if ways else {}
    asked = Shape(kind.parameter, kind.parameter).ways if kind.parameter else []
    if not asked:
        return own
    if own and not set(kinds(own)) & set(kinds(asked[0])):
        return {**own, "pattern": DIGITS} if "integer" in kinds(asked[0]) and "string" in kinds(own) else own
    said = {word: value for word, value in asked[0].items() if word in SAID_OF_BOTH or not own}
    return {**said, **own}


def _number(plain: Plain, named: Named) -> int:
    least = plain.get("minimum", 1)
    first = int(least) if isinstance(least, (int, float)) and least > 1 else 1
    return numbers.integer(plain, named.source, first + named.number)


def _text(plain: Plain, named: Named, noun: str) -> str:
    """Return a text that no other number has: what its name asks for, or its noun and the number."""
    if "pattern" not in plain and str(plain.get("format")) in FORMATS:
        return texts.text(plain, named)
    fitting = (one for one in _candidates(plain, named, noun or "item") if _fits(one, plain))
    found = next(fitting, None)
    return texts.text({"minLength": 1, **plain}, named) if found is None else found


def _candidates(plain: Plain, named: Named, noun: str) -> Iterator[str]:
    """Yield texts for the thing of a number, the likeliest first, none with a letter that stands out in an address."""
    example = plain.get("example")
    if named.number == 0 and isinstance(example, str) and example and not set(example) & set("/?#% {}"):
        yield example
    known = by_name.text(named) if named.name[-1:] and named.name[-1] in BY_NAME else None
    if known is not None and "@" in known:
        yield f"{named.number + 1}.{known}"
    elif known is not None:
        yield f"{known}-{named.number + 1}".replace(" ", "-").lower()
    text = f"{noun}-{named.number + 1}"
    yield from (text, text.upper(), text.replace("-", ""), str(named.number + 1))
    yield str(named.number + 1).rjust(int(plain.get("minLength", 1)), "0")


def _fits(text: str, plain: Plain) -> bool:
    is_long = len(text) >= int(plain.get("minLength", 1)) and len(text) <= int(plain.get("maxLength", len(text)))
    return is_long and ("pattern" not in plain or texts.matches(plain["pattern"], text))
