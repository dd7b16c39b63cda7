"""Every fault as it looks on the wire, seen through a bare socket and through curl, which know nothing of a twin."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests

from apitwin.mock_server import Twin
from apitwin.mock_server.faults.catalogue import FAULT_TYPES
from apitwin.testkit.transport.wsgi import WsgiAdapter

LIST = "/api/workspaces/2/entities/"
FLAGS = "properties=false&param_types=false"


@dataclass(frozen=True)
class Seen:
    """What came over a connection until it was closed, or until the body was whole."""

    raw: bytes

    @property
    def head(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1")

    @property
    def status(self) -> int:
        return int(self.raw.split(b" ", 2)[1])

    @property
    def body(self) -> bytes:
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def page(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str:
        lines = [line.partition(":") for line in self.head.split("\r\n")[1:]]
        return next((value.strip() for key, _, value in lines if key.lower() == name), "")


def ask(
    twin: Twin,
    query: str = "limit=5&offset=0",
    method: str = "GET",
    token: str | None = None,
    path: str = LIST,
) -> Seen:
    """Send a request as bytes and read until the server closes the connection."""
    request = (
        f"{method} {path}?{query}&{FLAGS} HTTP/1.1\r\nHost: {twin.host}\r\n"
        f"Authorization: Bearer {token or twin.token}\r\nConnection: close\r\n\r\n"
    )
    raw: Any = socket.create_connection(("127.0.0.1", twin.running.port), timeout=10)
    with raw:
        if twin.ca_file is not None:
            raw = ssl.create_default_context(cafile=str(twin.ca_file)).wrap_socket(raw, server_hostname="localhost")
        raw.sendall(request.encode())
        parts = []
        try:
            while part := raw.recv(65536):
                parts.append(part)
        except (ConnectionResetError, ssl.SSLError):
            pass  # a connection may also be closed the hard way
        finally:
            raw.close()
    return Seen(b"".join(parts))


@pytest.fixture(scope="module")
def running() -> Iterator[Twin]:
    with Twin("viktor") as twin:
        yield twin


@pytest.fixture
def twin(running: Twin) -> Twin:
    running.reset()
    return running


# What each of them looks like


def late(twin: Twin) -> None:
    twin.fault("latency", seconds=0.3)
    start = time.monotonic()
    seen = ask(twin)
    assert time.monotonic() - start >= 0.3
    assert (seen.status, len(seen.page["results"])) == (200, 5)


def throttled(twin: Twin) -> None:
    twin.fault("too-many-requests", retry_after=7, times=1)
    twin.fault("too-many-requests")
    assert (ask(twin).header("retry-after"), ask(twin).header("retry-after")) == ("7", "")
    assert ask(twin).status == 429


def unavailable(twin: Twin) -> None:
    twin.fault("unavailable", retry_after=60, form="date")
    seen = ask(twin)
    assert seen.status == 503
    ahead = parsedate_to_datetime(seen.header("retry-after")).timestamp() - time.time()
    assert 57 < ahead <= 60
    assert seen.header("retry-after").endswith(" GMT")


def failed(twin: Twin) -> None:
    twin.fault("server-error")
    seen = ask(twin)
    assert (seen.status, seen.page) == (500, {"detail": "Internal server error."})


def expired(twin: Twin) -> None:
    twin.fault("expired-token", nth=2)
    first, second = ask(twin), ask(twin)
    assert (first.status, second.status) == (200, 401)
    assert second.header("www-authenticate").startswith("Bearer")


def led_astray(twin: Twin) -> None:
    twin.fault("redirect-elsewhere", to="http://other.test:81", status=307)
    seen = ask(twin)
    assert (seen.status, seen.body) == (307, b"")
    assert seen.header("location") == f"http://other.test:81{LIST}?limit=5&offset=0&{FLAGS}"


def closed_at_once(twin: Twin) -> None:
    twin.fault("dropped-connection", times=1)
    assert ask(twin).raw == b""
    assert ask(twin).status == 200


def closed_half_way(twin: Twin) -> None:
    twin.fault("dropped-in-body", times=1)
    seen = ask(twin)
    assert seen.status == 200
    assert 0 < len(seen.body) < int(seen.header("content-length"))
    assert ask(twin).status == 200


def cut_off(twin: Twin) -> None:
    twin.fault("cut-off-body")
    seen = ask(twin)
    assert len(seen.body) == int(seen.header("content-length")) > 0
    assert_no_json(seen.body)


def almost_json(twin: Twin) -> None:
    twin.fault("broken-json")
    seen = ask(twin)
    assert (seen.status, seen.header("content-type")) == (200, "application/json")
    assert_no_json(seen.body)


def for_people(twin: Twin) -> None:
    twin.fault("html-page", status=502)
    seen = ask(twin)
    assert (seen.status, seen.header("content-type")) == (502, "text/html; charset=utf-8")
    assert seen.body.startswith(b"<!DOCTYPE html>")


def with_nothing(twin: Twin) -> None:
    twin.fault("empty-body", status=200, times=1)
    twin.fault("empty-body")
    said, silent = ask(twin), ask(twin)
    assert (said.status, said.body, said.header("content-type")) == (200, b"", "application/json")
    assert (silent.status, silent.body) == (204, b"")


def of_nothing(twin: Twin) -> None:
    twin.fault("empty-page", nth=2)
    query = "limit=5"
    pages = []
    while query:
        pages.append(ask(twin, query).page)
        query = (pages[-1]["next"] or "").partition("?")[2]
    assert [(len(page["results"]), page["count"]) for page in pages] == [(5, 12), (0, 12), (5, 12), (2, 12)]


def called_html(twin: Twin) -> None:
    twin.fault("wrong-content-type")
    seen = ask(twin)
    assert seen.header("content-type").startswith("text/html")
    assert len(seen.page["results"]) == 5


def cut_smaller(twin: Twin) -> None:
    twin.fault("smaller-page-maximum", maximum=2, nth=1)
    page = ask(twin).page
    assert (len(page["results"]), page["count"]) == (2, 12)
    assert "limit=2&offset=2" in page["next"]
    assert len(ask(twin).page["results"]) == 5


def miscounted(twin: Twin) -> None:
    twin.fault("lying-count", by=3, times=1)
    twin.fault("lying-count", by=-100)
    assert [ask(twin).page["count"] for _ in range(2)] == [15, 0]


def linked_to_itself(twin: Twin) -> None:
    twin.fault("self-pointing-next")
    assert ask(twin).page["next"] == f"{twin.url.replace('127.0.0.1', 'localhost')}{LIST}?limit=5&offset=0&{FLAGS}"


def linked_in_a_circle(twin: Twin) -> None:
    twin.fault("self-pointing-next", page="first")
    first = ask(twin, "limit=5").page
    second = ask(twin, first["next"].partition("?")[2].partition("&param")[0]).page
    assert "offset=5" in first["next"] and "limit=5" in second["next"] and "offset" not in second["next"]


def linked_elsewhere(twin: Twin) -> None:
    twin.fault("next-elsewhere", to="http://other.test")
    link = ask(twin).page["next"]
    assert link.startswith(f"http://other.test{LIST}?") and "offset=5" in link


def clamped(twin: Twin) -> None:
    twin.fault("clamped-past-end")
    past, inside = ask(twin, "limit=5&offset=4000"), ask(twin, "limit=5&offset=5")
    assert [item["name"] for item in past.page["results"]] == [f"Pile {number}" for number in range(8, 13)]
    assert [item["name"] for item in inside.page["results"]] == [f"Pile {number}" for number in range(6, 11)]


def inserted(twin: Twin) -> None:
    twin.fault("insert-between-pages", nth=2)
    first, second = ask(twin).page, ask(twin, "limit=5&offset=5").page
    assert (first["count"], second["count"]) == (12, 13)


def deleted(twin: Twin) -> None:
    twin.fault("delete-between-pages", nth=2)
    first, second = ask(twin).page, ask(twin, "limit=5&offset=5").page
    assert (first["count"], second["count"]) == (12, 11)
    met = [item["name"] for page in (first, second) for item in page["results"]]
    assert "Pile 6" not in met and "Pile 7" in met, "a walk by offset misses what moved up"


def assert_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):
        json.loads(body)


LOOKS: dict[str, Callable[[Twin], None]] = {
    "latency": late,
    "too-many-requests": throttled,
    "unavailable": unavailable,
    "server-error": failed,
    "expired-token": expired,
    "redirect-elsewhere": led_astray,
    "dropped-connection": closed_at_once,
    "dropped-in-body": closed_half_way,
    "cut-off-body": cut_off,
    "broken-json": almost_json,
    "html-page": for_people,
    "empty-body": with_nothing,
    "empty-page": of_nothing,
    "wrong-content-type": called_html,
    "smaller-page-maximum": cut_smaller,
    "lying-count": miscounted,
    "self-pointing-next": linked_to_itself,
    "next-elsewhere": linked_elsewhere,
    "clamped-past-end": clamped,
    "insert-between-pages": inserted,
    "delete-between-pages": deleted,
}


@pytest.mark.parametrize("name", FAULT_TYPES)
def test_a_fault_looks_on_the_wire_as_it_says(name: str, twin: Twin) -> None:
    LOOKS[name](twin)


def test_links_lead_round_in_a_circle(twin: Twin) -> None:
    linked_in_a_circle(twin)


@pytest.mark.parametrize("name", ["dropped-connection", "dropped-in-body"])
def test_a_connection_is_dropped_over_tls_too(name: str) -> None:
    with Twin("viktor", tls=True) as secure:
        LOOKS[name](secure)


CURL = {
    # exit codes of curl: 0 well, 18 part of a file, 52 nothing at all
    "dropped-connection": ({}, 52, "000"),
    "dropped-in-body": ({}, 18, "200"),
    "too-many-requests": ({"retry_after": 1}, 0, "429"),
    "html-page": ({"status": 502}, 0, "502"),
    "expired-token": ({}, 0, "401"),
    "redirect-elsewhere": ({}, 0, "302"),
}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed; a bare socket shows the same above")
@pytest.mark.parametrize("name", CURL)
def test_curl_sees_it_too(name: str, twin: Twin) -> None:
    words, code, status = CURL[name]
    twin.fault(name, **words)
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Authorization: Bearer {twin.token}"]
    completed = subprocess.run([*command, f"{twin.url}{LIST}?limit=2"], capture_output=True, text=True, timeout=20)
    assert (completed.returncode, completed.stdout) == (code, status)


@pytest.mark.parametrize("name", ["dropped-connection", "dropped-in-body"])
def test_without_a_socket_a_dropped_connection_is_an_error_of_the_client(name: str, twin: Twin) -> None:
    twin.fault(name)
    session = requests.Session()
    session.mount("http://twin.invalid", WsgiAdapter(twin.application))
    with pytest.raises(requests.ConnectionError):
        session.get(f"http://twin.invalid{LIST}", headers={"Authorization": f"Bearer {twin.token}"})


@pytest.mark.parametrize("name", [fault.name for fault in FAULT_TYPES.values() if fault.paged])
@pytest.mark.parametrize(
    ("query", "token", "method", "status"),
    [
        ("", None, "GET", 200),
        ("limit=2", "wrong", "GET", 401),
        ("limit=2", None, "HEAD", 200),
        ("sort=x", None, "GET", 400),
    ],
    ids=["bare-array", "no-token", "head", "refused"],
)
def test_what_is_no_page_is_answered_as_ever(
    name: str, query: str, token: str | None, method: str, status: int, twin: Twin
) -> None:
    twin.fault(name)
    assert ask(twin, query, method, token).status == status


def test_an_item_that_is_inserted_is_before_the_others_where_there_is_room(twin: Twin) -> None:
    table = twin.world.tables["entities"]
    table.remove("2003", "3001")
    twin.fault("insert-between-pages", nth=2)
    first, second = ask(twin).page["results"], ask(twin, "limit=5&offset=5").page["results"]
    assert second[0]["id"] == first[-1]["id"], "the last one of page one is met again"


@pytest.mark.parametrize("name", ["lying-count", "self-pointing-next", "next-elsewhere", "clamped-past-end"])
def test_another_envelope_is_no_reason_to_fail(name: str) -> None:
    with Twin("tests/harbour/openapi.yaml") as harbour:
        harbour.fault(name)
        answer = requests.get(
            f"{harbour.url}/ships",
            params={"start": 500},
            headers={"Authorization": f"Bearer {harbour.token}"},
            timeout=10,
        )
        assert answer.status_code == 200
        assert isinstance(answer.json()["meta"]["total"], int)


# Where an answer has no body


@pytest.mark.parametrize("name", ["dropped-connection", "dropped-in-body"])
@pytest.mark.parametrize("method", ["HEAD", "DELETE"])
def test_a_connection_is_dropped_before_an_answer_without_a_body(name: str, method: str, twin: Twin) -> None:
    path = f"{LIST}{ask(twin).page['results'][0]['id']}/"
    twin.fault(name)
    assert ask(twin, method=method, path=path).raw == b""


@pytest.mark.parametrize("method", ["HEAD", "DELETE"])
def test_an_answer_without_a_body_is_late_too(method: str, twin: Twin) -> None:
    path = f"{LIST}{ask(twin).page['results'][0]['id']}/"
    twin.fault("latency", seconds=0.3)
    start = time.monotonic()
    seen = ask(twin, method=method, path=path)
    assert time.monotonic() - start >= 0.3
    assert (seen.status, seen.body) == ({"HEAD": 200, "DELETE": 204}[method], b"")


def test_a_late_answer_keeps_no_twin_from_stopping(twin: Twin) -> None:
    start = time.monotonic()
    with Twin("viktor") as slow, ThreadPoolExecutor(1) as pool:
        slow.fault("latency", seconds=30)
        asked = pool.submit(ask, slow)
        while not slow.journal.entries():
            time.sleep(0.01)
        slow.running.stop()
        asked.result(timeout=5)
    assert time.monotonic() - start < 10
