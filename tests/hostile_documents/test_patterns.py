"""A pattern that holds Python's `re` for ever holds neither the twin, nor the checks, nor what is drawn for it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings, strategies
from hypothesis.errors import Unsatisfiable

from apitwin.contracts import patterns
from apitwin.contracts.validation import CompiledSchema
from apitwin.testkit.generation.json_schema import Undrawable, strategy
from tests.contracts.minimal import document, write

NASTY = ("^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(a*)*b?$", "^(([a-z])+.)+[A-Z]([a-z])+$")
LOOKING = ("^(?=a)(a|a)*b$", r"^(a|a)*(?=b)$", r"^(.*)(.*)(.*)(.*)\4\3\2!$")
TEXT = "a" * 40 + "!"
SECONDS = 2


@pytest.mark.parametrize("pattern", NASTY + LOOKING)
@pytest.mark.parametrize("text", [TEXT, "a" * 20_000, "a" * 40 + "\n"])
def test_a_pattern_is_judged_in_bounded_time(pattern: str, text: str) -> None:
    start = time.process_time()

    schema = CompiledSchema({"type": "string", "pattern": pattern}, "test")
    members = CompiledSchema({"patternProperties": {pattern: False}, "additionalProperties": True}, "test")

    assert schema.accepts(text) == patterns.compiled(pattern).matches(text) == (not schema.violations(text))
    members.violations({text: 1})
    assert time.process_time() - start < SECONDS


def test_what_the_engine_gives_up_is_not_judged() -> None:
    assert patterns.compiled("^(a|a)*(?=b)$").judges("a" * 40) is None
    assert CompiledSchema({"pattern": "^(a|a)*(?=b)$"}, "test").accepts("a" * 40)
    assert patterns.compiled("^(?=a)b").judges("ab") is False


ORDINARY = ("^[A-Z]", "^https?://", "[0-9]{2,4}", "^(red|blue)$", "a.c", "^[^/]+$", "x?y*z+")


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(strategies.sampled_from(ORDINARY), strategies.text("aAcxyz019/:htps redblu", max_size=8))
def test_ordinary_patterns_mean_what_they_meant_to_python(pattern: str, text: str) -> None:
    assert patterns.compiled(pattern).matches(text) == bool(re.search(pattern, text))


@pytest.mark.parametrize("pattern", [*NASTY, *LOOKING, "(a{1,1000}){1,1000}", "^(a|a)*$b", "[a-z]{9000}"])
def test_texts_are_drawn_in_bounded_time_or_not_at_all(pattern: str) -> None:
    start, drawn = time.process_time(), []

    try:

        @settings(
            max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        @given(strategy({"type": "string", "pattern": pattern}, {}))
        def collect(text: str) -> None:
            drawn.append(text)

        collect()
    except (Undrawable, Unsatisfiable):
        pass

    assert all(patterns.compiled(pattern).matches(text) for text in drawn)
    assert time.process_time() - start < 10


def _served(tmp_path: Path, pattern: str) -> tuple[subprocess.Popen[str], str, str]:
    value: dict[str, Any] = document()
    listing = value["paths"]["/crates/"]["get"]
    listing["parameters"].append({"name": "odd", "in": "query", "schema": {"type": "string", "pattern": pattern}})
    value["components"]["schemas"]["Crate"]["properties"]["name"]["pattern"] = pattern
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Crate"}}}}
    value["paths"]["/crates/"]["post"] = {
        "operationId": "crates_create",
        "requestBody": {**body, "required": True},
        "responses": {"201": {"description": "Made", **body}},
        "x-apitwin": {"collection": "crates", "behaviour": "create"},
    }
    path = write(tmp_path, value)
    (tmp_path / "world.yaml").write_text("tokens: [{token: a, roles: [any]}]", encoding="utf-8")
    command = [sys.executable, "-m", "apitwin", "serve", str(path), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    address, token = process.stdout.readline().rpartition(" ")[2].strip(), process.stdout.readline().split()[1]
    return process, address, token


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows no process can answer SIGTERM: it is ended at once")
def test_one_request_does_not_stop_a_twin(tmp_path: Path) -> None:
    process, address, token = _served(tmp_path, "^(a+)+$")
    headers = {"Authorization": f"Bearer {token}"}
    answers: list[int] = []

    def ask() -> None:
        answers.append(requests.get(f"{address}/crates/?odd={TEXT}", headers=headers, timeout=20).status_code)
        body = {"id": 1, "name": TEXT}
        answers.append(requests.post(f"{address}/crates/", json=body, headers=headers, timeout=20).status_code)

    try:
        asking = [threading.Thread(target=ask) for _ in range(4)]
        for thread in asking:
            thread.start()
        health = requests.get(f"{address}/__twin__/health", timeout=20).status_code
        for thread in asking:
            thread.join()
    finally:
        os.kill(process.pid, signal.SIGTERM)
        ended = process.wait(timeout=20)
        assert process.stdout is not None
        process.stdout.close()

    assert answers == [400] * 8
    assert health == 200
    assert ended == 0
