"""The style of cursors: a page begins where a text says that the page before it gave out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.said import (
    MOMENTS,
    ends_range,
    is_credential,
    is_given_out,
    is_moment,
    is_token,
    named,
)
from apitwin.contracts.inference.spelling import words
from apitwin.contracts.pagination.guess import StyleGuess
from apitwin.contracts.pagination.rules import EnvelopeRule, Style
from apitwin.contracts.words import Certainty, schema

CursorValue = Literal["opaque", "identity", "number"]
"""What a cursor is: a text that only the server reads, or the identity of the last item before the page."""
CursorTreatment = Literal["first", "empty", "reject", "unspecified"]
"""What a server makes of a cursor that it did not give out: the first page, an empty one, or an error."""
ForeignTreatment = Literal["reject", "unspecified"]
"""What a server makes of a cursor that it gave out for another list, or for other filters."""

NAMES = (
    "cursor", "nextcursor", "pagecursor", "pagetoken", "nextpagetoken", "nexttoken", "continuationtoken",
    "continuation",
    "continue", "startingafter", "startafter", "after", "aftercursor", "pageafter", "marker", "bookmark", "scrollid",
    "skiptoken", "paginationtoken", "startingtoken", "token", "nextmarker", "pagekey", "exclusivestartkey", "nextpage",
    "nextid", "startcursor", "syncpagetoken", "pagestate", "offsettoken", "next", "iterator", "startkey",
    "lastid", "lastkey", "lastseenid", "startid", "fromid", "afterid", "startingafterid", "lastitemid",
    "lastevaluatedkey",
)  # fmt: skip
"""What cursors are called in public APIs, however spelled (assumed)."""
SAID_ONLY = (
    "token",
    "next",
    "after",
    "continue",
    "nextid",
    "marker",
    "iterator",
    "startkey",
    "startid",
    "fromid",
    "lastid",
)
"""Those among the names that mean other things, too: a cursor only where its description or the answer says so."""
BORROWED = (
    "offset",
    "start",
    "from",
    "page",
    "pageid",
    "startat",
    "since",
    "skip",
    "pagenumber",
)
"""Names of other things that a text with a token in it goes by in some APIs (seen in those of Asana and Pinecone)."""
_SPEAKING = frozenset(("pagination", "paging", "scroll", "cursor"))
"""Words that say of a text, wherever they stand in its name, that it leads on (assumed)."""
_SAID = re.compile(
    r"^\W*(?:(?:the|a|an|optional|opaque|pagination|paging|page|next|last|previous|current|value|of)\W+)*"
    r"(?:cursor|bookmark|continuation|page ?token|paging token|pagination token|next token)\b"
)
_OPENED = re.compile(
    r"\b(?:empty|blank) (?:string|text|value)\b.{0,40}\bfirst\b"
    r"|\bfirst\b.{0,40}\b(?:empty|blank) (?:string|text|value)\b"
)
_STRONG = re.compile("cursor|token|startingafter|scrollid")
OF_AN_ITEM = ("startingafter", "marker")
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
        "next_cursor", "next_page_cursor", "next_page_token", "next_token", "continuation_token",
        "next_continuation_token", "end_cursor", "next_marker", "next_id", "next_key", "next_page_key", "next_page_id",
        "last_key", "last_evaluated_key", "scroll_id", "pagination_token", "cursor_next", "next_start_key",
        "next_bookmark", "continue", "after", "cursor",
        "next_page", "next", "bookmark", "next_offset", "sync_page_token", "last_id", "next_position",
    ),
    "previous-cursor": (
        "previous_cursor", "prev_cursor", "previous_page_token", "prev_page_token", "previous_token", "start_cursor",
        "before",
    ),
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


LINKS_ONLY = StyleGuess(
    Cursor.word, {"parameter": None}, "its answer links to the next page, and no parameter begins one", "likely"
)
NEEDS_SIZE = False
SUPPORT: Mapping[str, int] = {"next-cursor": 3, "next": 2}
GIVEN_OUT: tuple[str, ...] = tuple(MEMBERS)


def settled(value: Mapping[str, Any], envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Return a guess where the answer is known, too: what states the next cursor need not be told which item was last.

    So do those of Box, whose `marker` is called as that of OpenStack, which takes an item. envelope: what a page says.
    """
    return {**value, "value": "opaque"} if "next-cursor" in envelope and "value" in value else dict(value)


def guesses(query: Mapping[str, Asked]) -> Iterator[StyleGuess]:
    """Give the style where an operation's query parameters look like it.

    A cursor is a text, or a number that is said to be one. A moment, or one end of a range, is none. Any other text may
    be one, which is not sure before an answer gives the next one out.
    """
    known = [*named(query, NAMES), *(other for other in named(query, BORROWED) if _is_borrowed(other))]
    texts = [other for other in query.values() if other.shape.is_a("string")]
    known += [other for other in texts if is_given_out(other) or _SPEAKING & set(words(other.name)) or _is_said(other)]
    first = next((asked for asked in known if _may_be(asked, query)), None)
    if first is not None:
        certainty: Certainty = "likely" if first.called in SAID_ONLY and not _goes_on(first) else "certain"
        yield _guess(first, certainty)
    for asked in query.values():
        if asked is not first and asked.shape.is_a("string") and not asked.is_required and _may_be(asked, query):
            yield _guess(asked, "unsure")


def _guess(asked: Asked, certainty: Certainty) -> StyleGuess:
    value = {"parameter": asked.name, "value": "identity" if asked.called in OF_AN_ITEM else "opaque"}
    reason, is_opened = f"{asked.name} is a text that says where to go on", bool(_OPENED.search(asked.said))
    return StyleGuess(Cursor.word, value, reason, certainty, is_opened=is_opened)


def _is_said(asked: Asked) -> bool:
    """Return whether the first thing that is said of a parameter is that it is a cursor."""
    return bool(_SAID.search(asked.said))


def _is_borrowed(asked: Asked) -> bool:
    return is_token(asked) and not asked.shape.is_a("integer")


def _may_be(asked: Asked, query: Mapping[str, Asked]) -> bool:
    """Return whether a parameter can be a cursor by its type and by what is said of it."""
    if asked.shape.format not in ("", "byte", "uri", "uuid", "int32", "int64") or asked.shape.choices:
        return False
    if is_credential(asked) or ends_range(asked, query) or (asked.is_required and asked.called in SAID_ONLY):
        return False
    if not asked.shape.may_be("string") and not is_token(asked) and not _STRONG.search(asked.called):
        return False
    return asked.shape.format not in MOMENTS and (not is_moment(asked) or is_token(asked))


def _goes_on(asked: Asked) -> bool:
    return is_token(asked) or is_given_out(asked) or bool(re.search(r"next|pagina|page|start", asked.said))
