"""A live API is not asked to act: not by a law, not to look for an id, not at first."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from apitwin.contracts import load
from apitwin.testkit.transport.actions import FIRST, WHOLE, action
from tests.servers import ROOT
from tests.serving import answering

ACTING = [
    ("/auth/logout", "logout_auth_logout_get"),
    ("/logout/{session}", "leave"),
    ("/auth.revoke", "auth_revoke"),
    ("/users/{id}/sign-out", "leave"),
    ("/users/resendWelcomeSms", "welcome"),
    ("/jobs/{id}/cancel", "idJobCancel"),
    ("/jobs/cancel/", "GET /jobs/cancel/"),
    ("/nodes/{id}", "rebootNode"),
    ("/reports/{id}/run", "get_output"),
    ("/v1/system/sync", "idSystemSync"),
]
READING = [
    ("/stopPoints", "StopPoint_list"),
    ("/runs", "list_runs"),
    ("/dags/{id}/dagRuns", "get_dag_runs"),
    ("/runCommands/{id}", "run.commands.get"),
    ("/pay-items", "getPayItems"),
    ("/resets/{id}", "get_reset"),
    ("/deploy-keys", "deployKeysList"),
    ("/unlocked", "list_unlocked"),
    ("/things/{delete}", "read_thing"),
]


def written(folder: Path, operations: list[tuple[str, str]]) -> Path:
    """Write a document whose operations all read."""
    paths = {
        path: {
            "get": {
                "operationId": name,
                "parameters": [
                    {"name": part, "in": "path", "required": True, "schema": {"type": "string"}}
                    for part in re.findall(r"\{(\w+)\}", path)
                ],
                "responses": {"200": {"description": "Well"}},
            }
        }
        for path, name in operations
    }
    file = folder / "openapi.json"
    file.write_text(
        json.dumps({"openapi": "3.1.0", "info": {"title": "Acts", "version": "1"}, "paths": paths}), "utf-8"
    )
    return file


@pytest.mark.parametrize(("path", "name"), ACTING)
def test_what_looks_like_an_action_is_told_from_its_path_and_its_id(path: str, name: str, tmp_path: Path) -> None:
    (operation,) = load(written(tmp_path, [(path, name)])).operations
    assert action(operation) in WHOLE


@pytest.mark.parametrize(("path", "name"), READING)
def test_what_only_sounds_like_one_is_asked(path: str, name: str, tmp_path: Path) -> None:
    (operation,) = load(written(tmp_path, [(path, name)])).operations
    assert action(operation) is None


@dataclass
class Live:
    """A server that notes what it is asked."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def live() -> Iterator[Live]:
    kept = Live()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def parse_request(self) -> bool:
            whole = super().parse_request()
            kept.asked.append(f"{self.command} {self.path}")
            return whole

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with answering(Handler) as kept.url:
        yield kept


def checked(document: Path, live: Live, *options: str) -> str:
    """Check the server, and return what is said before the verdicts."""
    words = [sys.executable, "-m", "apitwin", "check", str(document), "--target", live.url, "--rate", "0", *options]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120).stderr


def test_a_live_api_is_not_asked_to_act(live: Live, tmp_path: Path) -> None:
    document = written(tmp_path, [("/auth/logout", "logout"), ("/books", "list_books")])
    said = checked(document, live)
    assert live.asked, said
    assert not [asked for asked in live.asked if "logout" in asked]
    assert {asked.partition(" ")[0] for asked in live.asked} <= {"GET", "HEAD", "OPTIONS"}
    assert "logout: GET /auth/logout looks like an action (logout)" in said
    assert "--operation logout asks it all the same" in said


def test_who_names_an_action_has_it_asked(live: Live, tmp_path: Path) -> None:
    document = written(tmp_path, [("/auth/logout", "logout"), ("/books", "list_books")])
    said = checked(document, live, "--operation", "logout")
    assert "looks like an action" not in said
    assert {asked.partition("?")[0] for asked in live.asked} == {"GET /auth/logout"}


def test_the_docs_name_every_word() -> None:
    text = (ROOT / "docs" / "live.md").read_text("utf-8")
    assert set(re.findall(r"`(\w+)`", text)) >= FIRST | WHOLE
