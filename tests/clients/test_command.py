"""`apitwin check-client` as a user runs it: exit codes, the story, and one line for a mistake."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from testkit.clients import check_client
from testkit.clients.judge import ClientBroken
from testkit.errors import UsageError
from tests.clients.zoo import strides_by_the_limit_asked_for, swallows_errors, walks_by_offset
from tests.servers import ROOT

ADDS_100 = f"{sys.executable} {ROOT / 'tests' / 'clients' / 'adds_100.py'}"


def apitwin(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "testkit.cli", "check-client", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)


def test_a_client_that_adds_100_loses_rows_and_is_shown_how() -> None:
    found = apitwin(ADDS_100, "--law", "reads-everything", "--law", "keeps-its-filters", "--examples", "8")
    assert found.returncode == 1, found.stdout + found.stderr
    for line in (
        "broken  reads-everything              1 of 51 items are missing, and it says nothing",
        "holds   keeps-its-filters",
        "the world: 51 items, pages of at most 50",
        "1. GET /api/workspaces/1/entities/?limit=100&offset=0",
        "-> 200: 50 of 51 items",
        "it ended:  with 50 items and no error",
    ):
        assert line in found.stdout
    assert "vktrpat_" not in found.stdout + found.stderr


def test_the_replay_line_does_it_again() -> None:
    import re
    import shlex

    found = apitwin(ADDS_100, "--law", "reads-everything", "--examples", "8")
    replay = re.search(r"replay: +apitwin check-client (.*)$", found.stdout, re.MULTILINE)
    assert replay is not None
    assert apitwin(*shlex.split(replay[1])).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such-command-at-all",), ["cannot be run"]),
        ((f"{sys.executable} -c 1",), ["asks for no list"]),
        ((f"{sys.executable} -c raise",), ["asks for no list", "exit code 1"]),
        ((ADDS_100, "--law", "reads-everythin"), ["reads-everything"]),
        ((ADDS_100, "--operation", "workspaces_lists"), ["workspaces_list"]),
        ((ADDS_100, "--operation", "apps_list"), ["never asks for apps_list", "workspaces_entities_list"]),
        ((ADDS_100, "--contract", "viktr"), ["did you mean 'viktor'"]),
        ((ADDS_100, "--world", "nowhere.yaml"), ["nowhere.yaml"]),
        (("",), ["cannot be run"]),
    ],
    ids=lambda one: " ".join(one)[-40:] if isinstance(one, tuple) else None,
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments: tuple[str, ...], words: list[str]) -> None:
    found = apitwin(*arguments)
    assert found.returncode == 2, found.stdout + found.stderr
    assert len(found.stderr.splitlines()) == 1 and "Traceback" not in found.stderr
    for word in words:
        assert word in found.stderr


def test_what_only_a_harsh_server_breaks_is_told_apart() -> None:
    with pytest.raises(ClientBroken) as caught:
        check_client(strides_by_the_limit_asked_for, laws=["a-page-of-one"])
    assert caught.value.report.only_harsh
    assert "what servers may do, and seldom do:" in str(caught.value.report)


def test_the_same_draws_find_the_same_story() -> None:
    told = []
    for _ in range(2):
        with pytest.raises(ClientBroken) as caught:
            check_client(swallows_errors, laws=["fails-loudly"], draws=3)
        told.append(caught.value.report.broken[0].told)
    assert told[0] == told[1]


def test_objects_ids_and_texts_will_do_as_items() -> None:
    class Entity:
        def __init__(self, number: int) -> None:
            self.id = number

    for give in (lambda one: one["id"], lambda one: str(one["id"]), lambda one: Entity(one["id"])):
        report = check_client(
            lambda base, token, give=give: map(give, walks_by_offset(base, token)), laws=["reads-everything"]
        )
        assert not report.broken


def test_a_client_that_reads_nothing_right_is_not_judged() -> None:
    with pytest.raises(UsageError, match="does not read three items"):
        check_client(lambda base, token: list(walks_by_offset(base, token))[1:])


def test_another_api_will_do(tmp_path: Path) -> None:
    import requests

    def ships(base: str, token: str) -> list[str]:
        found: list[str] = []
        while True:
            answer = requests.get(
                f"{base}/ships",
                params={"size": 10, "start": len(found)},
                headers={"Authorization": f"Bearer {token}"},
                timeout=20,
            )
            answer.raise_for_status()
            items = answer.json()["items"]
            if not items:
                return found
            found += [one["number"] for one in items]

    harbour = str(ROOT / "tests" / "harbour" / "openapi.yaml")
    report = check_client(ships, contract=harbour, laws=["reads-everything", "fails-loudly", "keeps-its-filters"])
    assert report.operation == "listShips"
