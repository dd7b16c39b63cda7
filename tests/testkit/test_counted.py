"""A live server that counts what a whole run sends to it: reading requests only, no action, the rate kept."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.servers import ROOT
from tests.serving import answering

RATE = 60
SLACK = 3
"""Requests more than the rate allows that a busy machine may deliver at once."""
BOOKS = [{"id": number, "title": f"Book {number}"} for number in range(1, 8)]
ACTING = ("/auth/logout", "/books/{book_id}/cancel", "/books/run", "/resetAll")
HARMLESS = {"GET", "HEAD", "OPTIONS"}
METHODS = ("get", "put", "patch", "delete", "post", "head", "options", "trace")


@dataclass
class Counter:
    """What came: method and path, and when."""

    url: str = ""
    came: list[tuple[str, str]] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)


@pytest.fixture
def counter() -> Iterator[Counter]:
    kept = Counter()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def parse_request(self) -> bool:
            whole = super().parse_request()
            kept.came.append((self.command, self.path.partition("?")[0]))
            kept.moments.append(time.monotonic())
            return whole

        def do_GET(self) -> None:
            last = self.path.partition("?")[0].rpartition("/")[2]
            body = json.dumps([book for book in BOOKS if last in ("books", str(book["id"]))]).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with answering(Handler) as kept.url:
        yield kept


def document(folder: Path) -> str:
    book = {"type": "object", "properties": {"id": {"type": "integer"}, "title": {"type": "string"}}}
    content = {"application/json": {"schema": {"type": "array", "items": book}}}
    number = {"name": "book_id", "in": "path", "required": True, "schema": {"type": "integer"}}
    sizes = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("limit", "offset")]

    def item(path: str, *methods: str) -> dict[str, Any]:
        parameters = [number] if "{" in path else sizes
        answer = {"responses": {"200": {"description": "", "content": content}}, "parameters": parameters}
        return {method: {**answer, "operationId": f"{method}-{path.strip('/')}"} for method in methods}

    paths = {"/books": item("/books", *METHODS), "/books/{book_id}": item("/books/{book_id}", *METHODS)}
    paths |= {path: item(path, "get") for path in ACTING}
    file = folder / "openapi.json"
    whole = {"openapi": "3.1.0", "info": {"title": "Books", "version": "1"}, "paths": paths}
    file.write_text(json.dumps(whole), "utf-8")
    return str(file)


def test_a_whole_run_harms_nothing_and_keeps_its_rate(counter: Counter, tmp_path: Path) -> None:
    words = ("check", document(tmp_path), "--target", counter.url, "--rate", str(RATE), "--examples", "1")
    said = subprocess.run(
        [sys.executable, "-m", "apitwin", *words], cwd=ROOT, capture_output=True, text=True, timeout=120
    )

    assert len(counter.came) > RATE, said.stdout + said.stderr
    assert {method for method, _ in counter.came} <= HARMLESS
    paths = {path for _, path in counter.came}
    assert {path for path in paths if path != "/books" and not path.removeprefix("/books/").isdigit()} == set()
    for last, moment in enumerate(counter.moments):
        within = sum(moment - 1 < other <= moment for other in counter.moments[: last + 1])
        assert within <= RATE + SLACK, f"{within} requests in a second"
