"""`apitwin serve` with its options, as a user has it: a process, what it prints, and real requests to it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.contracts.minimal import document
from tests.servers import ROOT
from tests.testkit.test_cli import apitwin, one_line

needs_signals = pytest.mark.skipif(os.name == "nt", reason="a process of Windows cannot be sent Ctrl-C alone")


@dataclass
class Served:
    """A running `apitwin serve`. temporary: the folder it uses for temporary files; errors: its standard error."""

    process: subprocess.Popen[str]
    lines: list[str]
    temporary: Path
    errors: Path

    def after(self, start: str) -> str:
        """Return what the line that starts so says."""
        (line,) = (line for line in self.lines if line.startswith(start))
        return line.removeprefix(start).strip()

    @property
    def url(self) -> str:
        return self.lines[0].rpartition(" ")[2]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.after('token:')}"}

    @property
    def authority(self) -> str:
        return self.after("set:").removeprefix("the environment variable REQUESTS_CA_BUNDLE=")

    def get(self, address: str, **more: Any) -> requests.Response:
        """Ask with the token. address: a path, or a whole link."""
        address = address if "://" in address else self.url + address
        return requests.get(address, **{"headers": self.headers, "timeout": 10, **more})

    def stopped(self, number: int) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=10)


@contextlib.contextmanager
def served(folder: Path, *arguments: str, lines: int = 6, **variables: str) -> Iterator[Served]:
    """Start `apitwin serve` on a free port, read so many lines, and stop it in the end if it still runs."""
    temporary, errors = folder / "temporary", folder / "errors.txt"
    temporary.mkdir()
    place = {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    command = [sys.executable, "-m", "apitwin", "serve", *arguments, "--port", "0"]
    with errors.open("w") as written:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **place, **variables},
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
            encoding="utf-8",
        )
        assert process.stdout is not None
        try:
            said = [process.stdout.readline().rstrip("\n") for _ in range(lines)]
            assert said[-1] == "stop:  Ctrl-C", f"{said} {errors.read_text('utf-8')}"
            yield Served(process, said, temporary, errors)
        finally:
            process.kill()
            process.wait(timeout=10)
            process.stdout.close()


def crates(folder: Path, **changes: Any) -> Path:
    """Write a contract of crates, its pages of 100 at most, and a seed with 250 of them. Returns the contract."""
    value = document()
    limit = {"maximum": 100, "default": 100, "over-maximum": "truncate"}
    value["x-apitwin"]["pagination"]["pages"]["limit"].update(limit)
    value.update(changes)
    seed = {
        "tokens": [{"token": "twin-token", "roles": ["any"]}],
        "collections": {"crates": [{"repeat": 250, "item": {"name": "Crate {n}", "lid": True}}]},
    }
    (folder / "world.yaml").write_text(json.dumps(seed), encoding="utf-8")
    path = folder / "crates.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


# HTTPS


@pytest.fixture(scope="module")
def viktor_over_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("tls"), "viktor", "--tls") as running:
        yield running


def test_tls_prints_two_lines_more_and_says_what_to_trust(viktor_over_tls: Served) -> None:
    lines = viktor_over_tls.lines
    assert re.fullmatch(r".+: \d+ operations at https://127\.0\.0\.1:\d+", lines[0])
    assert re.fullmatch(r"token: vktrpat_\w+", lines[1])
    assert lines[2].startswith(f"try:   curl --cacert {viktor_over_tls.authority} -H ")
    assert lines[3].startswith("set:   the environment variable REQUESTS_CA_BUNDLE=/")
    assert lines[4] == f"host:  localhost:{urlsplit(viktor_over_tls.url).port}"


def test_a_client_that_trusts_it_gets_links_that_it_can_follow(viktor_over_tls: Served) -> None:
    page = viktor_over_tls.get("/api/workspaces/?limit=2", verify=viktor_over_tls.authority).json()

    assert page["next"].startswith(f"{viktor_over_tls.url}/api/workspaces/?")
    assert viktor_over_tls.get(page["next"], verify=viktor_over_tls.authority).json()["previous"] is not None


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_environment_variable_is_all_that_a_client_needs(viktor_over_tls: Served, name: str) -> None:
    """As a program that builds https://HOST/api/ by itself does it, with nothing changed in it."""
    host = viktor_over_tls.after("host:").replace("localhost", name)
    program = (
        "import requests, sys\n"
        "found = requests.get(f'https://{sys.argv[1]}/api/workspaces/', headers={'Authorization': sys.argv[2]})\n"
        "print(found.status_code, len(found.json()) > 100)\n"
    )
    command = [sys.executable, "-c", program, host, viktor_over_tls.headers["Authorization"]]
    outer = {name: value for name, value in os.environ.items() if name != "REQUESTS_CA_BUNDLE"}

    trusting, doubting = (
        subprocess.run(command, env={**outer, **more}, capture_output=True, text=True, timeout=60)
        for more in ({"REQUESTS_CA_BUNDLE": viktor_over_tls.authority}, {})
    )

    assert trusting.stdout == "200 True\n", trusting.stderr
    assert doubting.returncode == 1 and "certificate verify failed" in doubting.stderr


def test_the_curl_line_works_as_it_is(viktor_over_tls: Served) -> None:
    done = subprocess.run(["bash", "-c", viktor_over_tls.after("try:") + " -s"], capture_output=True, timeout=20)
    assert len(json.loads(done.stdout)["results"]) == 2


def test_plain_http_and_a_broken_handshake_print_nothing_and_stop_nothing(viktor_over_tls: Served) -> None:
    port = urlsplit(viktor_over_tls.url).port
    assert port is not None
    assert requests.get(f"http://127.0.0.1:{port}/", timeout=10).status_code == 400
    for sent in (b"", b"\x16\x03\x01\x02\x00\x01", b"\x16\x03\x01\x00\x05nonsense"):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(sent)
    with pytest.raises(requests.exceptions.SSLError):
        viktor_over_tls.get("/api/workspaces/", verify=True)

    assert viktor_over_tls.get("/__twin__/health", verify=viktor_over_tls.authority).status_code == 200
    assert viktor_over_tls.process.poll() is None
    assert viktor_over_tls.errors.read_text("utf-8") == ""


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_nothing_temporary_is_left_when_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path, str(crates(tmp_path)), "--tls") as running:
        files = [path for path in running.temporary.rglob("*") if path.is_file()]
        assert [str(file) for file in files] == [running.authority]
        assert "PRIVATE KEY" not in files[0].read_text("ascii")
        start = time.monotonic()
        assert running.stopped(number) == 0
        assert time.monotonic() - start < 5
        assert running.process.stdout is not None and running.process.stdout.read() == "stopped\n"
        assert list(running.temporary.iterdir()) == []
        assert running.errors.read_text("utf-8") == ""


@needs_signals
def test_a_file_that_was_named_stays_and_is_written_by_the_next_one(tmp_path: Path) -> None:
    contract, chosen = crates(tmp_path), tmp_path / "my ca.pem"
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        with served(tmp_path / name, str(contract), "--tls", "--ca-file", str(chosen)) as running:
            assert running.authority == str(chosen) and f"--cacert '{chosen}'" in running.after("try:")
            assert list(running.temporary.iterdir()) == []
            assert running.get("/crates/", verify=str(chosen)).status_code == 200
            assert running.stopped(signal.SIGINT) == 0
        made.append(chosen.read_bytes())
    assert made[0] != made[1]


def test_a_twin_that_cannot_start_leaves_the_file_of_the_one_that_runs(tmp_path: Path) -> None:
    contract, chosen = crates(tmp_path), tmp_path / "ca.pem"
    with served(tmp_path, str(contract), "--tls", "--ca-file", str(chosen)) as running:
        port = str(urlsplit(running.url).port)
        arguments = ("--tls", "--ca-file", str(chosen), "--port", port)
        assert f"cannot listen on 127.0.0.1:{port}" in one_line(apitwin("serve", str(contract), *arguments))
        assert running.get("/crates/", verify=str(chosen)).status_code == 200


def test_another_address_is_certified_too(tmp_path: Path) -> None:
    with served(tmp_path, str(crates(tmp_path)), "--tls", "--host", "0.0.0.0", lines=8) as running:
        assert running.after("host:").startswith("localhost:")
        for host in (running.after("host:"), urlsplit(running.url).netloc):
            assert running.get(f"https://{host}/crates/", verify=running.authority).status_code == 200


@needs_signals
def test_without_tls_it_prints_its_four_lines_and_makes_no_file(tmp_path: Path) -> None:
    with served(tmp_path, str(crates(tmp_path)), lines=4) as running:
        assert [line.partition(":")[0] for line in running.lines] == ["Crates", "token", "try", "stop"]
        assert running.url.startswith("http://127.0.0.1:") and "cacert" not in running.lines[2]
        assert list(running.temporary.iterdir()) == []
        assert running.stopped(signal.SIGINT) == 0


# The size of a page


def test_every_page_is_cut_to_what_was_said_and_its_links_lead_on(tmp_path: Path) -> None:
    with served(tmp_path, str(crates(tmp_path)), "--page-maximum", "50", lines=4) as running:
        address, pages = "/crates/?limit=100", []
        while address:
            page = running.get(address).json()
            pages.append(page)
            address = page["next"]

    assert [len(page["results"]) for page in pages] == [50] * 5
    assert {page["count"] for page in pages} == {250}
    queries = [parse_qs(urlsplit(page["next"]).query) for page in pages[:-1]]
    assert queries == [{"limit": ["50"], "offset": [str(offset)]} for offset in (50, 100, 150, 200)]
    assert [item["id"] for page in pages for item in page["results"]] == list(range(1, 251))


@pytest.mark.parametrize(
    ("maximum", "query", "length"),
    [("50", "", 50), ("50", "?limit=7", 7), ("50", "?limit=999", 50), ("100", "", 100), ("100", "?limit=999", 100)],
)
def test_a_page_is_as_long_as_asked_for_up_to_the_maximum(
    tmp_path: Path, maximum: str, query: str, length: int
) -> None:
    """The contract's own maximum and default are 100."""
    with served(tmp_path, str(crates(tmp_path)), "--page-maximum", maximum, lines=4) as running:
        assert len(running.get(f"/crates/{query}").json()["results"]) == length


def test_a_page_maximum_above_the_contracts_own_is_refused_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "apitwin", "serve", str(crates(tmp_path)), "--page-maximum", "200"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert "found a page maximum of 200; the contract's own is 100, so give 100 or less" in ended.stderr


def test_a_list_that_is_no_page_stays_whole(tmp_path: Path) -> None:
    with served(tmp_path, "viktor", "--page-maximum", "50", lines=4) as running:
        whole = running.get("/api/workspaces/").json()
        page = running.get("/api/workspaces/?limit=100").json()

    assert isinstance(whole, list) and len(whole) == page["count"] > 100
    assert [item["id"] for item in page["results"]] == [item["id"] for item in whole[:50]]


# Answers that are checked


def with_a_wrong_example(folder: Path) -> Path:
    """Write a contract with an example that is not what its schema says."""
    schema = {"type": "object", "properties": {"open": {"type": "boolean"}}}
    content = {"application/json": {"schema": schema, "example": {"open": "yes"}}}
    get = {"operationId": "lid", "security": [], "responses": {"200": {"description": "", "content": content}}}
    return crates(folder, paths={**document()["paths"], "/lid/": {"get": get}})


def test_an_answer_that_breaks_the_contract_is_found_out(tmp_path: Path) -> None:
    with served(tmp_path, str(with_a_wrong_example(tmp_path)), "--check-answers", lines=4) as running:
        lid, sound = running.get("/lid/"), running.get("/crates/")

    detail = (
        "apitwin: its own answer breaks the contract: lid, status 200: /open: 'yes' is not of type 'boolean' (type)"
    )
    assert (lid.status_code, lid.json()) == (500, {"detail": detail})
    assert running.errors.read_text("utf-8") == f"{detail}\n", "one line on standard error, no traceback"
    assert (sound.status_code, sound.json()["count"]) == (200, 250)


def test_nothing_is_checked_without_being_asked(tmp_path: Path) -> None:
    with served(tmp_path, str(with_a_wrong_example(tmp_path)), lines=4) as running:
        assert (running.get("/lid/").status_code, running.get("/lid/").json()) == (200, {"open": "yes"})


def test_everything_at_once(tmp_path: Path) -> None:
    options = ("--tls", "--page-maximum", "50", "--check-answers")
    with served(tmp_path, "viktor", *options) as running:
        response = running.get("/api/apps/?limit=100", verify=running.authority)

    assert response.status_code == 200 and len(response.json()["results"]) == 50
    assert running.errors.read_text("utf-8") == ""


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--ca-file", "ca.pem"), "--ca-file ca.pem: there is a certificate only with --tls"),
        (("--tls", "--ca-file", "no/such/ca.pem"), "--ca-file no/such/ca.pem: cannot be written (No such file"),
        (("--tls", "--ca-file", "."), "--ca-file .: cannot be written (Is a directory)"),
        (("--tls", "--ca-file", "world.yaml"), "--ca-file world.yaml: is there already, and not from an earlier twin"),
        (("--tls", "--host", "192.0.2.1"), "cannot listen on 192.0.2.1:0"),
        (("--page-maximum", "0"), "--page-maximum 0: expected 1 or more"),
        (("--page-maximum", "-5"), "--page-maximum -5: expected 1 or more"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_one_clear_line_and_exit_code_2(tmp_path: Path, arguments: tuple[str, ...], line: str) -> None:
    contract = crates(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    completed = apitwin("serve", str(contract), "--port", "0", *arguments, cwd=tmp_path)

    assert one_line(completed).startswith(f"apitwin: {line}") and completed.stdout == ""
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_contract_without_pages_has_nothing_to_cut(tmp_path: Path) -> None:
    value = document()
    del value["paths"]["/crates/"]["get"]["x-apitwin"]["pagination"]
    contract = crates(tmp_path, paths=value["paths"])

    line = one_line(apitwin("serve", str(contract), "--port", "0", "--page-maximum", "5"))

    assert line == f"apitwin: {contract}: no operation is paginated, so no page can be cut to 5 items"


def test_no_place_for_temporary_files_is_one_clear_line(tmp_path: Path) -> None:
    program = "import sys, tempfile; tempfile.tempdir = sys.argv.pop(1)\nfrom apitwin.testkit.cli import main; main()"
    command = [sys.executable, "-c", program, str(tmp_path / "gone"), "serve", str(crates(tmp_path)), "--tls"]
    completed = subprocess.run([*command, "--port", "0"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert one_line(completed).startswith("apitwin: no temporary file can be written (No such file or directory)")


def test_help_says_what_each_option_is_for() -> None:
    printed = " ".join(apitwin("serve", "--help").stdout.split())
    for words in (
        "--tls Speak HTTPS, for clients that speak nothing else.",
        "With --tls it also prints the environment variable with which Python's requests",
        "With --tls: write the certificate to trust to this file.",
        "Cut every page to N items, instead of the contract's maximum.",
        "Answer 500 where the twin's own answer breaks the contract.",
    ):
        assert words in printed
