"""Walks: a whole collection read page by page, and what can be known of it only by such a walk.

A walk never uses the server's own count to decide when to stop: it ends at an empty page, or at a refusal that the
contract has for that. Only a walk by cursors has to believe the server where to go on (see `styles.cursor`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apitwin.testkit.errors import NothingToCompare, OverBudget
from apitwin.testkit.server import pages
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles.walkers import walker
from apitwin.testkit.server.verdict import Broken
from apitwin.testkit.transport.exchange import Exchange, Query

MOST_PAGES = 200
"""Pages in one walk, at most."""


MOST_REMEMBERED = 96 * 2**20
"""Bytes of memory that remembered walks may take, about; beyond that only the last one is remembered (assumed)."""


@dataclass(frozen=True)
class Walk:
    """The pages met from the first to the end, advancing by what arrived.

    positions: where each of them began. again: an item met twice, where the walk stopped. broken: the page that could
    not be read, where it stopped.
    """

    pages: tuple[Page, ...]
    positions: tuple[Position, ...] = ()
    again: str | None = None
    broken: Broken | None = None

    @cached_property
    def weight(self) -> int:
        """About how many bytes of memory its pages take."""
        return sum(page.exchange.response.weight for page in self.pages)

    @cached_property
    def items(self) -> tuple[Any, ...]:
        """Every item that was met, in the order of the pages."""
        return tuple(item for page in self.pages for item in page.items)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The identities of the items, in the same order."""
        return tuple(identity for page in self.pages for identity in page.ids)

    def page_of(self, identity: str) -> list[Exchange]:
        """Return the exchanges whose page holds an item."""
        return [page.exchange for page in self.pages if identity in page.ids]

    def around(self, identity: str, ids: Sequence[str]) -> list[Exchange]:
        """Return the exchanges between which an item is missing that `ids` has in its place."""
        place, met_ids = ids.index(identity), set(self.ids)
        before = next((other for other in reversed(ids[:place]) if other in met_ids), None)
        after = next((other for other in ids[place + 1 :] if other in met_ids), None)
        neighbours = [other for other in (before, after) if other is not None]
        exchanges = [exchange for other in neighbours for exchange in self.page_of(other)[:1]]
        return exchanges if after is not None else [*exchanges, *(page.exchange for page in self.pages[-1:])]


def walk(probe: Probe, limit: int, extra: Query = ()) -> Walk:
    """Walk from the first page to the end. Stops at a page with an item met before.

    Raises Broken where a page cannot be read, OverBudget after too many pages.
    """
    walked = _walked(probe, limit, extra)
    if walked.broken is not None:
        raise walked.broken
    return walked


def attempt(probe: Probe, limit: int) -> Walk:
    """Walk from the first page as far as it goes, also where that is no good end. Raises OverBudget."""
    return _walked(probe, limit, ())


def positions(probe: Probe, limit: int, extra: Query = ()) -> list[Position]:
    """Return where the pages of some size begin that have items, as a walk met them; walked once for all laws."""
    walked = _remembered(probe, extra, limit)
    return [position for position, page in zip(walked.positions, walked.pages, strict=True) if page.items]


def reference(probe: Probe, extra: Query = ()) -> Walk:
    """Return the walk by the largest page, to compare with; made once for all laws.

    Raises NothingToCompare when it meets an item twice, or a page that cannot be read: then there is no telling what
    the collection is.
    """
    walked = _remembered(probe, extra)
    if walked.again is not None or walked.broken is not None:
        why = f"item {walked.again} comes twice" if walked.broken is None else walked.broken.finding.says
        raise NothingToCompare(f"the walk to compare with is itself broken ({why}); see the law partition")
    return walked


def met(probe: Probe) -> tuple[str, ...]:
    """Return the items that the walk meets, each once, also where it does not end as it should."""
    return tuple(dict.fromkeys(_remembered(probe, ()).ids))


def page_maximum(probe: Probe) -> int | None:
    """Return the most items a page has, None where there is no such number.

    Where the contract does not know it, the first page of the walk shows it.
    """
    rule = probe.rule.limit
    if rule.over_maximum == "honour":
        return None
    if rule.maximum is not None:
        return None if rule.over_maximum == "unspecified" else rule.maximum
    pages_met = _remembered(probe, ()).pages
    first = len(pages_met[0].ids) if pages_met else 0
    return first if 0 < first < probe.walking_limit and len(met(probe)) > first else None


def page_length(probe: Probe, limit: int, start: int, total: int) -> int:
    """Return how many items a page must have that begins after so many. total: the items of the whole collection."""
    maximum = page_maximum(probe)
    return max(0, min(limit, limit if maximum is None else maximum, total - start))


def _remembered(probe: Probe, extra: Query, limit: int | None = None) -> Walk:
    limit = probe.walking_limit if limit is None else limit
    key = (probe.operation.id, probe.subject.path, extra, limit)
    if key not in probe.memory:
        walked = _walked(probe, limit, extra)
        if walked.weight + sum(other.weight for other in probe.memory.values()) > MOST_REMEMBERED:
            probe.memory.clear()
        probe.memory[key] = walked
    remembered: Walk = probe.memory[key]
    return remembered


def _walked(probe: Probe, limit: int, extra: Query) -> Walk:
    """Return a walk, whatever became of it: reaching the end, an item met again, or a page that cannot be read."""
    met_pages: list[Page] = []
    met_ids: set[str] = set()
    style, way = probe.rule.style, walker(probe.rule)
    positions = [way.first(style)]
    while len(met_pages) < MOST_PAGES:
        position = positions[-1]
        exchange = probe.page(limit, position, extra)
        if position.start > 0 and way.is_end(style, probe.contract, exchange.response.status):
            return Walk(tuple(met_pages), tuple(positions[:-1]))
        try:
            page = pages.read(probe, exchange)
        except Broken as error:
            return Walk(tuple(met_pages), tuple(positions[:-1]), broken=error)
        met_pages.append(page)
        again = _met_again(page, met_ids)
        following = way.after(style, position, page)
        if again is not None or following is None:
            return Walk(tuple(met_pages), tuple(positions), again)
        met_ids.update(page.ids)
        positions.append(following)
    raise OverBudget(f"the collection has more than {positions[-1].start} items; too many to walk")


def _met_again(page: Page, met_ids: set[str]) -> str | None:
    """Return the first item of a page that was met before, on an earlier page or on this one."""
    here: set[str] = set()
    for identity in page.ids:
        if identity in met_ids or identity in here:
            return identity
        here.add(identity)
    return None
