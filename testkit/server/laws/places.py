"""What the laws of several styles say of where a page begins: by default, past the end, at a place that is none."""

from __future__ import annotations

from apitwin.contracts.validation import as_json
from apitwin.contracts.words import PastEnd
from apitwin.testkit.server import pages
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws.limits import answered_in_some_way, is_slice, refused
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_stated_count, require_status
from apitwin.testkit.server.silence import is_left_open, is_permitted
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.transport.exchange import Exchange

FAR = (2**31, 2**63, 10**30)
"""Numbers that overflow 32 and 64 bits, and one beyond any."""
START_OF_THE_LIST = ("first", "zero")
"""How styles call it that a place which is none is read as the first one."""


def require_the_first_by_default(probe: Probe) -> None:
    """Require that a page of which it is not said where it begins is the first one."""
    limit, position = windows.limit(probe), walkers.first(probe.rule)
    first, without = pages.at(probe, limit, position), pages.at(probe, limit)
    name, text = position.parameters[0]
    probe.require(
        first.ids == without.ids,
        f"a page without {name} is not the page of {name}={text}",
        expected=f"the items {list(first.ids[:10])}",
        found=f"the items {list(without.ids[:10])}",
        shown=[first.exchange, without.exchange],
        fact=probe.place_fact,
    )


def require_past_end(
    probe: Probe, exchange: Exchange, past_end: PastEnd, total: int, what: str, error: str = "invalid-parameter"
) -> None:
    """Require the documented answer for a page beyond the end of a list of so many items, and never a failure.

    what: the page, as a noun. error: that of a refusal. A plain document is silent about how far is too far.
    """
    fact, status = f"{probe.place_fact}/past-end", exchange.response.status
    require_status(probe, exchange, (), f"{what} makes the server fail with status {status}")
    if is_left_open(probe, exchange) or is_permitted(probe, exchange):
        return
    if past_end == "reject":
        refused(probe, exchange, what, fact, error)
    if past_end == "empty":
        page = pages.read(probe, exchange)
        require_items(probe, page, (), f"{what} has items", fact)
        require_stated_count(probe, page, total, fact)
        probe.require(
            not page.next,
            f"{what} links to a next page",
            expected="no next link",
            found=as_json(page.next),
            shown=[exchange],
            fact=fact,
        )


def require_treated(
    probe: Probe, exchange: Exchange, limit: int, kind: str, what: str, error: str = "invalid-parameter"
) -> None:
    """Require what the contract says of a place that is none. kind: why it is none; what: the place, as a noun."""
    treatment, fact = getattr(probe.rule.style, f"when_{kind}"), f"{probe.place_fact}/when-{kind}"
    answered_in_some_way(probe, exchange, what)
    if treatment == "reject":
        refused(probe, exchange, what, fact, error)
    elif treatment in START_OF_THE_LIST:
        is_slice(probe, exchange, limit, 0, f"{what} is not answered with the first page", fact)
