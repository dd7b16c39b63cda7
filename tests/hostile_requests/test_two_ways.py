"""What goes the short way is answered byte for byte as Flask answers it, faults on the way included."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import requests

from apitwin.mock_server import create_app
from apitwin.mock_server.http import lane
from apitwin.mock_server.http.lane import short_way
from apitwin.testkit.transport.wsgi import WsgiAdapter
from tests.hostile_requests.generator import TOKEN
from tests.hostile_requests.two_ways import CONTRACT, LISTS, QUERIES, TIMES, answered, differences, pair

ASKED = b"GET /api/workspaces/?limit=3 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\n\r\n" % TOKEN


@pytest.mark.parametrize("seed", [1, 2])
def test_both_ways_give_the_same_bytes(seed: int) -> None:
    with pair() as twins:
        assert list(differences(twins, 200, seed)) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "latency", "seconds": 0.01},
        {"name": "dropped-connection"},
        {"name": "dropped-in-body"},
        {"name": "unavailable", "retry_after": 1},
        {"name": "redirect-elsewhere"},
        {"name": "html-page"},
    ],
)
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_a_fault_is_the_same_both_ways(fault: dict[str, Any], method: bytes) -> None:
    with pair(fault) as twins:
        assert twins.difference(ASKED.replace(b"GET", method, 1)) is None


def test_a_difference_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lane is what answers on one of both sides."""
    monkeypatch.setattr(lane, "_status", lambda code: f"{code} Otherwise")
    with pair() as twins:
        assert "200 Otherwise" in (twins.difference(ASKED) or "")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("token", [TOKEN.decode(), "wrong", None])
def test_without_a_socket_both_ways_are_the_same_too(method: str, token: str | None) -> None:
    applications = [create_app(CONTRACT) for _ in range(2)]
    adapters = [WsgiAdapter(short_way(applications[0])), WsgiAdapter(applications[1])]
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    for path, query in product(LISTS[:4], QUERIES[:6]):
        address = f"http://twin.invalid{path.decode()}?{query.decode()}"
        request = requests.Request(method, address, headers, data=b"{}" if method == "POST" else None).prepare()
        short, whole = (adapter.send(request) for adapter in adapters)
        assert (short.status_code, short.reason, list(short.headers.items())) == (
            whole.status_code,
            whole.reason,
            list(whole.headers.items()),
        )
        assert TIMES.sub(b"TIME", short.content) == TIMES.sub(b"TIME", whole.content)


@pytest.mark.parametrize("method", [b"GET", b"PATCH"])
def test_code_that_fails_is_told_the_same_way_and_runs_once(method: bytes, caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def failing(*arguments: object) -> Any:
        ran.append(arguments)
        raise RuntimeError("an extension that fails")

    asked = ASKED.replace(b"GET", method, 1)
    with pair() as twins:
        for application in twins.applications:
            backend = application.extensions["apitwin"]
            backend.steps = replace(backend.steps, authenticate=failing)
        assert twins.difference(asked) is None
        assert b" 500 " in answered(twins.short.port, asked)
    assert len(ran) == 3, "once for each request"
    assert [record.exc_info is not None for record in caplog.records if record.levelname == "ERROR"] == [True] * 3
