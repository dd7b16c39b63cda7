"""The style of limit and offset: a page begins after so many items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from apitwin.contracts.pagination import treatments
from apitwin.contracts.pagination.rules import Style
from apitwin.contracts.words import PastEnd, Spelling, schema

OffsetTreatment = Literal["zero", "reject", "unspecified"]
"""What a server makes of an offset that is no whole number of 0 or more."""

ODD = ("negative", "text", "empty", "fraction")
"""The kinds of offsets that are none."""
NAMES = ("offset", "start", "skip", "startAt", "start_index", "startIndex", "_start", "from", "first_result")
"""What offsets are called in public APIs (assumed)."""


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


def guess(names: Mapping[str, Mapping[str, Any]]) -> LimitOffset | None:
    """Return the style that an operation's query parameters look like. names: their schemas, by name."""
    name = next((name for name in NAMES if name in names), None)
    return None if name is None else read({"parameter": name})
