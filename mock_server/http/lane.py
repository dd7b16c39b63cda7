"""The short way: a request to the imitated API goes straight to the backend, and its answer straight to the socket.

The Flask application answers everything by itself under any WSGI server, and the same byte for byte; this way costs a
third of it. Whoever puts something of his own into that application is served by it alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.sansio.utils import get_current_url, get_host

from apitwin.mock_server.backend import SAFE, Backend
from apitwin.mock_server.engine.pagination.window import path_of
from apitwin.mock_server.engine.steps import STEPS
from apitwin.mock_server.http.app import response_of
from apitwin.mock_server.http.arrival import Whole
from apitwin.mock_server.http.control import PREFIX
from apitwin.mock_server.http.heads import Headers, head
from apitwin.mock_server.http.target import Target
from apitwin.mock_server.messages import Answer, Request

PLAIN = range(200, 600)
"""Statuses of which Flask says nothing but what an answer has itself, but for those of `ODD`."""
ODD = (204, 304)
REWRITTEN = frozenset({"location", "content-location", "content-type", "content-length"})
"""Headers of an answer that Flask writes anew."""


class Lane:
    """The short way to the backend of one application."""

    def __init__(self, application: Any, backend: Backend) -> None:
        self._application, self._backend = application, backend

    def request(self, whole: Whole, target: Target, scheme: str) -> Request | None:
        """Return a request as the backend takes it, None where the application is to answer it."""
        if whole.is_cut or not self._is_as_it_was_made():
            return None
        path = "/" + target.path.decode("utf-8", "replace").lstrip("/")
        headers = _headers(whole)
        if path.startswith(PREFIX) or "host" not in headers:
            return None
        query = target.query.decode("utf-8", "replace")
        body = b"" if whole.size is None else whole.body.read()
        whole.close()
        return Request(
            method=target.method.decode("latin-1"),
            path=path,
            query=tuple(parse_qsl(query, keep_blank_values=True, errors="replace")),
            headers=headers,
            base=_origin(scheme, headers["host"]) + path_of(path),
            body=body,
        )

    def is_quick(self, request: Request) -> bool:
        """Return whether the answer waits for nothing: no fault, no turn to write, and no code of somebody else's."""
        backend = self._backend
        return (
            request.method in SAFE
            and not backend.faults.active()
            and backend.steps is STEPS
            and backend.extension.is_quick
        )

    def answer(self, request: Request) -> Answer:
        """Return the answer of the backend."""
        return self._backend.answer(request)

    def _is_as_it_was_made(self) -> bool:
        """Whether nobody has put anything of his own before, after or around the application."""
        application = self._application
        return (
            "wsgi_app" not in vars(application)
            and not application.after_request_funcs
            and not application.teardown_request_funcs
            and [*map(len, application.before_request_funcs.values())] == [1]
        )


def lane_of(application: Any) -> Lane | None:
    """Return the short way to an application, None where it is none of `create_app`."""
    extensions = getattr(application, "extensions", None)
    backend = extensions.get("apitwin") if isinstance(extensions, dict) else None
    return Lane(application, backend) if isinstance(backend, Backend) else None


def written(answer: Answer, whole: Whole) -> tuple[bytes, bool, bool]:
    """Return an answer as its way lets it through, whether the connection stays, and whether it is dropped."""
    made = head(whole, _status(answer.status), _headers_of(answer))
    body = answer.body if made.has_body else b""
    if not answer.wire.dropped:
        return made.content + body, made.stays, False
    if answer.wire.dropped == "in-body" and body:
        return made.content + body[: len(body) // 2], False, True
    return b"", False, True


def _headers(whole: Whole) -> dict[str, str]:
    """Return the headers of a request as WSGI has them: repeated ones joined, an underscore for what a hyphen is."""
    headers: dict[str, str] = {}
    for name, value in whole.fields:
        key, text = name.decode("latin-1").lower().replace("_", "-"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    if whole.size is not None:
        headers["content-length"] = str(whole.size)
    if not headers.get("content-type", "-"):
        del headers["content-type"]
    return headers


@lru_cache(maxsize=16)
def _origin(scheme: str, host: str) -> str:
    return get_current_url(scheme, get_host(scheme, host)).rstrip("/")


@lru_cache(maxsize=64)
def _status(code: int) -> str:
    return f"{code} {HTTP_STATUS_CODES.get(code, 'Unknown').upper()}"


def _headers_of(answer: Answer) -> Headers:
    if (
        answer.status not in PLAIN
        or answer.status in ODD
        or any(name.lower() in REWRITTEN for name, _ in answer.headers)
    ):
        return list(response_of(answer).get_wsgi_headers({}))
    kind = () if answer.content_type is None else (("Content-Type", answer.content_type),)
    return (*answer.headers, *kind, ("Content-Length", str(len(answer.body))))
