"""What the pagination laws draw: limits and offsets inside what the contract allows, small ones first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.subjects import Subject

T = TypeVar("T")


def many(subject: Subject, operation: Operation) -> bool:
    """Return whether a subject has enough items for their order and choice to matter."""
    return subject.size > 1


def some(probe: Probe, values: Sequence[T], name: str, most: int = 8) -> list[T]:
    """Draw some values of a fixed set, each once: this covers more of a table than drawing one value per example."""
    return probe.draw(strategies.lists(strategies.sampled_from(values), min_size=1, max_size=most, unique=True), name)


def limit(probe: Probe) -> int:
    """Draw a limit that must be answered with a page: above the maximum only where that is no error."""
    rule = probe.rule.limit
    top = probe.walking_limit
    highest = top if rule.over_maximum in ("reject", "unspecified") else 2 * top + 50
    return probe.draw(strategies.integers(1, highest), "limit")


def walking_limit(probe: Probe, total: int, pages: int = 12) -> int:
    """Draw a limit that walks the collection in a moderate number of pages; the largest limit is the simplest."""
    top = probe.walking_limit
    lowest = min(top, max(1, -(-total // pages)))
    return top - probe.draw(strategies.integers(0, top - lowest), f"{top} - limit")


def offset(probe: Probe, total: int, beyond: int = 3) -> int:
    """Draw an offset inside a collection or a little beyond its end, if that is no error."""
    highest = total + beyond if probe.rule.offset.past_end == "empty" else total
    if probe.rule.offset.past_end == "reject":
        highest = max(0, total - 1)
    return probe.draw(strategies.integers(0, highest), "offset")
