"""The style of limit and offset: a page begins after so many items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.said import (
    counts_items,
    ends_range,
    is_given_out,
    is_moment,
    is_numeric,
    is_page,
    is_place,
    is_skipped,
    is_token,
    named,
)
from apitwin.contracts.inference.spelling import words
from apitwin.contracts.pagination import treatments
from apitwin.contracts.pagination.guess import StyleGuess
from apitwin.contracts.pagination.rules import Style
from apitwin.contracts.words import Certainty, PastEnd, Spelling, schema

OffsetTreatment = Literal["zero", "reject", "unspecified"]
"""What a server makes of an offset that is no whole number of 0 or more."""

ODD = ("negative", "text", "empty", "fraction")
"""The kinds of offsets that are none."""
NAMES = (
    "offset", "skip", "startat", "startindex", "start", "from", "firstresult", "startrow",
    "firstrow", "startposition", "startfrom", "limitstart", "startlimit", "startoffset", "rowstart", "recordstart",
    "resultoffset", "recordoffset", "recordstoskip", "itemoffset", "pageoffset", "queryoffset", "first",
)  # fmt: skip
"""What offsets are called in public APIs, however spelled (assumed)."""
_OF_A_PLACE = frozenset(
    (
        "skip", "offset", "start", "first", "to", "at", "index", "position", "number", "of", "num", "by", "count",
        "record", "records", "item", "items", "row", "rows", "result", "results", "entry", "entries", "elements",
        "page",
    )
)  # fmt: skip
"""Words of names that say where a page begins and nothing else (assumed)."""
PLAIN = ("offset", "skip", "startat")
"""Those that mean nothing else."""
_PLAIN = re.compile(r"(offset|skip|index|position|zero|0|first (item|result|record|row|entry)|start(ing)?)")


@dataclass(frozen=True)
class LimitOffset(Style):
    """What a server makes of the offset parameter. past_end: of an offset beyond the last item."""

    word: ClassVar[str] = "limit-offset"
    key: ClassVar[str] = "offset"

    parameter: str
    past_end: PastEnd
    when_negative: OffsetTreatment
    when_text: OffsetTreatment
    when_empty: OffsetTreatment
    when_fraction: OffsetTreatment
    spelling: Spelling

    @property
    def parameters(self) -> tuple[str, ...]:
        """The offset parameter."""
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
        **treatments.schemas(ODD, OffsetTreatment),
        "spelling": schema(Spelling),
    },
}
MEMBERS: Mapping[str, tuple[str, ...]] = {}
"""Nothing that a page of this style states of itself."""


def read(value: Mapping[str, Any]) -> LimitOffset:
    """Return the style of a rule from what stands under `offset`, checked before."""
    return LimitOffset(
        parameter=value["parameter"],
        past_end=value.get("past-end", "empty"),
        spelling=value.get("spelling", "unspecified"),
        **treatments.read(value, ODD),
    )


NEEDS_SIZE = True
SUPPORT: Mapping[str, int] = {}
GIVEN_OUT: tuple[str, ...] = ()


def guesses(query: Mapping[str, Asked]) -> Iterator[StyleGuess]:
    """Give the style where an operation's query parameters look like it.

    An offset is a number. One that is said to be a token or a moment, or is one end of a range, is none.
    """
    known = named(query, NAMES)
    whole = (asked for asked in query.values() if asked.shape.is_a("integer"))
    others = (asked for asked in whole if is_place(asked) or _is_called(asked))
    for asked in [*known, *others]:
        is_number = is_numeric(asked) or (
            asked.shape.is_a("string") and (is_skipped(asked) or _is_in_pair(asked, query))
        )
        if not is_number or (is_token(asked) and not asked.shape.is_a("integer")):
            continue
        if is_page(asked) or is_moment(asked) or ends_range(asked, query):
            continue
        if asked.called == "first" and not _is_first(asked, query):
            continue
        is_named = asked.called in PLAIN
        is_plain = is_named or bool(_PLAIN.search(asked.said))
        is_typed = bool(asked.shape.types) and (is_numeric(asked) or is_skipped(asked))
        certainty: Certainty = "certain" if is_plain and is_typed else "likely"
        reason = f"{asked.name} is a number of items"
        is_enough = is_named and asked.shape.is_a("integer", "number")
        yield StyleGuess(LimitOffset.word, {"parameter": asked.name}, reason, certainty, is_enough)
        return


def _is_called(asked: Asked) -> bool:
    """Return whether all the words of a name say where a page begins: `skipRecords`."""
    spoken = set(words(asked.name))
    return bool(spoken & {"skip", "offset"}) and spoken <= _OF_A_PLACE


def _is_first(asked: Asked, query: Mapping[str, Asked]) -> bool:
    """Return whether `first` is the place of the first item, by its words or beside `max`, and no number of items."""
    is_beside_max = any(other.called in ("max", "maxresults") for other in query.values())
    return bool(_PLAIN.search(asked.said.replace("first", "", 1))) or (is_beside_max and not counts_items(asked))


def _is_in_pair(asked: Asked, query: Mapping[str, Asked]) -> bool:
    """Return whether it is a text beside one that is called a limit: both are numbers, if nothing else is said."""
    is_free = not (is_given_out(asked) or asked.shape.choices or asked.shape.format)
    return asked.called in PLAIN and is_free and any(other.called == "limit" for other in query.values())
