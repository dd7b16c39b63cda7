"""Laws of pages: how long they are, that together they are the collection, and that they agree with each other."""

from __future__ import annotations

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import counted, maximum_known, paginated, reading
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_once, require_same, require_status
from apitwin.testkit.server.subjects import Subject

FAR = (2**31, 2**63, 10**30)
"""Offsets that overflow 32 and 64 bits, and one beyond any."""


@law("envelope", "pagination", reading, paginated)
def envelope(probe: Probe) -> None:
    """Every page has the members that the contract names: a count that is a whole number, and an array of results."""
    page = pages.at(probe, windows.limit(probe), windows.offset(probe, len(walks.met(probe))))
    rule = probe.rule.envelope
    counted_well = isinstance(page.count, int) and not isinstance(page.count, bool) and page.count >= 0
    probe.require(
        rule.count is None or counted_well or (page.count is None and rule.count_nullable),
        "the count is no whole number of 0 or more",
        expected=f"an integer at {rule.count}" + (" or null" if rule.count_nullable else ""),
        found=as_json(page.count),
        shown=[page.exchange],
        fact=probe.fact("envelope"),
    )


@law("page-size", "pagination", reading, paginated)
def page_size(probe: Probe) -> None:
    """A page has as many items as were asked for, but never more than the maximum or than are left."""
    reference = walks.reference(probe)
    total = len(reference.ids)
    limit, offset = windows.limit(probe), windows.offset(probe, total)
    page = pages.at(probe, limit, offset)
    expected = walks.page_length(probe, limit, offset, total)
    probe.require(
        len(page.items) == expected,
        f"a page of limit {limit} at offset {offset} has {len(page.items)} items",
        expected=f"{expected} items: the least of {limit}, the maximum {walks.page_maximum(probe)}, "
        f"and {max(0, total - offset)} left",
        found=f"{len(page.items)} items",
        shown=[page.exchange, *(last.exchange for last in reference.pages[-2:])],
        fact=probe.fact("limit/maximum"),
    )


@law("partition", "pagination", reading, paginated)
def partition(probe: Probe) -> None:
    """The pages of a walk, whatever their limit, meet every item exactly once."""
    by_largest = walks.walk(probe, probe.walking_limit)
    require_once(probe, by_largest)
    limit = windows.walking_limit(probe, len(by_largest.ids))
    walk = walks.walk(probe, limit)
    require_once(probe, walk)
    says = f"the walk by limit {limit} does not meet the items that the walk by limit {probe.walking_limit} meets"
    require_same(probe, walk, by_largest.ids, says, probe.fact("offset"))


@law("count", "pagination", reading, paginated, counted)
def count(probe: Probe) -> None:
    """The count is the number of items that a walk meets, on every page of it."""
    reference = walks.reference(probe)
    limit = windows.walking_limit(probe, len(reference.ids))
    offset = windows.offset(probe, len(reference.ids), beyond=0)
    page = pages.at(probe, limit, offset)
    probe.assume(page.count is not None or not probe.rule.envelope.count_nullable, "page with a count")
    probe.require(
        page.count == len(reference.ids),
        f"the count says {page.count!r}; the walk to an empty page meets {len(reference.ids)} items",
        expected=f"a count of {len(reference.ids)}",
        found=as_json(page.count),
        shown=[page.exchange, *(last.exchange for last in reference.pages[-2:])],
        fact=probe.fact("envelope"),
    )


@law("count-invariant", "pagination", reading, paginated, counted)
def count_invariant(probe: Probe) -> None:
    """The count is the same on every page, whatever limit and offset."""
    first = pages.at(probe, 1, 0)
    other = pages.at(probe, windows.limit(probe), windows.offset(probe, len(walks.met(probe))))
    probe.require(
        first.count == other.count,
        f"the count is {first.count!r} on one page and {other.count!r} on another",
        expected="the same count on every page",
        found=[first.count, other.count],
        shown=[first.exchange, other.exchange],
        fact=probe.fact("envelope"),
    )


@law("slice", "pagination", reading, paginated, prefers=windows.many)
def slice_of_walk(probe: Probe) -> None:
    """A page is the slice of the walk that its limit and offset name, also at an offset between two pages."""
    reference = walks.reference(probe)
    ids = reference.ids
    limit, offset = windows.limit(probe), windows.offset(probe, len(ids))
    page = pages.at(probe, limit, offset)
    expected = ids[offset : offset + walks.page_length(probe, limit, offset, len(ids))]
    says = f"limit {limit}, offset {offset} is not that slice of the walk"
    require_items(probe, page, expected, says, probe.fact("offset"), reference)


@law("overlap", "pagination", reading, paginated)
def overlap(probe: Probe) -> None:
    """Two pages that overlap agree on the items they share."""
    limit, offset = windows.limit(probe), windows.offset(probe, len(walks.met(probe)), beyond=0)
    page = pages.at(probe, limit, offset)
    probe.assume(len(page.ids) > 1, "page of two items or more")
    shift = probe.draw(strategies.integers(1, len(page.ids) - 1), "shift")
    later = pages.at(probe, limit, offset + shift)
    shared = page.ids[shift:]
    probe.require(
        later.ids[: len(shared)] == shared,
        f"the page at offset {offset + shift} does not start with what the page at {offset} has there",
        expected=f"it starts with {list(shared[:10])}",
        found=f"it starts with {list(later.ids[:10])}",
        shown=[page.exchange, later.exchange],
        fact=probe.fact("offset"),
    )


@law("default-offset", "pagination", reading, paginated)
def default_offset(probe: Probe) -> None:
    """Without an offset, a page is the page at offset 0."""
    limit = windows.limit(probe)
    first, without = pages.at(probe, limit, 0), pages.at(probe, limit)
    probe.require(
        first.ids == without.ids,
        "a page without an offset is not the page at offset 0",
        expected=f"the items {list(first.ids[:10])}",
        found=f"the items {list(without.ids[:10])}",
        shown=[first.exchange, without.exchange],
        fact=probe.fact("offset"),
    )


@law("past-the-end", "pagination", reading, paginated)
def past_the_end(probe: Probe) -> None:
    """An offset at or beyond the end gets the documented answer, however far it is: never a failure of the server."""
    total = len(walks.met(probe))
    near = strategies.integers(total, total + 200)
    offset = probe.draw(near | strategies.sampled_from(FAR), "offset")
    exchange = probe.send(probe.query(windows.limit(probe), offset))
    says = f"an offset of {offset} makes the server fail with status {exchange.response.status}"
    require_status(probe, exchange, (), says)
    if probe.rule.offset.past_end == "reject" and offset > total:
        refused = probe.contract.errors["invalid-parameter"].status
        says = f"an offset of {offset}, beyond the end, is not refused"
        require_status(probe, exchange, [refused], says, probe.fact("offset/past-end"))
    if probe.rule.offset.past_end == "empty":
        page = pages.read(probe, exchange)
        says = f"a page at offset {offset}, beyond the end at {total}, has items"
        require_items(probe, page, (), says, probe.fact("offset/past-end"))
        _require_count(probe, page, total)
        probe.require(
            not page.next,
            f"a page at offset {offset}, beyond the end at {total}, links to a next page",
            expected="no next link",
            found=as_json(page.next),
            shown=[exchange],
            fact=probe.fact("offset/past-end"),
        )


def _require_count(probe: Probe, page: Page, total: int) -> None:
    if probe.rule.envelope.count is None or (page.count is None and probe.rule.envelope.count_nullable):
        return
    probe.require(
        page.count == total,
        f"beyond the end the count is {page.count!r}; the walk meets {total} items",
        expected=f"a count of {total}",
        found=as_json(page.count),
        shown=[page.exchange],
        fact=probe.fact("offset/past-end"),
    )


def _has_more_than_a_page(subject: Subject, operation: Operation) -> bool:
    rule = operation.pagination
    return rule is not None and subject.size > (rule.limit.maximum or 0)


@law("truncation", "pagination", reading, paginated, maximum_known, prefers=_has_more_than_a_page)
def truncation(probe: Probe) -> None:
    """A limit above the maximum gets the maximum, a refusal, or all that was asked for, as the contract says."""
    rule = probe.rule.limit
    assert rule.maximum is not None, "the law needs a known maximum"
    total = len(walks.reference(probe).ids)
    above = probe.draw(strategies.integers(rule.maximum + 1, 20 * rule.maximum) | strategies.just(10**30), "limit")
    exchange = probe.send(probe.query(above, 0))
    if rule.over_maximum == "reject":
        refused = probe.contract.errors["invalid-parameter"].status
        says = f"a limit of {above}, above the maximum of {rule.maximum}, is not refused"
        require_status(probe, exchange, [refused], says, probe.fact("limit/over-maximum"))
        return
    page = pages.read(probe, exchange)
    expected = walks.page_length(probe, above, 0, total)
    probe.require(
        len(page.ids) == expected,
        f"a limit of {above}, above the maximum of {rule.maximum}, is answered with {len(page.ids)} items",
        expected=f"{expected} items ({rule.over_maximum})",
        found=f"{len(page.ids)} items",
        shown=[exchange],
        fact=probe.fact("limit/over-maximum"),
    )


def _whole_multiple(subject: Subject, operation: Operation) -> bool:
    rule = operation.pagination
    return rule is not None and subject.size % (rule.limit.maximum or 1) == 0


@law("exact-multiple", "pagination", reading, paginated, prefers=_whole_multiple)
def exact_multiple(probe: Probe) -> None:
    """A collection that is a whole number of pages ends properly: the last page is full, and after it comes nothing."""
    ids = walks.met(probe)
    limits = [number for number in range(min(probe.walking_limit, len(ids)), 0, -1) if len(ids) % number == 0] or [1]
    limit = probe.draw(strategies.sampled_from(limits), "limit")
    if ids:
        last = pages.at(probe, limit, len(ids) - limit)
        says = f"the last page of limit {limit} is not the end of the walk"
        require_items(probe, last, ids[-limit:], says, probe.fact("offset"))
        probe.require(
            not last.next,
            "the last page, which is full, links to a next page",
            expected="no next link",
            found=as_json(last.next),
            shown=[last.exchange],
            fact=probe.fact("envelope"),
        )
    exchange = probe.send(probe.query(limit, len(ids)))
    if probe.rule.offset.past_end == "reject":
        return
    after = pages.read(probe, exchange)
    says = f"the page at offset {len(ids)}, right at the end, is not empty"
    require_items(probe, after, (), says, probe.fact("offset/past-end"))


@law("repeatable", "pagination", reading, paginated)
def repeatable(probe: Probe) -> None:
    """The same request twice gives the same answer."""
    query = probe.query(windows.limit(probe), windows.offset(probe, len(walks.met(probe))))
    first, second = probe.send(query), probe.send(query)
    probe.require(
        pages.without_volatile_members(probe, first.value) == pages.without_volatile_members(probe, second.value)
        and first.response.status == second.response.status,
        "the same request is answered differently the second time",
        expected=first.response.text[:200],
        found=second.response.text[:200],
        shown=[first, second],
    )
