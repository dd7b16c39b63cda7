"""Values inside values, as names with brackets: `owner[name]=Ada&tags[0]=a`.

Source: OpenAPI 3.1.1, section 4.8.12.4 (Style Values), `deepObject`, which says it of one level. That names nest
further, that `[]` is the next element and a number an element, is how qs, Rack and PHP read it (assumed of others).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

DEEPEST = 20
"""Brackets that are read in one name. Assumed; what has more is a name like others."""
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")


def steps(name: str) -> tuple[str, ...]:
    """Return what a name goes through: `owner[name]` is `("owner", "name")`; one part where it has no brackets."""
    match = _NAME.fullmatch(name)
    if match is None or name.count("[") > DEEPEST:
        return (name,)
    return (match[1], *match[2][1:-1].split("]["))


def gathered(pairs: Iterable[tuple[tuple[str, ...], str]]) -> dict[str, Any]:
    """Return the objects of texts that pairs of steps and a text are; of two texts at one place the last counts."""
    tree: dict[str, Any] = {}
    for path, text in pairs:
        place = tree
        for step in path[:-1]:
            inner = place.setdefault(step or str(len(place)), {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            place[path[-1] or str(len(place))] = text
    return tree


def elements(tree: dict[str, Any]) -> list[Any] | None:
    """Return the elements of what is read as an object and is a list: its names are numbers; None where one is not."""
    if not tree or not all(name.isascii() and name.isdigit() for name in tree):
        return None
    return [tree[name] for name in sorted(tree, key=int)]


def written(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names of the scalars in a value, each with its scalar; an empty list or object is not written."""
    if isinstance(value, dict):
        for member, inner in value.items():
            yield from written(f"{name}[{member}]", inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from written(f"{name}[{index}]", inner)
    else:
        yield name, value
