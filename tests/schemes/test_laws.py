"""The laws on a server of each kind that is not ours: they hold, and what is made wrong is caught by its law."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import load
from apitwin.testkit.server.judge import LIVE_PROFILE, TWIN_PROFILE, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, Verdict
from apitwin.testkit.transport.target import live_target
from apitwin.testkit.transport.twins import twin_target
from tests.schemes.kinds import KINDS, SECRETS, write
from tests.servers import ROOT, serve

AUTH = [law for law in registered() if law.topic == "auth"]
EVERY_LAW = ("key-in-query", "basic")
"""The kinds that are judged by all laws; the others by those of tokens."""
OPERATIONS = ("things", "thing")


def sabotages() -> dict[str, tuple[str, str]]:
    """Return the sabotages of the server, read from its source: its own process alone may set Django up."""
    tree = ast.parse((ROOT / "tests" / "schemes" / "server.py").read_text("utf-8"))
    table = next(
        node.value for node in tree.body if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "SABOTAGES"
    )
    assert isinstance(table, ast.Dict)
    return {
        ast.literal_eval(name): (ast.literal_eval(row.elts[0]), ast.literal_eval(row.elts[1]))
        for name, row in zip(table.keys, table.values, strict=True)
        if name is not None and isinstance(row, ast.Tuple)
    }


SABOTAGES = sabotages()


@contextlib.contextmanager
def framework(*words: str) -> Iterator[str]:
    """Start the Django REST framework server; yields its address."""
    command = [sys.executable, "-m", "tests.schemes.server", *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


def context(name: str, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> RunContext:
    contract = load(write(folder, KINDS[name]))
    for variable, text in KINDS[name].environment.items():
        monkeypatch.setenv(variable, text)
    target = live_target(url, None, rate=0, token_in_url=True, contract=contract)
    return RunContext(contract, target, LIVE_PROFILE, "apitwin check")


def judged(name: str, run: RunContext) -> list[Verdict]:
    laws = registered() if name in EVERY_LAW else AUTH
    return [judge(law, run.contract.operation(operation), run) for operation in OPERATIONS for law in laws]


def require_that_laws_hold(verdicts: list[Verdict]) -> None:
    wrong = [verdict for verdict in verdicts if verdict.outcome in (BROKEN, INCONCLUSIVE)]
    assert [(verdict.operation, verdict.law, verdict.reason) for verdict in wrong] == []
    held = {verdict.law for verdict in verdicts if verdict.outcome == HOLDS}
    assert held >= {"token-required", "bad-token", "scheme", "token-place", "refused-first", "no-oracle", "not-echoed"}


@pytest.mark.parametrize("name", KINDS)
def test_the_laws_hold_on_a_server_that_is_not_ours(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with framework(name) as url:
        require_that_laws_hold(judged(name, context(name, tmp_path, url, monkeypatch)))


@pytest.mark.parametrize("name", KINDS)
def test_the_laws_hold_on_a_twin_in_this_process(name: str, tmp_path: Path) -> None:
    contract = load(write(tmp_path, KINDS[name]))
    run = RunContext(contract, twin_target(contract), TWIN_PROFILE, "apitwin check")
    require_that_laws_hold(judged(name, run))


@pytest.mark.parametrize("name", ["key-in-cookie", "key-and-token"])
def test_the_laws_hold_on_a_twin_over_a_socket(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(str(write(tmp_path, KINDS[name])), "--port", "0") as lines:
        run = context(name, tmp_path, lines[0].rpartition(" ")[2], monkeypatch)
        require_that_laws_hold(judged(name, run))


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_what_is_made_wrong_is_caught_by_its_law_and_told_without_a_secret(
    sabotage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, law = SABOTAGES[sabotage]
    report = tmp_path / "report.json"
    with framework(kind, sabotage) as url:
        ended = check(kind, tmp_path, url, "--law", law, "--operation", "things", "--json", str(report))
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert f"BROKEN  things  {law}" in ended.stdout
    told = ended.stdout + ended.stderr + report.read_text("utf-8")
    assert not [secret for secret in SECRETS if secret in told]
    assert json.loads(report.read_text("utf-8"))["verdicts"][0]["outcome"] == BROKEN


def check(kind: str, folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `apitwin check` with the credential in the environment, hard enough to meet every wrong credential."""
    command = [sys.executable, "-m", "apitwin", "check", str(write(folder, KINDS[kind])), "--target", url]
    environment: dict[str, Any] = {**os.environ, **KINDS[kind].environment}
    more = ["--rate", "0", "--examples", "25", "--token-in-url"]
    return subprocess.run(
        [*command, *more, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
