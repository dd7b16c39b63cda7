"""How a live system is treated: read only, at a rate, patiently, and with the token kept where it belongs."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest

from apitwin.testkit.errors import TargetError
from apitwin.testkit.transport.credentials import TOKEN, Credential, Part
from apitwin.testkit.transport.exchange import Request
from apitwin.testkit.transport.target import Target
from tests.serving import answering

SHOWN = ("Accept", "User-Agent", "Authorization", "Content-Type")
"""Headers that say what is asked for."""
IN_QUERY = Credential("in the query", (Part("", "", "query", "access_token", lambda secret: secret.text, ""),))
SECRET = "vktrpat_secret00000000_abcdefghijklmnopqrstuvwxyz"


@dataclass
class Recorder:
    """A bare HTTP server that keeps what it was sent and answers from a script."""

    url: str = ""
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)
    cookies: list[str | None] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[int], tuple[int, dict[str, str], bytes]] = lambda number: (200, {}, b"[]")


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    kept = Recorder()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            kept.seen.append((self.command, self.path, self.headers.get("Authorization")))
            kept.headers.append({name: self.headers.get(name, "") for name in SHOWN})
            kept.cookies.append(self.headers.get("Cookie"))
            status, headers, body = kept.answer(len(kept.seen))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = do_PROPFIND = handle_any

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with answering(Handler) as kept.url:
        yield kept


def target(recorder: Recorder, rate: float = 0) -> Target:
    return Target(recorder.url, recorder.url, SECRET, rate=rate)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "get"])
def test_a_live_target_is_sent_nothing_that_writes(recorder: Recorder, method: str) -> None:
    with pytest.raises(TargetError, match="it is only read"):
        target(recorder).send(Request(method, "/"))
    assert recorder.seen == []


def test_at_most_so_many_requests_a_second(recorder: Recorder) -> None:
    asked = target(recorder, rate=50)
    start = time.monotonic()
    for _ in range(11):
        asked.send(Request("GET", "/"))
    assert time.monotonic() - start >= 10 / 50


def test_the_rate_holds_for_threads_together(recorder: Recorder) -> None:
    asked = target(recorder, rate=50)
    start = time.monotonic()
    threads = [threading.Thread(target=lambda: asked.send(Request("GET", "/"))) for _ in range(11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - start >= 10 / 50


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for(recorder: Recorder, status: int) -> None:
    recorder.answer = lambda number: (status, {"Retry-After": "1"}, b"") if number == 1 else (200, {}, b"[]")
    start = time.monotonic()
    assert target(recorder).send(Request("GET", "/")).response.status == 200
    assert time.monotonic() - start >= 1
    assert len(recorder.seen) == 2


def test_a_long_wait_is_refused_at_once(recorder: Recorder) -> None:
    recorder.answer = lambda number: (429, {"Retry-After": "3600"}, b"")
    with pytest.raises(TargetError, match="asks to wait 3600 s"):
        target(recorder).send(Request("GET", "/"))
    assert len(recorder.seen) == 1


def test_the_token_does_not_follow_a_link_to_another_host(recorder: Recorder) -> None:
    link = recorder.url.replace("127.0.0.1", "localhost") + "/?offset=2"
    with pytest.raises(TargetError, match="the token is not sent there"):
        target(recorder).send(Request("GET", "/", link=link))
    assert recorder.seen == []


def test_a_redirect_is_an_answer_and_is_not_followed(recorder: Recorder) -> None:
    recorder.answer = lambda number: (302, {"Location": "/elsewhere"}, b"")
    assert target(recorder).send(Request("GET", "/")).response.status == 302
    assert len(recorder.seen) == 1


def test_cookies_are_not_kept(recorder: Recorder) -> None:
    recorder.answer = lambda number: (200, {"Set-Cookie": "session=1"}, b"[]")
    asked = target(recorder)
    for _ in range(2):
        asked.send(Request("GET", "/"))
    assert recorder.cookies == [None, None]


def test_an_answer_comes_without_the_token_and_says_where_it_was(recorder: Recorder) -> None:
    recorder.answer = lambda number: (200, {"X-Echo": f"<{SECRET}>"}, f'"{SECRET}"'.encode())
    exchange = target(recorder).send(Request("GET", "/"))
    assert exchange.response.body == b'"$TOKEN"'
    assert exchange.response.headers["x-echo"] == "<$TOKEN>"
    assert exchange.response.echoed is not None
    assert SECRET not in repr(exchange) + repr(target(recorder))


def test_no_error_holds_the_token() -> None:
    unreachable = Target("http://127.0.0.1:9", "http://127.0.0.1:9", SECRET, rate=0)
    with pytest.raises(TargetError) as caught:
        unreachable.send(Request("GET", "/", credential=IN_QUERY))
    assert SECRET not in str(caught.value) and caught.value.__cause__ is None


def test_what_is_sent_is_what_the_curl_line_says(recorder: Recorder) -> None:
    request = Request("GET", "/a/", (("q", "é+%&'\"= 梁"), ("limit", "2")), TOKEN)
    target(recorder).send(request)
    sent = recorder.seen[0]
    assert sent == ("GET", sent[1], f"Bearer {SECRET}")
    shown = request.curl(recorder.url)
    assert recorder.url + sent[1] in shown and "$APITWIN_TOKEN" in shown and SECRET not in shown
    variables = {**os.environ, "APITWIN_TOKEN": SECRET}
    subprocess.run(["bash", "-c", shown], env=variables, check=True, capture_output=True, timeout=20)
    assert recorder.seen[1] == sent
    assert recorder.headers[1] == recorder.headers[0]


@pytest.mark.parametrize(
    "spelt",
    [SECRET[:-1], SECRET.swapcase(), SECRET],
    ids=["cut", "other-case", "whole"],
)
def test_a_token_that_is_nearly_the_right_one_is_not_printed_either(recorder: Recorder, spelt: str) -> None:
    """A server may repeat what a law sent: a token without its last character gives nearly all of it away."""
    recorder.answer = lambda number: (401, {"X-Echo": spelt}, f"bad token {spelt}".encode())
    response = target(recorder).send(Request("GET", "/")).response
    assert spelt[:40] not in response.text + response.headers["x-echo"]


def test_a_token_that_must_be_escaped_is_found_in_its_escaped_forms(recorder: Recorder) -> None:
    recorder.answer = lambda number: (200, {}, b'"a%2Bb%2Fc" "a+b\\/c"')
    asked = Target(recorder.url, recorder.url, "a+b/c", rate=0)
    response = asked.send(Request("GET", "/")).response
    assert response.body == b'"$TOKEN" "$TOKEN"' and response.echoed == "the body"


def test_a_server_that_stays_busy_is_no_breach(recorder: Recorder) -> None:
    recorder.answer = lambda number: (503, {"Retry-After": "0"}, b"")
    with pytest.raises(TargetError, match="throttles: status 503"):
        target(recorder).send(Request("GET", "/"))
