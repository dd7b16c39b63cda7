"""For every law a broken server that it catches, and for every catch a report that somebody can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from apitwin.contracts import Contract, load
from apitwin.mock_server import create_app
from apitwin.testkit.server.judge import LIVE_PROFILE, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import BROKEN, HOLDS, Verdict
from apitwin.testkit.transport.credentials import OTHER_TOKENS, Secret
from apitwin.testkit.transport.target import Target, live_target
from apitwin.testkit.transport.twins import twin_target
from tests.sabotage.__main__ import main
from tests.sabotage.broken import SABOTAGES
from tests.sabotage.matrix import examined, named, profile
from tests.sabotage.sabotage import Sabotage
from tests.servers import live_server

SEED = 0
MOST_SHOWN = 12
BASE = "http://twin.invalid"

LIVE_SABOTAGES = {
    "count-is-page-length": ("count", "apps_list"),
    "no-cap": ("truncation", "apps_list"),
    "unstable-order": ("repeatable", "workspaces_list"),
    "filter-after-slicing": ("filter", "workspaces_entities_list"),
    "open-endpoint": ("token-required", "workspaces_entities_siblings"),
    "query-token": ("token-place", "apps_list"),
    "next-drops-filters": ("link-query", "workspaces_list"),
    "count-is-text": ("envelope", "apps_list"),
    "late-item-lacks-field": ("schema", "apps_list"),
    "offset-rounded-down": ("partition", "apps_list"),
    "html-404": ("not-found", "apps_read"),
    "ties-in-random-order": ("ties", "workspaces_entities_list"),
}
"""What the Django REST framework server can be told to do wrong: the law that must notice, and where it shows."""

Judged = Callable[[str, str, str], Verdict]
CONTRACTS = {name: load(name) for name in sorted({one.contract for one in SABOTAGES})}
"""The contracts of all sabotages, by what the sabotages call them."""


@pytest.fixture(scope="session")
def correct() -> Judged:
    """Judge the correct twin of a contract by a law, for an operation; each once."""

    @cache
    def context(name: str) -> RunContext:
        contract = CONTRACTS[name]
        return RunContext(contract, twin_target(contract), profile(None, SEED), f"apitwin check {contract.name}")

    @cache
    def judged(name: str, law: str, operation: str) -> Verdict:
        return judge(named(law), CONTRACTS[name].operation(operation), context(name))

    return judged


@cache
def secrets_of(name: str) -> tuple[str, ...]:
    """All tokens of the twin of a contract, the best one first."""
    world = create_app(CONTRACTS[name]).extensions["apitwin"].world
    return (world.token(), *(one.secret for one in world.tokens if one.secret != world.token()))


def require_a_report(verdict: Verdict, base: str, secrets: tuple[str, ...]) -> None:
    """Assert that a verdict tells what is wrong, shows it in requests to send again, and gives no token away."""
    finding = verdict.finding
    assert finding is not None
    assert all(text.strip() for text in (finding.says, finding.expected, finding.found, verdict.reason))
    assert f"--operation {verdict.operation}" in verdict.replay
    assert f"--law {verdict.law}" in verdict.replay
    assert 1 <= len(finding.shown) <= MOST_SHOWN
    assert set(finding.shown) <= set(verdict.conversation)
    told = [finding.says, finding.expected, finding.found, verdict.replay, repr(verdict.drawn)]
    for exchange in verdict.conversation:
        line, request = exchange.request.curl(base), exchange.request
        if any(secrets[0] in part.write(Secret(secrets[0])) for part in request.credential.parts):
            assert re.search(r"\$\{?APITWIN_TOKEN\b", line), f"no token in {line}"
        told += [line, exchange.response.text, repr(exchange.response.headers), repr(exchange)]
    for secret in secrets:
        assert not [text for text in told if secret in text]


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.name)
def test_a_sabotage_is_caught_by_its_law(sabotage: Sabotage, correct: Judged) -> None:
    row = examined(sabotage, CONTRACTS[sabotage.contract], seed=SEED)
    assert row.caught, f"{row.verdict.outcome}: {row.verdict.reason}"
    require_a_report(row.verdict, BASE, secrets_of(sabotage.contract))
    held = correct(sabotage.contract, sabotage.caught_by, sabotage.operation)
    assert held.outcome == HOLDS, held.reason


def test_every_law_catches_a_sabotage() -> None:
    assert {one.name for one in registered()} == {one.caught_by for one in SABOTAGES}


def test_names_are_unique_and_say_what_is_wrong_in_words() -> None:
    names = [one.name for one in SABOTAGES]
    assert len(set(names)) == len(names)
    assert [one for one in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", one)] == []


def test_every_sabotage_says_what_it_does() -> None:
    assert [one.name for one in SABOTAGES if not one.does.endswith(".") or len(one.does) < 15] == []


def test_the_matrix_prints_a_row_for_each_sabotage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["html-404", "count-is-text"]) == 0
    printed = capsys.readouterr()
    assert re.search(r"^count-is-text +envelope +yes +[0-9]+$", printed.out, re.MULTILINE)
    assert "2 sabotages, 2 caught by their law" in printed.out
    assert "2/2 html-404" in printed.err


def test_the_full_matrix_names_the_others_that_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--full", "count-is-text"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("count-is-text"))
    name, law, caught, laws, requests, *others = row.replace(",", " ").split()
    assert (name, law, caught) == ("count-is-text", "envelope", "yes")
    assert int(laws) == 1 + len(others) > 1 and int(requests) > 0
    assert "schema" in others


def test_the_matrix_fails_where_a_sabotage_is_not_caught(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    harmless = Sabotage("does-nothing-wrong", "Behaves.", "envelope", "apps_list")
    monkeypatch.setattr("tests.sabotage.__main__.SABOTAGES", (harmless,))
    assert main([]) == 1
    printed = capsys.readouterr().out
    assert "not caught: does-nothing-wrong by envelope: it holds" in printed
    assert "caught nothing: envelope" in printed


def test_the_matrix_knows_its_sabotages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["count-is-tekst"])
    assert raised.value.code == 2
    assert "no sabotage count-is-tekst" in capsys.readouterr().err


@pytest.fixture(scope="module", params=sorted(LIVE_SABOTAGES))
def sabotaged(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """A Django REST framework server with one thing wrong in it: the name of that, and its address and tokens."""
    with live_server(request.param) as running:
        yield request.param, running


def target_of(running: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.setenv("LIVE_TOKEN", running["token"])
    for kind in OTHER_TOKENS:
        monkeypatch.setenv(f"LIVE_{kind.upper()}", running[f"{kind}_token"])
    others = {kind: f"LIVE_{kind.upper()}" for kind in OTHER_TOKENS}
    return live_target(running["url"], "LIVE_TOKEN", rate=0, others=others, token_in_url=True)


def test_a_sabotaged_live_server_is_caught(
    sabotaged: tuple[str, dict[str, str]], viktor: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, running = sabotaged
    law, operation = LIVE_SABOTAGES[name]
    target = target_of(running, monkeypatch)
    context = RunContext(
        viktor, target, replace(LIVE_PROFILE, examples=20), f"apitwin check viktor --target {running['url']}"
    )
    verdict = judge(named(law), viktor.operation(operation), context)
    assert verdict.outcome == BROKEN, f"{verdict.outcome}: {verdict.reason}"
    tokens = tuple(running[key] for key in ("token", *(f"{kind}_token" for kind in OTHER_TOKENS)))
    require_a_report(verdict, running["url"], tokens)
