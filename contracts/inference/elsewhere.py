"""Pages that are asked for elsewhere than in parameters of the query: inside a value of JSON, or in headers.

No rule of `x-apitwin` says that, so that such a list is only told of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from apitwin.contracts.inference.described import Asked, Described
from apitwin.contracts.inference.nodes import Shapes
from apitwin.contracts.inference.size import Size, size
from apitwin.contracts.pagination.guess import StyleGuess
from apitwin.contracts.pagination.styles import STYLES

_OF_HTTP = re.compile(r"^(accept|authorization|content|cookie|if|range|user-agent|prefer)", re.IGNORECASE)
"""Headers that HTTP has for other things (RFC 9110)."""


@dataclass(frozen=True)
class Elsewhere:
    """What pages look like that are asked for elsewhere.

    guess: the style; limit: the size of a page, None where nothing looks so; names: the parameters that hold them;
    where: they stand, for a reader.
    """

    guess: StyleGuess
    limit: Size | None
    names: tuple[str, ...]
    where: str


def elsewhere(operation: Described, shapes: Shapes) -> Elsewhere | None:
    """Return how pages are asked for inside a query parameter or in headers, None where it does not look so."""
    for holder, inner in _inside(operation, shapes):
        found = _paged(inner)
        if found is not None:
            return Elsewhere(*found, (holder,), f"in the value of {holder}")
    headers = {re.sub("^x-", "", asked.name, flags=re.IGNORECASE): asked for asked in _headers(operation)}
    found = _paged({name: replace(asked, name=name) for name, asked in headers.items()})
    if found is None:
        return None
    guess, limit = found
    chosen = [name for name in (limit and limit.parameter, guess.parameter) if name]
    return Elsewhere(guess, limit, tuple(headers[name].name for name in chosen), "in headers")


def _paged(asked: Mapping[str, Asked]) -> tuple[StyleGuess, Size | None] | None:
    """Return the style that some parameters look like, and the size of its pages."""
    guesses = [guess for style in STYLES.values() for guess in style.guesses(asked) if guess.certainty != "unsure"]
    sized = [(guess, size(asked, guess.parameter)) for guess in guesses]
    return next((pair for pair in sized if pair[1] is not None), None)


def _inside(operation: Described, shapes: Shapes) -> Iterator[tuple[str, dict[str, Asked]]]:
    for name, asked in operation.query.items():
        shaped = {inner: shapes.of(node) for inner, node in asked.shape.members.items()}
        yield (
            name,
            {inner: Asked(inner, "query", shape, shape.description, False, False) for inner, shape in shaped.items()},
        )


def _headers(operation: Described) -> Iterator[Asked]:
    for asked in operation.parameters:
        if asked.place == "header" and not _OF_HTTP.match(asked.name):
            yield asked
