"""The same requests the short way and through the whole application: `python -m tests.hostile_requests.two_ways 20000`.

Both twins are told the same in the same order, so that their answers differ by the time at most.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import flask

from apitwin.contracts import load
from apitwin.mock_server import RunningTwin, create_app
from apitwin.mock_server.faults.active import add_all
from tests.hostile_requests.generator import TOKEN, conversation

CONTRACT = load("viktor")
TIMES = re.compile(rb"Date: [^\r]*|\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)?|date=[^&\"]*")
LISTS = (
    b"/api/workspaces/", b"/api/apps/", b"/api/users/", b"/api/workspaces/1/entities/", b"/api/jobs/",
    b"/api/workspaces/1/entities/1/revisions/", b"/api/workspaces/1/entities/1/", b"/api/workspaces/99999/",
    b"/api/workspaces/1/entity_types/", b"/api/groups/", b"/api/nothing/", b"/api/users/current/",
)  # fmt: skip
QUERIES = (
    b"", b"limit=3", b"limit=20&offset=40", b"limit=1000", b"offset=7", b"limit=0", b"limit=-1", b"limit=a",
    b"search=a", b"ordering=-name&limit=5", b"ordering=name", b"limit=2&limit=3", b"name__in=x,y", b"%20=%2B", b"a=b=c",
)  # fmt: skip
FIELDS = (
    b"Authorization: Bearer " + TOKEN, b"Authorization: Bearer wrong", b"Authorization: bearer " + TOKEN,
    b"X-Request-Id: 7", b"x_request_id: 8", b"Accept: application/json", b"Connection: close",
    b"Connection: keep-alive", b"Cookie: a=b", b"Cookie: c=d", b"Content-Type: ", b"Host: \xff", b"Host: LOCALHOST:80",
    b"Host: xn--mnchen-3ya.de", b"Host: [::1]:9",
)  # fmt: skip
BODIES = (b'{"name": "x", "properties": {}}', b'{"name": "' + b"y" * 300 + b'"}', b"{", b"[]", b"", b'{"name": null}')


@dataclass(frozen=True)
class Pair:
    """Two twins of one world: `short` answers by the lane, `whole` by Flask alone; and the applications of both."""

    short: RunningTwin
    whole: RunningTwin
    applications: tuple[flask.Flask, flask.Flask]

    def difference(self, sent: bytes) -> str | None:
        """Send the same bytes to both; return what is different in the answers, None where nothing is."""
        answers = [answered(twin.port, sent) for twin in (self.short, self.whole)]
        return None if answers[0] == answers[1] else f"{sent!r}\nshort: {answers[0]!r}\nwhole: {answers[1]!r}"


@contextmanager
def pair(*faults: dict[str, object]) -> Iterator[Pair]:
    """Run both twins. faults: words of faults that both have."""
    applications = (create_app(CONTRACT), create_app(CONTRACT))
    for application in applications:
        add_all(application.extensions["apitwin"].faults, list(faults), "faults")
    applications[1].after_request(lambda response: response)  # whoever hooks in is served by Flask alone
    with RunningTwin(applications[0]) as short, RunningTwin(applications[1]) as whole:
        yield Pair(short, whole, applications)


def answered(port: int, sent: bytes) -> bytes:
    """Return all that is answered to some bytes, without what tells the time."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while data := connection.recv(65536):
                said += data
        except ConnectionError:
            said += b"(reset)"
    return TIMES.sub(b"TIME", said)


def honest(random: Random) -> bytes:
    """Return a request as clients send it, or nearly."""
    method = random.choice((b"GET", b"GET", b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"))
    query = random.choice(QUERIES)
    fields = [b"Host: localhost", *random.sample(FIELDS, random.randint(0, 3))]
    fields = fields[1:] if any(field.startswith(b"Host") for field in fields[1:]) else fields
    body = random.choice(BODIES) if method in (b"POST", b"PUT", b"PATCH") else b""
    if body:
        fields += [b"Content-Type: application/json", b"Content-Length: %d" % len(body)]
    target = random.choice(LISTS) + (b"?" + query if query else b"")
    version = random.choice((b"1.1", b"1.1", b"1.1", b"1.0"))
    return b"%b %b HTTP/%b\r\n%b\r\n\r\n%b" % (method, target, version, b"\r\n".join(fields), body)


def said(random: Random, number: int) -> tuple[bytes, int]:
    """Return what is sent on one connection, and how many requests that is."""
    if random.random() < 0.5:
        requests = [honest(random) for _ in range(random.randint(1, 4))]
    else:
        requests = [hostile.sent for hostile in conversation(random, number)]
    return b"".join(requests), len(requests)


def differences(twins: Pair, requests: int, seed: int) -> Iterator[str]:
    """Give what is different in the answers to so many requests of a seed."""
    random, asked, number = Random(seed), 0, 0
    while asked < requests:
        sent, count = said(random, number)
        asked, number = asked + count, number + 1
        found = twins.difference(sent)
        if found is not None:
            yield found


def main() -> int:
    """Ask both; return 1 where they differ."""
    requests, seed = (int(word) for word in (*sys.argv[1:], "20000", "1")[:2])
    wrong = 0
    with pair() as twins:
        for found in differences(twins, requests, seed):
            wrong += 1
            if wrong <= 10:
                print(found[:3000])
    print(f"{requests} requests of seed {seed}: {wrong} connections with different answers")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
