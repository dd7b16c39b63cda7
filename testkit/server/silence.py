"""What a document without rules of its own is silent about, and therefore nobody is accused of.

OpenAPI says which statuses an operation may answer with, and hardly ever when. So of a plain document a documented
status is no breach, and neither is one of the refusals that most documents leave out. A contract that has an
`x-apitwin` extension says more, and is held to it.
"""

from __future__ import annotations

from apitwin.testkit.server.probe import Probe
from apitwin.testkit.transport.exchange import Exchange

USUAL_REFUSALS = (400, 401, 403, 404, 413, 415, 422)
"""Statuses of refusals that documents leave out (RFC 9110 section 15.5); FastAPI writes 422 and DRF none."""
UNAUTHENTICATED = ("401", "403")
"""Statuses by which requests without a valid token are refused: RFC 9110 sections 15.5.2 and 15.5.4."""
UNKNOWN = ("404", "410", "4XX")
"""Keys of responses that say that a thing may not be there: RFC 9110 sections 15.5.5 and 15.5.11."""


def is_left_open(probe: Probe, exchange: Exchange) -> bool:
    """Return whether a refusal is one that a plain document is silent about, as most are: nothing is broken then."""
    is_usual = exchange.response.status in USUAL_REFUSALS
    return probe.contract.is_plain and is_usual and probe.documented(exchange) is None


def is_permitted(probe: Probe, exchange: Exchange) -> bool:
    """Return whether a plain document lets an operation answer so, when it does not succeed.

    A failure of the server has to be documented by its own status: `default` is said of refusals.
    """
    status, said = exchange.response.status, probe.operation.responses
    if not probe.contract.is_plain or status < 400:
        return False
    if status >= 500:
        return str(status) in said or "5XX" in said
    return probe.documented(exchange) is not None


def refuses(probe: Probe, status: int) -> bool:
    """Return whether a status refuses who has no valid token, where a plain document does not say by which.

    To lead elsewhere is a refusal too: to a page for logging in.
    """
    said = probe.operation.responses
    if not probe.contract.is_plain or not 300 <= status < 500:
        return False
    return str(status) in said or not any(key in said for key in UNAUTHENTICATED)


def says_what_is_unknown(probe: Probe, name: str) -> bool:
    """Return whether a contract says that another value of a path parameter is the name of nothing.

    A plain one says it of the thing that an operation reads, and of the last parameter where it has a status for that;
    that a list is looked for below a thing which is not there need not be a mistake.
    """
    operation = probe.operation
    if not probe.contract.is_plain or operation.identified_by == name:
        return True
    is_last = operation.path_parameters()[-1].name == name
    return operation.pagination is None and is_last and any(key in operation.responses for key in UNKNOWN)
