"""A `requests` transport that calls a WSGI application in this process: no socket, no port, no thread."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

PAUSE = "apitwin.pause"
"""The key under which a twin finds who waits for it, as a server would; see `apitwin.mock_server.messages`."""


class WsgiAdapter(BaseAdapter):
    """Mount it on a `requests.Session` and the session talks to the application. Source: PEP 3333."""

    def __init__(self, application: Any) -> None:
        super().__init__()
        self._application = application

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        *args: Any,
        **kwargs: Any,
    ) -> requests.Response:
        """Call the application with one request and return its answer.

        timeout: as requests has it; raises its ReadTimeout where a fault delays the answer for longer.
        """
        started: dict[str, Any] = {}
        patience = timeout[1] if isinstance(timeout, tuple) else timeout

        def pause(seconds: float) -> None:
            time.sleep(seconds if patience is None else min(seconds, patience))
            if patience is not None and seconds >= patience:
                raise requests.ReadTimeout(f"no answer within {patience:g} s", request=request)

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started["status"], started["headers"] = status, headers
            return lambda data: None

        answered: Iterable[bytes] = self._application({**_environ(request), PAUSE: pause}, start_response)
        try:
            body = b"".join(answered)
        except ConnectionResetError as error:  # what a dropped connection is on a socket
            raise requests.ConnectionError(str(error), request=request) from None
        finally:
            close = getattr(answered, "close", None)
            if close is not None:
                close()
        response = requests.Response()
        response.status_code = int(started["status"].split(" ", 1)[0])
        response.reason = started["status"].partition(" ")[2]
        response.headers = CaseInsensitiveDict(started["headers"])
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = io.BytesIO(body)
        response.url = request.url or ""
        response.request = request
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _path_info(path: str) -> str:
    """Decode a path, but leave `%2F` as it is, as servers do: it separates nothing."""
    return "%2F".join(unquote_to_bytes(part).decode("latin-1") for part in re.split("%2[Ff]", path))


def _bytes(body: Any) -> bytes:
    """Return a body as requests may have it: nothing, a text, bytes, a file, or pieces that come one by one."""
    if body is None or isinstance(body, (str, bytes)):
        return body.encode() if isinstance(body, str) else body or b""
    read = getattr(body, "read", None)
    pieces = [read()] if read is not None else body
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    data = _bytes(request.body)
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
        if name.lower() == "transfer-encoding":  # the pieces are one by now
            continue
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ
