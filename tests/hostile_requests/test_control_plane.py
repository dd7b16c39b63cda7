"""Attacks on the control plane: pages of other origins, names that strangers own, other machines."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from werkzeug.test import Client

from apitwin.contracts import load
from apitwin.mock_server import Twin, create_app
from tests.hostile_requests.attack import ROOT

Said = tuple[int, Any]
JSON = {"Content-Type": "application/json"}
ADVANCE = b'{"advance": 60}'


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with Twin() as made:
        yield made


def ask(twin: Twin, method: str, path: str, fields: Mapping[str, str], body: bytes = b"", host: str = "") -> Said:
    """Ask with exactly these header fields, as no library would."""
    port = twin.running.port
    lines = [f"{method} {path} HTTP/1.1", f"Host: {(host or 'localhost:{port}').replace('{port}', str(port))}"]
    lines += [f"{name}: {value.replace('{port}', str(port))}" for name, value in fields.items()]
    lines += [f"Content-Length: {len(body)}"] if body else []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
        sock.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)
        said = b""
        while data := sock.recv(65536):
            said += data
    head, _, answer = said.partition(b"\r\n\r\n")
    return int(head[9:12]), json.loads(answer)


OWN = [
    "localhost:{port}",
    "localhost",
    "127.0.0.1:{port}",
    "127.8.9.1",
    "[::1]:{port}",
    "LOCALHOST:{port}",
    "localhost.",
]
FOREIGN = [
    "evil.example", "evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1:{port}",
    "0.0.0.0:{port}", "localhost:80@evil.example", "[::2]", "2130706433", "0x7f.1", "", " ", "localhost evil", "[::1",
    "127.0.0.1#x", "localhost/x", "localhost:x", "apitwin", "host.docker.internal",
]  # fmt: skip


@pytest.mark.parametrize("host", OWN)
def test_it_answers_under_each_name_of_this_machine(twin: Twin, host: str) -> None:
    assert ask(twin, "GET", "/__twin__/health", {}, host=host)[0] == 200
    assert ask(twin, "POST", "/__twin__/reset", {}, host=host)[0] == 200


@pytest.mark.parametrize("host", [host for host in FOREIGN if host])
@pytest.mark.parametrize(("method", "name"), [("GET", "journal"), ("POST", "reset"), ("GET", "nothing")])
def test_a_name_that_a_stranger_may_own_is_refused(twin: Twin, method: str, name: str, host: str) -> None:
    status, said = ask(twin, method, f"/__twin__/{name}", {}, host=host)
    assert (status, list(said)) == (421, ["detail"])


PAGES: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Origin": "https://localhost:{port}"},
    {"Origin": "http://localhost:{port}.evil.example"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    {"Origin": "http://localhost:{port}", "Sec-Fetch-Site": "cross-site"},
)


@pytest.mark.parametrize("page", PAGES, ids=str)
@pytest.mark.parametrize(
    ("method", "name"),
    [("GET", "journal"), ("POST", "reset"), ("POST", "clock"), ("DELETE", "faults"), ("OPTIONS", "x")],
)
def test_the_page_of_another_origin_is_refused_and_changes_nothing(
    twin: Twin, page: dict[str, str], method: str, name: str
) -> None:
    before, epoch = twin.world.clock.now(), twin.world.epoch
    assert ask(twin, method, f"/__twin__/{name}", {**JSON, **page}, ADVANCE)[0] == 403
    assert (twin.world.clock.now() - before).total_seconds() < 30
    assert twin.world.epoch == epoch, "a reset makes another"


def test_a_page_of_its_own_and_an_address_that_was_typed_in_are_answered(twin: Twin) -> None:
    for page in ({"Origin": "http://localhost:{port}", "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        assert ask(twin, "POST", "/__twin__/clock", {**JSON, **page}, ADVANCE)[0] == 200


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "",
        "x",
    ],
)
@pytest.mark.parametrize("name", ["clock", "faults", "reset"])
def test_a_body_that_a_form_could_send_is_refused(twin: Twin, name: str, kind: str) -> None:
    assert ask(twin, "POST", f"/__twin__/{name}", {"Content-Type": kind} if kind else {}, ADVANCE)[0] == 415


def test_the_control_plane_of_an_application_under_another_server_is_for_this_machine_too() -> None:
    client = Client(create_app(load("viktor")))
    for address, status in (
        ("127.0.0.1", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("192.0.2.7", 403),
        ("x", 403),
    ):
        answer = client.get("/__twin__/health", environ_overrides={"REMOTE_ADDR": address})
        assert answer.status_code == status, address
    assert client.get("/__twin__/health").status_code == 200, "in this process"


def test_a_twin_for_other_machines_refuses_its_control_plane_to_all() -> None:
    with Twin(host="0.0.0.0") as twin:
        status, said = ask(twin, "GET", "/__twin__/journal", {})
        assert status == 403 and "--control-token" in said["detail"]
        assert ask(twin, "GET", "/api/workspaces/", {"Authorization": f"Bearer {twin.token}"}, host="twin:80")[0] == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_token_opens_it_and_nothing_else_does(host: str) -> None:
    with Twin(host=host, control_token="a-long-control-token") as twin:
        shown = {"Authorization": "Bearer a-long-control-token"}
        assert ask(twin, "GET", "/__twin__/journal", shown, host="twin.internal:80")[0] == 200
        assert ask(twin, "GET", "/__twin__/journal", {**shown, "Origin": "https://evil.example"})[0] == 403
        for wrong in ("", "Bearer", "Bearer a-long-control-toke", "Basic a-long-control-token", f"Bearer {twin.token}"):
            assert ask(twin, "GET", "/__twin__/journal", {"Authorization": wrong} if wrong else {})[0] == 401, wrong


def serve(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "apitwin", "serve", "viktor", "--port", "0", *arguments],
        cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(("value", "words"), [(None, "is not set"), ("a b\n", "holds blanks")])
def test_a_variable_without_a_token_is_refused_in_one_line(value: str | None, words: str) -> None:
    process = serve("--control-token", "CONTROL", **({} if value is None else {"CONTROL": value}))
    said, errors = process.communicate(timeout=30)
    assert (process.returncode, said) == (2, "")
    assert "--control-token CONTROL" in errors and words in errors and "a b" not in errors


def test_serve_says_what_it_opens_and_never_the_token() -> None:
    process = serve("--host", "0.0.0.0", "--control-token", "CONTROL", CONTROL="very-secret-control")
    assert process.stdout is not None and process.stderr is not None
    lines: list[str] = []
    try:
        while not lines or not lines[-1].startswith("stop:"):
            lines.append(process.stdout.readline())
    finally:
        process.terminate()
        rest, errors = process.communicate(timeout=10)
    said = "".join(lines) + rest + errors
    assert "open:  the whole API to every machine that reaches 0.0.0.0 port" in said
    assert "whoever shows the token in CONTROL" in said and "very-secret" not in said
