"""The style of start and count: a page begins with the first item, the eleventh, and so on. Source: RFC 7644 (SCIM)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.said import ends_range, is_moment, is_numeric, named
from apitwin.contracts.pagination import treatments
from apitwin.contracts.pagination.guess import StyleGuess
from apitwin.contracts.pagination.rules import Style
from apitwin.contracts.words import PastEnd, Spelling, schema

IndexTreatment = Literal["first", "reject", "unspecified"]
"""What a server makes of an index that is none: it begins with the first item, or refuses it."""

ODD = ("below", "text", "empty", "fraction")
"""The kinds of indexes that are none; `below`: 0 and less (RFC 7644 section 3.4.2.4 reads these as 1)."""


NAMES = ("startindex", "start")
"""What an index is called that counts from 1 where its schema says no more than 1 (RFC 7644 section 3.4.2.4)."""
_FROM_ONE = re.compile(
    r"\b(1|one)-based|\b(start|starts|starting|begins?|beginning|counted|counting|indexed) (with|at|from) (1|one)\b"
    r"|\bfirst \w+ (is|has) (index |number |position )?(1|one)\b"
)


@dataclass(frozen=True)
class StartIndex(Style):
    """What a server makes of the number of a page's first item, counted from 1. past_end: of one beyond the last."""

    word: ClassVar[str] = "start-index"
    key: ClassVar[str] = "start"

    parameter: str
    past_end: PastEnd
    when_below: IndexTreatment
    when_text: IndexTreatment
    when_empty: IndexTreatment
    when_fraction: IndexTreatment
    spelling: Spelling

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter of the index."""
        return (self.parameter,)

    @property
    def errors(self) -> tuple[str, ...]:
        """None of its own: what is refused is an invalid parameter."""
        return ()


SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["parameter"],
    "properties": {
        "parameter": {"type": "string", "minLength": 1},
        "past-end": schema(PastEnd),
        **treatments.schemas(ODD, IndexTreatment),
        "spelling": schema(Spelling),
    },
}
MEMBERS: Mapping[str, tuple[str, ...]] = {"start": ("startIndex",), "items": ("itemsPerPage",)}
"""What a page may state: the index of its first item, and how many items it has."""


def read(value: Mapping[str, Any]) -> StartIndex:
    """Return the style of a rule from what stands under `start`, checked before."""
    return StartIndex(
        parameter=value["parameter"],
        past_end=value.get("past-end", "empty"),
        spelling=value.get("spelling", "unspecified"),
        **treatments.read(value, ODD),
    )


NEEDS_SIZE = True
SUPPORT: Mapping[str, int] = {"start": 1, "items": 1}
GIVEN_OUT: tuple[str, ...] = ()


def guesses(query: Mapping[str, Asked]) -> Iterator[StyleGuess]:
    """Give the style where a parameter is called as in SCIM and said to count from 1: in words, or by its schema."""
    for asked in named(query, (*NAMES, "offset", "from", "position")):
        known = asked.shape.words
        is_one = known.get("minimum") == 1 or known.get("default") in (1, "1")
        is_one = bool(_FROM_ONE.search(asked.said)) or (is_one and asked.called in NAMES)
        if is_numeric(asked) and is_one and not is_moment(asked) and not ends_range(asked, query):
            yield StyleGuess(StartIndex.word, {"parameter": asked.name}, f"{asked.name} counts from 1", "certain")
            return
