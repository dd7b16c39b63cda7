"""A token that dies in the middle of a run ends the run, and is held against nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT
from tests.serving import answering_json
from tests.testkit.test_silent_documents import MEDIA_TYPE, NOT_ALLOWED, TOKEN, Answer, Server, document

DYING = "refuses the token that it took before"


class Forgetful(Server):
    """A server that takes a token so many times. refused_with: the status after that."""

    def __init__(self, times: int, refused_with: int) -> None:
        super().__init__()
        self.left = times
        self.refused_with = refused_with

    def answer(self, target: str, header: str | None) -> Answer:
        if header == f"Bearer {TOKEN}":
            self.left -= 1
            if self.left < 0:
                return (self.refused_with, NOT_ALLOWED[1])
        return super().answer(target, header)


class Private(Server):
    """A server that never shows its notes to this token."""

    def answer(self, target: str, header: str | None) -> Answer:
        return NOT_ALLOWED if target.startswith("/notes") else super().answer(target, header)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "SHELVES_TOKEN": TOKEN}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=120
    )


def checked(server: Server, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    with answering_json(server.answer, MEDIA_TYPE) as address:
        words = ("--target", address, "--token-env", "SHELVES_TOKEN", "--rate", "0", "--path-value", "shelf=1")
        return run("apitwin", "check", document(folder), *words, "--examples", "2", *options)


@pytest.mark.parametrize("status", [401, 403])
def test_the_run_ends_and_says_so(status: int, tmp_path: Path) -> None:
    said = checked(Forgetful(60, status), tmp_path)

    assert said.returncode == 2, said.stdout + said.stderr
    assert f"{DYING} (status {status} for /" in said.stderr.splitlines()[-1]
    assert "BROKEN" not in said.stdout


def test_what_a_token_may_never_see_ends_nothing(tmp_path: Path) -> None:
    said = checked(Private(), tmp_path, "--operation", "books", "--operation", "notes")

    assert said.returncode == 0, said.stdout + said.stderr
    assert DYING not in said.stdout + said.stderr


def test_pytest_fails_where_the_token_died(tmp_path: Path) -> None:
    with answering_json(Forgetful(30, 401).answer, MEDIA_TYPE) as address:
        options = ("--apitwin-contract", document(tmp_path), "--apitwin-target", address, "--apitwin-rate", "0")
        options += ("--apitwin-token-env", "SHELVES_TOKEN", "--apitwin-examples", "2", "--apitwin-operation", "books")
        said = run("pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *options)

    assert said.returncode == 1, said.stdout
    assert DYING in said.stdout
    assert " failed" not in said.stdout
