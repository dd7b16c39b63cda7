"""Texts of a schema: by its pattern, its format, its examples, or the name of the member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.contracts import patterns
from apitwin.contracts.formats import TESTS
from apitwin.mock_server.generated.values import by_name
from apitwin.mock_server.generated.values.by_name import Named
from apitwin.mock_server.generated.values.formats import FORMATS
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.pattern_texts import matching

MOST = 10_000
"""Characters beyond which nothing is made, though a schema may ask for more."""
BINARY = ("binary", "file")
"""Formats of what is no text for people."""


def text(plain: Mapping[str, Any], named: Named) -> str:
    """Return a text of a schema. Raises Unmakeable where none is found."""
    least, most = _bound(plain.get("minLength"), 0), _bound(plain.get("maxLength"), MOST)
    if least > most or least > MOST:
        raise Unmakeable
    if isinstance(plain.get("pattern"), str):
        return _of_pattern(plain["pattern"], plain, named, least, most)
    made = FORMATS.get(str(plain.get("format")))
    if made is not None:
        return _of_length(made(named.source, named.number, named.name), least, most)
    if plain.get("format") in BINARY:
        return _fitted("example", least, most)
    said = by_name.text(named)
    return _fitted(by_name.word(named) if said is None else said, least, most)


def _bound(value: Any, otherwise: int) -> int:
    return int(value) if isinstance(value, (int, float)) and value >= 0 else otherwise


def _of_pattern(pattern: str, plain: Mapping[str, Any], named: Named, least: int, most: int) -> str:
    """Return a text that matches a pattern, and is of the format where that is judged too."""
    is_of_format = TESTS.get(str(plain.get("format")), lambda value: True)
    made = FORMATS.get(str(plain.get("format")))
    of_format = made(named.source, named.number, named.name) if made else None
    for candidate in (of_format, by_name.text(named), by_name.word(named), by_name.word(named).replace(" ", "-")):
        is_likely = candidate is not None and (made is None or candidate == of_format)
        if is_likely and candidate is not None and least <= len(candidate) <= most and matches(pattern, candidate):
            return candidate
    found = matching(pattern, named.source, least, most)
    if found is None or not is_of_format(found):
        raise Unmakeable
    return found


def matches(pattern: str, candidate: str) -> bool:
    """Return whether a text matches a pattern for certain."""
    try:
        return bool(patterns.compiled(pattern).judges(candidate))
    except patterns.PatternError:
        return False


def _of_length(made: str, least: int, most: int) -> str:
    """Return a text of a format, which cannot be cut: a length that it has not is a reason to find none."""
    if least <= len(made) <= most:
        return made
    raise Unmakeable


def _fitted(made: str, least: int, most: int) -> str:
    """Return a text cut or filled up to a length, its end kept, which tells it from others."""
    if len(made) > most:
        head, _, tail = made.rpartition(" ")
        short = f"{head[: max(0, most - len(tail))]}{tail}" if tail.isdigit() and len(tail) <= most else made
        made = short[:most]
        made = made.strip() or made
    return made if len(made) >= least else made + "x" * (least - len(made))
