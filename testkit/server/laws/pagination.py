"""Laws of pages: how long they are, that together they are the collection, and that they agree with each other."""

from __future__ import annotations

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import counted, maximum_known, paginated, reading, says_more, sized
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_once, require_same, require_status
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.server.styles.walkers import walker
from apitwin.testkit.server.subjects import Subject


def _some_page(probe: Probe) -> Page:
    """Draw a page of some size, anywhere in the list, and ask for it."""
    limit = windows.limit(probe)
    return pages.at(probe, limit, windows.position(probe, limit, len(walks.met(probe))))


@law("envelope", "pagination", reading, paginated)
def envelope(probe: Probe) -> None:
    """Every page has the members that the contract names: a count that is a whole number, and an array of results."""
    page = _some_page(probe)
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
    limit = windows.limit(probe)
    position = windows.position(probe, limit, total)
    page = pages.at(probe, limit, position)
    expected = walks.page_length(probe, limit, position.start, total)
    probe.require(
        len(page.items) == expected,
        f"a page of limit {limit} after {position.start} items has {len(page.items)} items",
        expected=f"{expected} items: the least of {limit}, the maximum {walks.page_maximum(probe)}, "
        f"and {max(0, total - position.start)} left",
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
    require_same(probe, walk, by_largest.ids, says, probe.place_fact)


@law("count", "pagination", reading, paginated, counted)
def count(probe: Probe) -> None:
    """The count is the number of items that a walk meets, on every page of it."""
    reference = walks.reference(probe)
    limit = windows.walking_limit(probe, len(reference.ids))
    page = pages.at(probe, limit, windows.position(probe, limit, len(reference.ids), beyond=0))
    probe.assume(page.count is not None or not probe.rule.envelope.count_nullable, "page with a count")
    probe.require(
        page.count == len(reference.ids),
        f"the count says {page.count!r}; the walk to an empty page meets {len(reference.ids)} items",
        expected=f"a count of {len(reference.ids)}",
        found=as_json(page.count),
        shown=[page.exchange, *(last.exchange for last in reference.pages[-2:])],
        fact=probe.fact("envelope/count"),
    )


@law("count-invariant", "pagination", reading, paginated, counted)
def count_invariant(probe: Probe) -> None:
    """The count is the same on every page, whatever its size and wherever it begins."""
    first, other = pages.at(probe, 1, walkers.first(probe.rule)), _some_page(probe)
    probe.require(
        first.count == other.count,
        f"the count is {first.count!r} on one page and {other.count!r} on another",
        expected="the same count on every page",
        found=[first.count, other.count],
        shown=[first.exchange, other.exchange],
        fact=probe.fact("envelope/count"),
    )


@law("more", "pagination", reading, paginated, says_more, prefers=windows.many)
def more(probe: Probe) -> None:
    """A page says that there is more exactly where items come after its own."""
    total = len(walks.reference(probe).ids)
    walk = walks.walk(probe, windows.fitting_limit(probe, total))
    require_once(probe, walk)
    for position, page in zip(walk.positions, walk.pages, strict=True):
        left = max(0, total - position.start - len(page.items))
        probe.require(
            page.more is (left > 0),
            f"a page says {as_json(page.more)} of whether there is more; {left} items come after it",
            expected=as_json(left > 0),
            found=as_json(page.more),
            shown=[page.exchange],
            fact=probe.fact("envelope/more"),
        )


@law("slice", "pagination", reading, paginated, prefers=windows.many)
def slice_of_walk(probe: Probe) -> None:
    """A page is the slice of the walk that its size and its place name, also at an offset between two pages."""
    reference = walks.reference(probe)
    ids = reference.ids
    limit = windows.limit(probe)
    position = windows.position(probe, limit, len(ids))
    page = pages.at(probe, limit, position)
    expected = ids[position.start : position.start + walks.page_length(probe, limit, position.start, len(ids))]
    says = f"the page of limit {limit} after {position.start} items is not that slice of the walk"
    require_items(probe, page, expected, says, probe.place_fact, reference)


def _has_more_than_a_page(subject: Subject, operation: Operation) -> bool:
    rule = operation.pagination
    return rule is not None and subject.size > (rule.limit.maximum or 0)


@law("truncation", "pagination", reading, paginated, sized, maximum_known, prefers=_has_more_than_a_page)
def truncation(probe: Probe) -> None:
    """A limit above the maximum gets the maximum, a refusal, or all that was asked for, as the contract says."""
    rule = probe.rule.limit
    assert rule.maximum is not None, "the law needs a known maximum"
    total = len(walks.reference(probe).ids)
    above = probe.draw(
        strategies.integers(rule.maximum + 1, 20 * rule.maximum) | strategies.just(rule.largest or 10**30), "limit"
    )
    exchange = probe.page(above, walkers.first(probe.rule))
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
    return rule is not None and subject.size > 0 and subject.size % (rule.limit.maximum or 1) == 0


@law("exact-multiple", "pagination", reading, paginated, prefers=_whole_multiple)
def exact_multiple(probe: Probe) -> None:
    """A collection that is a whole number of pages ends properly: the last page is full, and after it comes nothing."""
    ids = walks.met(probe)
    largest = min(probe.walking_limit, walks.page_maximum(probe) or probe.walking_limit, len(ids))
    limits = [number for number in range(largest, 0, -1) if len(ids) % number == 0] or [1]
    limit = probe.draw(strategies.sampled_from(limits), "limit") if probe.rule.limit.parameter else probe.walking_limit
    probe.assume(len(ids) % limit == 0, "list of whole pages")
    way, style = walker(probe.rule), probe.rule.style
    position = way.first(style)
    if ids:
        last, position = _last_page(probe, limit, len(ids))
        says = f"the last page of limit {limit} is not the end of the walk"
        require_items(probe, last, ids[-limit:], says, probe.place_fact)
        probe.require(
            not last.next,
            "the last page, which is full, links to a next page",
            expected="no next link",
            found=as_json(last.next),
            shown=[last.exchange],
            fact=probe.fact("envelope"),
        )
        following = way.after(style, position, last)
        if following is None or way.refuses(style, following.start, len(ids)):
            return
        position = following
    exchange = probe.page(limit, position)
    if position.start > 0 and way.is_end(style, probe.contract, exchange.response.status):
        return
    after = pages.read(probe, exchange)
    says = f"the page after all {len(ids)} items, right at the end, is not empty"
    require_items(probe, after, (), says, probe.place_fact)


def _last_page(probe: Probe, limit: int, total: int) -> tuple[Page, Position]:
    """Return the page that ends with the last item, and where it begins."""
    way, style = walker(probe.rule), probe.rule.style
    position = Position(tuple((way.stated(style, total - limit, limit) or {}).items()), total - limit)
    if not position.parameters:  # there is no way but through all the pages before it
        position = walks.positions(probe, limit)[-1]
    return pages.at(probe, limit, position), position


@law("repeatable", "pagination", reading, paginated)
def repeatable(probe: Probe) -> None:
    """The same request twice gives the same answer."""
    limit = windows.limit(probe)
    position = windows.position(probe, limit, len(walks.met(probe)))
    first, second = probe.page(limit, position), probe.page(limit, position)
    probe.require(
        pages.without_volatile_members(probe, first.value) == pages.without_volatile_members(probe, second.value)
        and first.response.status == second.response.status,
        "the same request is answered differently the second time",
        expected=first.response.text[:200],
        found=second.response.text[:200],
        shown=[first, second],
    )
