"""Harsh laws: what a server may do, and seldom does."""

from __future__ import annotations

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.clients.harness import ClientRun
from apitwin.testkit.clients.laws import HARSH, Draw, Problem, Setting, law
from apitwin.testkit.clients.laws.drawing import suffered
from apitwin.testkit.clients.laws.loss import loss
from apitwin.testkit.clients.scenario import Scenario
from apitwin.testkit.errors import NothingToCompare


def _cap_of_one(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(draw(strategies.integers(0, 5)), 1)


def _short_middle(draw: Draw, setting: Setting) -> Scenario:
    rule = setting.operation.pagination
    if rule is not None and not rule.style.cuts_anywhere:
        raise NothingToCompare(f"pages by {rule.style.word} all have one size, or items are lost between them")
    fault = {
        "name": "smaller-page-maximum",
        "maximum": draw(strategies.integers(1, 5)),
        "nth": draw(strategies.integers(1, 2)),
    }
    return Scenario(draw(strategies.integers(15, 30)), 7, (fault,))


def _lowered(draw: Draw, setting: Setting) -> Scenario:
    page_maximum = draw(strategies.sampled_from(setting.small_page_maximums))
    return Scenario(draw(strategies.integers(101, 160)), page_maximum, before=100)


def _empty_last(draw: Draw, setting: Setting) -> Scenario:
    # A usual cap, so that what small pages do to a client is not told here once more.
    faults = suffered([{"name": "lying-count", "by": 1}], setting.operation)
    return Scenario(draw(strategies.sampled_from((100, 200))), 100, tuple(faults))


@law("a-page-of-one", _cap_of_one, HARSH)
def page_of_one(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A server that gives one item at a time is read to its end."""
    return loss(client_run)


@law("a-short-page-in-the-middle", _short_middle, HARSH)
def short_in_the_middle(client_run: ClientRun, operation: Operation) -> Problem | None:
    """One page that is shorter than those around it loses nothing, or becomes an error."""
    return loss(client_run) if client_run.result.error is None else None


def _empty_middle(draw: Draw, setting: Setting) -> Scenario:
    faults = suffered([{"name": "empty-page", "nth": draw(strategies.integers(1, 2))}], setting.operation)
    return Scenario(draw(strategies.integers(15, 30)), 7, tuple(faults))


@law("an-empty-page-in-the-middle", _empty_middle, HARSH)
def empty_in_the_middle(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A page without items that leads on is not the end."""
    if client_run.result.items is None or not client_run.missing or client_run.asked[-1].fault is None:
        return None
    whole = len(client_run.expected)
    says = "it stops at a page without items, although that leads on to more"
    return Problem(says, f"{whole} items", f"{len(client_run.result.items)} items", lost=True)


@law("the-page-maximum-is-lowered", _lowered, HARSH)
def lowered(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A page size that is smaller than it was yesterday loses nothing."""
    return loss(client_run)


@law("an-empty-last-page", _empty_last, HARSH)
def empty_last(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A last page without items, where the count promises one more, is an end like any other."""
    return loss(client_run)
