"""What the pagination laws draw: limits and positions inside what the contract allows, small ones first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.server import walks
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.places import Places
from apitwin.testkit.server.styles.walkers import walker
from apitwin.testkit.server.subjects import Subject
from apitwin.testkit.transport.exchange import Query

T = TypeVar("T")


def many(subject: Subject, operation: Operation) -> bool:
    """Return whether a subject has enough items for their order and choice to matter."""
    return subject.size > 1


def some(probe: Probe, values: Sequence[T], name: str, most: int = 8) -> list[T]:
    """Draw some values of a fixed set, each once: this covers more of a table than drawing one value per example."""
    return probe.draw(strategies.lists(strategies.sampled_from(values), min_size=1, max_size=most, unique=True), name)


def limit(probe: Probe) -> int:
    """Draw a limit that must be answered with a page: above the maximum only where that is no error.

    Where the size of a page cannot be asked for, it is the size that every page has.
    """
    rule = probe.rule.limit
    top = probe.walking_limit
    if rule.parameter is None:
        return top
    highest = top if rule.over_maximum in ("reject", "unspecified") else 2 * top + 50
    return probe.draw(strategies.integers(1, highest), "limit")


def walking_limit(probe: Probe, total: int, pages: int = 12) -> int:
    """Draw a limit that walks the collection in a moderate number of pages; the largest limit is the simplest."""
    lowest, top = _walking_limits(probe, total, pages)
    return top - probe.draw(strategies.integers(0, top - lowest), f"{top} - limit")


def fitting_limit(probe: Probe, total: int, pages: int = 12) -> int:
    """Draw a limit as for a walk, and often one that cuts the collection into whole pages: there the end is a border.

    total: the items of the collection; pages: about how many there may be.
    """
    lowest, top = _walking_limits(probe, total, pages)
    whole = [number for number in range(top, lowest - 1, -1) if total % number == 0]
    limits = strategies.integers(0, top - lowest).map(lambda less: top - less)
    return probe.draw(strategies.sampled_from(whole) | limits if whole else limits, "limit")


def _walking_limits(probe: Probe, total: int, pages: int) -> tuple[int, int]:
    """Return the smallest and the largest limit that walks a collection in so many pages."""
    top = probe.walking_limit
    if probe.rule.limit.parameter is None:
        return top, top
    return min(top, max(1, -(-total // pages))), top


def position(probe: Probe, limit: int, total: int, beyond: int = 3, extra: Query = ()) -> Position:
    """Draw where a page begins: inside a collection or a little beyond its end, if that is no error.

    limit: of the page, as it is asked for; extra: what else is asked.
    """
    size = walks.page_length(probe, limit, 0, limit)
    places = Places(total, size, beyond, lambda: walks.positions(probe, limit, extra))
    return walker(probe.rule).draw(probe, probe.rule.style, places)


def spread(probe: Probe, limit: int, total: int, extra: Query = ()) -> list[Position]:
    """Return where pages begin that together show a whole list, and one right after its end where that can be asked."""
    way, style = walker(probe.rule), probe.rule.style
    size = max(1, walks.page_length(probe, limit, 0, limit))
    stated = [(start, way.stated(style, start, size)) for start in range(0, total + 1, size)]
    placed = [Position(tuple(place.items()), start) for start, place in stated if place is not None]
    return placed or walks.positions(probe, limit, extra)
