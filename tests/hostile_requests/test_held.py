"""Clients that say nothing, or say it slowly, hold nobody up."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from pathlib import Path

import pytest

from apitwin.mock_server import Twin
from apitwin.mock_server.http import patience
from tests.hostile_requests.attack import Attacked, attacked
from tests.hostile_requests.generator import TOKEN
from tests.hostile_requests.held import HEAD, held

LAST = b"\r\nConnection: close\r\n\r\n"


def ask(twin: Attacked) -> int:
    connection = http.client.HTTPConnection("localhost")
    connection.sock = twin.connect()
    connection.request("GET", "/api/workspaces/?limit=2", headers={"Authorization": f"Bearer {TOKEN.decode()}"})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("tls", [False, True])
def test_a_good_client_is_answered_while_two_hundred_others_are_not_done(tls: bool) -> None:
    with attacked(tls) as twin, held(twin, silent=100, slow=100) as dripping:
        assert dripping.wait(10)
        begun = time.monotonic()
        assert [ask(twin) for _ in range(30)] == [200] * 30
        assert time.monotonic() - begun < patience.HEAD_S, "none of the slow ones had to end for it"


def closed_with(sock: socket.socket) -> bytes:
    said = b""
    while data := sock.recv(65536):
        said += data
    return said


@pytest.mark.parametrize(
    ("deadline", "sent", "answer"),
    [
        ("SILENCE_S", b"", b""),
        ("HEAD_S", HEAD, b"HTTP/1.1 408 Request Timeout\r\n"),
        ("BODY_S", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx", b"HTTP/1.1 408 Request Timeout\r\n"),
    ],
)
def test_each_part_of_a_request_has_its_time(
    monkeypatch: pytest.MonkeyPatch, deadline: str, sent: bytes, answer: bytes
) -> None:
    monkeypatch.setattr(patience, deadline, 0.1)
    with Twin() as twin, socket.create_connection(("127.0.0.1", twin.running.port), timeout=10) as sock:
        sock.sendall(sent)
        said = closed_with(sock)
    assert said.startswith(answer) and bool(said) == bool(answer)


def test_a_handshake_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_S", 0.1)
    with Twin(tls=True) as twin, socket.create_connection(("127.0.0.1", twin.running.port), timeout=10) as sock:
        sock.sendall(b"\x16\x03\x01")
        assert closed_with(sock) == b""


def test_with_too_many_connections_the_oldest_silent_one_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "MOST_CONNECTIONS", 5)
    with Twin() as twin:
        address = ("127.0.0.1", twin.running.port)
        good = http.client.HTTPConnection(*address, timeout=10)
        good.request("GET", "/__twin__/health")
        good.getresponse().read()
        others = [socket.create_connection(address, timeout=10) for _ in range(12)]
        assert others[0].recv(1) == b"", "it made room"
        good.request("GET", "/__twin__/health")
        assert good.getresponse().status == 200, "whoever asked before keeps his connection"
        for sock in (*others, good):
            sock.close()


def test_who_does_not_read_is_not_answered_further() -> None:
    """Else a client that asks and asks fills the memory with what it never takes."""
    asked = 3000
    one = b"GET /api/workspaces/?limit=100 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\n\r\n" % TOKEN
    with Twin() as twin, socket.create_connection(("127.0.0.1", twin.running.port), timeout=30) as sock:
        sender = threading.Thread(target=sock.sendall, args=(one * asked + one.replace(b"\r\n\r\n", LAST),))
        sender.start()
        began = -1
        while began < 1 or began != twin.began:
            began = twin.began
            time.sleep(0.5)
        assert 0 < began < asked
        said = sum(data.count(b"HTTP/1.1 200 OK") for data in iter(lambda: sock.recv(1 << 20, socket.MSG_WAITALL), b""))
        sender.join()
    assert asked - 5 < said <= asked + 1, "a status line that lies across two pieces is not counted"


def test_a_large_body_waits_in_a_file_and_arrives_whole(tmp_path: Path) -> None:
    with Twin() as twin:
        target = twin.world.storage.upload(twin.url, "up/1", 20_000_000)
        import requests

        content = bytes(range(256)) * 20_000
        assert requests.post(target.url, data=target.fields, files={"file": content}, timeout=30).status_code == 204
        stored = twin.world.storage.get("up/1")
    assert stored is not None and stored.content == content
