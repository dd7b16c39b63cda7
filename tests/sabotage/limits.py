"""Servers that read odd limits and offsets wrongly, or fail on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from apitwin.mock_server import Steps
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine.pagination import window as pagination
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.window import Links
from apitwin.mock_server.messages import Query, Rejected
from tests.sabotage.changes import (
    Place,
    answering,
    asking,
    crashing,
    finishing,
    linking,
    replacing,
    ruling,
)
from tests.sabotage.constants import APPS, CHILDREN, REFUSAL, WORKSPACES
from tests.sabotage.sabotage import Sabotage


def sent(name: str, kind: Callable[[str], bool]) -> Callable[[Request], bool]:
    """Return whether a request has a parameter whose text is of some kind."""
    return lambda request: name in dict(request.query) and kind(dict(request.query)[name])


def is_word(text: str) -> bool:
    """Return whether a text has no digit in it."""
    return text != "" and not any(letter.isdigit() for letter in text)


def is_negative(text: str) -> bool:
    """Return whether a text is a minus and a number of a few digits."""
    return text[:1] == "-" and text[1:].isdigit() and len(text) < 6


def is_octal(text: str) -> bool:
    """Return whether a text is a number to the base of eight, as C writes it."""
    return len(text) > 1 and text[0] == "0" and set(text) <= set("01234567")


def octal(query: Query) -> Query:
    """Read numbers with a leading zero to the base of eight."""
    return tuple((name, str(int(text, 8)) if is_octal(text) else text) for name, text in query)


def without_minus(query: Query) -> Query:
    """Leave the minus of an offset away."""
    return tuple((name, text.lstrip("-") if name == "offset" else text) for name, text in query)


def firsts(query: Query) -> Query:
    """Keep the first of a parameter that was sent several times."""
    return tuple(dict(reversed(query)).items())


def joined(query: Query) -> Query:
    """Join the values of a parameter that was sent several times with commas."""
    return tuple((name, ",".join(value for key, value in query if key == name)) for name in dict(query))


def largest(query: Query) -> Query:
    """Put the largest limit in the place of every limit."""
    limits = [int(value) for name, value in query if name == "limit" and value.isdigit() and len(value) < 6]
    return tuple((name, str(max(limits)) if name == "limit" and limits else value) for name, value in query)


def negative_limit(asked: Asked, records: Sequence[Any]) -> Window | Rejected:
    """Take a negative limit as it is."""
    text = asked.text("limit") or ""
    return Window(int(text), 0) if is_negative(text) else pagination.window(asked, records)


def negative_offset(asked: Asked, records: Sequence[Any]) -> Window | Rejected:
    """Take a negative offset as it is."""
    seen = pagination.window(asked, records)
    text = asked.text("offset") or ""
    return replace(seen, start=int(text)) if isinstance(seen, Window) and is_negative(text) else seen


def sliced(items: Sequence[Any], seen: Window) -> Sequence[Any]:
    """Cut a page out as Python's slices do, where a negative offset counts from the end."""
    return items[seen.start :][: seen.limit]


def first_hundred_without_a_limit(items: Sequence[Any], seen: Window) -> Sequence[Any]:
    """Cut an array of everything off at a hundred."""
    return items[:100] if seen.limit is None else pagination.cut(items, seen)


def onward_without_a_step(right: Links, place: Place) -> Links:
    """Link an empty page of limit 0 to itself."""
    return replace(right, next=place.at(place.offset)) if place.limit == 0 and place.count else right


def zero_page_that_goes_on() -> Steps:
    """Return steps by which limit=0 is an empty page that links to itself."""
    return replace(ruling("limit", when_zero="empty")(), links=linking(onward_without_a_step)().links)


LIMITS = (
    Sabotage(
        "absent-limit-gets-a-page",
        "Without a limit comes a page of twenty, not all as an array.",
        "absent-limit",
        APPS,
        ruling("limit", when_absent="default", default=20),
    ),
    Sabotage(
        "absent-limit-is-cut-off",
        "Without a limit comes an array that looks whole, and ends after a hundred.",
        "absent-limit",
        WORKSPACES,
        replacing(cut=first_hundred_without_a_limit),
    ),
    Sabotage(
        "absent-limit-crashes",
        "A request without a limit makes the server fail.",
        "absent-limit",
        CHILDREN,
        around=crashing(lambda request: "limit" not in dict(request.query)),
    ),
    Sabotage(
        "zero-limit-gets-the-default",
        "limit=0, which stands for all, gets fifty.",
        "invalid-limit",
        APPS,
        ruling("limit", when_zero="default", default=50),
        met="netbox#15121",
    ),
    Sabotage(
        "zero-limit-is-an-empty-page",
        "limit=0 is an empty page, so a client that takes it for a page waits for ever.",
        "invalid-limit",
        APPS,
        ruling("limit", when_zero="empty"),
        met="InsForge#1959",
    ),
    Sabotage(
        "zero-limit-links-to-itself",
        "limit=0 is an empty page whose next is the same page.",
        "invalid-limit",
        APPS,
        zero_page_that_goes_on,
        met="reinhardt-web#2717",
    ),
    Sabotage(
        "zero-limit-is-accepted",
        "limit=0 gets everything where the contract refuses it.",
        "invalid-limit",
        CHILDREN,
        ruling("limit", when_zero="bare-array"),
    ),
    Sabotage(
        "negative-limit-cuts-from-the-end",
        "limit=-1 is everything but the last item, as a slice has it.",
        "invalid-limit",
        APPS,
        replacing(window=negative_limit),
    ),
    Sabotage(
        "negative-limit-crashes",
        "A negative limit makes the server fail.",
        "invalid-limit",
        CHILDREN,
        around=crashing(sent("limit", is_negative)),
        met="weaviate#11846",
    ),
    Sabotage(
        "word-as-limit-crashes",
        "A limit that is a word makes the server fail.",
        "invalid-limit",
        APPS,
        around=crashing(sent("limit", is_word)),
    ),
    Sabotage(
        "fraction-of-a-limit-is-rounded",
        "limit=2.5 is read as 2.",
        "invalid-limit",
        WORKSPACES,
        ruling("limit", when_fraction="floor"),
    ),
    Sabotage(
        "empty-limit-is-refused",
        "`limit=` is refused where the contract takes it for no limit.",
        "invalid-limit",
        CHILDREN,
        ruling("limit", when_empty="reject"),
    ),
    Sabotage(
        "refusal-is-plain-text",
        "A refused limit is answered with a sentence, not with the documented body.",
        "invalid-limit",
        CHILDREN,
        finishing(lambda answer: replace(answer, body=b"limit: bad value", content_type="text/plain"), status=400),
    ),
    Sabotage(
        "negative-offset-counts-from-the-end",
        "offset=-1 is the last item.",
        "invalid-offset",
        APPS,
        replacing(window=negative_offset, cut=sliced),
    ),
    Sabotage(
        "negative-offset-loses-its-minus",
        "offset=-2 is read as 2.",
        "invalid-offset",
        WORKSPACES,
        around=asking(without_minus),
    ),
    Sabotage(
        "word-as-offset-crashes",
        "An offset that is a word makes the server fail.",
        "invalid-offset",
        APPS,
        around=crashing(sent("offset", is_word)),
    ),
    Sabotage(
        "empty-offset-is-refused",
        "`offset=` is refused where the contract reads it as 0.",
        "invalid-offset",
        CHILDREN,
        ruling("style", when_empty="reject"),
    ),
    Sabotage(
        "leading-zero-is-octal",
        "limit=010 is read as eight.",
        "number-spelling",
        APPS,
        around=asking(octal),
    ),
    Sabotage(
        "full-width-digits-crash",
        "Digits beyond ASCII make the server fail.",
        "number-spelling",
        APPS,
        around=crashing(sent("limit", lambda text: text.isdigit() and not text.isascii())),
    ),
    Sabotage(
        "only-bare-digits-are-read",
        "`+5` and ` 5` are no numbers, though the contract says they are.",
        "number-spelling",
        WORKSPACES,
        ruling("limit", spelling="strict"),
    ),
    Sabotage(
        "first-of-repeated-counts",
        "Of a parameter that is sent twice, the first counts, as in Flask.",
        "repeated-parameter",
        APPS,
        around=asking(firsts),
    ),
    Sabotage(
        "repeated-values-are-joined",
        "A limit that is sent twice is read as `3,5`, and so as no number.",
        "repeated-parameter",
        APPS,
        around=asking(joined),
    ),
    Sabotage(
        "largest-of-repeated-counts",
        "Of a limit that is sent twice, the largest counts.",
        "repeated-parameter",
        WORKSPACES,
        around=asking(largest),
    ),
    Sabotage(
        "repeated-parameter-is-refused",
        "A limit that is sent twice is refused.",
        "repeated-parameter",
        APPS,
        around=answering(lambda request: len([1 for name, _ in request.query if name == "limit"]) > 1, REFUSAL),
    ),
)
"""What odd limits and offsets must get: `testkit/laws/limits.py`."""
