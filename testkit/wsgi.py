"""A `requests` transport that calls a WSGI application in this process: no socket, no port, no thread."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict


class WsgiAdapter(BaseAdapter):
    """Mount it on a `requests.Session` and the session talks to the application. Source: PEP 3333."""

    def __init__(self, application: Any) -> None:
        super().__init__()
        self._application = application

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Call the application with one request and return its answer."""
        given: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            given["status"], given["headers"] = status, headers
            return lambda data: None

        answered: Iterable[bytes] = self._application(_environ(request), start_response)
        try:
            body = b"".join(answered)
        except ConnectionResetError as error:  # what a dropped connection is on a socket
            raise requests.ConnectionError(str(error), request=request) from None
        finally:
            close = getattr(answered, "close", None)
            if close is not None:
                close()
        response = requests.Response()
        response.status_code = int(given["status"].split(" ", 1)[0])
        response.reason = given["status"].partition(" ")[2]
        response.headers = CaseInsensitiveDict(given["headers"])
        response.raw = io.BytesIO(body)
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _path_info(path: str) -> str:
    """Decode a path, but leave `%2F` as it is, as servers do: it separates nothing."""
    return "%2F".join(unquote_to_bytes(one).decode("latin-1") for one in re.split("%2[Ff]", path))


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    data = body.encode() if isinstance(body, str) else bytes(body)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method or "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": _path_info(parts.path),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(data)),
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(data),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ
