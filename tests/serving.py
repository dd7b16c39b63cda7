"""Serving a WSGI application from a process of its own, until somebody stops it."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any

from cheroot import wsgi


def serve_until_stopped(application: Any, announce: Callable[[str], str], port: int = 0) -> None:
    """Serve on the loopback interface until SIGTERM or SIGINT. port: 0 picks a free one.

    announce: makes of the address the line that is printed once requests are taken.
    """
    server = wsgi.Server(("127.0.0.1", port), application, numthreads=4)
    server.expiration_interval = 0.05  # how often it looks whether it shall stop
    server.prepare()

    def stop(number: int, frame: FrameType | None) -> None:
        """End the process on a signal. Nothing is raised: Python drops what is raised while a connection is freed."""
        threading.Thread(target=server.stop).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    print(announce(f"http://127.0.0.1:{server.bind_addr[1]}"), flush=True)
    try:
        server.serve()
    finally:
        server.stop()


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """Serve a WSGI application in threads of this process, for the length of a `with` block. Gives the address."""
    server = wsgi.Server(("127.0.0.1", 0), application, numthreads=2)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join()


@contextmanager
def answering_json(
    answer: Callable[[str, str | None], tuple[int, Any]], content_type: str = "application/json"
) -> Iterator[str]:
    """Answer GET by a function, for the length of a `with` block. Gives the address.

    answer: returns status and value for a target and its Authorization header.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status, value = answer(self.path, self.headers.get("Authorization"))
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with answering(Handler) as address:
        yield address


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer by a handler, in threads of this process, for the length of a `with` block. Gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
