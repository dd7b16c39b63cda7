"""What the words of a parameter say it is: a number of items, a moment, a token, a number of a page."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from apitwin.contracts.inference.spelling import called

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from apitwin.contracts.inference.described import Asked

_MOMENT = re.compile(
    r"\b(date|time|timestamp|epoch|unix|iso ?-?8601|rfc ?-?3339|yyyy|day|hour|minutes|seconds|datetime)\b"
)
_TOKEN = re.compile(
    r"\b(tokens?|cursors?|opaque|bookmark)\b|(returned|received|obtained|provided|given|from|in) "
    r"(by|from|in|with|the)? ?(a |the )?(previous|prior|last|preceding|earlier) "
    r"(call|request|response|page|query|result)"
)
_CREDENTIAL = re.compile(
    r"\b(authenticat\w+|authoriz\w+|access|api|bearer|csrf|session|oauth|auth) ?-?(token|key)|scope"
)
_GIVEN_OUT = re.compile(
    r"(returned|received|obtained|provided|given|from|in) (by|from|in|with|the)? ?(a |the |your )?"
    r"(previous|prior|last|preceding|earlier) (\w+ )?(call|request|response|page|query|result)"
)
_PAGE = re.compile(
    r"^\W*(?:the )?(?:(?:optional|requested|current|starting|start|desired|result|results|search)\W+(?:the )?)*"
    r"page(?: number| no\b| index|$| of (?:the )?\w*\W*results| to (?:return|fetch|retrieve|get|request|show|display))"
    r"|\bnumber of (?:the|a) page\b|\bnumber of pages to skip\b|\bstart(?:ing)? page\b"
)
_SKIPPED = re.compile(
    r"\b(number|amount|count|how many)\b.{0,60}\b(skip|skipp\w+|ignored?|omit\w*|exclud\w+)\b|\bskip\b.{0,30}\b(items|"
    r"results|records|rows|entries)\b|\b(offset|index|position)\b (of|from|in|into|within|to) .{0,30}"
    r"\b(list|results?|items?|records?|rows?|entry|entries|set|collection)\b"
)
_PLACE = re.compile(
    r"^\W*(?:(?:the|an|optional|zero[- ]based|0[- ]based)\W+)*(?:offset|index|position) (?:of|from|in|into|within|to) "
    r"|^\W*(?:the )?number of (?:\w+ ){1,3}to skip\b"
)
_NUMBERS = re.compile(r"^-?\d+$")
_COUNTED = re.compile(
    r"(number|amount|count|quantity|maximum|max\.?|limit|size|how many)\b.{0,60}\b(items?|results?|records?|rows?"
    r"|entries|objects|elements|resources|documents|hits|return(?:ed)?|per[- ]page|page|list|response)\b"
    r"|page size|results? per page"
    r"|(number|amount|count|quantity|max\w*|limit|how many)\b.{1,60}\b(returned|retrieved|fetched|shown|displayed"
    r"|per page|at a time|to (return|receive|retrieve|fetch|get|show|display|include|select|list|send|deliver|load))\b"
)
_RANGES = {
    "start": ("end", "stop", "finish", "until", "to"),
    "from": ("to", "until", "till", "end"),
    "begin": ("end",),
    "since": ("until", "to"),
    "after": (),
}
MOMENTS = ("date", "date-time", "time", "duration")


@lru_cache(maxsize=20_000)
def _says(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether a text has what is looked for: the operations of a document say the same of their parameters."""
    return pattern.search(text) is not None


def is_moment(asked: Asked) -> bool:
    """Return whether it is a date or a time, by its format or by what is said of it."""
    return asked.shape.format in MOMENTS or _says(_MOMENT, asked.said)


def is_token(asked: Asked) -> bool:
    """Return whether it is said to be a text that another answer gave out."""
    return _says(_TOKEN, asked.said) and not is_credential(asked)


def is_credential(asked: Asked) -> bool:
    """Return whether it is said to be what opens the API, such as an access token."""
    return _says(_CREDENTIAL, asked.said)


def is_given_out(asked: Asked) -> bool:
    """Return whether it is said to stand in a previous answer."""
    return _says(_GIVEN_OUT, asked.said) and not is_credential(asked)


def is_page(asked: Asked) -> bool:
    """Return whether it is said to be the number of a page, and not a number of items."""
    return _says(_PAGE, asked.said) and not is_skipped(asked)


def is_skipped(asked: Asked) -> bool:
    """Return whether it is said to be how many items come before the page, or the place of the first one."""
    return _says(_SKIPPED, asked.said)


def is_place(asked: Asked) -> bool:
    """Return whether it is said to be the place where a page begins, before anything else is said of it."""
    return _says(_PLACE, asked.said) and is_skipped(asked)


def is_said_text(text: str) -> bool:
    """Return whether the description of a member says that it is a text to send back, and no address."""
    return bool(
        re.search(
            r"(token|cursor|iterator|continuation|bookmark|pagina|paging|scroll)|\b(opaque|marker|key|id)s?\b", text
        )
    )


def is_numeric(asked: Asked) -> bool:
    """Return whether it is a number, by its type, its default or its pattern; where nothing is said, it may be one."""
    shape = asked.shape
    if shape.is_a("integer", "number"):
        return True
    if shape.format not in ("", "int32", "int64") or not _are_numbers(shape.choices):
        return False
    if not shape.types:
        return True
    texts = [str(shape.words[word]) for word in ("default", "example") if word in shape.words]
    return shape.is_a("string") and (any(map(_NUMBERS.match, texts)) or "\\d+" in str(shape.words.get("pattern")))


def is_said_number(asked: Asked) -> bool:
    """Return whether a text is said to be a number of items, as old documents write their limits."""
    is_text = asked.shape.is_a("string") and asked.shape.format == "" and _are_numbers(asked.shape.choices)
    return is_text and _says(_COUNTED, asked.said)


def _are_numbers(choices: Iterable[Any] | None) -> bool:
    return all(_NUMBERS.match(str(choice)) for choice in choices or ())


def counts_items(asked: Asked) -> bool:
    """Return whether it is said to be the number of items of a page."""
    return _says(_COUNTED, asked.said)


def ends_range(asked: Asked, query: Mapping[str, Asked]) -> bool:
    """Return whether it and another parameter are the two ends of a range, such as `from` and `to`."""
    name = asked.called
    others = {called(other) for other in query}
    for first, ends in _RANGES.items():
        if name.startswith(first) and any(name.replace(first, end, 1) in others for end in ends):
            return True
    return False


def named(query: Mapping[str, Asked], names: Iterable[str]) -> list[Asked]:
    """Return the parameters with one of some names, however spelled, in the names' order, deprecated ones last."""
    order = {name: index for index, name in enumerate(names)}
    found = [asked for asked in query.values() if asked.called in order]
    return sorted(found, key=lambda asked: (asked.is_deprecated, order[asked.called]))
