"""Whatever is thrown at a twin, it answers: never a failure of its own, never silence."""

from __future__ import annotations

import io
import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import flask
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies

from apitwin.contracts import load
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server import STEPS, RunningTwin, create_app
from apitwin.mock_server.engine.checking import checked

CONTRACT = load("viktor")
SLOWEST_S = 2.0


@dataclass(frozen=True)
class Answered:
    """An answer as the WSGI server gets it."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def application() -> flask.Flask:
    made = create_app(CONTRACT, steps=checked(STEPS))
    made.config["PROPAGATE_EXCEPTIONS"] = True  # so that a failure shows where it comes from
    return made


@pytest.fixture(scope="module")
def running(application: flask.Flask) -> Iterator[RunningTwin]:
    with RunningTwin(application) as twin:
        yield twin


@pytest.fixture(scope="module")
def unauthenticated() -> CompiledSchema:
    schema = CONTRACT.operation("workspaces_list").responses["401"].schema
    assert schema is not None
    return schema


def ask(
    application: flask.Flask,
    method: str,
    path: bytes,
    query: bytes = b"",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    scheme: str = "http",
) -> Answered:
    """Call the application as a WSGI server does. path: percent-decoded; both it and the query may be any bytes."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in (headers or {}).items():
        environ[name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"] = value
    given_back: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        given_back["status"], given_back["headers"] = int(status.split(" ")[0]), dict(headers)

    chunks = application(environ, start_response)
    content = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    return Answered(given_back["status"], given_back["headers"], content)


def token(application: flask.Flask) -> str:
    secret = application.extensions["apitwin"].world.token()
    assert isinstance(secret, str)
    return secret


SEGMENTS = strategies.sampled_from(
    [
        b"", b".", b"..", b"api", b"workspaces", b"entities", b"entity_types", b"siblings", b"parent", b"apps",
        b"users", b"current", b"1", b"0", b"-1", b"01", b"1.0", b"9" * 30, b"9" * 5000, b"%2e", b"%", b"\x00", b"\n",
        b"\xff", b"{id}", "１".encode(), "é".encode(), b"__twin__", b"health", b"journal", b"reset", b"a" * 3000,
    ]
)  # fmt: skip
OPERATIONS = {
    b"/api/workspaces/": "workspaces_list",
    b"/api/workspaces/1/": "workspaces_read",
    b"/api/workspaces/1/entities/": "workspaces_entities_list",
    b"/api/workspaces/1/entities/1/": "workspaces_entities_read",
    b"/api/workspaces/1/entities/1/entities/": "workspaces_entities_entities_read",
    b"/api/workspaces/1/entities/1/parent/": "workspaces_entities_parent",
    b"/api/workspaces/1/entities/2002/parent/": "workspaces_entities_parent",
    b"/api/workspaces/1/entities/7/siblings/": "workspaces_entities_siblings",
    b"/api/workspaces/1/entity_types/": "workspaces_entity_types_list",
    b"/api/workspaces/1/entity_types/2/": "workspaces_entity_types_read",
    b"/api/workspaces/1/entity_types/2/entities/": "workspaces_entity_types_entities_read",
    b"/api/workspaces/1/entity_types/1/entity_types/": "workspaces_entity_types_entity_types",
    b"/api/apps/": "apps_list",
    b"/api/apps/1/": "apps_read",
    b"/api/users/current/": "users_current",
}
"""A path of each operation that there is something at."""
CONTROLS = [b"/__twin__/health", b"/__twin__/journal", b"/__twin__/reset"]
KNOWN_PATHS = strategies.sampled_from([*OPERATIONS, *CONTROLS])


@strategies.composite
def paths(draw: strategies.DrawFn) -> bytes:
    """A known path, one with a segment exchanged, added or gone, or segments at random."""
    known: bytes = draw(KNOWN_PATHS)
    how = draw(strategies.sampled_from(("known", "known", "exchanged", "added", "gone", "random", "bytes")))
    if how == "known":
        return known
    if how == "bytes":
        return b"/" + draw(strategies.binary(max_size=30))
    if how == "random":
        return b"/" + b"/".join(draw(strategies.lists(SEGMENTS, max_size=6)))
    parts = known.split(b"/")
    at = draw(strategies.integers(1, len(parts) - 1))
    segment = draw(SEGMENTS | strategies.binary(max_size=6))
    changed = {"exchanged": [segment], "added": [segment, parts[at]], "gone": []}[how]
    return b"/".join([*parts[:at], *changed, *parts[at + 1 :]])


NAMES = strategies.sampled_from(
    [
        "limit", "offset", "sort", "search", "name", "entity_type", "created_by", "created_at_min", "updated_at_max",
        "detail_level", "include_archived", "visibility", "app", "label", "project", "properties", "unknown", "", "é",
    ]
)  # fmt: skip
TEXTS = strategies.text(max_size=10) | strategies.sampled_from(
    [
        "", " ", "0", "1", "-1", "5", "100", "1e5", "1e400", "9" * 30, "9" * 5000, "+5", "٣", "²", "1_0", "0x10",
        "\x00", "\n", "true", "False", "name", "name:desc", "name:asc:desc", "minimal", "INTERNAL",
        "2026-01-01T00:00:00Z", "2026-01-01", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
        "2026-02-30", "24:00", "é", "\u202e", "%", "a" * 3000,
    ]
)  # fmt: skip
PAIRS = strategies.lists(strategies.tuples(NAMES, TEXTS), max_size=5)
RAW_QUERIES = (
    b"limit", b"limit=&offset=", b"&&&", b"===", b"limit=5;offset=2", b"limit=%", b"limit=%zz", b"limit=%ff",
    b"limit[]=5", b"sort=name" + b"&sort=name" * 500, b"a=" + b"%00" * 2000, b"limit=1&" * 3000,
)  # fmt: skip
QUERIES = (
    PAIRS.map(lambda pairs: "&".join(f"{quote(name)}={quote(text)}" for name, text in pairs).encode())
    | strategies.binary(max_size=60)
    | strategies.sampled_from(RAW_QUERIES)
)
LATIN = strategies.text(strategies.characters(max_codepoint=255), max_size=20)
AUTHORIZATIONS = LATIN | strategies.sampled_from(
    [
        "", " ", "Bearer", "Bearer ", "Bearer  x", "bearer x", "Basic eDp5", "Basic :::", "Bearer \xff", "Bearer x y",
        "Digest a=b", "Digest =", "Bearer a=b, c", "\x00", "Bearer " + "x" * 10_000,
    ]
)  # fmt: skip
HEADERS = strategies.fixed_dictionaries(
    {},
    optional={
        "ACCEPT": LATIN | strategies.sampled_from(["text/html", "*/*;q=x", ";;;", "a/b;q=nan"]),
        "CONTENT_TYPE": LATIN
        | strategies.sampled_from(["application/json", "multipart/form-data", "text/plain; charset=none"]),
        "HOST": LATIN | strategies.sampled_from(["", "]bad[", "a:b:c", "localhost:99999999", "x/y?z", "é"]),
        "COOKIE": LATIN,
        "RANGE": strategies.sampled_from(["bytes=0-", "bytes=9-1", "x"]),
        "IF_NONE_MATCH": LATIN,
        "X_FORWARDED_HOST": LATIN,
        "TRANSFER_ENCODING": strategies.just("chunked"),
        "CONTENT_LENGTH": strategies.sampled_from(["-1", "abc", "", "99999999999"]),
    },
)
METHODS = strategies.sampled_from(
    [
        "GET",
        "GET",
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "PROPFIND",
        "TRACE",
        "get",
        "É",
        "X" * 300,
        "",
    ]
)
BODIES = strategies.binary(max_size=40) | strategies.sampled_from([b"{", b'{"name": 1}', b"[" * 2000])


@given(
    method=METHODS,
    path=paths(),
    query=QUERIES,
    authorization=strategies.none() | AUTHORIZATIONS,
    right=strategies.booleans(),
    headers=HEADERS,
    body=BODIES,
    scheme=strategies.sampled_from(("http", "https")),
)
@settings(max_examples=500, deadline=SLOWEST_S * 1000, suppress_health_check=[HealthCheck.too_slow])
def test_any_request_is_answered_and_never_by_a_failure(
    application: flask.Flask,
    unauthenticated: CompiledSchema,
    method: str,
    path: bytes,
    query: bytes,
    authorization: str | None,
    right: bool,
    headers: dict[str, str],
    body: bytes,
    scheme: str,
) -> None:
    if right:
        headers = {**headers, "AUTHORIZATION": f"Bearer {token(application)}"}
    elif authorization is not None:
        headers = {**headers, "AUTHORIZATION": authorization}

    answered = ask(application, method, path, query, headers, body, scheme)

    assert 200 <= answered.status < 500
    if answered.body and answered.headers["Content-Type"] == "application/json":
        value = json.loads(answered.body.decode("utf-8"))
        if answered.status == 401:
            assert unauthenticated.violations(value) == []
            assert answered.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    for name, text in answered.headers.items():
        assert text.isprintable() and text.isascii(), f"the header {name} is {text!r}"


@given(path=strategies.sampled_from(list(OPERATIONS)), query=QUERIES)
@settings(max_examples=250, deadline=SLOWEST_S * 1000, suppress_health_check=[HealthCheck.too_slow])
@example(path=b"/api/workspaces/1/entities/", query=b"limit=1&name=%ed%a0%80")
@example(path=b"/api/workspaces/", query=b"limit=5&search=%C4%B0")
def test_any_query_gets_a_documented_status_and_the_body_that_goes_with_it(
    application: flask.Flask, path: bytes, query: bytes
) -> None:
    headers = {"AUTHORIZATION": f"Bearer {token(application)}"}

    answered = ask(application, "GET", path, query, headers)

    documented = CONTRACT.operation(OPERATIONS[path]).responses[str(answered.status)]
    if documented.schema is not None:
        assert documented.schema.violations(json.loads(answered.body)) == []


def test_a_reset_in_the_middle_of_it_all_is_harmless(application: flask.Flask) -> None:
    fresh = ask(create_app(CONTRACT), "GET", b"/__twin__/health").body

    ask(application, "POST", b"/__twin__/reset")

    assert ask(application, "GET", b"/__twin__/health").body == fresh


MALFORMED = [
    b"",
    b"\r\n",
    b"\r\n\r\n\r\n",
    b"\x00\x01\x02\x03",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # the start of a TLS handshake
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET  HTTP/1.1\r\n\r\n",
    b"FOO BAR BAZ\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
    b"GET / HTTP/1.1\r\n: no name\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%ff%fe%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://elsewhere/api/workspaces/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET //api//workspaces// HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /api/../api/workspaces/ HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort",
    b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: magic\r\n\r\n",
    b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    b"PUT /api/workspaces/ HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
]


def exchange(twin: RunningTwin, data: bytes) -> bytes:
    """Send bytes over a socket, say that there are no more, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", twin.port), timeout=SLOWEST_S) as connection:
        received = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass  # the server has hung up, which is an answer too
    return received


REFUSALS = (*range(200, 500), 501, 505)
"""Statuses that are no failure: 501 and 505 are for what HTTP servers need not understand (RFC 9110 section 15.6)."""


def statuses(received: bytes) -> list[int]:
    """Return the statuses of the answers in a stream: none where the server just hung up."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]


@pytest.mark.parametrize("data", MALFORMED, ids=lambda data: ascii(data[:60])[2:-1])
def test_malformed_http_is_refused_at_once(running: RunningTwin, data: bytes) -> None:
    started = time.monotonic()

    received = exchange(running, data)

    assert time.monotonic() - started < SLOWEST_S
    assert [status for status in statuses(received) if status not in (100, *REFUSALS)] == []


@given(data=strategies.binary(max_size=200))
@settings(max_examples=60, deadline=SLOWEST_S * 1000, suppress_health_check=[HealthCheck.too_slow])
def test_random_bytes_among_the_headers_are_refused_at_once(running: RunningTwin, data: bytes) -> None:
    received = exchange(running, b"GET /api/workspaces/ HTTP/1.1\r\nHost: x\r\n" + data + b"\r\n\r\n")

    assert [status for status in statuses(received) if status not in (100, *REFUSALS)] == []


@pytest.mark.parametrize(
    "framing",
    [b"Content-Length: 5\r\n\r\nabcde", b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"],
    ids=["length", "chunked"],
)
def test_a_body_that_nobody_reads_is_not_taken_for_the_next_request(running: RunningTwin, framing: bytes) -> None:
    data = b"POST /api/workspaces/ HTTP/1.1\r\nHost: x\r\n" + framing
    data += b"GET /__twin__/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    assert statuses(exchange(running, data)) == [401, 200]


def test_the_server_still_answers_after_all_that(running: RunningTwin) -> None:
    received = exchange(running, b"GET /__twin__/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 200 ")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["contract"] == "viktor"
