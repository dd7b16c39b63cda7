"""A session without a socket does what one over a socket does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from apitwin.mock_server import Twin
from apitwin.testkit.transport.twin_session import TwinSession

LIST = "/api/workspaces/1/entities/"
BODY = b'{"entity_type": 1, "name": "Tr\xc3\xa4ger", "properties": {}}'


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin("viktor") as twin:
        yield twin


@pytest.fixture
def sessions(twin: Twin) -> Iterator[list[tuple[Any, str]]]:
    """A session over a socket and one without, each with its base address."""
    with requests.Session() as over, TwinSession(twin) as without:
        over.headers["Authorization"] = f"Bearer {twin.token}"
        yield [(over, twin.url), (without, without.base_url)]


@pytest.mark.parametrize("timeout", [0.2, (5, 0.2)], ids=str)
def test_a_time_out_is_one(timeout: Any, twin: Twin, sessions: list[tuple[Any, str]]) -> None:
    twin.fault("latency", seconds=5)
    for session, base in sessions:
        with pytest.raises(requests.ReadTimeout):
            session.get(base + LIST, timeout=timeout)


def test_a_text_is_read_alike(sessions: list[tuple[Any, str]]) -> None:
    socket, without = (session.get(f"{base}{LIST}?limit=2", timeout=10) for session, base in sessions)
    assert without.encoding == socket.encoding
    assert [item["name"] for item in without.json()["results"]] == [item["name"] for item in socket.json()["results"]]


@pytest.mark.parametrize(
    "make", [lambda: io.BytesIO(BODY), lambda: (part for part in (BODY[:9], BODY[9:])), lambda: BODY, BODY.decode]
)
def test_a_body_may_be_a_file_or_come_in_pieces(make: Any, sessions: list[tuple[Any, str]]) -> None:
    session, base = sessions[1]
    made = session.post(base + LIST, data=make(), headers={"Content-Type": "application/json"})
    assert made.status_code == 200, made.text
    assert made.json()["name"] == "Träger"
