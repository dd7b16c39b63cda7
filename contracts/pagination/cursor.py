"""The style of cursors: a page begins where a text says that the page before it gave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from apitwin.contracts.pagination.rules import EnvelopeRule, Style
from apitwin.contracts.words import schema

CursorValue = Literal["opaque", "identity"]
"""What a cursor is: a text that only the server reads, or the identity of the last item before the page."""
CursorTreatment = Literal["first", "empty", "reject", "unspecified"]
"""What a server makes of a cursor that it did not give out: the first page, an empty one, or an error."""
ForeignTreatment = Literal["reject", "unspecified"]
"""What a server makes of a cursor that it gave out for another list, or for other filters."""

NAMES = (
    "cursor", "next_cursor", "page_token", "pageToken", "next_token", "nextToken", "continuation_token",
    "continuationToken", "starting_after", "after", "marker", "bookmark", "scroll_id", "$skiptoken",
)  # fmt: skip
"""What cursors are called in public APIs (assumed)."""
OF_AN_ITEM = ("starting_after", "marker")
"""Those among the names that take the identity of an item (assumed: the way of Stripe and OpenStack)."""


@dataclass(frozen=True)
class Cursor(Style):
    """What a server makes of a cursor.

    parameter: None where only the server's links say how to go on. when_unknown: of one it never gave out, also one
    that is cut off. refused_as: the error then.
    """

    word: ClassVar[str] = "cursor"
    key: ClassVar[str] = "cursor"
    reaches_past_end: ClassVar[bool] = False
    varies: ClassVar[bool] = True

    parameter: str | None
    value: CursorValue
    when_unknown: CursorTreatment
    when_empty: CursorTreatment
    when_foreign: ForeignTreatment
    refused_as: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter of the cursor, where there is one."""
        return () if self.parameter is None else (self.parameter,)

    @property
    def errors(self) -> tuple[str, ...]:
        """The error of a cursor that was never given out."""
        return (self.refused_as,)

    def is_walkable(self, envelope: EnvelopeRule) -> bool:
        """Return whether a page says where the next one is, or its last item does."""
        by_item = self.value == "identity" and self.parameter is not None
        return by_item or envelope.next is not None or "next-cursor" in envelope.members


SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["parameter"],
    "properties": {
        "parameter": {"type": ["string", "null"], "minLength": 1},
        "value": schema(CursorValue),
        "when-unknown": schema(CursorTreatment),
        "when-empty": schema(CursorTreatment),
        "when-foreign": schema(ForeignTreatment),
        "refused-as": {"type": "string", "minLength": 1},
    },
}
MEMBERS: Mapping[str, tuple[str, ...]] = {
    "next-cursor": (
        "next_cursor", "nextCursor", "next_page_token", "nextPageToken", "next_token", "nextToken", "continuationToken",
        "continuation_token", "cursor", "after",
    ),
    "previous-cursor": ("previous_cursor", "previousCursor", "prev_cursor", "prevCursor", "before"),
}  # fmt: skip
"""What a page may state, and what that is called in public APIs (assumed): the cursors of the pages beside it, null or
empty where there is none.
"""


def read(value: Mapping[str, Any]) -> Cursor:
    """Return the style of a rule from what stands under `cursor`, checked before."""
    return Cursor(
        parameter=value["parameter"],
        value=value.get("value", "opaque"),
        when_unknown=value.get("when-unknown", "unspecified"),
        when_empty=value.get("when-empty", "unspecified"),
        when_foreign=value.get("when-foreign", "unspecified"),
        refused_as=value.get("refused-as", "invalid-parameter"),
    )


def guess(names: Mapping[str, Mapping[str, Any]]) -> Cursor | None:
    """Return the style that an operation's query parameters look like. names: their schemas, by name.

    A text with a format, such as a date, is no cursor.
    """
    name = next((name for name in NAMES if name in names and "format" not in names[name]), None)
    return None if name is None else read({"parameter": name, "value": "identity" if name in OF_AN_ITEM else "opaque"})
