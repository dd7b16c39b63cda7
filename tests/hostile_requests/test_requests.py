"""The short form of the attack; `python -m tests.hostile_requests` is the long one."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from random import Random

import pytest

from tests.hostile_requests.attack import Attacked, attack, attacked
from tests.hostile_requests.generator import KINDS, conversation


@pytest.fixture(scope="module")
def twin() -> Iterator[Attacked]:
    with attacked() as made:
        yield made
        assert made.written() == "", "nothing a client sent is worth a traceback"


def test_no_request_makes_a_twin_fail_hang_or_mix_its_answers_up(twin: Attacked) -> None:
    result = attack(twin, 1500, seed=12)
    assert result.wrong == []
    assert {400, 401, 404, 413, 431} <= result.statuses.keys()


def test_neither_does_one_over_tls() -> None:
    with attacked(tls=True) as secured:
        assert attack(secured, 500, seed=12).wrong == []
        assert secured.written() == ""


def test_the_seed_makes_the_requests() -> None:
    made = [conversation(Random(str(number)), number) for number in range(2000)]
    assert made == [conversation(Random(str(number)), number) for number in range(2000)]
    assert {request.kind for asked in made for request in asked} == set(KINDS)


HEAD = b"Host: localhost\r\n"
POST = b"POST /api/x/ HTTP/1.1\r\n" + HEAD
AT_ONCE = {
    "negative length": (POST + b"Content-Length: -1\r\n\r\n", 400),
    "signed length": (POST + b"Content-Length: +5\r\n\r\nhello", 400),
    "length of Python": (POST + b"Content-Length: 1_0\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "length and chunks": (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "chunks in HTTP/1.0": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "sixteen f": (POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 16 + b"\r\n", 400),
    "negative chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", 400),
    "huge chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n7ffffff\r\n", 413),
    "huge length": (POST + b"Content-Length: 999999999\r\n\r\n", 413),
    "half an address": (b"GET http://[::1 HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "no version": (b"GET /\r\n", 400),
    "another version": (b"GET / HTTP/9.9\r\n", 400),
    "NUL in the path": (b"GET /\0 HTTP/1.1\r\n", 400),
    "NUL in a field": (b"GET / HTTP/1.1\r\nX: \0\r\n\r\n", 400),
    "bare LF": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "bare LF in a field": (b"GET / HTTP/1.1\r\nX: y\n", 400),
    "long line": (b"GET /" + b"a" * 70_000, 414),
    "long field": (b"GET / HTTP/1.1\r\nX: " + b"a" * 140_000, 431),
    "many fields": (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n", 431),
}


def test_what_cannot_be_a_request_is_refused_before_its_end_and_closed(twin: Attacked) -> None:
    """No end is sent: whoever waited for one would wait here until the time-out of the socket."""
    for name, (sent, status) in AT_ONCE.items():
        with socket.create_connection(("127.0.0.1", twin.port), timeout=5) as sock:
            sock.sendall(sent)
            said = b""
            while data := sock.recv(65536):
                said += data
        assert said.startswith(b"HTTP/1.1 %d " % status), f"{name}: {said!r}"


@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
def test_requests_in_a_row_in_pieces_are_answered_in_their_order(twin: Attacked, expect: bytes) -> None:
    head = b"POST /api/first/ HTTP/1.1\r\n" + HEAD + expect + b"Transfer-Encoding: chunked\r\n\r\n"
    rest = b"3;a=b\r\nabc\r\n0\r\nTrailer: x\r\n\r\n"
    rest += b"GET /api/second/ HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n"
    said = b""
    with socket.create_connection(("127.0.0.1", twin.port), timeout=5) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(head)):
            sock.sendall(head[at : at + 1])
        while expect and not said.endswith(b"\r\n\r\n"):
            said += sock.recv(65536)
        assert said == (b"HTTP/1.1 100 Continue\r\n\r\n" if expect else b"")
        for at in range(len(rest)):
            sock.sendall(rest[at : at + 1])
        while data := sock.recv(65536):
            said += data
    assert said.count(b"HTTP/1.1 404 ") == 2
    assert said.index(b"/api/first/") < said.index(b"/api/second/")
