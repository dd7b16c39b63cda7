"""Walks: a whole collection read page by page, and what can be known of it only by such a walk.

A walk never uses the server's own count or links to decide when to stop: it ends at an empty page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apitwin.testkit.errors import NothingToCompare, OverBudget
from apitwin.testkit.server import pages
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.verdict import Broken
from apitwin.testkit.transport.exchange import Exchange, Query

MOST_PAGES = 200
"""Pages in one walk, at most."""


@dataclass(frozen=True)
class Walk:
    """The pages met from offset 0 to the first empty page, advancing by what arrived.

    again: an item met twice, where the walk stopped. broken: the page that could not be read, where it stopped.
    """

    pages: tuple[Page, ...]
    again: str | None = None
    broken: Broken | None = None

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
        place = ids.index(identity)
        before = next((other for other in reversed(ids[:place]) if other in self.ids), None)
        after = next((other for other in ids[place + 1 :] if other in self.ids), None)
        neighbours = [other for other in (before, after) if other is not None]
        exchanges = [exchange for other in neighbours for exchange in self.page_of(other)[:1]]
        return exchanges if after is not None else [*exchanges, *(page.exchange for page in self.pages[-1:])]


def walk(probe: Probe, limit: int, extra: Query = ()) -> Walk:
    """Walk from offset 0 to the first empty page. Stops at a page with an item met before.

    Raises Broken where a page cannot be read, OverBudget after too many pages.
    """
    walked = _walked(probe, limit, extra)
    if walked.broken is not None:
        raise walked.broken
    return walked


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
    if rule.maximum is not None or rule.over_maximum != "unspecified":
        return None if rule.over_maximum in ("honour", "unspecified") else rule.maximum
    pages_met = _remembered(probe, ()).pages
    first = len(pages_met[0].ids) if pages_met else 0
    return first if 0 < first < probe.walking_limit and len(met(probe)) > first else None


def page_length(probe: Probe, limit: int, offset: int, total: int) -> int:
    """Return how many items a page must have. total: the items of the whole collection."""
    maximum = page_maximum(probe)
    return max(0, min(limit, limit if maximum is None else maximum, total - offset))


def _remembered(probe: Probe, extra: Query) -> Walk:
    key = (probe.operation.id, probe.subject.path, extra)
    if key not in probe.memory:
        probe.memory[key] = _walked(probe, probe.walking_limit, extra)
    remembered: Walk = probe.memory[key]
    return remembered


def _walked(probe: Probe, limit: int, extra: Query) -> Walk:
    """Return a walk, whatever became of it: reaching the end, an item met again, or a page that cannot be read."""
    met_pages: list[Page] = []
    met_ids: set[str] = set()
    offset = 0
    while len(met_pages) < MOST_PAGES:
        exchange = probe.send(probe.query(limit, offset, extra))
        if _is_refused_end(probe, exchange, offset):
            return Walk(tuple(met_pages))
        try:
            page = pages.read(probe, exchange)
        except Broken as error:
            return Walk(tuple(met_pages), broken=error)
        met_pages.append(page)
        again = _met_again(page, met_ids)
        if again is not None or not page.items:
            return Walk(tuple(met_pages), again)
        met_ids.update(page.ids)
        offset += len(page.items)
    raise OverBudget(f"the collection has more than {offset} items; too many to walk")


def _met_again(page: Page, met_ids: set[str]) -> str | None:
    """Return the first item of a page that was met before, on an earlier page or on this one."""
    repeated = (
        identity for place, identity in enumerate(page.ids) if identity in met_ids or identity in page.ids[:place]
    )
    return next(repeated, None)


def _is_refused_end(probe: Probe, exchange: Exchange, offset: int) -> bool:
    """Whether a server that refuses offsets past the end says so here."""
    refused = probe.contract.errors["invalid-parameter"].status
    return offset > 0 and probe.rule.offset.past_end == "reject" and exchange.response.status == refused
