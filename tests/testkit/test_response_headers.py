"""The headers of an answer are held against the document: the required ones are there, and their values are valid."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin.contracts import load
from apitwin.mock_server import Twin
from apitwin.testkit.server.judge import judge
from apitwin.testkit.server.verdict import Verdict
from apitwin.testkit.settings import Settings, plan
from tests.serving import serving

HEADERS: dict[str, Any] = {
    "X-Rate-Left": {"required": True, "schema": {"type": "integer", "minimum": 0, "maximum": 60}},
    "X-Flags": {"schema": {"type": "array", "items": {"type": "string", "enum": ["old", "new"]}}},
    "X-Trace": {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}},
    "X-Ratio": {"schema": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
    "X-Fresh": {"schema": {"type": "boolean"}},
    "X-Pair": {"schema": {"type": "object", "properties": {"a": {"type": "integer"}}}},
    "Last-Modified": {"schema": {"type": "string", "format": "date-time"}},
    "Retry-After": {"required": True, "schema": {"type": "integer"}},
    "Date": {"required": True, "schema": {"type": "string"}},
}
RIGHT = {
    "X-Rate-Left": "59",
    "X-Flags": "old, new",
    "X-Trace": "abc",
    "X-Ratio": "0.5",
    "X-Fresh": "true",
    "X-Pair": "a,1",
    "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT",
    "Retry-After": "1",
}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    content = {"application/json": {"schema": {"type": "object"}}}
    answer = {"description": "", "content": content, "headers": HEADERS}
    path = tmp_path / "tides.json"
    paths = {"/tides": {"get": {"operationId": "tides", "responses": {"200": answer}}}}
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Tides", "version": "1"}, "paths": paths}))
    return path


def answering(headers: Mapping[str, str]) -> AbstractContextManager[str]:
    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "application/json"), *headers.items()])
        return [b"{}"]

    return serving(answer)


def verdict(document: Path, target: str) -> Verdict:
    run = plan(Settings(str(document), target=target, laws=("schema",), rate=0))
    (pair,) = run.pairs
    return judge(*pair, run.context)


def test_headers_as_they_are_described_break_nothing(document: Path) -> None:
    with answering(RIGHT) as address:
        found = verdict(document, address)

    assert (found.outcome, found.reason) == ("holds", "")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"X-Rate-Left": None}, "the header x-rate-left is missing"),
        ({"X-Trace": None}, "the header x-trace is missing"),
        ({"X-Rate-Left": "61"}, "the header x-rate-left is '61', which its schema does not take"),
        ({"X-Rate-Left": "many"}, "the header x-rate-left is 'many', which its schema does not take"),
        ({"X-Flags": "old,older"}, "the header x-flags is 'old,older', which its schema does not take"),
        ({"X-Ratio": "half"}, "the header x-ratio is 'half', which its schema does not take"),
        ({"X-Fresh": "yes"}, "the header x-fresh is 'yes', which its schema does not take"),
        ({"X-Pair": "a,b"}, "the header x-pair is 'a,b', which its schema does not take"),
    ],
)
def test_a_header_that_is_not_as_described_is_told(document: Path, wrong: dict[str, str | None], says: str) -> None:
    headers = {name: text for name, text in {**RIGHT, **wrong}.items() if text is not None}
    with answering(headers) as address:
        found = verdict(document, address)

    assert (found.outcome, found.reason) == ("broken", f"of status 200 {says}")


def test_a_header_that_may_be_left_out_is_left_out(document: Path) -> None:
    with answering({name: RIGHT[name] for name in ("X-Rate-Left", "X-Trace", "Retry-After")}) as address:
        assert verdict(document, address).outcome == "holds"


def test_a_twin_sends_the_headers_that_its_document_has(document: Path) -> None:
    assert verdict(document, "twin").outcome == "holds"
    with Twin(load(document)) as twin:
        headers = requests.get(f"{twin.url}/tides", timeout=30).headers

    assert 0 <= int(headers["X-Rate-Left"]) <= 60
    assert set(headers["X-Flags"].split(",")) <= {"old", "new"}
    assert headers["X-Trace"] == "value"
    assert headers["Retry-After"] == "1"
