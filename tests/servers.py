"""Correct servers as real processes, for tests that check from the outside: the DRF stand-in and `apitwin serve`."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


@contextlib.contextmanager
def live_server(sabotage: str | None = None) -> Iterator[dict[str, str]]:
    """Start the Django REST framework server; yields its url, token, expired_token, revoked_token, restricted_token."""
    with _sabotaged("tests.live_server", *([sabotage] if sabotage else [])) as said:
        yield said


@contextlib.contextmanager
def style_server(*sabotages: str) -> Iterator[dict[str, str]]:
    """Start the server of page numbers and cursors; yields its url, token, expired_token and revoked_token."""
    with _sabotaged("tests.style_server", *sabotages) as said:
        yield said


@contextlib.contextmanager
def _sabotaged(module: str, *sabotages: str) -> Iterator[dict[str, str]]:
    broken = [word for sabotage in sabotages for word in ("--sabotage", sabotage)]
    with announced(module, "--port", "0", *broken) as said:
        yield said


@contextlib.contextmanager
def announced(module: str, *arguments: str) -> Iterator[dict[str, str]]:
    """Start a server that prints a line of JSON once it takes requests; yields what stands in it."""
    with _process([sys.executable, "-m", module, *arguments]) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"{module} did not start"
        yield json.loads(line)


@contextlib.contextmanager
def serve(*arguments: str) -> Iterator[list[str]]:
    """Start `apitwin serve` and yield the four lines that it prints."""
    with _process([sys.executable, "-m", "apitwin", "serve", *arguments, "--check-answers"]) as process:
        assert process.stdout is not None
        yield [process.stdout.readline().rstrip() for _ in range(4)]


@contextlib.contextmanager
def _process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()
