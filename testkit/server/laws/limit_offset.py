"""Laws of offsets: windows that overlap, windows past the end, and texts that are no offset."""

from __future__ import annotations

from typing import cast

from hypothesis import strategies

from apitwin.contracts.pagination.limit_offset import LimitOffset
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import in_style, paginated, reading
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.laws.limits import LIMITS, answered_in_some_way, is_slice, pairs, refused
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_stated_count, require_status
from apitwin.testkit.server.styles.limit_offset import at

OFFSETS: dict[str, tuple[str, ...]] = {kind: texts for kind, texts in LIMITS.items() if kind != "zero"}
"""Texts that are no offset of 0 or more, by the contract's name for their kind."""
FAR = (2**31, 2**63, 10**30)
"""Offsets that overflow 32 and 64 bits, and one beyond any."""

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
    limit = windows.limit(probe)
    first, without = pages.at(probe, limit, at(style(probe), 0, 0)), pages.at(probe, limit)
    probe.require(
        first.ids == without.ids,
        "a page without an offset is not the page at offset 0",
        expected=f"the items {list(first.ids[:10])}",
        found=f"the items {list(without.ids[:10])}",
        shown=[first.exchange, without.exchange],
        fact=probe.fact("offset"),
    )


@law("past-the-end", "pagination", reading, paginated, by_offset)
def past_the_end(probe: Probe) -> None:
    """An offset at or beyond the end gets the documented answer, however far it is: never a failure of the server."""
    total = len(walks.met(probe))
    near = strategies.integers(total, total + 200)
    offset = probe.draw(near | strategies.sampled_from(FAR), "offset")
    exchange = probe.page(windows.limit(probe), at(style(probe), offset, offset))
    says = f"an offset of {offset} makes the server fail with status {exchange.response.status}"
    require_status(probe, exchange, (), says)
    if style(probe).past_end == "reject" and offset > total:
        refused = probe.contract.errors["invalid-parameter"].status
        says = f"an offset of {offset}, beyond the end, is not refused"
        require_status(probe, exchange, [refused], says, probe.fact("offset/past-end"))
    if style(probe).past_end == "empty":
        page = pages.read(probe, exchange)
        says = f"a page at offset {offset}, beyond the end at {total}, has items"
        require_items(probe, page, (), says, probe.fact("offset/past-end"))
        require_stated_count(probe, page, total, probe.fact("offset/past-end"))
        probe.require(
            not page.next,
            f"a page at offset {offset}, beyond the end at {total}, links to a next page",
            expected="no next link",
            found=as_json(page.next),
            shown=[exchange],
            fact=probe.fact("offset/past-end"),
        )


@law("invalid-offset", "pagination", reading, paginated, by_offset)
def invalid_offset(probe: Probe) -> None:
    """An offset that is negative, text, empty or a fraction gets the documented answer, never a failure."""
    limit = windows.limit(probe)
    for kind, text in windows.some(probe, pairs(OFFSETS), "offsets"):
        exchange = probe.page(limit, at(style(probe), text, 0))
        if exchange.response.was_too_long:
            continue
        treatment, what = getattr(style(probe), f"when_{kind}"), f"the offset {text[:40]!r}"
        fact = probe.fact(f"offset/when-{kind}")
        answered_in_some_way(probe, exchange, what)
        if treatment == "reject":
            refused(probe, exchange, what, fact)
        elif treatment == "zero":
            is_slice(probe, exchange, limit, 0, f"{what} is not read as 0", fact)
