"""Scenarios that several laws draw."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies

from testkit.clients.laws import Draw, Setting
from testkit.clients.scenario import Fault, Scenario


def sizes(cap: int) -> strategies.SearchStrategy[int]:
    """Sizes of lists around the ends of pages, the shortest first."""
    return strategies.sampled_from(sorted({0, 1, cap - 1, cap, cap + 1, 2 * cap, 2 * cap + 1, 3 * cap} | {101, 103}))


def plain(draw: Draw, setting: Setting) -> Scenario:
    """Draw a list of any size, and a page of any size."""
    cap = draw(strategies.sampled_from(setting.caps))
    return Scenario(draw(sizes(cap)), cap)


def several_pages(draw: Draw, setting: Setting) -> Scenario:
    """Draw a list of three pages."""
    cap = draw(strategies.sampled_from((25, 7)))
    return Scenario(draw(strategies.integers(2 * cap + 1, 3 * cap)), cap)


def faulty(*faults: Fault) -> Callable[[Draw, Setting], Scenario]:
    """Draw one of some faults, in a list of three pages of the smaller sizes."""

    def scenario(draw: Draw, setting: Setting) -> Scenario:
        fault = dict(draw(strategies.sampled_from(faults)))
        if "to" in fault:
            fault["to"] = setting.elsewhere
        cap = draw(strategies.sampled_from((7, 25)))
        return Scenario(draw(strategies.integers(2 * cap + 1, 3 * cap)), cap, (fault,))

    return scenario
