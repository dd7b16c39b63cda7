"""`apitwin check-client` as a user runs it: exit codes, the story, and one line for a mistake."""

from __future__ import annotations

import asyncio
import re
import shlex
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin.testkit.clients import check_client
from apitwin.testkit.clients.judge import ClientBroken
from apitwin.testkit.errors import UsageError
from tests.clients.zoo import (
    ENTITIES,
    TIMEOUT_S,
    patient,
    session,
    strides_by_the_limit_asked_for,
    swallows_errors,
    walks_by_offset,
)
from tests.servers import ROOT

WRONG_PATH = ROOT / "tests" / "clients" / "wrong_path.py"
ADDS_100 = f"{sys.executable} {ROOT / 'tests' / 'clients' / 'adds_100.py'}"


def apitwin(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "apitwin", "check-client", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)


def test_a_client_that_adds_100_loses_rows_and_is_shown_how() -> None:
    laws = ("--law", "reads-everything", "--law", "keeps-its-filters")
    completed = apitwin(ADDS_100, *laws, "--examples", "8", "--page-maximum", "50")
    assert completed.returncode == 1, completed.stdout + completed.stderr
    for line in (
        "broken  reads-everything              1 of 51 items are missing, and it says nothing",
        "holds   keeps-its-filters",
        "the world: 51 items, pages of at most 50",
        "1. GET /api/workspaces/1/entities/?limit=100&offset=0",
        "-> 200: 50 of 51 items",
        "it ended:  with 50 items and no error",
    ):
        assert line in completed.stdout
    assert "vktrpat_" not in completed.stdout + completed.stderr


ODD_LINES = """
import json, os, requests

client, offset, count = requests.Session(), 0, 1
client.headers["Authorization"] = "Bearer " + os.environ["APITWIN_TOKEN"]
while offset < count:
    address = f"{os.environ['APITWIN_URL']}/api/workspaces/1/entities/?limit=100&offset={offset}"
    page = client.get(address, timeout=30).json()
    count = page["count"]
    for item in page["results"]:
        line = json.dumps({**item, "name": "one\u2028two\u0085three\x1cfour"}, ensure_ascii=False)
        os.write(1, line.encode() + b"\\r\\n")
    offset += len(page["results"])
"""


def test_a_line_of_json_may_hold_other_ends_of_lines(tmp_path: Path) -> None:
    """JSON need not escape U+2028, U+0085 and their like (RFC 8259 section 7)."""
    (tmp_path / "client.py").write_text(ODD_LINES, "utf-8")
    command = f'"{sys.executable}" "{tmp_path / "client.py"}"'
    completed = apitwin(command, "--law", "reads-everything", "--examples", "2")
    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_the_replay_line_does_it_again() -> None:
    options = (
        "--examples",
        "8",
        "--random-seed",
        "3",
        "--page-maximum",
        "20",
        "--page-maximum",
        "30",
        "--seconds",
        "20",
    )
    completed = apitwin(ADDS_100, "--law", "reads-everything", *options)
    replay = re.search(r"replay: +apitwin check-client (.*)$", completed.stdout, re.MULTILINE)
    assert replay is not None
    assert apitwin(*shlex.split(replay[1])).stdout == completed.stdout


def test_the_replay_call_does_it_again() -> None:
    with pytest.raises(ClientBroken) as caught:
        check_client(
            strides_by_the_limit_asked_for,
            laws="reads-everything",
            examples=9,
            random_seed=2,
            seconds=7,
            page_maximums=[30],
        )
    report = str(caught.value)
    call = re.search(r"replay: +(check_client\(.*\))$", report, re.MULTILINE)
    assert call is not None
    with pytest.raises(ClientBroken) as again:
        eval(call[1])
    assert str(again.value) == report


def test_the_smallest_scenario_is_the_smallest() -> None:
    def breaks_from_four_items_on(base: str, token: str) -> list[Any]:
        return [item for at, item in enumerate(walks_by_offset(base, token)) if at != 3]

    with pytest.raises(ClientBroken) as caught:
        check_client(breaks_from_four_items_on, laws=["reads-everything"])
    client_run = caught.value.report.broken[0].client_run
    assert client_run is not None
    assert (client_run.scenario.size, client_run.scenario.page_maximum) == (6, 7)


def test_a_client_that_also_reads_each_item_alone_is_not_accused() -> None:
    def reads_each_alone(base: str, token: str) -> list[Any]:
        client = session(token)
        items = list(walks_by_offset(base, token))
        return [client.get(f"{base}{ENTITIES}{item['id']}/", timeout=TIMEOUT_S).json() for item in items]

    assert not check_client(reads_each_alone, "workspaces_entities_list", without=["waits"], seconds=300).broken


def test_a_client_that_counts_first_is_not_accused() -> None:
    def counts_first(base: str, token: str) -> list[Any]:
        client = session(token)
        patient(client, base + ENTITIES, {"limit": 1, "offset": 0})
        return list(walks_by_offset(base, token))

    assert not check_client(counts_first, harsh=True, without=["waits"]).broken


@pytest.mark.parametrize(
    "error", [asyncio.CancelledError("stop"), SystemExit(3), pytest.fail.Exception("no")], ids=repr
)
def test_whatever_a_client_raises_is_its_error(error: BaseException) -> None:
    def fails_after_three(base: str, token: str) -> list[Any]:
        items = list(walks_by_offset(base, token))
        if len(items) > 3:
            raise error
        return items

    with pytest.raises(ClientBroken) as caught:
        check_client(fails_after_three, laws=["reads-everything"])
    assert f"it ended:  with {type(error).__name__}" in str(caught.value)


def test_a_token_in_an_error_is_not_told() -> None:
    def tells(base: str, token: str) -> list[Any]:
        items = list(walks_by_offset(base, token))
        if len(items) > 3:
            raise ValueError(f"GET {base}/?token={token}")
        return items

    with pytest.raises(ClientBroken) as caught:
        check_client(tells, laws=["reads-everything"])
    assert "?token=$TOKEN" in str(caught.value) and "vktrpat_" not in str(caught.value)


STARTS_ANOTHER = """
import subprocess, sys
beats = "import sys, time\\nwhile True:\\n    open(sys.argv[1], 'a').write('.')\\n    time.sleep(0.05)"
subprocess.Popen([sys.executable, "-c", beats, sys.argv[1]]).wait()
"""


def test_what_a_command_started_ends_with_it(tmp_path: Path) -> None:
    script, beats = tmp_path / "starts.py", tmp_path / "beats"
    script.write_text(STARTS_ANOTHER, encoding="utf-8")
    completed = apitwin(f"{sys.executable} {script} {beats}", "--seconds", "1.5", "--operation", "workspaces_list")
    assert completed.returncode == 2, completed.stdout + completed.stderr
    heard = beats.stat().st_size
    assert heard, "it never began"
    time.sleep(0.5)
    assert beats.stat().st_size == heard


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"examples": 0}, "examples: found 0; expected a whole number, 1 or more"),
        ({"examples": "x"}, "examples: found 'x'"),
        ({"seconds": "1"}, "seconds: found '1'; expected a number above 0"),
        ({"page_maximums": [0]}, "page_maximums: found 0"),
        ({"page_maximums": [7, 101]}, "page_maximums: found 101; the contract's own is 100"),
        ({"laws": 5}, "laws: found 5; expected names"),
        ({"laws": ["stops"], "without": "stops"}, "no law is left"),
        ({"contract": "viktr"}, "did you mean 'viktor'"),
    ],
    ids=str,
)
def test_a_wrong_word_is_refused(words: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        check_client(walks_by_offset, **words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such-command-at-all",), ["cannot be run"]),
        ((f"{sys.executable} -c 1",), ["sends no request to the address"]),
        ((f"{sys.executable} -c raise",), ["sends no request", "exit code 1: RuntimeError"]),
        ((ADDS_100, "--law", "reads-everythin"), ["reads-everything"]),
        ((ADDS_100, "--operation", "workspaces_lists"), ["workspaces_list"]),
        ((ADDS_100, "--operation", "apps_list"), ["never asks for apps_list", "workspaces_entities_list"]),
        ((ADDS_100, "--contract", "viktr"), ["did you mean 'viktor'"]),
        ((ADDS_100, "--world", "nowhere.yaml"), ["nowhere.yaml"]),
        (("",), ["cannot be run", "it is empty"]),
        (("unbalanced 'quote",), ["cannot be run", "No closing quotation"]),
        ((ADDS_100, "--without", "wait"), ["did you mean waits?"]),
        (("yes", "--seconds", "20"), ["sends no request", "it printed more than 64 MiB"]),
        (("sleep 60", "--seconds", "0.5"), ["sends no request", "it was left, for it did not end"]),
        ((f"{sys.executable} {WRONG_PATH}",), ["asks for no list", "GET /api/workspace/ -> 404"]),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, tuple) else None,
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments: tuple[str, ...], words: list[str]) -> None:
    completed = apitwin(*arguments)
    assert completed.returncode == 2, completed.stdout + completed.stderr
    assert len(completed.stderr.splitlines()) == 1 and "Traceback" not in completed.stderr
    for word in words:
        assert word in completed.stderr


def ships(base: str, token: str) -> list[str]:
    numbers: list[str] = []
    while True:
        answer = requests.get(
            f"{base}/ships",
            params={"size": 10, "start": len(numbers)},
            headers={"Authorization": f"Bearer {token}"},
            timeout=20,
        )
        answer.raise_for_status()
        new = [item["number"] for item in answer.json()["items"] if item["number"] not in numbers]
        if not new:
            return numbers
        numbers += new


def test_what_only_a_harsh_server_breaks_is_told_apart() -> None:
    with pytest.raises(ClientBroken) as caught:
        check_client(strides_by_the_limit_asked_for, laws=["a-page-of-one"])
    assert caught.value.report.only_harsh
    assert "what servers may do, and seldom do:" in str(caught.value.report)


def test_the_same_draws_find_the_same_story() -> None:
    reports = []
    for _ in range(2):
        with pytest.raises(ClientBroken) as caught:
            check_client(swallows_errors, laws=["fails-loudly"], random_seed=3)
        reports.append(caught.value.report.broken[0].failure_report)
    assert reports[0] == reports[1]


def test_objects_ids_and_texts_will_do_as_items() -> None:
    class Entity:
        def __init__(self, number: int) -> None:
            self.id = number

    for give in (lambda item: item["id"], lambda item: str(item["id"]), lambda item: Entity(item["id"])):
        report = check_client(
            lambda base, token, give=give: map(give, walks_by_offset(base, token)), laws=["reads-everything"]
        )
        assert not report.broken


def test_a_client_that_reads_nothing_right_is_told_so_by_the_first_law_alone() -> None:
    with pytest.raises(ClientBroken) as caught:
        check_client(lambda base, token: list(walks_by_offset(base, token))[1:])
    report = caught.value.report
    assert [verdict.law.name for verdict in report.verdicts] == ["reads-everything"]
    assert "3 items, pages of at most 100" in str(caught.value)


def test_a_client_that_fails_where_nothing_is_wrong_is_not_judged() -> None:
    def fails(base: str, token: str) -> list[Any]:
        raise ValueError(f"{len(list(walks_by_offset(base, token)))} items with {token}")

    with pytest.raises(UsageError, match=r"does not read three items.*ValueError: 3 items.*GET /api") as refused:
        check_client(fails)
    assert "vktrpat_" not in str(refused.value)


def test_a_loss_that_is_there_without_a_fault_is_told_once() -> None:
    def stops_early(base: str, token: str) -> list[Any]:
        items = list(walks_by_offset(base, token))
        return items[:-1] if len(items) > 10 else items

    with pytest.raises(ClientBroken) as caught:
        check_client(stops_early, without=["a-long-list"])
    assert [verdict.law.name for verdict in caught.value.report.broken] == ["reads-everything"]


def test_a_client_that_remembers_is_not_accused() -> None:
    memory: dict[str, list[Any]] = {}

    def remembers(base: str, token: str) -> list[Any]:
        if len(memory.get(token, ())) < 1000:
            memory[token] = list(walks_by_offset(base, token))
        return memory[token]

    report = check_client(remembers, laws=["a-long-list", "fails-loudly"])
    assert [verdict.outcome for verdict in report.verdicts] == ["holds", "skipped"]
    assert "it seems to remember" in str(report)


def test_an_async_client_is_waited_for() -> None:
    async def asks(base: str, token: str) -> list[Any]:
        return list(walks_by_offset(base, token))

    async def yields(base: str, token: str) -> AsyncIterator[Any]:
        for item in walks_by_offset(base, token):
            yield item

    for client in (asks, yields):
        assert not check_client(client, laws=["reads-everything", "fails-loudly"]).broken  # type: ignore[arg-type]


def test_a_list_without_links_and_without_a_count_will_do(tmp_path: Path) -> None:
    text = (ROOT / "tests" / "harbour" / "openapi.yaml").read_text("utf-8")
    assert "{count: /meta/total, results: /items}" in text
    folder = tmp_path / "harbour"
    folder.mkdir()
    text = text.replace("{count: /meta/total, results: /items}", "{results: /items}")
    (folder / "openapi.yaml").write_text(text, "utf-8")
    (folder / "world.yaml").write_text((ROOT / "tests" / "harbour" / "world.yaml").read_text("utf-8"), "utf-8")
    for contract in (ROOT / "tests" / "harbour" / "openapi.yaml", folder / "openapi.yaml"):
        report = check_client(ships, contract=str(contract), harsh=True, without=["waits"])
        assert not report.broken
        skipped = [verdict.law.name for verdict in report.verdicts if verdict.outcome == "skipped"]
        assert ("an-empty-last-page" in skipped) is (contract.parent == folder), skipped


def test_another_api_will_do(tmp_path: Path) -> None:
    harbour = str(ROOT / "tests" / "harbour" / "openapi.yaml")
    report = check_client(ships, contract=harbour, laws=["reads-everything", "fails-loudly", "keeps-its-filters"])
    assert report.operation == "listShips"
