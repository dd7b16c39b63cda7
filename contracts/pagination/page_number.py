"""The style of page numbers: a page is the first, the second, and so on, of pages of one size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.said import is_moment, is_numeric, is_page, is_said_number, is_token, named
from apitwin.contracts.pagination import treatments
from apitwin.contracts.pagination.guess import StyleGuess
from apitwin.contracts.pagination.rules import Style
from apitwin.contracts.words import Certainty, PastEnd, Spelling, schema

PageTreatment = Literal["first", "reject", "unspecified"]
"""What a server makes of a number that is no page: it answers the first one, or an error."""

ODD = ("below", "text", "empty", "fraction")
"""The kinds of page numbers that are none; `below`: whole numbers before the first page's, such as 0."""
NAMES = (
    "page", "pagenumber", "pagenum", "pageno", "pageindex", "currentpage", "pageid", "startpage", "paged", "p", "pg",
    "resultspage", "skippages", "pagestoskip", "pageskip",
)  # fmt: skip
"""What page numbers are called in public APIs, however spelled (assumed)."""
PLAIN = NAMES[: NAMES.index("pageid")]
"""Those that mean nothing else."""
SIZES = ("pagesize", "perpage", "itemsperpage", "resultsperpage", "pagelimit", "limit", "size", "count", "rows", "take")
"""Parameters for the size of a page beside which a text called a page is the number of one (assumed)."""
_ZERO = re.compile(r"(zero|0)[- ](based|indexed)|(start|begin)(s|ing)? (with|at|from) (page )?(0|zero)|first page is 0")


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
    "page": ("page", "current_page", "page_number", "page_no", "page_index", "number", "current"),
    "pages": ("pages", "total_pages", "page_count", "last_page", "num_pages", "number_of_pages", "total_page_count"),
    "size": ("per_page", "page_size", "size", "items_per_page"),
    "next-page": ("next_page", "next"),
    "previous-page": ("previous_page", "prev_page", "previous", "prev"),
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


NEEDS_SIZE = False
SUPPORT: Mapping[str, int] = {"page": 1, "pages": 1, "next-page": 1}
GIVEN_OUT: tuple[str, ...] = ()


def guesses(query: Mapping[str, Asked]) -> Iterator[StyleGuess]:
    """Give the style where an operation's query parameters look like it.

    The first page is number 1, unless the parameter's schema allows or sets 0, or its description says so.
    """
    others = (other for other in query.values() if other.shape.is_a("integer", "number") and is_page(other))
    for asked in [*named(query, NAMES), *others]:
        is_number = is_numeric(asked) or is_said_number(asked) or _is_said_page(asked, query)
        if not is_number or is_token(asked) or is_moment(asked):
            continue
        if asked.called in ("p", "pg", "pageid") and "page" not in asked.said:
            continue
        known = asked.shape.words
        is_zero = known.get("minimum") == 0 or known.get("default") == 0 or bool(_ZERO.search(asked.said))
        certainty: Certainty = "certain" if asked.shape.is_a("integer", "number") else "likely"
        value = {"parameter": asked.name, "first": 0 if is_zero else 1}
        yield StyleGuess(PageNumber.word, value, f"{asked.name} is the number of a page", certainty)
        return


def _is_said_page(asked: Asked, query: Mapping[str, Asked]) -> bool:
    """Return whether a text is the number of a page: by its description, or beside a parameter for the page's size."""
    if not asked.shape.is_a("string") or asked.shape.format != "" or asked.shape.choices is not None:
        return False
    if asked.called in PLAIN and (not asked.said or "page" in asked.said):
        return True
    is_beside_size = any(other.called in SIZES for other in query.values())
    return is_beside_size or is_page(asked) or bool(re.search(r"page (number|index|to)|number of the page", asked.said))
