"""Laws of reading: every item, once, however the server cuts its pages."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation
from apitwin.testkit.clients.harness import ClientRun, items_of
from apitwin.testkit.clients.laws import USUAL_LIMIT, Draw, Problem, Setting, law
from apitwin.testkit.clients.laws.drawing import faulty, plain, several_pages
from apitwin.testkit.clients.laws.loss import as_query, loss, span
from apitwin.testkit.clients.scenario import Scenario


@law("reads-everything", plain)
def reads_everything(client_run: ClientRun, operation: Operation) -> Problem | None:
    """Every item comes once, however large the server's page is: also where it is smaller than the limit asked for."""
    return loss(client_run)


LONG = 1003
VERY_LONG = 10_003
"""Items in lists beyond the bounds that clients and databases have: a thousand rows, fifty pages, ten thousand rows."""


def _long(draw: Draw, setting: Setting) -> Scenario:
    longest = LONG if setting.reads_alone else VERY_LONG  # one request an item would take too long
    return Scenario(longest, 100)


@law("a-long-list", _long, examples=1)
def long_list(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A list of more than a thousand items, or of ten thousand where it is read by pages, is read to its end, or
    becomes an error.
    """
    if client_run.result.error is not None or (not client_run.result.ended and not client_run.endless):
        return None  # it may need more time than it was given
    return loss(client_run)


def _first_page_is_short(draw: Draw, setting: Setting) -> Scenario:
    page_maximum = draw(strategies.sampled_from(setting.small_page_maximums))
    return Scenario(draw(strategies.integers(page_maximum + 1, 3 * page_maximum)), page_maximum)


@law("short-page-is-not-the-end", _first_page_is_short)
def short_page(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A page with fewer items than were asked for is not the last one, as long as its count or link says so."""
    rule = operation.pagination
    if rule is None or not client_run.asked or client_run.result.items is None or not client_run.missing:
        return None
    last = client_run.asked[-1]
    limit = _number(last, rule.limit.parameter)
    came = len(items_of(last, operation) or ())
    more = _shown(client_run, operation) < len(client_run.expected)
    if limit is None or came >= limit or came == 0 or not more:
        return None
    return Problem(
        f"it stops at a page of {came} items, having asked for {limit}, although there are more",
        f"{len(client_run.expected)} items",
        f"{len(client_run.result.items)} items; missing: {span(client_run.missing)}",
    )


def _shown(client_run: ClientRun, operation: Operation) -> int:
    """Return how many different items the pages that the client asked for have shown it."""
    identity = operation.collection.identity if operation.collection is not None else ""
    items = (item for entry in client_run.asked for item in items_of(entry, operation) or ())
    return len({str(pointers.find(item, identity)) for item in items})


@law(
    "stops",
    faulty(
        {"name": "lying-count", "by": 7},
        {"name": "self-pointing-next"},
        {"name": "self-pointing-next", "page": "first"},
        {"name": "clamped-past-end"},
    ),
)
def stops(client_run: ClientRun, operation: Operation) -> Problem | None:
    """It ends, with items or with an error: also where the count is too high, a link leads to its own page, or the last
    page is given for ever.
    """
    if client_run.endless or not client_run.result.ended:
        return loss(client_run)
    return None


def _number(entry: Any, parameter: str | None) -> int | None:
    """Return what a request says for a parameter, the last one counting; None where that is no number."""
    text = next((text for name, text in reversed(entry.query) if name == parameter), "")
    return int(text) if text.isascii() and text.isdigit() else None


@law("keeps-its-filters", several_pages)
def keeps_its_filters(client_run: ClientRun, operation: Operation) -> Problem | None:
    """Every request for a page carries the parameters of the first one, each as often as there."""
    rule = operation.pagination
    if rule is None or not client_run.asked:
        return None
    paging = rule.parameters
    known = {name for name, _ in client_run.asked[0].query} | {one.name for one in operation.parameters}
    first = sorted(pair for pair in client_run.asked[0].query if pair[0] not in paging)
    for at, entry in enumerate(client_run.asked[1:], 2):
        again = sorted(pair for pair in entry.query if pair[0] not in paging)
        if not rule.style.parameters:  # what leads to the next page has a name that only the server knows
            again = [pair for pair in again if pair[0] in known]
        twice = [name for name in paging if sum(key == name for key, _ in entry.query) > 1]
        if again != first or twice:
            what = f"sends {twice[0]} twice" if twice else "has other parameters than request 1"
            return Problem(f"request {at} {what}", as_query(first), as_query(sorted(entry.query) if twice else again))
    return None


def _more_than_the_maximum(draw: Draw, setting: Setting) -> Scenario:
    page_maximum = draw(strategies.sampled_from((25, 7)))
    return Scenario(_maximum(setting.operation) + draw(strategies.integers(1, page_maximum)), page_maximum)


def _maximum(operation: Operation) -> int:
    rule = operation.pagination
    return (rule.limit.maximum if rule is not None else None) or USUAL_LIMIT


@law("keeps-its-page-size", _more_than_the_maximum, examples=4)
def keeps_its_page_size(client_run: ClientRun, operation: Operation) -> Problem | None:
    """No request asks for everything at once: for no number of items, or for more than any page may have, where the
    first one did not.
    """
    rule = operation.pagination
    if rule is None or not client_run.asked:
        return None
    limits = [_number(entry, rule.limit.parameter) for entry in client_run.asked]
    if limits[0] is None:
        return None
    largest = max(_maximum(operation), limits[0])
    for at, limit in enumerate(limits[1:], 2):
        if not limit or limit > largest:
            asked = f"{rule.limit.parameter}={limit}" if limit else "everything"
            return Problem(f"request {at} asks for {asked}", f"{rule.limit.parameter}={largest} at most", asked)
    return None


@law(
    "survives-drift",
    faulty(
        {"name": "delete-between-pages", "nth": 2},
        {"name": "insert-between-pages", "nth": 2},
        {"name": "delete-between-pages", "nth": 2, "times": 2},
    ),
)
def survives_drift(client_run: ClientRun, operation: Operation) -> Problem | None:
    """Items that are made or deleted while it reads are no reason to fail, to go on for ever, or to lose more than a
    plain walk does: two items for each that came or went.
    """
    if client_run.endless or not client_run.result.ended:
        return loss(client_run)
    if client_run.result.error is not None:
        return Problem("it fails because an item came or went while it read", "items", client_run.result.error)
    moved = sum(entry.fault is not None for entry in client_run.asked)
    for items, word in ((client_run.missing, "are missing"), (client_run.added, "came twice or are not there")):
        if moved and len(items) > 2 * moved:
            says = f"{len(items)} of {len(client_run.expected)} items {word}, although only {moved} came or went"
            return Problem(says, f"{2 * moved} at most", span(items), lost=True)
    return None
