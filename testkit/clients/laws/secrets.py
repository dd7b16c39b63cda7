"""The law of the token: who gets to see it."""

from __future__ import annotations

from apitwin.contracts.model import Operation
from apitwin.testkit.clients.harness import ClientRun
from apitwin.testkit.clients.laws import Problem, law
from apitwin.testkit.clients.laws.drawing import faulty
from apitwin.testkit.clients.laws.loss import as_query
from apitwin.testkit.clients.scenario import Fault

ASTRAY: tuple[Fault, ...] = (
    {"name": "next-elsewhere", "to": ""},
    {"name": "redirect-elsewhere", "to": "", "nth": 2},
)


@law("keeps-its-token", faulty(*ASTRAY))
def keeps_its_token(client_run: ClientRun, operation: Operation) -> Problem | None:
    """The token goes to the API's own host, where the contract has it: not to where a link or redirect leads, nor into
    an address, a log or what it prints.
    """
    if client_run.leaked:
        return Problem("it sends the token to another host", "no token there", f"a token with {client_run.leaked[0]}")
    if client_run.result.exposed is not None:
        return Problem("it tells the token to whoever reads along", "no token there", client_run.result.exposed)
    for entry in (*client_run.asked, *client_run.others):
        query = operation.security.without_credentials(tuple(entry.query))
        if "$TOKEN" in entry.path or any("$TOKEN" in text for pair in query for text in pair):
            return Problem("it writes the token into an address", "its place in the request", as_query(entry.query))
    return None
