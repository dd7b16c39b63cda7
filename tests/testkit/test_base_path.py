"""The path of the server, over sockets: the twin answers below it; a check asks below it, or below the target's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin import Twin
from tests.contracts.minimal import document, write
from tests.servers import ROOT, serve
from tests.testkit.test_cli import apitwin, one_line


def prefixed(folder: Path, *addresses: str) -> Path:
    """Write the minimal contract with servers, and return its file."""
    value = document()
    del value["x-apitwin"]["world"]
    value["servers"] = [{"url": address} for address in addresses]
    return write(folder, value)


def test_a_twin_answers_below_the_path_of_its_first_server_and_nowhere_else(tmp_path: Path) -> None:
    with Twin(str(prefixed(tmp_path, "https://crates.example/api/v1", "https://crates.example/v0"))) as twin:
        headers = {"Authorization": f"Bearer {twin.token}"}
        found = requests.get(f"{twin.url}/api/v1/crates/", headers=headers, timeout=10)
        elsewhere = [
            requests.get(f"{twin.url}{path}", headers=headers, timeout=10) for path in ("/crates/", "/v0/crates/")
        ]

    assert found.status_code == 200
    assert found.json()["results"] != []
    assert [answer.status_code for answer in elsewhere] == [404, 404]


@pytest.mark.parametrize(("served", "asked"), [("/api/v1", ""), ("/api/v1", "/api/v1/"), ("/other", "/other")])
def test_a_check_asks_below_the_path_of_the_document_or_of_the_target(tmp_path: Path, served: str, asked: str) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "asked").mkdir()
    server, contract = prefixed(tmp_path / "served", served), prefixed(tmp_path / "asked", "/api/v1")
    with serve(str(server), "--port", "0") as lines:
        base = next(line.rpartition(" ")[2] for line in lines if "operations at" in line)
        token = next(line.rpartition(" ")[2] for line in lines if line.startswith("token"))
        words = [
            "check",
            str(contract),
            "--target",
            f"{base}{asked}",
            "--law",
            "envelope",
            "--operation",
            "crates_list",
        ]
        done = apitwin(*words, "--rate", "0", APITWIN_TOKEN=token)

    assert "1 holds" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
    assert f"operations lie below {asked.rstrip('/') or '/api/v1'}" in done.stderr


def test_the_target_has_no_query_and_no_password(tmp_path: Path) -> None:
    contract = str(prefixed(tmp_path, "/"))

    for target in ("http://127.0.0.1:1/a?key=secret", "http://a:secret@127.0.0.1:1/"):
        said = one_line(apitwin("check", contract, "--target", target, APITWIN_TOKEN="x"))
        assert "give scheme, host and path only" in said
        assert "secret" not in said


PLAIN: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Cats"},
    "paths": {
        "/cat": {
            "get": {
                "operationId": "cat",
                "produces": ["application/json"],
                "responses": {
                    "200": {
                        "description": "",
                        "schema": {"type": "object"},
                        "examples": {"application/json": {"name": "Tom"}},
                    }
                },
            }
        },
        "/dog": {"get": {"operationId": "cat", "responses": {"ok": {"description": ""}}}},
    },
}


def test_what_is_left_out_is_said_and_strict_refuses_it(tmp_path: Path) -> None:
    text = json.dumps(PLAIN)
    command = [sys.executable, "-m", "apitwin", "check", "-", "--law", "schema"]

    lenient = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    strict = subprocess.run(
        [*command, "--strict"], input=text, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )

    assert "2 things in this document are not understood, and left out:" in lenient.stderr
    assert "it is called 'get /dog' here" in lenient.stderr
    assert strict.returncode == 2
    assert strict.stderr.startswith("apitwin: standard-input#/paths/~1dog/get")
    assert "(and 1 more)" in strict.stderr


def test_a_document_without_an_operation_is_no_success(tmp_path: Path) -> None:
    path = tmp_path / "cats.json"
    path.write_text(json.dumps({**PLAIN, "paths": {"/#Action=Read": PLAIN["paths"]["/cat"]}}), encoding="utf-8")

    done = apitwin("check", str(path))

    assert done.returncode == 2
    assert "the path has a fragment, which no request carries" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("has no operation that a request can reach; there is nothing to check")


def test_a_twin_of_swagger_answers_with_its_example(tmp_path: Path) -> None:
    path = tmp_path / "cats.json"
    path.write_text(json.dumps(PLAIN), encoding="utf-8")

    with Twin(str(path)) as twin:
        assert requests.get(f"{twin.url}/cat", timeout=10).json() == {"name": "Tom"}
