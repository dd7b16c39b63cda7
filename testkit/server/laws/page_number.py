"""Laws of page numbers: the first page, pages past the end, texts that are no page, and what a page says of itself."""

from __future__ import annotations

from typing import Any, cast

from hypothesis import strategies

from apitwin.contracts.pagination.page_number import PageNumber
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import in_style, paginated, reading, states_members
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.laws.limits import LIMITS, is_slice, pairs
from apitwin.testkit.server.laws.places import FAR, require_past_end, require_the_first_by_default, require_treated
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.page_number import at

NUMBERS: dict[str, tuple[str, ...]] = {
    "below": ("-1", "-2", "-100", str(-(2**63))),
    **{kind: LIMITS[kind] for kind in ("text", "empty", "fraction")},
}
"""Texts that are no number of a page, by the contract's name for their kind; 0 is one where pages start at 1."""

by_number = in_style(PageNumber)


def style(probe: Probe) -> PageNumber:
    """Return the style of a list whose pages have numbers."""
    return cast(PageNumber, probe.rule.style)


def _pages(probe: Probe, limit: int, total: int) -> int:
    """Return how many pages of a limit there are."""
    return -(-total // max(1, walks.page_length(probe, limit, 0, limit)))


@law("default-page", "pagination", reading, paginated, by_number)
def default_page(probe: Probe) -> None:
    """Without a number, a page is the first one."""
    require_the_first_by_default(probe)


@law("page-past-the-end", "pagination", reading, paginated, by_number)
def page_past_the_end(probe: Probe) -> None:
    """A number beyond the last page gets the documented answer, however far it is: never a failure of the server."""
    total, limit, rule = len(walks.met(probe)), windows.limit(probe), style(probe)
    last = rule.first + max(1, _pages(probe, limit, total)) - 1
    near = strategies.integers(last + 1, last + 100)
    far = [
        number for number in (rule.largest, *FAR) if number is not None and last < number <= (rule.largest or number)
    ]
    number = probe.draw(near | strategies.sampled_from(far) if far else near, "page")
    exchange = probe.page(limit, at(rule, number, total + 1))
    what = f"page {number}, beyond the last page {last},"
    require_past_end(probe, exchange, rule.past_end, total, what, rule.refused_as)


@law("invalid-page", "pagination", reading, paginated, by_number)
def invalid_page(probe: Probe) -> None:
    """A number before the first page, a text, nothing or a fraction gets the documented answer, never a failure."""
    limit, rule = windows.limit(probe), style(probe)
    before = [("below", "0")] if rule.first == 1 else []
    above = [] if rule.largest is None else [("text", str(rule.largest + 1))]
    for kind, text in windows.some(probe, [*before, *above, *pairs(NUMBERS)], "pages"):
        exchange = probe.page(limit, at(rule, text, 0))
        if not exchange.response.was_too_long and text != rule.last_word:
            require_treated(probe, exchange, limit, kind, f"the page {text[:40]!r}", rule.refused_as)


@law("last-page", "pagination", reading, paginated, by_number)
def last_page(probe: Probe) -> None:
    """The word for the last page leads to it."""
    rule = style(probe)
    probe.assume(rule.last_word is not None, "word for the last page")
    reference = walks.reference(probe)
    limit, total = windows.limit(probe), len(reference.ids)
    start = max(0, _pages(probe, limit, total) - 1) * walks.page_length(probe, limit, 0, limit)
    exchange = probe.page(limit, at(rule, rule.last_word, start))
    is_slice(probe, exchange, limit, start, f"{rule.last_word!r} is not the last page", probe.fact("page/last-word"))


@law("page-members", "pagination", reading, paginated, by_number, states_members, prefers=windows.many)
def page_members(probe: Probe) -> None:
    """What a page says of its number, its size, the pages before and after it and how many there are is so."""
    total, limit, rule = len(walks.reference(probe).ids), windows.limit(probe), style(probe)
    position = windows.position(probe, limit, total, beyond=0)
    page = pages.at(probe, limit, position)
    number, count = int(position.parameters[0][1]), _pages(probe, limit, total)
    right = {
        "page": number,
        "pages": count,
        "size": walks.page_length(probe, limit, 0, limit),
        "next-page": number + 1 if number < rule.first + count - 1 else None,
        "previous-page": number - 1 if number > rule.first else None,
    }
    for word, stated in page.stated.items():
        _require_stated(probe, page, word, stated, right[word], total)


def _require_stated(probe: Probe, page: Page, word: str, stated: Any, right: Any, total: int) -> None:
    # An empty list has no page or one, and so much for its number: the contract does not say.
    allowed = (1, 0) if word == "pages" and total == 0 else (right,)
    probe.require(
        stated in allowed and not isinstance(stated, bool),
        f"a page says {as_json(stated)} for {word}",
        expected=as_json(right),
        found=as_json(stated),
        shown=[page.exchange],
        fact=probe.fact(f"envelope/{word}"),
    )
