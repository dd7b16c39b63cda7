"""Judging a server as a stranger would: the command `apitwin check`, the document of the server, and no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import announced

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Report:
    """What a run said. verdicts: as `--json` writes them. text: what was printed. exit_code: how it ended."""

    verdicts: tuple[dict[str, Any], ...]
    text: str
    exit_code: int

    def of(self, outcome: str) -> dict[tuple[str, str], str]:
        """The reasons of all verdicts of one outcome, by operation and law."""
        told = [verdict for verdict in self.verdicts if verdict["outcome"] == outcome]
        return {(verdict["operation"], verdict["law"]): verdict["reason"] for verdict in told}


@contextmanager
def served(module: str, *arguments: str) -> Iterator[dict[str, str]]:
    """Start one of the servers; yields its url, and what it takes to read it: token and document."""
    with announced(f"tests.frameworks.{module}", *arguments) as said:
        yield said


def check(said: dict[str, str], *options: str) -> Report:
    """Judge a server by the document at its own address, with the default settings and these options besides.

    Raises AssertionError where the command could not be run.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [sys.executable, "-m", "apitwin", "check", said["url"] + said["document"], "--target"]
        command += [said["url"] + said.get("base", ""), "--rate", "0", "--json", str(report), *options]
        environment = {**os.environ, "APITWIN_TOKEN": said["token"]}
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")
        assert report.exists(), ended.stderr
        verdicts = json.loads(report.read_text("utf-8"))["verdicts"]
    return Report(tuple(verdicts), ended.stdout, ended.returncode)
