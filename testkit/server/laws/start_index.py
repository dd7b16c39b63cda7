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
from apitwin.testkit.server.laws.limits import LIMITS, pairs
from apitwin.testkit.server.laws.places import FAR, require_past_end, require_the_first_by_default, require_treated
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.start_index import at

INDEXES: dict[str, tuple[str, ...]] = {
    "below": ("0", *LIMITS["negative"]),
    **{kind: LIMITS[kind] for kind in ("text", "empty", "fraction")},
}
"""Texts that are no index of 1 or more, by the contract's name for their kind."""

by_index = in_style(StartIndex)


def style(probe: Probe) -> StartIndex:
    """Return the style of a list whose pages begin at an index."""
    return cast(StartIndex, probe.rule.style)


@law("default-start", "pagination", reading, paginated, by_index)
def default_start(probe: Probe) -> None:
    """Without an index, a page begins with the first item."""
    require_the_first_by_default(probe)


@law("start-past-the-end", "pagination", reading, paginated, by_index)
def start_past_the_end(probe: Probe) -> None:
    """An index beyond the last item gets the documented answer, however far it is: never a failure of the server."""
    total, rule = len(walks.met(probe)), style(probe)
    index = probe.draw(strategies.integers(total + 1, total + 200) | strategies.sampled_from(FAR), "start")
    exchange = probe.page(windows.limit(probe), at(rule, index, index - 1))
    is_first = rule.past_end == "reject" and index == 1
    what = f"the page at index {index}, beyond the last item {total},"
    require_past_end(probe, exchange, "unspecified" if is_first else rule.past_end, total, what)


@law("invalid-start", "pagination", reading, paginated, by_index)
def invalid_start(probe: Probe) -> None:
    """An index below 1, a text, nothing or a fraction gets the documented answer, never a failure."""
    limit = windows.limit(probe)
    for kind, text in windows.some(probe, pairs(INDEXES), "indexes"):
        exchange = probe.page(limit, at(style(probe), text, 0))
        if not exchange.response.was_too_long:
            require_treated(probe, exchange, limit, kind, f"the index {text[:40]!r}")


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
