"""Scenarios that several laws draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.clients.laws import Draw, Setting
from apitwin.testkit.clients.scenario import Fault, Scenario
from apitwin.testkit.errors import NothingToCompare
from apitwin.testkit.transport.twins import FAULT_TYPES


def sizes(page_maximum: int) -> strategies.SearchStrategy[int]:
    """Sizes of lists around the ends of pages, the shortest first."""
    return strategies.sampled_from(
        sorted(
            {
                0,
                1,
                page_maximum - 1,
                page_maximum,
                page_maximum + 1,
                2 * page_maximum,
                2 * page_maximum + 1,
                3 * page_maximum,
            }
            | {101, 103}
        )
    )


def plain(draw: Draw, setting: Setting) -> Scenario:
    """Draw a list of any size, and a page of any size."""
    page_maximum = draw(strategies.sampled_from(setting.page_maximums))
    return Scenario(draw(sizes(page_maximum)), page_maximum)


def several_pages(draw: Draw, setting: Setting) -> Scenario:
    """Draw a list of three pages."""
    page_maximum = draw(strategies.sampled_from((25, 7)))
    return Scenario(draw(strategies.integers(2 * page_maximum + 1, 3 * page_maximum)), page_maximum)


def suffered(faults: Sequence[Fault], operation: Operation) -> list[Fault]:
    """Return the faults that an operation can suffer. Raises NothingToCompare where there is none."""
    lacking = [FAULT_TYPES[fault["name"]].lacks(operation) for fault in faults]
    if all(lacking):
        members = " and no ".join(dict.fromkeys(map(str, lacking)))
        raise NothingToCompare(f"the pages of {operation.id} have no {members}")
    return [fault for fault, lack in zip(faults, lacking, strict=True) if lack is None]


def faulty(*faults: Fault) -> Callable[[Draw, Setting], Scenario]:
    """Draw one of the named faults that the operation can suffer, in a list of three pages of the smaller sizes.

    What it returns raises NothingToCompare where that is none of them.
    """

    def scenario(draw: Draw, setting: Setting) -> Scenario:
        fault = dict(draw(strategies.sampled_from(suffered(faults, setting.operation))))
        if "to" in fault:
            fault["to"] = setting.elsewhere
        page_maximum = draw(strategies.sampled_from((7, 25)))
        return Scenario(draw(strategies.integers(2 * page_maximum + 1, 3 * page_maximum)), page_maximum, (fault,))

    return scenario
