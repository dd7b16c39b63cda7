"""Where the items of a list stand in its answer."""

from __future__ import annotations

from dataclasses import dataclass

from apitwin.contracts import pointers
from apitwin.contracts.inference.holders import ABOUT, WRAPPERS
from apitwin.contracts.inference.nodes import Node, Shape, Shapes
from apitwin.contracts.inference.spelling import joined, singular, words
from apitwin.contracts.words import Certainty

RESULTS = (
    "results", "items", "data", "objects", "values", "entries", "records", "rows", "list", "elements", "content",
    "resources", "members", "member", "value", "docs", "documents", "hits", "nodes", "features", "result", "collection",
    "contents", "entry", "matches", "children",
)  # fmt: skip
"""What the array of items is called in public APIs, however spelled (assumed)."""
ASIDE = frozenset(
    (
        "errors", "error", "warnings", "warning", "links", "link", "messages", "included", "facets",
        "aggregations", "fields", "columns", "parameters", "params", "notifications", "sort", "sorts",
        "filters", "filter", "debug", "details", "headers", "scopes", "infos", "order", "orderby", "actions",
        "breadcrumbs", "expand", "suggestions", "meta", "metadata",
    )
)  # fmt: skip
"""What arrays are called that stand beside the items (assumed)."""
LEAST = 4
"""The points an array needs to be taken for the items; an only array of objects has as many."""


@dataclass(frozen=True)
class Results:
    """The array of items: its pointer in an answer, its items, why it is taken for that, and how sure that is.

    is_named: whether its name or its path says so, beyond its being the only array.
    """

    place: str
    path: tuple[str, ...]
    items: Node | None
    reason: str
    certainty: Certainty
    is_named: bool


def results(shape: Shape, shapes: Shapes, path: str) -> Results | None:
    """Return where the items stand, or None where no array stands out. path: of the operation, for its last noun."""
    if shape.is_a("array") and not any(shapes.of(node).is_a("array") for node in shape.members.values()):
        return Results("", (), shape.items, "the whole body is an array", "certain", True)
    nouns, others = _nouns(path), _other_nouns(path)
    ranked = sorted(_candidates(shape, shapes, nouns, others, (), 0), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < LEAST or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _candidates(
    shape: Shape, shapes: Shapes, nouns: frozenset[str], others: frozenset[str], path: tuple[str, ...], penalty: int
) -> list[tuple[float, Results]]:
    found: list[tuple[float, Results]] = []
    looked = {name: shapes.of(node) for name, node in shape.members.items()}
    arrays = [
        name
        for name, inner in looked.items()
        if inner.is_a("array") and (joined(name) not in ASIDE or _is_of(name, nouns))
    ]
    for name in arrays:
        is_named, is_noun = joined(name) in RESULTS, _is_of(name, nouns)
        of_objects = shapes.of(looked[name].items).is_a("object")
        points: float = (
            5 * is_named + 6 * is_noun + 3 * _is_of(name, others) + of_objects + 4 * (len(arrays) == 1) - penalty
        )
        points -= RESULTS.index(joined(name)) / 100 if is_named else 0
        why = "is named as the path is" if is_noun else "is named as items are" if is_named else "is the only array"
        sure: Certainty = "certain" if is_named or is_noun else "likely"
        here = (*path, name)
        found.append(
            (points, Results(pointers.join(here), here, looked[name].items, f"{name} {why}", sure, is_named or is_noun))
        )
    if len(path) < 2:
        for name, inner in looked.items():
            if inner.members and not inner.is_a("array") and (joined(name) in WRAPPERS or _is_of(name, nouns)):
                found += _candidates(inner, shapes, nouns, others, (*path, name), penalty + 2)
            elif inner.members and not inner.is_a("array") and joined(name) not in ABOUT | ASIDE and not path:
                found += [
                    pair
                    for pair in _candidates(inner, shapes, nouns, others, (*path, name), penalty + 5)
                    if pair[1].is_named
                ]
    return found


def _nouns(path: str) -> frozenset[str]:
    """Return the last noun of a path, alone and with its words joined, in the singular."""
    static = [part for part in path.split("/") if part and "{" not in part]
    last = static[-1].removesuffix(".json") if static else ""
    spoken = words(last)
    return frozenset({singular(joined(last)), *(singular(word) for word in spoken[-1:])} - {""})


def _other_nouns(path: str) -> frozenset[str]:
    """Return the other nouns of a path, in the singular."""
    static = [part for part in path.split("/") if part and "{" not in part]
    return frozenset(singular(joined(part)) for part in static[:-1]) - {""}


def _is_of(name: str, nouns: frozenset[str]) -> bool:
    spoken = words(name)
    return bool(spoken) and bool({singular(joined(name)), singular(spoken[-1])} & nouns)
