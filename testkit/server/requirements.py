"""What several laws require: a status, a class of statuses, the items of a page, the items of a walk."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from apitwin.contracts.model import Operation
from apitwin.contracts.validation import as_json
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.silence import USUAL_REFUSALS, is_permitted
from apitwin.testkit.server.walks import Walk
from apitwin.testkit.transport.exchange import Exchange


def require_status(
    probe: Probe, exchange: Exchange, allowed: Collection[int], says: str, fact: str | None = None
) -> None:
    """Require one of some statuses; an empty collection stands for any below 500, or a failure that is documented."""
    status = exchange.response.status
    probe.require(
        status in allowed if allowed else status < 500 or is_permitted(probe, exchange),
        says,
        expected=f"status {' or '.join(map(str, sorted(allowed)))}" if allowed else "an answer below 500",
        found=f"status {status}: {exchange.response.text[:160]}",
        shown=[exchange],
        fact=fact,
    )


def require_class(probe: Probe, exchange: Exchange, operation: Operation, leading: int, says: str, fact: str) -> None:
    """Require a status of a class, such as 2 for success, that the contract documents for an operation.

    Of refusals a plain document leaves the usual ones out.
    """
    response, keys = exchange.response, operation.of_class(leading)
    is_open = probe.contract.is_plain and leading == 4 and response.status in USUAL_REFUSALS
    probe.require(
        is_open or operation.expects(response.status, leading),
        says,
        expected=f"status {' or '.join(keys)}" if keys and keys != ("default",) else f"status {leading}XX",
        found=f"status {response.status}: {response.text[:160]}",
        shown=[exchange],
        fact=fact if keys else None,
    )


def require_items(
    probe: Probe, page: Page, ids: Sequence[str], says: str, fact: str, against: Walk | None = None
) -> None:
    """Require that a page holds just these items, in this order. against: the walk that has them so."""
    wrong = next((identity for place, identity in enumerate(ids) if page.ids[place : place + 1] != (identity,)), None)
    compared = against.page_of(wrong)[:1] if against is not None and wrong is not None else []
    probe.require(
        page.ids == tuple(ids),
        says,
        expected=f"{len(ids)} items: {list(ids[:8])}",
        found=f"{len(page.ids)} items: {list(page.ids[:8])}",
        shown=[*compared, page.exchange],
        fact=fact,
    )


def require_same(probe: Probe, walk: Walk, ids: Sequence[str], says: str, fact: str) -> None:
    """Require that a walk met just these items, in any order; a report shows where an item is missing or too many."""
    met, wanted = set(walk.ids), set(ids)
    missing = [identity for identity in ids if identity not in met]
    added = [identity for identity in walk.ids if identity not in wanted]
    shown = walk.around(missing[0], ids) if missing else walk.page_of(added[0]) if added else []
    probe.require(
        not missing and not added,
        says,
        expected=f"{len(ids)} items",
        found=f"{len(walk.ids)} items; missing {missing[:5]}, too many {added[:5]}",
        shown=shown,
        fact=fact,
    )


def require_once(probe: Probe, walk: Walk) -> None:
    """Require that a walk met no item twice."""
    twice = [] if walk.again is None else walk.page_of(walk.again)
    probe.require(
        walk.again is None,
        f"the walk by pages meets item {walk.again} twice",
        expected="every item once",
        found=f"item {walk.again} on {len(twice)} pages, or twice on one",
        shown=twice,
        fact=probe.place_fact,
    )


def require_stated_count(probe: Probe, page: Page, total: int, fact: str) -> None:
    """Require that an empty page beyond the end states the count of the list, where it states one."""
    if probe.rule.envelope.count is None or (page.count is None and probe.rule.envelope.count_nullable):
        return
    probe.require(
        page.count == total,
        f"beyond the end the count is {page.count!r}; the walk meets {total} items",
        expected=f"a count of {total}",
        found=as_json(page.count),
        shown=[page.exchange],
        fact=fact,
    )
