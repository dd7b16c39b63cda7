"""A correct server is never accused: all laws on the twin, on the live server, and on a contract of another style."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apitwin.contracts import Contract, load
from apitwin.testkit.server.judge import LIVE_PROFILE, TWIN_PROFILE, Profile, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.subjects import Subjects
from apitwin.testkit.server.verdict import Verdict
from apitwin.testkit.transport.credentials import OTHER_TOKENS, Credential
from apitwin.testkit.transport.exchange import Request
from apitwin.testkit.transport.target import Target, live_target
from apitwin.testkit.transport.twins import twin_target
from tests.live_server import OPERATIONS
from tests.sabotage.constants import DIRECTORY, LIBRARY, MUSEUM
from tests.servers import ROOT

QUICK = Profile(examples=3, requests=60, random_seed=5)


def judged(contract: Contract, target: Target, profile: Profile, *operations: str) -> list[Verdict]:
    """Judge every law on some operations, on all of the contract where none is named."""
    context = RunContext(contract, target, profile, "apitwin check")
    chosen = [operation for operation in contract.operations if not operations or operation.id in operations]
    return [judge(law, operation, context) for operation in chosen for law in registered()]


def accusations(verdicts: list[Verdict]) -> list[str]:
    wrong = [verdict for verdict in verdicts if verdict.outcome in ("broken", "inconclusive")]
    return [f"{verdict.operation} {verdict.law}: {verdict.reason}" for verdict in wrong]


def live_target_with_all_tokens(live: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.setenv("LIVE_TOKEN", live["token"])
    for kind in OTHER_TOKENS:
        monkeypatch.setenv(f"LIVE_{kind.upper()}", live[f"{kind}_token"])
    others = {kind: f"LIVE_{kind.upper()}" for kind in OTHER_TOKENS}
    return live_target(live["url"], "LIVE_TOKEN", rate=0, others=others, token_in_url=True)


def test_every_law_holds_on_the_twin_and_each_holds_somewhere(viktor: Contract) -> None:
    """A law that is always skipped would be an empty promise."""
    verdicts = judged(viktor, twin_target(viktor), replace(TWIN_PROFILE, examples=8, random_seed=11))
    assert accusations(verdicts) == []
    assert all(one.reason for one in verdicts if one.outcome == "skipped")
    others = [load(path) for path in (LIBRARY, MUSEUM, DIRECTORY)]
    of_other_styles = [verdict for contract in others for verdict in judged(contract, twin_target(contract), QUICK)]
    held = {verdict.law for verdict in (*verdicts, *of_other_styles) if verdict.outcome == "holds"}
    assert {law.name for law in registered()} - held == set()


def test_a_verdict_is_the_same_for_the_same_seed(viktor: Contract) -> None:
    some = [operation.id for operation in viktor.operations][::3]
    first, second = (
        [
            (one.operation, one.law, one.examples, one.requests)
            for one in judged(viktor, twin_target(viktor), QUICK, *some)
        ]
        for _ in range(2)
    )
    assert first == second


def test_every_law_holds_on_the_live_server(
    viktor: Contract, live: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = live_target_with_all_tokens(live, monkeypatch)
    verdicts = judged(viktor, target, replace(LIVE_PROFILE, random_seed=12), *OPERATIONS)
    assert accusations(verdicts) == []


STATISTICS = "/api/statistics/details/"


def test_the_live_server_has_at_least_a_whole_page_of_everything(
    viktor: Contract, live: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = Subjects(viktor, live_target_with_all_tokens(live, monkeypatch))
    paginated = [one for one in viktor.operations if one.id in OPERATIONS and one.pagination is not None]
    largest = {one.id: max(each.size for each in subjects.of(one)) for one in paginated}
    types = {"workspaces_entity_types_list", "workspaces_entity_types_entity_types"}  # nobody has so many of them
    assert len(largest) == 14
    assert [name for name, size in largest.items() if size < 100 and name not in types] == []


@pytest.mark.parametrize("name", ["audit_events", "daily_developer_logins", "daily_user_logins"])
def test_the_live_server_shows_statistics_to_administrators_only(
    name: str, live: dict[str, str], viktor: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = live_target_with_all_tokens(live, monkeypatch)
    restricted = target.other("restricted", viktor.schemes["personalAccessToken"])
    assert restricted is not None
    credential = Credential("restricted", (restricted,))
    exchange = target.send(Request("GET", f"{STATISTICS}{name}/", credential=credential))
    assert exchange.response.status == 403
    assert exchange.value == {"detail": "You do not have permission to perform this action."}


def test_the_live_server_says_which_parameters_it_misses(live: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    target, required = live_target_with_all_tokens(live, monkeypatch), ["This field is required."]
    exchange = target.send(Request("GET", f"{STATISTICS}audit_events/", (("event_type", "ENTITY.SAVE"),)))
    assert exchange.response.status == 400
    assert exchange.value == {"start_date": required, "end_date": required}


ON_A_TWIN = ("state", "undocumented-method")
"""Laws that send what a live system is not sent, or only in a sandbox."""


def test_the_same_laws_speak_about_the_twin_and_the_live_server(
    viktor: Contract, live: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    twin, remote = twin_target(viktor), live_target_with_all_tokens(live, monkeypatch)
    for law in registered():
        for operation in viktor.operations:
            if operation.method == "GET" and law.name not in ON_A_TWIN:
                assert law.inapplicable(operation, twin, viktor) == law.inapplicable(operation, remote, viktor)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_law_holds_on_a_contract_of_another_style(seed: int) -> None:
    harbour = load(ROOT / "tests" / "harbour" / "openapi.yaml")
    assert accusations(judged(harbour, twin_target(harbour), replace(TWIN_PROFILE, random_seed=seed))) == []
