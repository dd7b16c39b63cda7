"""A twin as an ASGI application (ASGI 3.0, HTTP): for clients that await, without a socket.

transport = httpx.ASGITransport(app=twin.asgi)
async with httpx.AsyncClient(transport=transport, base_url="http://twin.invalid") as client:
    ...
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.http.arrival import Whole
from apitwin.mock_server.http.bodies import Malformed
from apitwin.mock_server.http.bounds import largest_body
from apitwin.mock_server.http.gateway import environment, lost
from apitwin.mock_server.http.heads import Headers
from apitwin.mock_server.http.lane import Lane, lane_of, told
from apitwin.mock_server.http.target import read_target
from apitwin.mock_server.messages import LISTENS, Answer

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
HERE = "127.0.0.1"
"""Where a client without a socket is, as far as the control plane asks."""


class AsgiApplication:
    """What `create_app` returned, for a server or a client that awaits."""

    def __init__(self, application: Any) -> None:
        self._application, self._lane = application, lane_of(application)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection scope.

        Raises ConnectionResetError where a fault drops the connection, and TwinError for a scope that is no HTTP.
        """
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            try:
                environ = await _environment(scope, receive)
            except Malformed as problem:
                await _send(send, problem.status, [("Content-Type", "text/plain")], f"{problem}\n".encode())
            else:
                await self._answer(environ, scope["method"], send)
        else:
            # The specification wants an exception for what an application does not speak.
            raise TwinError(f"a twin answers HTTP; found an ASGI scope of the type {scope['type']!r}")

    async def _answer(self, environ: dict[str, Any], method: str, send: Send) -> None:
        answer = None if self._lane is None else await _answered(self._lane, environ)
        if answer is None:
            status, headers, body = await asyncio.to_thread(_called, self._application, environ)
            await _send(send, status, headers, body)
            return
        await asyncio.sleep(answer.wire.delay_s)
        status, headers = told(answer)
        body = b"" if method == "HEAD" else answer.body
        if answer.wire.dropped == "in-body" and body:
            await _send(send, status, headers, body[: len(body) // 2], is_all=False)
        if answer.wire.dropped:
            raise lost("apitwin: a fault dropped this connection")
        await _send(send, status, headers, body)


async def _answered(lane: Lane, environ: dict[str, Any]) -> Answer | None:
    request = lane.request(environ)
    if request is None:
        return None
    if lane.is_quick(request):
        return lane.answer(request, environ)
    return await asyncio.to_thread(lane.answer, request, environ)


def _called(application: Any, environ: dict[str, Any]) -> tuple[str, Headers, bytes]:
    begun: list[tuple[str, Headers]] = []
    pieces: Iterable[bytes] = application(environ, lambda status, headers, error=None: begun.append((status, headers)))
    body = b"".join(pieces)
    status, headers = begun[-1]
    return status, headers, body


async def _send(send: Send, status: str, headers: Headers, body: bytes, is_all: bool = True) -> None:
    named = [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": named})
    await send({"type": "http.response.body", "body": body, "more_body": not is_all})


async def _environment(scope: Message, receive: Receive) -> dict[str, Any]:
    path: bytes = scope.get("raw_path") or scope["path"].encode("utf-8")
    target = path.partition(b"?")[0] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    body = await _body(receive, largest_body(path))
    fields = tuple((name, value) for name, value in scope["headers"] if name.lower() not in _FRAMING)
    line = b"%b %b HTTP/1.1" % (scope["method"].encode("latin-1"), target)
    whole = Whole(line, fields, len(body) if body else None, io.BytesIO(body))
    client = scope.get("client") or (HERE, 0)
    server = scope.get("server") or (HERE, 80)
    return {
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "REMOTE_ADDR": str(client[0]),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        LISTENS: HERE,
        **environment(whole, read_target(line)),
    }


_FRAMING = (b"content-length", b"transfer-encoding")


async def _body(receive: Receive, largest: int) -> bytes:
    """Return the body of a request, and no more than one byte too much of it."""
    body = bytearray()
    while len(body) <= largest:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


async def _live(receive: Receive, send: Send) -> None:
    """Say that nothing has to be done at the start and at the end."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
