"""Running a twin on a socket: a thread with a server that stops at once."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from cheroot import wsgi
from cheroot.server import _STOPPING_FOR_INTERRUPT  # type: ignore[attr-defined]  # internal

from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.http.bounds import largest_body
from apitwin.mock_server.http.connection import Connection
from apitwin.mock_server.http.guard import is_loopback
from apitwin.mock_server.http.reception import Reception
from apitwin.mock_server.http.workers import Workers
from apitwin.mock_server.messages import LISTENS, PAUSE, SILENCE

if TYPE_CHECKING:
    from apitwin.mock_server.http.tls import Tls

LOGGER = logging.getLogger("apitwin.twin")
HERE = frozenset({"127.0.0.1", "0.0.0.0", "::", "localhost"})  # nosec B104: compared with, never listened on
"""What a twin may listen on so that `localhost` reaches it on every system."""
THREADS = 32
"""Requests that are answered at once; cheroot has all its threads from the start.

So many that a fault which lets a dozen requests wait leaves some for the control plane. Measured, against 8: a server
starts in 2 ms instead of 1, and takes 0.6 MB instead of 0.2.
"""
WAITING = 128
"""Connections that may wait to be taken up, where cheroot has 5: those of a burst beyond that try again after 1 s."""


SENDING_S = 10
"""How long a client may read nothing of an answer that is more than the system keeps for it; then it is cut."""
ACCEPTING_S = 0.1
"""How long accepting a connection may block, where its client is gone again by then."""

REFUSING_S = 0.25
"""How long a refusal may take, to a client that does not read, once the server stops."""


class _Gateway(wsgi.Gateway_10):
    """cheroot's way from HTTP to WSGI, on which an application can end a connection before it has said a word."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]
        """Return the WSGI environment of a request."""
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ[SILENCE] = self._keep_silent
        environ[LISTENS] = self.req.server.bind_addr[0]
        environ[PAUSE] = self.req.server.stopping.wait
        return environ

    def respond(self) -> None:
        """Answer a request, and count it."""
        server = self.req.server
        with server.counting:
            server.began += 1
        try:
            super().respond()
        finally:
            with server.counting:
                server.ended += 1

    def _keep_silent(self) -> None:
        self.req.sent_headers = True  # else cheroot sends them even after an error


class _Server(wsgi.Server):
    """cheroot's server, with its complaints in a logger instead of on standard error."""

    ConnectionClass = Connection
    keep_alive_conn_limit: Any = None  # the reception has one of its own, which counts those that say nothing too
    largest_body = staticmethod(largest_body)
    _connections: Any
    _unservicable_conns: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.requests = Workers(self, min=options["numthreads"])
        self.serving = threading.Event()
        self.stopping = threading.Event()
        self.counting = threading.Lock()
        self.began = self.ended = 0
        self._turn = threading.RLock()
        self._stopped = False
        self._refusing: threading.Thread | None = None

    def clear_stats(self) -> None:
        """Count nothing that anybody could read: cheroot keeps what it counts, and with it the server, for ever."""
        super().clear_stats()  # type: ignore[no-untyped-call]
        registry: dict[str, Any] = getattr(logging, "statistics", {})
        registry.pop(f"Cheroot HTTPServer {id(self)}", None)

    @property
    def expiration_interval(self) -> float:  # type: ignore[override]
        """How often it checks whether it is to stop, in seconds."""
        self.serving.set()  # cheroot asks for it when all its threads have begun
        return 0.05

    def prepare(self) -> None:
        """Listen, and start all threads. Raises OSError where that is impossible."""
        super().prepare()
        self.socket.settimeout(ACCEPTING_S)
        self._connections.close()
        self._connections = Reception(self)

    def process_conn(self, conn: Any) -> None:
        """Read what a connection sent, without waiting for it."""
        self._connections.receive(conn)

    def hand_over(self, conn: Any) -> None:
        """Let a thread answer a connection whose request is whole."""
        super().process_conn(conn)

    def _serve_unservicable(self) -> None:
        """Refuse what there is no room for, in a thread that cheroot starts and forgets."""
        self._refusing = threading.current_thread()
        super()._serve_unservicable()  # type: ignore[misc]

    def stop(self) -> None:
        """Stop within a second. A second call waits for the first, or does what an interrupt left undone.

        cheroot's own connects to its socket, which takes a second where many wait to be accepted, and waits for
        threads without an end.
        """
        with self._turn:
            if self._stopped:
                return
            self.ready = False
            self.stopping.set()
            self._unservicable_conns.put(_STOPPING_FOR_INTERRUPT)
            self._connections.stop()  # waits until nothing more is accepted
            if self.socket is not None:
                self.socket.close()
                self.socket = None
            self._connections.close()
            self.requests.stop()
            if self._refusing is not None:
                self._refusing.join(REFUSING_S)
            self._stopped = True

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """Log what cheroot has to say."""
        LOGGER.log(level, msg, exc_info=traceback)


class RunningTwin:
    """A WSGI application on a socket, for the length of a `with` block.

    url: scheme, host and port. host: `name:port`, for clients that make the address themselves; `localhost` as the
    name where that reaches it.
    """

    def __init__(
        self, app: Any, host: str = "127.0.0.1", port: int = 0, threads: int = THREADS, tls: Tls | None = None
    ) -> None:
        """port: 0 for a free one. tls: speak HTTPS, see `apitwin.mock_server.http.tls.certified`.

        Raises TwinError when the port is in use or not allowed.
        """
        if not 0 <= port <= 65535:
            raise TwinError(f"cannot listen on {host}:{port}; a port is a number from 0 to 65535, 0 for any free one")
        self._server = _Server((host, port), app, numthreads=threads, server_name="apitwin", request_queue_size=WAITING)
        self._server.gateway = _Gateway
        self._server.timeout = SENDING_S
        if tls is not None:
            from apitwin.mock_server.http.tls import secure

            secure(self._server, tls.context)
        try:
            self._server.prepare()
        except OSError as error:
            reason = error.strerror or str(error).rpartition("] ")[2].rstrip(")")  # cheroot wraps the system's words
            raise TwinError(f"cannot listen on {host}:{port} ({reason}); choose another --port, or 0 for any") from None
        self._thread = threading.Thread(target=self._server.serve, name="apitwin", daemon=True)
        self.port: int = self._server.bind_addr[1]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{'http' if tls is None else 'https'}://{shown}:{self.port}"
        self.host = f"{'localhost' if host in HERE else shown}:{self.port}"

    @property
    def is_serving(self) -> bool:
        """Whether it answers: from its start until it is stopped."""
        return bool(self._server.ready) and self._thread.is_alive()

    @property
    def is_local(self) -> bool:
        """Whether it listens to this machine alone."""
        return is_loopback(str(self._server.bind_addr[0]))

    @property
    def began(self) -> int:
        """The number of requests since it was made."""
        return int(self._server.began)

    def rests(self, patience_s: float = 0.5) -> bool:
        """Return whether no request is being answered. patience_s: how long to wait for those that are about to end."""
        until = time.monotonic() + patience_s
        while self._server.ended != self._server.began and time.monotonic() < until:
            time.sleep(0.0002)
        return bool(self._server.ended == self._server.began)

    def __enter__(self) -> RunningTwin:
        self._thread.start()
        self._server.serving.wait(timeout=1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop serving, free the port and end all threads, within a second. Any thread may call this, and again."""
        self._server.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=1)

    def wait(self) -> None:
        """Wait until the server stops."""
        self._thread.join()
