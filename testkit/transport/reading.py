"""One bounded read: a request is sent, and its answer read whole, under a cap of bytes and a deadline.

Whatever goes wrong is told as one of two errors of our own, which hold neither the request nor what the server sent.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import requests
import urllib3.exceptions
from requests.adapters import BaseAdapter

from apitwin.testkit.errors import NeverSent, Unreadable
from apitwin.testkit.transport.bounds import Bounds
from apitwin.testkit.transport.decoding import decoded
from apitwin.testkit.transport.exchange import Response, values_in
from apitwin.testkit.transport.watch import Watch, WatchedAdapter

PIECE = 64 * 2**10
PLAIN_JSON = 256 * 2**10
"""Bytes up to which nobody counts the values of a body: they cannot be many."""


def read(
    transport: BaseAdapter,
    prepared: requests.PreparedRequest,
    environment: Mapping[str, Any],
    bounds: Bounds,
    resend: Callable[[], bool],
) -> Response:
    """Send a request and read its answer. environment: proxies and certificates, as requests has them.

    resend: asked where a connection was cut before its answer; true sends the request again, once.

    Raises NeverSent where the request did not go out, Unreadable where no answer came, or none that keeps the bounds.
    """
    failure: Exception | None = None
    response: Response | None = None
    interrupted = False
    with Watch(bounds.seconds, isinstance(transport, WatchedAdapter)) as watch:
        try:
            try:
                response = _once(transport, prepared, environment, bounds, watch)
            except requests.ConnectionError:
                if watch.expired or not resend():
                    raise
                response = _once(transport, prepared, environment, bounds, watch)
        except KeyboardInterrupt:
            interrupted = True
        except Exception as error:  # of requests, urllib3, http.client, ssl, socket or a codec; there is no end of them
            failure = _told(error, watch, bounds)
    # Raised here, where no frame of the transport is left: those hold the request, and that holds the token.
    if interrupted:
        raise KeyboardInterrupt
    if failure is not None:
        raise failure
    assert response is not None, "either an answer or a failure"
    return response


def _once(
    transport: BaseAdapter,
    prepared: requests.PreparedRequest,
    environment: Mapping[str, Any],
    bounds: Bounds,
    watch: Watch,
) -> Response:
    answer = transport.send(prepared, **{**environment, "stream": True, "timeout": bounds.seconds})
    whole = False
    try:
        headers = _headers(answer, bounds)
        body = _body(answer, bounds)
        whole = not watch.expired
    finally:
        if not whole:
            answer.close()  # what is left of it is nobody's answer
    if watch.expired:
        raise requests.ReadTimeout
    body = decoded(body, headers.get("content-encoding", ""), bounds)
    _require_few_values(body, bounds)
    return Response(answer.status_code, headers, body)


def _headers(answer: requests.Response, bounds: Bounds) -> dict[str, str]:
    size = sum(len(name) + len(value) for name, value in answer.headers.items())
    if size > bounds.head:
        raise Unreadable(f"its headers hold more than {bounds.head >> 10} kB")
    return {name.lower(): value for name, value in answer.headers.items()}


def _body(answer: requests.Response, bounds: Bounds) -> bytes:
    """Return the body as it was sent: what requests decodes knows no bounds."""
    if answer.raw is None:  # of an adapter that has it in memory
        return answer.content
    read = bytearray()
    for piece in _pieces(answer.raw):
        read += piece
        if len(read) > bounds.size:
            raise Unreadable(f"its body has more than {bounds.size >> 10} kB")
    return bytes(read)


def _pieces(raw: Any) -> Iterator[bytes]:
    """Give the bytes of a body. raw: of urllib3, or a file in memory."""
    if isinstance(raw, urllib3.HTTPResponse):
        while piece := raw.read(PIECE, decode_content=False):
            yield piece
        raw.release_conn()
    else:
        while piece := raw.read(PIECE):
            yield piece


def _require_few_values(body: bytes, bounds: Bounds) -> None:
    """Raise Unreadable for a body whose values would take much more memory than its bytes."""
    if len(body) <= PLAIN_JSON:
        return
    if values_in(body) > bounds.values:
        raise Unreadable(f"its body has more than {bounds.values} values")


def _told(error: Exception, watch: Watch, bounds: Bounds) -> Exception:
    """Return a failure in our words. Never the error's own text, which may hold an address with a token."""
    if isinstance(error, Unreadable):
        return error
    kind = NeverSent if isinstance(error, NEVER_SENT) else Unreadable
    if watch.expired or isinstance(error, (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError)):
        return Unreadable(f"no whole answer within {bounds.seconds:.3g} s")
    kinds = [type(link) for link in _chain(error)]
    for cause, words in REASONS.items():
        if any(issubclass(link, cause) for link in kinds):
            return kind(words)
    return kind(type(error).__name__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and those that it wraps, the innermost first."""
    links: list[BaseException] = []
    left: list[Any] = [error]
    while left and len(links) < 20:
        link = left.pop()
        if isinstance(link, BaseException) and link not in links:
            links.append(link)
            left += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
    yield from reversed(links)


NEVER_SENT = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
"""Failures before a request goes out."""
REASONS: Mapping[type[BaseException], str] = {
    ssl.SSLError: "the TLS certificate was not accepted",
    requests.exceptions.SSLError: "the TLS certificate was not accepted",
    requests.exceptions.ConnectTimeout: "no connection in time",
    http.client.RemoteDisconnected: "no connection, or it was cut",
    http.client.LineTooLong: "a line of its head is longer than HTTP clients read",
    http.client.BadStatusLine: "what it sends does not begin as an HTTP answer does",
    http.client.UnknownProtocol: "what it sends does not begin as an HTTP answer does",
    urllib3.exceptions.InvalidChunkLength: "its body has a chunk without a proper size",
    http.client.IncompleteRead: "its body ends before it is whole",
    urllib3.exceptions.IncompleteRead: "its body ends before it is whole",
    OSError: "no connection, or it was cut",
    http.client.HTTPException: "its head or its body is not as HTTP has it",
    UnicodeError: "its head has characters that no header has",
    ValueError: "its head or its body is not as HTTP has it",
}
"""What went wrong, in words; the first kind that fits counts."""
