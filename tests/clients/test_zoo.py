"""Every bug of a client is caught by the law that names it, and no correct client is accused."""

from __future__ import annotations

import pytest

from apitwin.testkit.clients import check_client
from apitwin.testkit.clients.judge import ClientBroken
from apitwin.testkit.clients.laws import SLOW, registered
from tests import clients_page
from tests.clients.zoo import BUGS, CORRECT, FetchAll
from tests.clients.zoo.asking import Items
from tests.clients.zoo.failing import TakesAbsenceForDeletion


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_is_caught_by_the_law_that_names_it(name: str) -> None:
    client, law = BUGS[name]
    with pytest.raises(ClientBroken) as caught:
        check_client(client, laws=[law], seconds=5)
    report = caught.value.report
    assert [verdict.law.name for verdict in report.broken] == [law]
    text = str(caught.value)
    for part in ("BROKEN", "the law:", "broken by:", "expected:", "found:", "the world:", "1. GET /api/", "it ended:"):
        assert part in text
    assert "vktrpat_" not in text


class LosesOnce(TakesAbsenceForDeletion):
    """Loses an item the fifth time: after two runs of introduction, a whole one and one that was cut short."""

    runs = 0

    def __call__(self, base: str, token: str) -> Items:
        self.runs += 1
        items = list(super().__call__(base, token))
        return items[:-1] if self.runs == 5 else items


def test_one_run_without_a_fault_that_goes_wrong_forgives_nothing() -> None:
    with pytest.raises(ClientBroken) as caught:
        check_client(LosesOnce(), laws=["absence-is-no-deletion"], seconds=5)
    assert [verdict.law.name for verdict in caught.value.report.broken] == ["absence-is-no-deletion"]


@pytest.mark.parametrize("client", CORRECT, ids=lambda client: client.__name__)
@pytest.mark.parametrize("draws", [0, 1])
def test_a_correct_client_is_not_accused(client: FetchAll, draws: int) -> None:
    # The draws of the law that waits are but three, and the same each time.
    left_out = ["waits"] if draws else []
    report = check_client(client, harsh=True, random_seed=draws, without=left_out)
    asked = [law for law in registered() if law.kind != SLOW and law.name not in left_out]
    assert [verdict.law for verdict in report.verdicts] == asked
    assert all(verdict.scenarios for verdict in report.verdicts)


@pytest.mark.parametrize("client", CORRECT, ids=lambda client: client.__name__)
def test_a_correct_client_has_a_time_out(client: FetchAll) -> None:
    assert check_client(client, laws=["has-a-time-out"], seconds=5).verdicts[0].scenarios == 1


def test_every_law_catches_a_bug() -> None:
    assert {law for _, law in BUGS.values()} == {law.name for law in registered()}


def test_the_page_of_laws_is_up_to_date() -> None:
    assert clients_page.PAGE.read_text("utf-8") == clients_page.page(), "run python -m tests.clients_page"
