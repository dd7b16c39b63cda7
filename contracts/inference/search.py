"""The parameter that searches a list for a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apitwin.contracts import pointers
from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.nodes import Node, Shapes
from apitwin.contracts.inference.said import named
from apitwin.contracts.words import Certainty

SEARCHES = ("search", "q", "query", "searchterm", "searchtext", "searchquery", "keyword", "keywords", "searchstring",
            "text", "term", "searchkey", "fulltext", "searchphrase", "quicksearch", "freetext")  # fmt: skip
"""What the parameter that searches is called, however spelled (assumed)."""


@dataclass(frozen=True)
class SearchGuess:
    """The parameter that searches, the texts of an item, why, and how sure it is that it searches at all."""

    parameter: str
    fields: tuple[str, ...]
    reason: str
    certainty: Certainty


def search(query: Mapping[str, Asked], members: Mapping[str, Node], shapes: Shapes) -> SearchGuess | None:
    """Return the search parameter, or None. members: of an item; its texts are what is searched, which is a guess.

    That it searches is certain where its name or its description says so. How it compares is not said by that.
    """
    texts = [name for name, node in members.items() if _is_text(name, node, shapes)]
    for asked in named(query, SEARCHES):
        shape = asked.shape
        if (
            shape.choices is None
            and shape.format == ""
            and shape.may_be("string")
            and not shape.is_a("array")
            and texts
        ):
            fields = tuple(pointers.join([name]) for name in texts)
            reason = f"{asked.name} is a text, and an item has {', '.join(texts[:3])}"
            says_so = "search" in f"{asked.name} {asked.said}".lower()
            return SearchGuess(asked.name, fields, reason, "certain" if says_so else "likely")
    return None


def _is_text(name: str, node: Node, shapes: Shapes) -> bool:
    shape = shapes.of(node)
    return shape.is_a("string") and shape.format == "" and shape.choices is None
