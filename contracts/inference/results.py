"""Where the items of a list stand in its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from apitwin.contracts import pointers
from apitwin.contracts.inference.holders import is_about, is_wrapper, states
from apitwin.contracts.inference.nodes import Node, Shape, Shapes
from apitwin.contracts.inference.spelling import GENERIC, joined, nouns, singular, words
from apitwin.contracts.words import Certainty

RESULTS = (
    "results", "items", "data", "objects", "values", "entries", "records", "rows", "list", "elements", "content",
    "resources", "members", "member", "value", "docs", "documents", "hits", "nodes", "features", "result", "collection",
    "contents", "entry", "matches", "children", "body", "response", "payload",
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
NEVER = frozenset(("errors", "error", "warnings", "warning", "links", "link", "included", "debug", "scopes", "headers"))
"""Those of them that are never the items (assumed)."""
SCALAR = ("string", "integer", "number", "boolean")
OWN = 4
"""The values of its own by which an object is a thing (assumed: what is around a list has a status and a message)."""
PAGING = frozenset(
    (
        "page", "pages", "paging", "pagination", "total", "count", "next", "prev", "previous", "limit", "more",
        "found", "matches", "results", "records",
    )
)  # fmt: skip
FILLING = frozenset(
    (
        "of", "on", "per", "in", "num", "number", "token", "current", "last", "first", "is", "has", "size", "items",
        "item", "url", "link", "api", "uri", "href", "index", "no", "entries", "start", "end", "result", "record",
        "query", "all", "available",
    )
)  # fmt: skip
"""Words in the names of what is said of a page, and words beside them that say nothing of a thing (assumed)."""
DEEPEST = 3
"""The members that lead to the items at most (assumed)."""
HELD = 0.5
"""The points that an array loses for each member around it: of two alike the outer one counts."""
LEAST = 4
"""The points an array needs to be taken for the items; an only array of objects has as many."""


@dataclass(frozen=True)
class Results:
    """The array of items: its pointer in an answer, its items, why it is taken for that, and how sure that is.

    is_named: whether its name or its path says so, beyond its being the only array. is_nested: whether it stands in a
    member of its own, and not in the answer or in what only holds all of it.
    """

    place: str
    path: tuple[str, ...]
    items: Node | None
    reason: str
    certainty: Certainty
    is_named: bool
    is_nested: bool = False


def results(shape: Shape, shapes: Shapes, path: str, title: str) -> Results | None:
    """Return where the items stand, or None where no array stands out.

    path: of the operation, for its nouns; title: what else it is called, which decides between two arrays.
    """
    is_array = shape.types == {"array"} or not any(shapes.of(node).is_a("array") for node in shape.members.values())
    if shape.is_a("array") and is_array:
        return Results("", (), shape.items, "the whole body is an array", "certain", True)
    things, others = _nouns(path), _other_nouns(path)
    found = _candidates(shape, shapes, things, others, (), 0)
    spoken = frozenset(singular(word) for word in words(title)) if len(found) > 1 else frozenset()
    ranked = sorted(((points + 3 * _is_of(_last(at), spoken), at) for points, at in found), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < LEAST or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _last(found: Results) -> str:
    return found.path[-1]


def _candidates(
    shape: Shape, shapes: Shapes, things: frozenset[str], others: frozenset[str], path: tuple[str, ...], penalty: float
) -> list[tuple[float, Results]]:
    looked = {name: shapes.of(node) for name, node in shape.members.items()}
    arrays = _arrays(looked, shapes, things | others)
    objects = [name for name, inner in arrays.items() if shapes.of(inner.items).is_a("object")]
    is_thing = _is_thing(looked)
    is_one_named = any(_is_named(name) or _is_of(name, things) for name in arrays)
    alone = arrays if len(arrays) == 1 else objects if len(objects) == 1 and not is_one_named else ()
    only = None if is_thing else next(iter(alone), None)
    found: list[tuple[float, Results]] = []
    for name, inner in arrays.items():
        is_named, is_noun = _is_named(name), _is_of(name, things)
        points: float = 5 * is_named + 6 * is_noun + 3 * _is_of(name, others) + (name in objects) + 4 * (name == only)
        points -= penalty + (_rank(name) / 100 if is_named else 0)
        why = "is named as the path is" if is_noun else "is named as items are" if is_named else "is the only array"
        sure: Certainty = "certain" if is_named or is_noun else "likely"
        here = (*path, name)
        found.append(
            (points, Results(pointers.join(here), here, inner.items, f"{name} {why}", sure, is_named or is_noun))
        )
    for name, inner in looked.items() if len(path) < DEEPEST else ():
        if not inner.members or inner.is_a("array"):
            continue
        here = (*path, name)
        if is_wrapper(name) or _is_of(name, things) or len(looked) == 1:
            found += _candidates(inner, shapes, things, others, here, penalty + HELD)
        elif not is_thing and joined(name) not in ASIDE:
            is_page = states(inner.members)
            inside = _candidates(inner, shapes, things, others, here, penalty + (HELD if is_page else 5))
            found += [
                (points, replace(listed, is_nested=True))
                for points, listed in inside
                if is_page or (listed.is_named and not is_about(name) and not path)
            ]
    return found


def _arrays(looked: Mapping[str, Shape], shapes: Shapes, things: frozenset[str]) -> dict[str, Shape]:
    """Return the arrays that may be the items: what is called as something aside only where nothing else is there."""
    arrays = {name: inner for name, inner in looked.items() if inner.is_a("array")}
    first = {name: inner for name, inner in arrays.items() if joined(name) not in ASIDE or _is_of(name, things)}
    rest = {name: inner for name, inner in arrays.items() if joined(name) not in NEVER}
    return first or {name: inner for name, inner in rest.items() if shapes.of(inner.items).is_a("object")}


def _is_named(name: str) -> bool:
    """Return whether an array is called as items are: `results`, or `dataList`."""
    return joined(name) in RESULTS or all(word in RESULTS or word in GENERIC for word in words(name))


def _rank(name: str) -> int:
    return RESULTS.index(joined(name)) if joined(name) in RESULTS else len(RESULTS)


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


def _is_of(name: str, things: frozenset[str]) -> bool:
    return bool(nouns(name) & things)


def _is_thing(looked: Mapping[str, Shape]) -> bool:
    """Return whether an object looks like one thing that has an array, and not like what is around a list.

    A thing has values of its own, and nothing that is said of a page.
    """
    own = [name for name, shape in looked.items() if shape.is_a(*SCALAR) and not shape.is_a("array", "object")]
    if len(own) < OWN:
        return False
    things = frozenset().union(*(nouns(name) for name, shape in looked.items() if shape.is_a("array")))
    is_around = any(is_about(name) and states(inner.members) for name, inner in looked.items())
    return not is_around and not any(_speaks_of_a_page(name, things) for name in own)


def _speaks_of_a_page(name: str, things: frozenset[str]) -> bool:
    """Return whether a name says something of a page and nothing else: `total_pages`, or `num_posts` beside `posts`."""
    spoken = words(name)
    of_things = [word for word in spoken if singular(word) in things]
    is_said = bool(PAGING & set(spoken)) or bool(of_things and {"num", "number"} & set(spoken))
    return is_said and all(word in PAGING | FILLING or word in of_things for word in spoken)
