"""The parameter that orders a list, and its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.nodes import Node, Shapes
from apitwin.contracts.inference.said import named
from apitwin.contracts.inference.spelling import joined
from apitwin.contracts.words import Certainty

SORTS = ("sort", "sortby", "orderby", "ordering", "sortfield", "sortcolumn", "sortkey", "order", "sortorder", "sorting",
         "orderfield", "sorts", "sortproperty")  # fmt: skip
"""What the parameter that orders a list is called, however spelled (assumed)."""
DIRECTIONS = ("order", "direction", "sortorder", "sortdir", "sortdirection", "orderdirection", "dir", "sorttype",
              "orderdir", "sortdesc", "ascending", "descending", "desc", "asc", "reverse")  # fmt: skip
"""What a second parameter is called that says in which direction."""
_WAY = re.compile(r"^(asc(ending)?|desc(ending)?|up|down|true|false|1|-1|0)$", re.IGNORECASE)
_MINUS = re.compile(r"^([-+])(.+)$")
_SUFFIX = re.compile(r"^(.+?)([:. _|,-])(asc|desc|ascending|descending)$", re.IGNORECASE)


@dataclass(frozen=True)
class SortGuess:
    """How a list is ordered: as `x-apitwin` writes it, the parameters it takes, why, and how sure that is."""

    rule: Mapping[str, Any]
    parameters: tuple[str, ...]
    reason: str
    certainty: Certainty


def sort(query: Mapping[str, Asked], members: Mapping[str, Node], shapes: Shapes) -> SortGuess | None:
    """Return the sort parameter, or None. members: of an item.

    A word that is a member of the item orders by it. Only a word whose opposite has a word of its own (`-title`,
    `title:desc`) is certain to ascend; of the others the direction is a guess. Nothing says where
    items without a value stand.
    """
    for asked in named(query, SORTS):
        choices = _choices(asked, shapes)
        if choices and all(_WAY.match(choice) for choice in choices):
            continue
        others = [other for other in named(query, DIRECTIONS) if other.name != asked.name]
        second = others[0] if others else None
        if not choices:
            return _without_words(asked, second)
        keys = {choice: _place(choice, members) for choice in choices}
        told = "a second parameter" if second else "a minus" if any(map(_MINUS.match, choices)) else "their endings"
        has_ways = second is not None or any(_MINUS.match(choice) or _SUFFIX.match(choice) for choice in choices)
        sure: Certainty = (
            "certain"
            if second is None and has_ways and all(_has_opposite(key, choices) for key in keys if keys[key])
            else "likely"
        )
        reason = f"{asked.name} takes {', '.join(choices[:4])}{'...' if len(choices) > 4 else ''}"
        reason += f"; direction by {told}" if has_ways else "; which direction is not said"
        rule: dict[str, Any] = {"parameter": asked.name, "keys": keys, "nulls": "unspecified"}
        if asked.shape.is_a("array"):
            rule["several"] = True
        return SortGuess(rule, (asked.name, *([second.name] if second else [])), reason, sure)
    return None


def _without_words(asked: Asked, second: Asked | None) -> SortGuess:
    names = (asked.name, *([second.name] if second else []))
    return SortGuess({}, names, f"{asked.name} orders the list; its words are not listed", "unsure")


def _choices(asked: Asked, shapes: Shapes) -> tuple[str, ...]:
    shape = shapes.of(asked.shape.items) if asked.shape.is_a("array") else asked.shape
    return tuple(choice for choice in shape.choices or () if isinstance(choice, str) and choice)


def _place(choice: str, members: Mapping[str, Node]) -> str | None:
    """Return the pointer of the member that a word sorts by, with a minus where it goes down; None: it names none."""
    by_name = {joined(name): name for name in reversed(list(members))}
    minus, suffix, is_down = _MINUS.match(choice), _SUFFIX.match(choice), False
    if minus is not None:
        choice, is_down = minus[2], minus[1] == "-"
    elif suffix is not None:
        choice, is_down = suffix[1], suffix[3].lower().startswith("desc")
    name = by_name.get(joined(choice))
    return None if name is None else ("-" if is_down else "") + pointers.join([name])


def _has_opposite(choice: str, choices: tuple[str, ...]) -> bool:
    bare = choice.lstrip("+-")
    both = f"-{bare}" in choices and (bare in choices or f"+{bare}" in choices)
    return both or any(_SUFFIX.match(other) and other != choice for other in choices)
