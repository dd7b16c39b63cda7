"""The short way: a request to the imitated API goes straight to the backend, and its answer straight to the socket.

The Flask application answers everything by itself under any WSGI server, and the same byte for byte; this way costs a
third of it. Whoever puts something of his own into that application is served by it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import parse_qsl

import flask
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.sansio.utils import get_current_url, get_host

from apitwin.mock_server.backend import SAFE, Backend
from apitwin.mock_server.engine.pagination.window import path_of
from apitwin.mock_server.engine.steps import STEPS
from apitwin.mock_server.http.app import response_of
from apitwin.mock_server.http.arrival import Whole
from apitwin.mock_server.http.bounds import largest_body
from apitwin.mock_server.http.control import PREFIX
from apitwin.mock_server.http.heads import Headers, head
from apitwin.mock_server.messages import UNHARMED, Answer, Request

PLAIN = range(200, 600)
"""Statuses of which Flask says nothing but what an answer has itself, but for those of `ODD`."""
ODD = (204, 304)
REWRITTEN = frozenset({"location", "content-location", "content-type", "content-length"})
"""Headers of an answer that Flask writes anew."""


class Lane:
    """The short way to the backend of one application. It is a WSGI application itself, and answers the same."""

    def __init__(self, application: Any, backend: Backend) -> None:
        self._application, self._backend = application, backend

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request as the application would."""
        request = self.request(environ)
        if request is None:
            return cast("Iterable[bytes]", self._application(environ, start_response))
        answer = self.answer(request, environ)
        if answer.wire != UNHARMED or _is_rewritten(answer):
            return response_of(answer)(environ, start_response)
        status, headers = told(answer)
        start_response(status, list(headers))
        return () if request.method == "HEAD" else (answer.body,)

    def request(self, environ: dict[str, Any]) -> Request | None:
        """Return a request as the backend takes it, None where the application is to answer it."""
        path = "/" + environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace").lstrip("/")
        host, size = environ.get("HTTP_HOST"), int(environ.get("CONTENT_LENGTH") or 0)
        if path.startswith(PREFIX) or host is None or size > largest_body(path) or not self._is_as_it_was_made():
            return None
        query = environ["QUERY_STRING"].encode("latin-1").decode("utf-8", "replace")
        return Request(
            method=environ["REQUEST_METHOD"],
            path=path,
            query=tuple(parse_qsl(query, keep_blank_values=True, errors="replace")),
            headers=_headers(environ),
            base=_origin(environ["wsgi.url_scheme"], host) + path_of(path),
            body=environ["wsgi.input"].read(size) if size else b"",
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

    def answer(self, request: Request, environ: dict[str, Any]) -> Answer:
        """Return the answer of the backend; where its code fails, the application logs it and says that it did."""
        try:
            return self._backend.answer(request)
        except Exception as error:  # whatever an extension may raise, as Flask takes it
            with self._application.request_context(environ):
                failed = self._application.handle_exception(error)
            return Answer(failed.status_code, failed.get_data(), failed.content_type)

    def _is_as_it_was_made(self) -> bool:
        """Whether nobody has put anything of his own before, after or around the application."""
        application = self._application
        return (
            "wsgi_app" not in vars(application)
            and not (application.testing or application.debug or application.config["PROPAGATE_EXCEPTIONS"])
            and not application.after_request_funcs
            and not application.teardown_request_funcs
            and [*map(len, application.before_request_funcs.values())] == [1]
        )


def lane_of(application: Any) -> Lane | None:
    """Return the short way to an application, None where it is none of `create_app`."""
    if type(application) is not flask.Flask:  # what only looks like one may answer otherwise
        return None
    backend = application.extensions.get("apitwin")
    return Lane(application, backend) if isinstance(backend, Backend) else None


def short_way(application: Any) -> Any:
    """Return a WSGI application that answers as another one does, faster where that is one of `create_app`."""
    return lane_of(application) or application


def written(answer: Answer, whole: Whole) -> tuple[bytes, bool, bool]:
    """Return an answer as its way lets it through, whether the connection stays, and whether it is dropped."""
    made = head(whole, *told(answer))
    body = answer.body if made.has_body else b""
    if not answer.wire.dropped:
        return made.content + body, made.stays, False
    if answer.wire.dropped == "in-body" and body:
        return made.content + body[: len(body) // 2], False, True
    return b"", False, True


def told(answer: Answer) -> tuple[str, Headers]:
    """Return the status line and the headers of an answer, as Flask would send them."""
    return _status(answer.status), _headers_of(answer)


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of a request, with lower-case names."""
    headers = {key[5:].replace("_", "-").lower(): text for key, text in environ.items() if key.startswith("HTTP_")}
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            headers[key.replace("_", "-").lower()] = environ[key]
    return headers


@lru_cache(maxsize=16)
def _origin(scheme: str, host: str) -> str:
    return get_current_url(scheme, get_host(scheme, host)).rstrip("/")


@lru_cache(maxsize=64)
def _status(code: int) -> str:
    return f"{code} {HTTP_STATUS_CODES.get(code, 'Unknown').upper()}"


def _is_rewritten(answer: Answer) -> bool:
    is_odd = answer.status not in PLAIN or answer.status in ODD
    return is_odd or any(name.lower() in REWRITTEN for name, _ in answer.headers)


def _headers_of(answer: Answer) -> Headers:
    if _is_rewritten(answer):
        return list(response_of(answer).get_wsgi_headers({}))
    kind = () if answer.content_type is None else (("Content-Type", answer.content_type),)
    return (*answer.headers, *kind, ("Content-Length", str(len(answer.body))))
