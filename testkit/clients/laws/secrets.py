"""The law of the token: who gets to see it."""

from __future__ import annotations

from contracts.model import Operation
from testkit.clients.laws import Problem, law
from testkit.clients.laws.drawing import faulty
from testkit.clients.laws.loss import as_query
from testkit.clients.scenario import Fault
from testkit.clients.stage import Performance

ASTRAY: tuple[Fault, ...] = (
    {"name": "next-elsewhere", "to": ""},
    {"name": "redirect-elsewhere", "to": "", "nth": 2},
)


@law("keeps-its-token", faulty(*ASTRAY))
def keeps_its_token(performance: Performance, operation: Operation) -> Problem | None:
    """The token goes to the API's own host, in a header: not to where a link or redirect leads, nor into an address, a
    log or what it prints.
    """
    if performance.leaked:
        return Problem("it sends the token to another host", "no token there", f"a token with {performance.leaked[0]}")
    if performance.result.told is not None:
        return Problem("it tells the token to whoever reads along", "no token there", performance.result.told)
    for entry in (*performance.asked, *performance.others):
        if "$TOKEN" in entry.path or any("$TOKEN" in text for pair in entry.query for text in pair):
            return Problem("it writes the token into an address", "a header", as_query(entry.query))
    return None
