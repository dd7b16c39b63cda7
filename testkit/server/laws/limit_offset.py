"""Laws of offsets: windows that overlap, windows past the end, and texts that are no offset."""

from __future__ import annotations

from typing import cast

from hypothesis import strategies

from apitwin.contracts.pagination.limit_offset import LimitOffset
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import in_style, paginated, reading
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.laws.limits import LIMITS, pairs
from apitwin.testkit.server.laws.places import FAR, require_past_end, require_the_first_by_default, require_treated
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.limit_offset import at

OFFSETS: dict[str, tuple[str, ...]] = {kind: texts for kind, texts in LIMITS.items() if kind != "zero"}
"""Texts that are no offset of 0 or more, by the contract's name for their kind."""

by_offset = in_style(LimitOffset)


def style(probe: Probe) -> LimitOffset:
    """Return the style of a list whose pages have offsets."""
    return cast(LimitOffset, probe.rule.style)


@law("overlap", "pagination", reading, paginated, by_offset)
def overlap(probe: Probe) -> None:
    """Two pages that overlap agree on the items they share."""
    limit = windows.limit(probe)
    position = windows.position(probe, limit, len(walks.met(probe)), beyond=0)
    page, offset = pages.at(probe, limit, position), position.start
    probe.assume(len(page.ids) > 1, "page of two items or more")
    shift = probe.draw(strategies.integers(1, len(page.ids) - 1), "shift")
    later = pages.at(probe, limit, at(style(probe), offset + shift, offset + shift))
    shared = page.ids[shift:]
    probe.require(
        later.ids[: len(shared)] == shared,
        f"the page at offset {offset + shift} does not start with what the page at {offset} has there",
        expected=f"it starts with {list(shared[:10])}",
        found=f"it starts with {list(later.ids[:10])}",
        shown=[page.exchange, later.exchange],
        fact=probe.fact("offset"),
    )


@law("default-offset", "pagination", reading, paginated, by_offset)
def default_offset(probe: Probe) -> None:
    """Without an offset, a page is the page at offset 0."""
    require_the_first_by_default(probe)


@law("past-the-end", "pagination", reading, paginated, by_offset)
def past_the_end(probe: Probe) -> None:
    """An offset at or beyond the end gets the documented answer, however far it is: never a failure of the server."""
    total, rule = len(walks.met(probe)), style(probe)
    near = strategies.integers(total, total + 200)
    offset = probe.draw(near | strategies.sampled_from(FAR), "offset")
    exchange = probe.page(windows.limit(probe), at(rule, offset, offset))
    is_at_the_end = rule.past_end == "reject" and offset == total
    what = f"a page at offset {offset}, beyond the end at {total},"
    require_past_end(probe, exchange, "unspecified" if is_at_the_end else rule.past_end, total, what)


@law("invalid-offset", "pagination", reading, paginated, by_offset)
def invalid_offset(probe: Probe) -> None:
    """An offset that is negative, text, empty or a fraction gets the documented answer, never a failure."""
    limit = windows.limit(probe)
    for kind, text in windows.some(probe, pairs(OFFSETS), "offsets"):
        exchange = probe.page(limit, at(style(probe), text, 0))
        if not exchange.response.was_too_long:
            require_treated(probe, exchange, limit, kind, f"the offset {text[:40]!r}")
