"""The command as a user has it: a subprocess, its output and its exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.servers import ROOT, serve


def apitwin(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **variables}
    return subprocess.run(
        [sys.executable, "-m", "apitwin", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def one_line(completed: subprocess.CompletedProcess[str]) -> str:
    """Return what a refused command says, which is one line without a traceback."""
    assert completed.returncode == 2, completed.stdout + completed.stderr
    lines = completed.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("apitwin: "), completed.stderr
    return lines[0]


def test_serve_prints_an_address_a_token_and_a_curl_line_that_works() -> None:
    with serve("viktor", "--port", "0") as lines:
        assert "45 operations at http://127.0.0.1:" in lines[0]
        assert re.fullmatch(r"token: vktrpat_\w+", lines[1])
        assert lines[2].startswith("try:   curl ")
        done = subprocess.run(["bash", "-c", lines[2].removeprefix("try:   ") + " -s"], capture_output=True, timeout=20)
        assert len(json.loads(done.stdout)["results"]) == 2


def test_the_documented_quick_start_works_against_the_twin() -> None:
    with serve("viktor", "--port", "0") as lines:
        base, token = lines[0].rpartition(" ")[2], lines[1].rpartition(" ")[2]
        response = requests.get(f"{base}/api/workspaces/", headers={"Authorization": f"Bearer {token}"}, timeout=10)
        response.raise_for_status()
        workspaces = response.json()
        assert isinstance(workspaces, list) and len(workspaces) > 100


def test_check_on_the_twin_ends_with_a_matrix_and_exit_code_0(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    completed = apitwin("check", "viktor", "--operation", "apps_list", "--json", str(report))
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert re.search(r"^partition +\+$", completed.stdout, re.MULTILINE)
    verdicts = json.loads(report.read_text("utf-8"))["verdicts"]
    assert {verdict["outcome"] for verdict in verdicts} == {"holds", "skipped"}
    assert all(verdict["reason"] for verdict in verdicts if verdict["outcome"] == "skipped")
    assert all({"operation", "law", "outcome", "reason"} <= verdict.keys() for verdict in verdicts)
    assert "1/" not in completed.stdout and "apps_list" in completed.stderr, "progress goes to standard error"


def test_the_same_command_checks_the_live_server(live: dict[str, str]) -> None:
    options = ("--operation", "workspaces_list", "--law", "partition", "--law", "slice", "--law", "bad-token")
    completed = apitwin(
        "check", "viktor", "--target", live["url"], "--token-env", "T", "--rate", "0", *options, T=live["token"]
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr
    assert "3 holds" in completed.stdout


def test_a_broken_law_is_told_with_all_that_is_needed_to_see_it_again(tmp_path: Path) -> None:
    from tests.servers import live_server

    report = tmp_path / "report.json"
    with live_server("count-is-page-length") as broken:
        options = ("--operation", "workspaces_list", "--law", "count", "--json", str(report))
        target = ("--target", broken["url"], "--token-env", "T", "--rate", "0")
        completed = apitwin("check", "viktor", *target, *options, T=broken["token"])
        assert completed.returncode == 1, completed.stdout + completed.stderr
        for part in ("BROKEN  workspaces_list  count", "expected:  a count of ", "found:", "the fact:", "documented"):
            assert part in completed.stdout
        curl = re.search(r"^ +1\. (curl .*)$", completed.stdout, re.MULTILINE)
        assert curl is not None
        environment = {**os.environ, "T": broken["token"]}
        again = subprocess.run(["bash", "-c", curl[1]], env=environment, capture_output=True, timeout=20)
        page = json.loads(again.stdout)
        assert page["count"] == len(page["results"]), "the curl line shows the defect"
        replay = re.search(r"^ +replay: +apitwin (.*)$", completed.stdout, re.MULTILINE)
        assert replay is not None
        assert apitwin(*replay[1].split(), T=broken["token"]).returncode == 1
    everything = completed.stdout + completed.stderr + report.read_text("utf-8")
    assert broken["token"] not in everything


def test_laws_lists_every_law_with_its_claim() -> None:
    from apitwin.testkit.server.laws import registered

    completed = apitwin("laws")
    assert completed.returncode == 0
    for law in registered():
        assert f"  {law.name}\n      {law.claim}\n" in completed.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "viktr"), ["viktr", "did you mean 'viktor'"]),
        (("check", "viktor", "--target", "twn"), ["--target 'twn'", "did you mean 'twin'"]),
        (("check", "viktor", "--target", "http://127.0.0.1:9"), ["http://127.0.0.1:9", "no connection"]),
        (("check", "viktor", "--target", "http://h/api/?a=1"), ["scheme, host and path only"]),
        (("check", "viktor", "--target", "http://h", "--token-env", "UNSET"), ["UNSET", "not set"]),
        (("check", "viktor", "--target", "http://h", "--rate", "-1"), ["--rate -1"]),
        (("check", "viktor", "--target", "http://h", "--rate", "nan"), ["--rate nan"]),
        (("check", "viktor", "--token-env", "HOME"), ["--token-env is for an address"]),
        (("check", "viktor", "--law", "partion"), ["'partion' is no law", "partition"]),
        (("check", "viktor", "--operation", "app_list"), ["'app_list' is no operation", "apps_list"]),
        (("check", "viktor", "--path-value", "x=1"), ["--path-value x", "workspace_id"]),
        (("check", "viktor", "--path-value", "x"), ["expected NAME=VALUE"]),
        (("check", "viktor", "--examples", "0"), ["--examples 0"]),
        (("check", "viktor", "--json", "no/such/folder/r.json"), ["cannot be written"]),
        (("laws", "partion"), ["'partion' is no law"]),
        (("serve", "viktor", "--world", "no.yaml"), ["no.yaml", "no such file"]),
        (("serve", "viktor", "--host", "192.0.2.1", "--port", "0"), ["cannot listen on 192.0.2.1"]),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "",
)
def test_a_mistake_is_one_clear_line_and_exit_code_2(arguments: tuple[str, ...], words: list[str]) -> None:
    line = one_line(apitwin(*arguments))
    for word in words:
        assert word in line


def test_a_port_in_use_is_said() -> None:
    with serve("viktor", "--port", "0") as lines:
        port = lines[0].rpartition(":")[2]
        assert f"127.0.0.1:{port}" in one_line(apitwin("serve", "viktor", "--port", port))


def test_a_refused_token_is_said_once_and_not_by_every_law(live: dict[str, str]) -> None:
    target = ("check", "viktor", "--target", live["url"])
    assert "refuses the token (status 401" in one_line(apitwin(*target, "--token-env", "T", T="wrong"))
    assert "--token-env" in one_line(apitwin(*target))


def test_a_broken_contract_is_named_with_file_and_pointer(tmp_path: Path) -> None:
    text = (ROOT / "contracts" / "viktor" / "openapi.yaml").read_text("utf-8")
    path = tmp_path / "openapi.yaml"
    path.write_text(text.replace("over-maximum: truncate", "over-maximun: truncate"), "utf-8")
    line = one_line(apitwin("check", str(path)))
    assert f"{path}#/x-apitwin/pagination/standard/limit: unknown key 'over-maximun'" in line
    assert "did you mean 'over-maximum'" in line


def test_help_teaches() -> None:
    assert "apitwin serve viktor" in apitwin("--help").stdout
    assert "0  no law is broken" in apitwin("check", "--help").stdout


def test_an_openapi_document_without_the_extension_is_checked_by_what_it_shows(tmp_path: Path) -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Plain", "version": "1"},
        "paths": {
            "/things": {
                "get": {
                    "operationId": "things",
                    "parameters": [
                        {
                            "name": "per_page",
                            "in": "query",
                            "schema": {"type": "integer", "maximum": 50, "default": 10},
                        },
                        {"name": "skip", "in": "query", "schema": {"type": "integer"}},
                    ],
                    "responses": {
                        "200": {
                            "description": "a page",
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "type": "object",
                                        "properties": {
                                            "total": {"type": "integer"},
                                            "items": {"type": "array", "items": {"type": "object"}},
                                        },
                                    }
                                }
                            },
                        }
                    },
                }
            }
        },
    }
    path = tmp_path / "plain.json"
    path.write_text(json.dumps(document), "utf-8")
    completed = apitwin("check", str(path), "--law", "envelope")
    assert (
        "things: inferred per_page/skip (limit-offset), results at /items, count at /total, maximum 50"
        in completed.stderr
    )


@pytest.mark.parametrize("address", ["https://[", "http://h:99999"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    assert f"--target {address!r} is no address" in one_line(apitwin("check", "viktor", "--target", address))


def test_a_report_cannot_be_a_folder(tmp_path: Path) -> None:
    assert "cannot be written" in one_line(apitwin("check", "viktor", "--json", str(tmp_path)))


def test_a_host_may_be_written_in_any_case(live: dict[str, str]) -> None:
    target = live["url"].replace("127.0.0.1", "LOCALHOST")
    options = ("--target", target, "--token-env", "T", "--rate", "0", "--operation", "apps_list")
    completed = apitwin("check", "viktor", *options, "--law", "link-address", "--law", "next-links", T=live["token"])
    assert completed.returncode == 0, completed.stdout + completed.stderr


@pytest.mark.skipif(os.name == "nt", reason="a process of Windows cannot be sent Ctrl-C alone")
@pytest.mark.parametrize("seconds", [1.0, 1.7, 2.9, 4.3])
@pytest.mark.parametrize("words", [("check", "viktor"), ("check-client", "sleep 30")], ids=lambda words: words[0])
def test_ctrl_c_ends_it_with_one_line(words: tuple[str, ...], seconds: float) -> None:
    command = [sys.executable, "-m", "apitwin", *words]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    running.send_signal(signal.SIGINT)
    _, complaints = running.communicate(timeout=10)
    assert running.returncode == 2
    assert complaints.splitlines()[-1].startswith("apitwin: stopped by Ctrl-C")
    assert "Traceback" not in complaints and "Exception" not in complaints


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--other-token", "expird=X"), "--other-token is for an address"),
        (("--query-value", "limt=1"), "did you mean limit?"),
        (("--path-value", "workspaceid=1"), "did you mean workspace_id?"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_an_option_that_is_no_use_is_refused(words: tuple[str, ...], said: str) -> None:
    completed = apitwin("check", "viktor", *words)
    assert completed.returncode == 2 and said in one_line(completed)
