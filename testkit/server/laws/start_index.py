"""Laws of start and count: the first index, indexes past the end, texts that are none, what a page says of itself."""

from __future__ import annotations

from typing import cast

from hypothesis import strategies

from apitwin.contracts.pagination.start_index import StartIndex
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import in_style, paginated, reading, states_members
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.laws.limits import LIMITS, answered_in_some_way, is_slice, pairs, refused
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_stated_count, require_status
from apitwin.testkit.server.styles.start_index import at

INDEXES: dict[str, tuple[str, ...]] = {
    "below": ("0", *LIMITS["negative"]),
    **{kind: LIMITS[kind] for kind in ("text", "empty", "fraction")},
}
"""Texts that are no index of 1 or more, by the contract's name for their kind."""
FAR = (2**31, 2**63, 10**30)
"""Indexes that overflow 32 and 64 bits, and one beyond any."""

by_index = in_style(StartIndex)


def style(probe: Probe) -> StartIndex:
    """Return the style of a list whose pages begin at an index."""
    return cast(StartIndex, probe.rule.style)


@law("default-start", "pagination", reading, paginated, by_index)
def default_start(probe: Probe) -> None:
    """Without an index, a page begins with the first item."""
    limit = windows.limit(probe)
    first, without = pages.at(probe, limit, at(style(probe), 1, 0)), pages.at(probe, limit)
    probe.require(
        first.ids == without.ids,
        "a page without an index does not begin with the first item",
        expected=f"the items {list(first.ids[:10])}",
        found=f"the items {list(without.ids[:10])}",
        shown=[first.exchange, without.exchange],
        fact=probe.fact("start"),
    )


@law("start-past-the-end", "pagination", reading, paginated, by_index)
def start_past_the_end(probe: Probe) -> None:
    """An index beyond the last item gets the documented answer, however far it is: never a failure of the server."""
    total, rule = len(walks.met(probe)), style(probe)
    index = probe.draw(strategies.integers(total + 1, total + 200) | strategies.sampled_from(FAR), "start")
    exchange = probe.page(windows.limit(probe), at(rule, index, index - 1))
    what = f"the index {index}, beyond the last item {total},"
    require_status(probe, exchange, (), f"{what} makes the server fail with status {exchange.response.status}")
    if rule.past_end == "reject" and index > 1:
        refused(probe, exchange, what, probe.fact("start/past-end"))
    if rule.past_end == "empty":
        page = pages.read(probe, exchange)
        require_items(probe, page, (), f"{what} is answered with items", probe.fact("start/past-end"))
        require_stated_count(probe, page, total, probe.fact("start/past-end"))


@law("invalid-start", "pagination", reading, paginated, by_index)
def invalid_start(probe: Probe) -> None:
    """An index below 1, a text, nothing or a fraction gets the documented answer, never a failure."""
    limit, rule = windows.limit(probe), style(probe)
    for kind, text in windows.some(probe, pairs(INDEXES), "indexes"):
        exchange = probe.page(limit, at(rule, text, 0))
        if exchange.response.was_too_long:
            continue
        treatment, what = getattr(rule, f"when_{kind}"), f"the index {text[:40]!r}"
        fact = probe.fact(f"start/when-{kind}")
        answered_in_some_way(probe, exchange, what)
        if treatment == "reject":
            refused(probe, exchange, what, fact)
        elif treatment == "first":
            is_slice(probe, exchange, limit, 0, f"{what} is not read as 1", fact)


@law("start-members", "pagination", reading, paginated, by_index, states_members)
def start_members(probe: Probe) -> None:
    """What a page says of the index of its first item, and of how many it has, is so."""
    total, limit = len(walks.reference(probe).ids), windows.limit(probe)
    position = windows.position(probe, limit, total, beyond=0)
    probe.assume(position.start < total, "page with items")
    page = pages.at(probe, limit, position)
    right = {"start": position.start + 1, "items": len(page.items)}
    for word, stated in page.stated.items():
        probe.require(
            stated == right[word] and not isinstance(stated, bool),
            f"a page says {as_json(stated)} for {word}",
            expected=as_json(right[word]),
            found=as_json(stated),
            shown=[page.exchange],
            fact=probe.fact(f"envelope/{word}"),
        )
