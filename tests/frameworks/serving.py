"""Serving an ASGI application from a process of its own, until somebody stops it."""

from __future__ import annotations

import json
import socket
from typing import Any

import uvicorn


def serve_until_stopped(application: Any, **said: str) -> None:
    """Serve on a free port of the loopback interface until SIGTERM or SIGINT.

    said: what is printed besides `url`, as a line of JSON, once requests are taken.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each body waits 40 ms for its head
        port = listener.getsockname()[1]
        print(json.dumps({"url": f"http://127.0.0.1:{port}", **said}), flush=True)
        server = uvicorn.Server(uvicorn.Config(application, log_level="critical", access_log=False, lifespan="off"))
        server.run(sockets=[listener])
