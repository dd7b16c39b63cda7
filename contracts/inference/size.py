"""The parameter for the size of a page, and the most that it may ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.inference.described import Asked
from apitwin.contracts.inference.said import counts_items, is_moment, is_numeric, is_said_number, is_token, named
from apitwin.contracts.words import Certainty

LIMITS = (
    "limit", "perpage", "pagesize", "pagelimit", "size", "maxresults", "top", "resultsperpage", "itemsperpage",
    "maxitems", "maxrecords", "maxresultcount", "numresults", "numberofresults", "maxpagesize", "recordlimit",
    "resultsize", "resultlimit", "maxkeys", "hitsperpage", "pagelen", "pagelength", "recordsperpage", "rowsperpage",
    "rowcount",
    "entriesperpage", "take", "rows", "rpp", "maxnumber", "maxcount", "maxnumberofresults", "maxsize", "querylimit",
    "num", "n", "numbertoread", "numbertoreturn", "numbertofetch", "returncount", "perpagecount", "ps", "pagecount",
    "limitto", "limitnumber", "pageitems", "pgsize", "batchsize",
    "count", "first", "results", "items", "max", "length", "amount", "number", "perpageresults", "resultcount",
    "itemcount", "display",
)  # fmt: skip
"""What the size of a page is called in public APIs, however spelled (assumed)."""
WEAK = LIMITS[LIMITS.index("count") :]
"""Those among the names that mean other things, too: a size only where the description says so."""
PLAIN = ("perpage", "pagesize", "itemsperpage", "resultsperpage")
"""Those that mean nothing else: a size also where a document calls them texts."""
_MOST = (
    re.compile(r"(?:max(?:imum|\.)?|at most|up to|no more than|(?:not|cannot) exceed|upper limit|less than or equal to)"
               r"(?:(?!default)[^.;\d\n]){0,40}?(\d[\d,]{0,6})\b(?!\s*(?:char|second|minute|day|month|hour|byte|kb|mb|%))"),
    re.compile(r"between \d+ and (\d[\d,]{0,6})\b"),
    re.compile(r"\b(?:from )?1\s*(?:-|–|to|\.\.)\s*(\d[\d,]{0,6})\b"),
    re.compile(r"(\d[\d,]{0,6}) (?:is the |\()?max(?:imum)?\b"),
    re.compile(r"(?:<=|≤)\s*(\d[\d,]{0,6})\b"),
)  # fmt: skip


_BEGINS = re.compile(
    r"^\W*(?:(?:the|a|an|optional|specifies|defines|sets?|define|specify|desired|total)\W+)*"
    r"(?:max\w*|number|amount|count|how many|size|page size|quantity)\b"
)
"""How the words begin that say of a parameter that it is a number of items."""


@dataclass(frozen=True)
class Size:
    """The parameter for the size of a page. maximum: None where nothing states it; default: the same; reason: of it."""

    parameter: str
    maximum: int | None
    default: int | None
    reason: str
    certainty: Certainty
    maximum_certainty: Certainty

    @property
    def rule(self) -> dict[str, Any]:
        """What stands under `limit` in a rule."""
        return {
            "parameter": self.parameter,
            **({} if self.maximum is None else {"maximum": self.maximum}),
            **({} if self.default is None else {"default": self.default}),
            "over-maximum": "unspecified",
            "when-absent": "unspecified" if self.default is None else "default",
        }


def size(query: Mapping[str, Asked], taken: str | None) -> Size | None:
    """Return what the query parameters say of the size of a page. taken: the one that says where a page begins."""
    for asked in named(query, LIMITS):
        name = asked.called
        is_number = is_numeric(asked) or is_said_number(asked) or (taken is not None and _is_plain_text(asked, name))
        if asked.name == taken or is_token(asked) or not is_number:
            continue
        if name in WEAK and not (counts_items(asked) or (name == "count" and taken is not None and not asked.said)):
            continue
        if asked.shape.is_a("boolean", "array", "object") or (is_moment(asked) and not counts_items(asked)):
            continue
        return _read(asked, "certain" if name not in WEAK else "likely")
    for asked in query.values():
        is_number = asked.shape.is_a("integer") or is_said_number(asked)
        is_other = bool(re.search(r"(min|greater|less|older|newer)", asked.called))
        if asked.name != taken and is_number and counts_items(asked) and not is_other and _speaks(asked, taken):
            return _read(asked, "likely")
    return None


def _speaks(asked: Asked, taken: str | None) -> bool:
    """Return whether a parameter speaks of a size: by its name, or beside one for the place by how its words begin."""
    is_named = bool(re.search(r"limit|max|size|per.?page|results", asked.name, re.I))
    return is_named or (taken is not None and bool(_BEGINS.search(asked.said)))


def _is_plain_text(asked: Asked, name: str) -> bool:
    """Return whether a text can only be a size beside a parameter that says where a page begins."""
    is_text = asked.shape.is_a("string") and asked.shape.format == "" and not asked.shape.choices
    return is_text and (name in PLAIN or name == "limit" or (not asked.said and name not in WEAK))


def _read(asked: Asked, certainty: Certainty) -> Size:
    words, reason = asked.shape.words, f"{asked.name} is the size of a page"
    maximum, sure = _whole(words.get("maximum")), certainty
    if maximum is None and _whole(words.get("exclusiveMaximum")):
        maximum = int(words["exclusiveMaximum"]) - 1
    choices = [choice for choice in asked.shape.choices or () if isinstance(choice, int)]
    if maximum is None and choices:
        maximum = max(choices)
    if maximum is not None and maximum >= 2**31 - 1:
        maximum = None
    default = _whole(words.get("default"))
    if maximum is None:
        maximum = _in_words(asked.said)
        sure = "likely" if maximum is not None else certainty
        if maximum is not None and default is not None and default > maximum:
            maximum = None
    if maximum is not None and (maximum < 1 or (default is not None and default > maximum)):
        maximum = None if maximum < 1 else maximum
        default = default if maximum is None or default is None or default <= maximum else None
    return Size(asked.name, maximum, default if default and default > 0 else None, reason, certainty, sure)


def _whole(value: Any) -> int | None:
    """Return a number that is whole, also where it is written as 99.0, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        return None
    return int(value)


def _in_words(text: str) -> int | None:
    for pattern in _MOST:
        match = pattern.search(text)
        if match is not None and int(match[1].replace(",", "")) > 0:
            return int(match[1].replace(",", ""))
    return None
