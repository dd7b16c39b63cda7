"""The style of page numbers: a page is the first, the second, and so on, of pages of one size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from apitwin.contracts.pagination import treatments
from apitwin.contracts.pagination.rules import Style
from apitwin.contracts.words import PastEnd, Spelling, schema

PageTreatment = Literal["first", "reject", "unspecified"]
"""What a server makes of a number that is no page: it answers the first one, or an error."""

ODD = ("below", "text", "empty", "fraction")
"""The kinds of page numbers that are none; `below`: whole numbers before the first page's, such as 0."""
NAMES = ("page", "page_number", "pageNumber", "page_num", "pageNum", "pageNo")
"""What page numbers are called in public APIs (assumed)."""


@dataclass(frozen=True)
class PageNumber(Style):
    """What a server makes of the number of a page.

    first: the number of the first page, 1 or 0. past_end: of a number beyond the last page. last_word: a text that
    stands for the last page, such as `last`; None where there is none. largest: the greatest number that is read as
    one; what is above it counts as a text, None where none is too great. refused_as: the error of a page that is not
    there.
    """

    word: ClassVar[str] = "page-number"
    key: ClassVar[str] = "page"
    cuts_anywhere: ClassVar[bool] = False

    parameter: str
    first: int
    past_end: PastEnd
    when_below: PageTreatment
    when_text: PageTreatment
    when_empty: PageTreatment
    when_fraction: PageTreatment
    spelling: Spelling
    last_word: str | None
    refused_as: str
    largest: int | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter of the page's number."""
        return (self.parameter,)

    @property
    def errors(self) -> tuple[str, ...]:
        """The error of a page that is not there."""
        return (self.refused_as,)


SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["parameter"],
    "properties": {
        "parameter": {"type": "string", "minLength": 1},
        "first": {"enum": [0, 1]},
        "past-end": schema(PastEnd),
        **treatments.schemas(ODD, PageTreatment),
        "spelling": schema(Spelling),
        "largest": {"type": "integer", "minimum": 1},
        "last-word": {"type": "string", "minLength": 1},
        "refused-as": {"type": "string", "minLength": 1},
    },
}
MEMBERS: Mapping[str, tuple[str, ...]] = {
    "page": ("page", "current_page", "currentPage", "page_number", "pageNumber", "number"),
    "pages": ("pages", "total_pages", "totalPages", "page_count", "pageCount", "last_page"),
    "size": ("per_page", "perPage", "page_size", "pageSize", "size"),
    "next-page": ("next_page", "nextPage"),
    "previous-page": ("previous_page", "previousPage", "prev_page", "prevPage"),
}
"""What a page may state, and what that is called in public APIs (assumed): its number, how many pages there are, its
size in effect, the numbers of the pages beside it, null where there is none.
"""


def read(value: Mapping[str, Any]) -> PageNumber:
    """Return the style of a rule from what stands under `page`, checked before."""
    return PageNumber(
        parameter=value["parameter"],
        first=value.get("first", 1),
        past_end=value.get("past-end", "unspecified"),
        spelling=value.get("spelling", "unspecified"),
        last_word=value.get("last-word"),
        largest=value.get("largest"),
        refused_as=value.get("refused-as", "invalid-parameter"),
        **treatments.read(value, ODD),
    )


def guess(names: Mapping[str, Mapping[str, Any]]) -> PageNumber | None:
    """Return the style that an operation's query parameters look like. names: their schemas, by name.

    The first page is number 1, unless the parameter's schema allows or sets 0.
    """
    name = next((name for name in NAMES if name in names), None)
    if name is None:
        return None
    known = names[name]
    first = 0 if known.get("minimum") == 0 or known.get("default") == 0 else 1
    return read({"parameter": name, "first": first})
