"""What the server of a plain document can be held to where it is asked for a thing that is not there."""

from __future__ import annotations

from apitwin.testkit.server import pages
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_status
from apitwin.testkit.server.silence import UNKNOWN, says_what_is_unknown
from apitwin.testkit.transport.exchange import Exchange


def require_nothing_found(probe: Probe, exchange: Exchange, name: str, text: str) -> None:
    """Require that an unknown id makes nothing fail, and is not answered with another thing.

    A document that has no 404 does not say that an id can be unknown, and any refusal may be the answer to one. One
    that has it is held to it. name, text: the parameter of the path, and what was asked for.

    Raises NothingToExamine where the answer is of no kind that the document speaks of.
    """
    status, operation = exchange.response.status, probe.operation
    says = f"an unknown {name} is answered with status {status}"
    require_status(probe, exchange, (), says)
    if status >= 400:
        return
    shown = pages.identity_in(probe, exchange) if name == operation.identified_by else None
    probe.assume(shown != text, "id that nothing has")
    promises = [key for key in UNKNOWN if key in operation.responses and says_what_is_unknown(probe, name)]
    probe.assume(
        shown is not None or (promises != [] and status < 300), "answer that is said to come for an unknown id"
    )
    fact = f"responses/{promises[0]}" if promises else "x-apitwin/identified-by"
    probe.require(
        False,
        says if shown is None else f"{says}, and with the thing {shown}",
        expected=f"status {promises[0]}" if promises else "no other thing",
        found=f"status {status}: {exchange.response.text[:160]}",
        shown=[exchange],
        fact=f"{operation.pointer}/{fact}",
    )
