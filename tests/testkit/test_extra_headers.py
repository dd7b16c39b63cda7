"""Headers that every operation requires: `--header`, from the command line or the environment, and never shown."""

from __future__ import annotations

import json
import shlex
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apitwin.testkit.errors import UsageError
from apitwin.testkit.settings import Settings, plan
from tests.serving import answering
from tests.testkit.test_cli import apitwin, one_line

SECRET = "s3cr3t-of-acme-4711"
BOAT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
PAGE = {"type": "object", "required": ["total", "items"], "properties": {
    "total": {"type": "integer"}, "items": {"type": "array", "items": BOAT}}}  # fmt: skip
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
NUMBER = {"type": "integer", "minimum": 1, "maximum": 5}


class Boats(BaseHTTPRequestHandler):
    """A correct server of 7 boats for the tenant acme; with `broken` it says a wrong total."""

    broken = False

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.headers["X-Tenant"] != SECRET or "lang=nl" not in self.headers.get("Cookie", ""):
            self._say(400, {"detail": f"no tenant {self.headers['X-Tenant']}"})
            return
        try:
            limit, offset = int(query.get("limit", "5")), int(query.get("offset", "0"))
        except ValueError:
            limit = 0
        if not 1 <= limit <= 5 or offset < 0:
            self._say(400, {"detail": "limit or offset"})
            return
        boats = [{"id": number} for number in range(7)]
        self._say(200, {"total": 9 if self.broken else 7, "items": boats[offset : offset + limit]})

    do_HEAD = do_OPTIONS = do_GET

    def _say(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content if self.command != "HEAD" else b"")

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


class WrongBoats(Boats):
    broken = True


def _answer(schema: object) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}}


@pytest.fixture
def document(tmp_path: Path) -> str:
    asked = [
        {"name": "limit", "in": "query", "schema": {**NUMBER, "default": 5}},
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0, "default": 0}},
        {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "lang", "in": "cookie", "required": True, "schema": {"type": "string"}},
    ]
    answers = {"200": _answer(PAGE), "400": _answer({"type": "object"})}
    operation = {"operationId": "boats", "parameters": asked, "responses": answers}
    path = tmp_path / "boats.json"
    one = {"operationId": "boat", "parameters": [*asked[2:], ID], "responses": {**answers, "200": _answer(BOAT)}}
    paths = {"/boats": {"get": operation}, "/boats/{id}": {"get": one}}
    whole = {"openapi": "3.1.0", "info": {"title": "Boats", "version": "1"}, "paths": paths}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return str(path)


def test_a_server_that_requires_headers_gets_them_and_nobody_sees_them(document: str) -> None:
    words = ("--header", "X-Tenant=$ACME", "--header", "lang=nl", "--rate", "0", "--law", "partition", "--law", "count")
    with answering(Boats) as address:
        done = apitwin("check", document, "--target", address, *words, ACME=SECRET)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "holds" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_the_line_that_is_printed_sends_the_same_headers(document: str) -> None:
    words = ("--header", "X-Tenant=$ACME", "--header", "lang=nl", "--rate", "0", "--law", "count")
    with answering(WrongBoats) as address:
        done = apitwin("check", document, "--target", address, *words, ACME=SECRET)
        assert done.returncode == 1, done.stdout + done.stderr
        assert SECRET not in done.stdout + done.stderr
        line = next(line.split(". ", 1)[1] for line in done.stdout.splitlines() if " curl -s " in line)
        sent = subprocess.run(["sh", "-c", line], env={"ACME": SECRET, "PATH": "/usr/bin:/bin"}, capture_output=True)
    assert json.loads(sent.stdout)["total"] == 9
    replay = next(line for line in done.stdout.splitlines() if "replay:" in line)
    assert "X-Tenant=$ACME" in shlex.split(replay)
    assert "lang=nl" in shlex.split(replay)


def test_what_is_missing_is_asked_for_and_nothing_is_accused(document: str) -> None:
    with answering(Boats) as address:
        done = apitwin("check", document, "--target", address, "--header", "lang=nl", "--rate", "0")
    assert "BROKEN" not in done.stdout
    assert done.stdout.count("header X-Tenant is required") == 1, done.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("X-Tenant", "expected NAME=VALUE"),
        ("X Tenant=a", "expected NAME=VALUE"),
        ("Host=a", "every request has its own"),
        ("X-Tenant=$NOT_SET_ANYWHERE", "the environment variable NOT_SET_ANYWHERE is not set"),
        ("X-Tenant=a\nb", "expected printable ASCII text"),
        ("X-Api-Key=\u00e9", "expected printable ASCII text"),
    ],
)
def test_a_header_that_is_none_is_one_line(document: str, text: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        plan(Settings(document, "http://127.0.0.1:9", headers=(text,)))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_header_is_for_an_address(document: str) -> None:
    assert "is for an address" in one_line(apitwin("check", document, "--header", "X-Tenant=a"))
