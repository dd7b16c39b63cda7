"""Writing to an API that is not ours: only where the user said, and nothing is left there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from apitwin.contracts import Contract
from apitwin.contracts.model import Operation
from apitwin.testkit.errors import TargetError
from apitwin.testkit.server.drawing import bodies
from apitwin.testkit.server.judge import LIVE_PROFILE, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import BROKEN, HOLDS, SKIPPED, Verdict
from apitwin.testkit.transport.exchange import Request
from apitwin.testkit.transport.target import Target, live_target
from tests.live_server import SANDBOX
from tests.sabotage.matrix import named
from tests.servers import ROOT, live_server

LISTS = ("workspaces_entities_list", "workspaces_entities_entities_read")
INSIDE = f"/api/workspaces/{SANDBOX}/"
GIVEN = {"workspace_id": str(SANDBOX)}
SAFE = ("PROPFIND", "OPTIONS")
"""Methods that change nothing, which the journal holds all the same."""


@dataclass(frozen=True)
class Stand:
    """A running Django REST framework server."""

    url: str
    token: str

    def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        response = requests.get(self.url + path, headers=headers, timeout=10)
        response.raise_for_status()
        return response.json()

    def entities(self) -> dict[int, Any]:
        """Everything in the sandbox, roots and what stands below them."""
        return {entity["id"]: entity for entity in self.get(f"{INSIDE}entity_types/501/entities/")}

    def writes(self) -> list[str]:
        """Method and path of everything that was sent to change something."""
        return [write for write in self.get("/journal/")["writes"] if write.split()[0] not in SAFE]

    def target(self, monkeypatch: pytest.MonkeyPatch, *sandbox: str) -> Target:
        monkeypatch.setenv("SANDBOX_TOKEN", self.token)
        return live_target(self.url, "SANDBOX_TOKEN", rate=0, sandbox=sandbox)


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """A correct server that tests leave as it was."""
    with live_server() as running:
        yield Stand(running["url"], running["token"])


@pytest.fixture
def spoilt() -> Iterator[Stand]:
    """A correct server of a test that may leave things in it."""
    with live_server() as running:
        yield Stand(running["url"], running["token"])


def judged(contract: Contract, target: Target, operation: str, seed: int, examples: int = 6) -> Verdict:
    profile = replace(LIVE_PROFILE, random_seed=seed, examples=examples, requests=examples * 40)
    context = RunContext(contract, target, profile, "apitwin check viktor", GIVEN)
    return judge(named("state"), contract.operation(operation), context)


# On a correct server


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("operation", LISTS)
def test_the_law_of_state_holds_in_the_sandbox_and_leaves_nothing_behind(
    operation: str, seed: int, stand: Stand, viktor: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, sent = stand.entities(), len(stand.writes())
    verdict = judged(viktor, stand.target(monkeypatch, INSIDE), operation, seed)
    assert verdict.outcome == HOLDS, verdict.reason
    assert len(stand.writes()) > sent
    assert stand.entities() == before


@pytest.mark.parametrize("operation", ["workspaces_entities_create", "workspaces_entities_rename"])
def test_what_a_law_calls_refusable_is_refused_by_a_stock_server(
    operation: str, spoilt: Stand, viktor: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, described = spoilt.target(monkeypatch, INSIDE), viktor.operation(operation)
    items = list(spoilt.entities().values())
    path = described.path.replace("{workspace_id}", str(SANDBOX)).replace("{id}", str(items[0]["id"]))
    taken = []
    for body in refusable_bodies(described, items):
        if target.send(Request(described.method, path, body=body)).response.status != 400:
            taken.append(body)
    assert taken == []


def refusable_bodies(operation: Operation, items: list[Any]) -> list[Any]:
    """What the law may call refusable, for a few good bodies."""
    met: list[Any] = []

    @seed(1)
    @settings(max_examples=6, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def collect(data: st.DataObject) -> None:
        def draw(strategy: st.SearchStrategy[Any], name: str) -> Any:
            if name == "wrong body":
                met.extend(data.draw(st.lists(strategy, min_size=300, max_size=300)))
                return None
            return data.draw(strategy)

        probe: Any = SimpleNamespace(draw=draw)
        bodies.refusable(probe, operation, items)

    collect()
    return [value for at, value in enumerate(met) if value not in met[:at]]


def test_the_stand_in_trims_a_name_as_stock_fields_do(
    spoilt: Stand, viktor: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"entity_type": 501, "properties": None, "name": "  Keep \t"}
    made = spoilt.target(monkeypatch, INSIDE).send(Request("POST", f"{INSIDE}entities/", body=body)).value
    assert made["name"] == "Keep"


def test_the_stand_in_refuses_in_the_words_of_stock_fields(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    target, before = stand.target(monkeypatch, INSIDE), stand.entities()

    def refusal(method: str, path: str, body: Any) -> Any:
        exchange = target.send(Request(method, INSIDE + path, body=body))
        assert exchange.response.status == 400
        return exchange.value

    required, null = ["This field is required."], ["This field may not be null."]
    assert refusal("POST", "entities/", {}) == {"entity_type": required, "properties": required}
    assert refusal("POST", "entities/6001/entities/", {"entity_type": None, "properties": 1, "name": ""}) == {
        "entity_type": null,
        "properties": ['Expected a dictionary of items but got type "int".'],
        "name": ["This field may not be blank."],
    }
    unknown = {"entity_type": ['Invalid pk "401" - object does not exist.']}
    assert refusal("POST", "entities/", {"entity_type": 401, "properties": None}) == unknown
    assert refusal("PATCH", "entities/6001/", []) == {
        "non_field_errors": ["Invalid data. Expected a dictionary, but got list."]
    }
    long = {"name": ["Ensure this field has no more than 128 characters."]}
    assert refusal("POST", "entities/6001/rename/", {"name": "x" * 129}) == long
    assert stand.entities() == before


def test_the_stand_in_deletes_what_stands_below(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    target, before = stand.target(monkeypatch, INSIDE), stand.entities()
    path, made = f"{INSIDE}entities/", []
    for _ in range(3):
        exchange = target.send(Request("POST", path, body={"entity_type": 501, "properties": {"a": [None]}}))
        made.append(exchange.value["id"])
        path = f"{INSIDE}entities/{made[-1]}/entities/"
        assert exchange.value["path"] == made
    assert target.send(Request("DELETE", f"{INSIDE}entities/{made[0]}/")).response.status == 204
    gone = [target.send(Request("GET", f"{INSIDE}entities/{identity}/")).response.status for identity in made]
    assert gone == [404, 404, 404]
    assert stand.entities() == before


# Where writes go


@pytest.mark.parametrize("operation", LISTS)
def test_without_a_sandbox_the_law_is_skipped_and_says_how_to_name_one(
    operation: str, stand: Stand, viktor: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = len(stand.writes())
    verdict = judged(viktor, stand.target(monkeypatch), operation, seed=1)
    assert verdict.outcome == SKIPPED
    assert verdict.reason == "it writes, and a live API is only read (name a sandbox with --sandbox NAME=VALUE)"
    assert len(stand.writes()) == sent


@pytest.mark.parametrize("given_values", [GIVEN, {}, {"workspace_id": "1"}], ids=["inside", "found", "outside"])
def test_nothing_is_written_outside_the_sandbox(
    given_values: dict[str, str], stand: Stand, viktor: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, before = len(stand.writes()), stand.entities()
    target = stand.target(monkeypatch, INSIDE)
    context = RunContext(viktor, target, replace(LIVE_PROFILE, examples=3, random_seed=1), "", given_values)
    writing = [operation for operation in viktor.operations if operation.method != "GET" or operation.id in LISTS]
    for law in registered():
        for operation in writing:
            if law.name == "state" or operation.method != "GET":
                judge(law, operation, context)
    written = stand.writes()[sent:]
    assert bool(written) == (given_values == GIVEN)
    assert [write for write in written if not write.split()[1].startswith(INSIDE)] == []
    assert stand.entities() == before


@pytest.mark.parametrize(
    "path",
    [
        "/api/workspaces/1/entities/",
        "/api/workspaces/5001/entities/",
        f"/api/workspaces/{SANDBOX}",
        f"{INSIDE}../1/entities/",
        f"{INSIDE}entities/../../1/entities/",
        f"{INSIDE}%2e%2e/1/entities/",
        f"{INSIDE}%2E./1/entities/",
        f"{INSIDE}..%2f1/entities/",
        f"{INSIDE}..\\1\\entities/",
        f"{INSIDE}/entities/",
        f"//{INSIDE}entities/",
        f"/api/workspaces/1/..{INSIDE}entities/",
        INSIDE.upper(),
        f"{INSIDE}.\t./1/entities/",
        f"{INSIDE}.\n./1/entities/",
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_no_spelling_of_another_path_gets_through(
    path: str, method: str, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, target = len(stand.writes()), stand.target(monkeypatch, INSIDE)
    with pytest.raises(TargetError, match="is only read"):
        target.send(Request(method, path, body={"entity_type": 401, "properties": None}))
    assert len(stand.writes()) == sent


def test_a_link_leads_no_write_out_of_the_sandbox(spoilt: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    target = spoilt.target(monkeypatch, INSIDE)
    link = f"{spoilt.url}/api/workspaces/1/entities/"
    with pytest.raises(TargetError, match="is only read"):
        target.send(Request("POST", f"{INSIDE}entities/", link=link, body={"entity_type": 401, "properties": None}))
    assert spoilt.writes() == []


# On a broken server

ROOTS, CHILDREN = LISTS
LIVE_SABOTAGES: dict[str, tuple[str, str]] = {
    "delete-forgets": (ROOTS, r"after DELETE \(status 204\) the list holds|was deleted and is still"),
    "deleted-can-be-read": (CHILDREN, r"was deleted and is still answered"),
    "update-forgets": (CHILDREN, r"after \w+ \(status 200\) item \d+ is not read as it was written"),
    "refused-write-writes": (ROOTS, r"after \w+ \(status 400\) (the list holds|item \d+ is not read as)"),
    "new-is-not-listed": (ROOTS, r"after POST \(status 200\) the list holds"),
    "create-touches-others": (CHILDREN, r"POST \(status 200\) changed another thing"),
    "create-answers-another": (ROOTS, r"POST answers with the identity of a thing that was there before"),
}
"""What the server can be told to do wrong: where it shows, and what the law says of it."""
UNDONE = {"delete-forgets": r"; left behind: /api/workspaces/\d+/entities/\d+/", "create-touches-others": ""}
"""What nobody can take back who can only make, change and delete, and what the verdict says of it."""


@pytest.mark.parametrize("name", LIVE_SABOTAGES)
def test_a_server_that_writes_wrongly_is_caught(name: str, viktor: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    operation, says = LIVE_SABOTAGES[name]
    with live_server(name) as running:
        stand = Stand(running["url"], running["token"])
        before = stand.entities()
        verdict = judged(viktor, stand.target(monkeypatch, INSIDE), operation, seed=1, examples=20)
        assert verdict.outcome == BROKEN, f"{verdict.outcome}: {verdict.reason}"
        assert re.search(says, verdict.reason), verdict.reason
        assert name in UNDONE or stand.entities() == before, "something is left behind"
        assert before.keys() <= stand.entities().keys(), "something that was there before is gone"
        assert re.search(UNDONE.get(name, ""), verdict.reason), verdict.reason
        assert name == "delete-forgets" or "left behind" not in verdict.reason
        assert [write for write in stand.writes() if not write.split()[1].startswith(INSIDE)] == []


# As a command


def apitwin(*arguments: str, token: str = "none") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "T": token}
    command = [sys.executable, "-m", "apitwin", "check", "viktor", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120
    )


def test_the_command_checks_the_sandbox_and_nothing_else(stand: Stand) -> None:
    sent, before = len(stand.writes()), stand.entities()
    # The first example is the smallest: it makes one thing, and deletes it.
    options = ("--law", "state", "--rate", "0", "--examples", "1", "--sandbox", f"workspace_id={SANDBOX}")
    completed = apitwin("--target", stand.url, "--token-env", "T", *options, token=stand.token)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert "2 holds" in completed.stdout
    written = stand.writes()[sent:]
    assert {write.split()[0] for write in written} == {"POST", "DELETE"}
    assert [write for write in written if not write.split()[1].startswith(INSIDE)] == []
    assert stand.entities() == before


@pytest.mark.skipif(os.name == "nt", reason="a process of Windows cannot be sent Ctrl-C alone")
@pytest.mark.parametrize("signals", [1, 2])
def test_a_stopped_check_takes_away_what_it_made(signals: int, stand: Stand) -> None:
    sent, before = len(stand.writes()), stand.entities()
    options = ("--law", "state", "--rate", "40", "--sandbox", f"workspace_id={SANDBOX}")
    command = [sys.executable, "-m", "apitwin", "check", "viktor", "--target", stand.url, "--token-env", "T", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "T": stand.token}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        while len(stand.writes()) == sent and process.poll() is None:
            time.sleep(0.02)
        for _ in range(signals):
            process.send_signal(signal.SIGINT)
        errors = process.communicate(timeout=60)[1]
    assert process.returncode == 2, errors
    assert stand.entities() == before
    last = errors.strip().splitlines()[-1]
    assert last.startswith("apitwin: stopped by Ctrl-C after ") and "left behind" not in last


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--target", "http://h", "--sandbox", "x"), ["--sandbox 'x'", "expected NAME=VALUE"]),
        (("--target", "http://h", "--sandbox", "workspace_id="), ["--sandbox 'workspace_id='", "expected NAME=VALUE"]),
        (("--target", "http://h", "--sandbox", "nope=1"), ["--sandbox nope", "no operation has it", "workspace_id"]),
        (("--sandbox", f"workspace_id={SANDBOX}"), ["--sandbox is for an address", "twin"]),
        (("--target", "http://h", "--sandbox", "id=1"), ["--sandbox id"]),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "",
)
def test_a_wrong_sandbox_is_one_clear_line_and_exit_code_2(arguments: tuple[str, ...], words: list[str]) -> None:
    completed = apitwin(*arguments, "--law", "state")
    assert completed.returncode == 2, completed.stdout + completed.stderr
    lines = completed.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("apitwin: "), completed.stderr
    assert [word for word in words if word not in lines[0]] == []


@pytest.mark.parametrize("value", ["..", f"{SANDBOX}/../1", f"{SANDBOX}/entities/../../1", "%2e%2e"])
def test_a_value_that_climbs_is_no_sandbox(value: str, stand: Stand) -> None:
    sent = len(stand.writes())
    options = ("--law", "state", "--rate", "0", "--sandbox", f"workspace_id={value}")
    completed = apitwin("--target", stand.url, "--token-env", "T", *options, token=stand.token)
    assert completed.returncode == 2, completed.stdout + completed.stderr
    assert completed.stderr.startswith(f"apitwin: --sandbox workspace_id={value}: expected ")
    assert len(stand.writes()) == sent


def test_a_sandbox_that_is_not_there_is_said_before_anything_is_judged(stand: Stand) -> None:
    sent = len(stand.writes())
    options = ("--law", "state", "--rate", "0", "--sandbox", "workspace_id=987654")
    completed = apitwin("--target", stand.url, "--token-env", "T", *options, token=stand.token)
    assert completed.returncode == 2, completed.stdout + completed.stderr
    assert completed.stderr.startswith("apitwin: the sandbox workspace_id=987654 cannot be read at http://")
    assert "status 403" in completed.stderr and len(completed.stderr.splitlines()) == 1
    assert len(stand.writes()) == sent


def test_making_a_failure_smaller_does_not_go_on_for_ever(viktor: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    operation, _ = LIVE_SABOTAGES["update-forgets"]
    with live_server("update-forgets") as running:
        target = Stand(running["url"], running["token"]).target(monkeypatch, INSIDE)
        verdict = judged(viktor, target, operation, seed=1, examples=20)
        assert verdict.outcome == BROKEN
        assert verdict.requests < 20 * 40 + 2 * LIVE_PROFILE.shrinking
