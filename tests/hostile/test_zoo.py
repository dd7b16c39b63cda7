"""A check of each hostile server ends in time, in little memory, with a documented exit code, and says no secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.checking import SHORT, check
from tests.hostile.leaks import leak_in
from tests.hostile.schemes import CONTRACT, SCHEMES, TOKEN
from tests.hostile.serving import HostileServer
from tests.hostile.zoo import KINDS, SERVERS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the memory of a process is measured by what only Linux tells"
)

DEADLINE_S = 2.0
IN_PYTEST = ("bodies/chunk-negative", "echoes/body-unicode", "json/surrogate-id", "waiting/head-drips")
"""Servers that pytest is put before as well: each has shown a frame, a token or a crash there once."""

ECHOING = (
    "echoes/body-unicode",
    "echoes/text-base64",
    "echoes/whole-head",
    "echoes/next-link",
    "bodies/chunk-negative",
)
"""Servers that are put behind every scheme here; `python -m tests.hostile` puts all of them behind each."""


def test_there_are_at_least_60() -> None:
    assert len(SERVERS) >= 60


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_keeps_its_bounds_whatever_the_server_sends(kind: str, tmp_path: Path) -> None:
    names = [f"{kind}/{name}" for name in KINDS[kind]]
    checked = list(check(names, tmp_path, DEADLINE_S, SHORT))
    assert sorted(result.name for result in checked) == sorted(names)
    assert {result.name: result.problems for result in checked if result.problems} == {}


@pytest.mark.parametrize("name", [name for name in SCHEMES if name != "bearer"])
def test_no_credential_is_told_whatever_its_scheme(name: str, tmp_path: Path) -> None:
    checked = list(check(ECHOING, tmp_path, DEADLINE_S, SHORT, scheme=SCHEMES[name]))
    assert sorted(result.name for result in checked) == sorted(ECHOING)
    assert {result.name: result.problems for result in checked if result.problems} == {}


def test_pytest_shows_no_frame_and_no_token_whatever_its_options(tmp_path: Path) -> None:
    for number, name in enumerate(IN_PYTEST):
        folder = tmp_path / str(number)
        folder.mkdir()
        with HostileServer(SERVERS[name], honestly=1) as server:
            words = "-m pytest -vvv --showlocals --tb=long --full-trace --debug --log-level=DEBUG -rA --junitxml=j.xml"
            words += f" --apitwin-contract {CONTRACT} --apitwin-target {server.url} --apitwin-deadline {DEADLINE_S}"
            words += " --apitwin-rate 0 --apitwin-examples 3" + "".join(f" --apitwin-law {law}" for law in SHORT)
            environment = {**os.environ, "APITWIN_TOKEN": TOKEN, "TMPDIR": str(folder), "NO_PROXY": "*"}
            result = subprocess.run(
                [sys.executable, *words.split()], cwd=folder, env=environment, capture_output=True, timeout=60
            )
        (folder / "output.txt").write_bytes(result.stdout + result.stderr)
        assert result.returncode in (0, 1), (name, result.stdout[-500:])
        assert b"Traceback" not in result.stdout + result.stderr, name
        assert b"INTERNALERROR" not in result.stdout + result.stderr, name
        assert leak_in(folder, TOKEN) is None, name


def test_a_leak_is_found_in_every_spelling(tmp_path: Path) -> None:
    from tests.hostile.echoes import SPELLINGS

    for name, spell in SPELLINGS.items():
        (tmp_path / "said.txt").write_text(f"x {spell(TOKEN)} y", "utf-8")
        assert name == "capitals" or leak_in(tmp_path, TOKEN) is not None, name


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--rate 1e-300", "--rate 1e-300: expected a number of 0.001 or more"),
        ("--rate inf", "--rate inf: expected"),
        ("--rate nan", "--rate nan: expected"),
        ("--rate -1", "--rate -1: expected"),
        ("--deadline 0", "--deadline 0: expected seconds"),
        ("--deadline nan", "--deadline nan: expected seconds"),
    ],
)
def test_numbers_that_are_none_are_refused_in_one_line(words: str, expected: str) -> None:
    line = _refused(f"--target http://127.0.0.1:9 {words}", {})
    assert line.startswith(f"apitwin: {expected}")


def test_certificates_that_are_not_there_are_refused_in_one_line() -> None:
    line = _refused("--target https://127.0.0.1:9", {"REQUESTS_CA_BUNDLE": "/no/such/file"})
    assert line == "apitwin: the environment variable REQUESTS_CA_BUNDLE names no file; " + (
        "set it to one with certificates, or unset it"
    )


def _refused(words: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "apitwin", "check", str(CONTRACT), *words.split()]
    result = subprocess.run(
        command, env={**os.environ, "APITWIN_TOKEN": TOKEN, **environment}, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 2, result
    (line,) = result.stderr.splitlines()
    return line


def test_what_was_lost_in_a_row_ends_the_run_with_every_verdict(tmp_path: Path) -> None:
    (result,) = check(["heads/no-http"], tmp_path, 30.0, honestly=3)
    assert result.ended.seconds < 20
    assert "answers in a row were lost" in (tmp_path / "heads-no-http" / "output.txt").read_text("utf-8")
    assert result.problems == ()
