"""What the words of a parameter say it is: a number of items, a moment, a token, a number of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from apitwin.contracts.inference.spelling import joined

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
_NUMBERS = re.compile(r"^-?\d+$")
_COUNTED = re.compile(
    r"(number|amount|count|quantity|maximum|max\.?|limit|size|how many)\b.{0,60}\b(items?|results?|records?|rows?"
    r"|entries|objects|elements|resources|documents|hits|returned?|per[- ]page|page|list|response)\b"
    r"|page size|results? per page"
    r"|limits? (the|on the)?.{0,20}(results?|items|number|page)"
)
_RANGES = {
    "start": ("end", "stop", "finish", "until", "to"),
    "from": ("to", "until", "till", "end"),
    "begin": ("end",),
    "since": ("until", "to"),
    "after": (),
}
MOMENTS = ("date", "date-time", "time", "duration")


def is_moment(asked: Asked) -> bool:
    """Return whether it is a date or a time, by its format or by what is said of it."""
    return asked.shape.format in MOMENTS or bool(_MOMENT.search(asked.said))


def is_token(asked: Asked) -> bool:
    """Return whether it is said to be a text that another answer gave out."""
    return bool(_TOKEN.search(asked.said)) and not is_credential(asked)


def is_credential(asked: Asked) -> bool:
    """Return whether it is said to be what opens the API, such as an access token."""
    return bool(_CREDENTIAL.search(asked.said))


def is_said_text(text: str) -> bool:
    """Return whether the description of a member says that it is a text to send back, and no address."""
    return bool(re.search(r"(token|cursor)|\b(opaque|marker|key|id)s?\b", text))


def is_numeric(asked: Asked) -> bool:
    """Return whether it is a number, by its type, its default or its pattern; where nothing is said, it may be one."""
    shape = asked.shape
    if shape.is_a("integer", "number"):
        return True
    if shape.format not in ("", "int32", "int64") or (
        shape.choices and not all(_NUMBERS.match(str(c)) for c in shape.choices)
    ):
        return False
    if not shape.types:
        return True
    texts = [str(shape.words[word]) for word in ("default", "example") if word in shape.words]
    return shape.is_a("string") and (any(map(_NUMBERS.match, texts)) or "\\d+" in str(shape.words.get("pattern")))


def is_said_number(asked: Asked) -> bool:
    """Return whether a text is said to be a number of items, as old documents write their limits."""
    return asked.shape.is_a("string") and asked.shape.format == "" and bool(_COUNTED.search(asked.said))


def counts_items(asked: Asked) -> bool:
    """Return whether it is said to be the number of items of a page."""
    return bool(_COUNTED.search(asked.said))


def ends_range(asked: Asked, query: Mapping[str, Asked]) -> bool:
    """Return whether it and another parameter are the two ends of a range, such as `from` and `to`."""
    name = joined(asked.name)
    others = {joined(other) for other in query}
    for first, ends in _RANGES.items():
        if name.startswith(first) and any(name.replace(first, end, 1) in others for end in ends):
            return True
    return False


def named(query: Mapping[str, Asked], names: Iterable[str]) -> list[Asked]:
    """Return the parameters with one of some names, however spelled, in the names' order, deprecated ones last."""
    order = {name: index for index, name in enumerate(names)}
    found = [asked for asked in query.values() if joined(asked.name) in order]
    return sorted(found, key=lambda asked: (asked.is_deprecated, order[joined(asked.name)]))
