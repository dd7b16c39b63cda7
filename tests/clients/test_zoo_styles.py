"""Clients of numbered pages and of cursors: every bug is caught by the law that names it, no correct one is accused."""

from __future__ import annotations

import pytest

from apitwin.testkit.clients import check_client
from apitwin.testkit.clients.judge import ClientBroken
from tests.clients.zoo import cursors, pages
from tests.sabotage.constants import LIBRARY, MUSEUM

BUGS = {
    name: (client, contract, operation, law)
    for contract, zoo in ((LIBRARY, pages), (MUSEUM, cursors))
    for name, (client, operation, law) in zoo.BUGS.items()
}
CORRECT = {
    client.__name__: (client, contract)  # type: ignore[attr-defined]
    for contract, zoo in ((LIBRARY, pages), (MUSEUM, cursors))
    for client in zoo.CORRECT.values()
}
SECRETS = {LIBRARY: "KEY-Library-", MUSEUM: "visitor-0"}


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_is_caught_by_the_law_that_names_it(name: str) -> None:
    client, contract, operation, law = BUGS[name]
    with pytest.raises(ClientBroken) as caught:
        check_client(client, operation, contract=contract, laws=[law], seconds=5)
    assert [verdict.law.name for verdict in caught.value.report.broken] == [law]
    text = str(caught.value)
    for part in ("BROKEN", "the law:", "broken by:", "expected:", "found:", "the world:", "1. GET /", "it ended:"):
        assert part in text
    assert SECRETS[contract] not in text


@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_client_is_not_accused(name: str) -> None:
    client, contract = CORRECT[name]
    report = check_client(client, contract=contract, harsh=True, examples=5)
    assert all(verdict.scenarios or verdict.reason for verdict in report.verdicts)
    assert sum(verdict.scenarios for verdict in report.verdicts) > 40


def test_a_client_of_each_style_has_many_bugs_to_be_caught() -> None:
    assert min(len(pages.BUGS), len(cursors.BUGS)) >= 5
