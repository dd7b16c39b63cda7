"""Numbers within the bounds of a schema, on the grid of its `multipleOf`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from apitwin.mock_server.generated.values.source import Source

SPAN = 1000
"""How far a number goes from its only bound."""
OF_FORMATS: Mapping[str, int] = {"int8": 2**7, "int16": 2**15, "int32": 2**31, "int64": 2**53}
"""Where numbers of a format end (OpenAPI format registry); those of 64 bits where every reader of JSON is exact."""


BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


class Unmakeable(Exception):
    """No value of a schema is found."""


def integer(plain: Mapping[str, Any], source: Source, wanted: float | None) -> int:
    """Return a whole number of a schema: the one that is wanted where it fits. Raises Unmakeable."""
    grid = _fraction(plain.get("multipleOf") or 1).numerator
    return int(_placed(plain, source, wanted, Fraction(grid)))


def number(plain: Mapping[str, Any], source: Source, wanted: float | None) -> float:
    """Return a number of a schema, of two decimal places where it says nothing. Raises Unmakeable."""
    grids = [_fraction(plain["multipleOf"])] if plain.get("multipleOf") else [Fraction(1, 100), Fraction(1, 10**6)]
    for grid in grids:
        try:
            return float(_placed(plain, source, wanted, grid))
        except Unmakeable:
            continue
    raise Unmakeable


def _placed(plain: Mapping[str, Any], source: Source, wanted: float | None, grid: Fraction) -> Fraction:
    low, high = _steps(grid, *(plain.get(word) for word in BOUNDS), str(plain.get("format")))
    if wanted is not None:
        step = math.floor(_fraction(wanted) / grid)
        if low <= step <= high:
            return step * grid
    return source.between(low, high) * grid


@lru_cache(maxsize=4096)
def _steps(grid: Fraction, *bounds: Any) -> tuple[int, int]:
    """Return the same as `_between`, once for all values of a kind. bounds: those of the schema, then the format."""
    said = {word: bound for word, bound in zip((*BOUNDS, "format"), bounds, strict=True) if bound is not None}
    return _between(said, grid)


def _between(plain: Mapping[str, Any], grid: Fraction) -> tuple[int, int]:
    """Return the first and the last multiple of a grid, counted, between the bounds of a schema."""
    lows = [math.ceil(_fraction(plain["minimum"]) / grid)] if "minimum" in plain else []
    lows += [math.floor(_fraction(plain["exclusiveMinimum"]) / grid) + 1] if "exclusiveMinimum" in plain else []
    highs = [math.floor(_fraction(plain["maximum"]) / grid)] if "maximum" in plain else []
    highs += [math.ceil(_fraction(plain["exclusiveMaximum"]) / grid) - 1] if "exclusiveMaximum" in plain else []
    end = OF_FORMATS.get(str(plain.get("format")))
    span = max(1, math.floor(SPAN / grid))
    low = max(lows) if lows else min([1, *(high - span for high in highs)])
    high = min([*highs, low + 100 * span]) if highs else low + span
    if end is not None:
        high = min(high, math.floor(Fraction(end - 1) / grid))
    if low > high:
        raise Unmakeable
    return low, high


def _fraction(value: float) -> Fraction:
    try:
        return Fraction(str(value))  # as it is written: 0.1 is a tenth
    except (ValueError, OverflowError):
        raise Unmakeable from None
