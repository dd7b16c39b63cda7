"""Scenarios that several laws draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies

from contracts.model import Operation
from testkit.clients.laws import Draw, Setting
from testkit.clients.scenario import Fault, Scenario
from testkit.errors import NothingToCompare
from testkit.twins import MISDEEDS


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


def suffered(faults: Sequence[Fault], operation: Operation) -> list[Fault]:
    """Return the faults that an operation can suffer. Raises NothingToCompare where there is none."""
    lacking = [MISDEEDS[one["name"]].lacks(operation) for one in faults]
    if all(lacking):
        members = " and no ".join(dict.fromkeys(map(str, lacking)))
        raise NothingToCompare(f"the pages of {operation.id} have no {members}")
    return [one for one, lack in zip(faults, lacking, strict=True) if lack is None]


def faulty(*faults: Fault) -> Callable[[Draw, Setting], Scenario]:
    """Draw one of some faults, in a list of three pages of the smaller sizes; only what the operation can suffer.

    What it returns raises NothingToCompare where that is none of them.
    """

    def scenario(draw: Draw, setting: Setting) -> Scenario:
        fault = dict(draw(strategies.sampled_from(suffered(faults, setting.operation))))
        if "to" in fault:
            fault["to"] = setting.elsewhere
        cap = draw(strategies.sampled_from((7, 25)))
        return Scenario(draw(strategies.integers(2 * cap + 1, 3 * cap)), cap, (fault,))

    return scenario
