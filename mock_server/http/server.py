"""Running a twin on a socket: a thread that waits for clients, and threads for what may wait itself."""

from __future__ import annotations

import threading
import time
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.http import lane, patience
from apitwin.mock_server.http.arrival import Whole
from apitwin.mock_server.http.bodies import Malformed
from apitwin.mock_server.http.connection import Channel, Connection
from apitwin.mock_server.http.gateway import Gateway, environment
from apitwin.mock_server.http.guard import is_loopback
from apitwin.mock_server.http.loop import Loop
from apitwin.mock_server.http.reception import Reception, listening
from apitwin.mock_server.http.target import read_target
from apitwin.mock_server.http.workers import THREADS, Workers
from apitwin.mock_server.messages import LISTENS, PAUSE, Answer, Request

if TYPE_CHECKING:
    from apitwin.mock_server.http.tls import Tls

HERE = frozenset({"127.0.0.1", "0.0.0.0", "::", "localhost"})  # nosec B104: compared with, never listened on
"""What a twin may listen on so that `localhost` reaches it on every system."""
LAST_S = 0.25
"""How long threads are waited for at the end. One that goes on computing cannot be ended, and is left behind."""


class RunningTwin:
    """A WSGI application on a socket, for the length of a `with` block.

    url: scheme, host and port. host: `name:port`, for clients that make the address themselves; `localhost` as the
    name where that reaches it. began: the number of requests since it was made.
    """

    def __init__(
        self, app: Any, host: str = "127.0.0.1", port: int = 0, threads: int = THREADS, tls: Tls | None = None
    ) -> None:
        """port: 0 for a free one. threads: requests that may wait at once, for one another or for a slow client.

        tls: speak HTTPS, see `apitwin.mock_server.http.tls.certified`. Raises TwinError when the port is in use or not
        allowed.
        """
        if not 0 <= port <= 65535:
            raise TwinError(f"cannot listen on {host}:{port}; a port is a number from 0 to 65535, 0 for any free one")
        try:
            sock = listening(host, port)
        except OSError as error:
            reason = (error.strerror or str(error)).partition(" (while attempting")[0]
            raise TwinError(f"cannot listen on {host}:{port} ({reason}); choose another --port, or 0 for any") from None
        self.began = self._ended = 0
        self._application, self._lane = app, lane.lane_of(app)
        self._scheme = "http" if tls is None else "https"
        self._address, self.port = str(sock.getsockname()[0]), int(sock.getsockname()[1])
        self._stopping = threading.Event()
        self._turn, self._is_stopped = threading.RLock(), False
        self._loop, self._workers = Loop(), Workers(threads)
        self._reception = Reception(self._loop, sock, self._respond, None if tls is None else tls.context)
        self._thread = threading.Thread(target=self._loop.run, name="apitwin", daemon=True)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"{self._scheme}://{shown}:{self.port}"
        self.host = f"{'localhost' if host in HERE else shown}:{self.port}"

    @property
    def is_serving(self) -> bool:
        """Whether it answers: from its start until it is stopped."""
        return not self._stopping.is_set() and self._thread.is_alive()

    @property
    def is_local(self) -> bool:
        """Whether it listens to this machine alone."""
        return is_loopback(self._address)

    @property
    def threads(self) -> frozenset[threading.Thread]:
        """The threads that serve, as many as were needed so far."""
        return frozenset((self._thread, *self._workers.threads))

    def rests(self, patience_s: float = 0.5) -> bool:
        """Return whether no request is being answered. patience_s: how long to wait for those that are about to end."""
        until = time.monotonic() + patience_s
        while self._ended != self.began and time.monotonic() < until:
            time.sleep(0.0002)
        return self._ended == self.began

    def __enter__(self) -> RunningTwin:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop serving, free the port and end all threads, within a second. Any thread may call this, and again.

        A second call waits for the first, or does what an interrupt left undone.
        """
        with self._turn:
            if self._is_stopped:
                return
            self._stopping.set()
            if self._thread.is_alive():
                self._loop.call(partial(self._reception.close, self._loop.end))
                self._thread.join(timeout=patience.GRACE_S + 1)
            elif self._thread.ident is None:  # it was never started
                self._reception.close(self._loop.close)
            self._workers.stop(LAST_S)
            self._is_stopped = True

    def wait(self) -> None:
        """Wait until the server stops."""
        self._thread.join()

    # In the thread of the loop

    def _respond(self, connection: Connection, whole: Whole) -> None:
        self.began += 1
        try:
            environ = self._environment(connection, whole)
        except Malformed:
            whole.close()
            self._ended += 1
            raise
        request = None if self._lane is None or whole.is_cut else self._lane.request(environ)
        if self._lane is None or request is None:
            self._workers.do(partial(self._answer_by_application, connection, whole, environ))
        elif not self._lane.is_quick(request):
            self._workers.do(partial(self._answer_in_a_thread, connection, whole, environ, self._lane, request))
        else:
            self._send(connection, whole, self._lane.answer(request, environ))

    def _environment(self, connection: Connection, whole: Whole) -> dict[str, Any]:
        return {
            "wsgi.url_scheme": self._scheme,
            "REMOTE_ADDR": connection.peer,
            "SERVER_NAME": self._address,
            "SERVER_PORT": str(self.port),
            LISTENS: self._address,
            PAUSE: self._stopping.wait,
            **environment(whole, read_target(whole.line)),
        }

    def _send(self, connection: Connection, whole: Whole, answer: Answer) -> None:
        """Send an answer as its way treats it: late, or only a part of it."""
        wire = answer.wire
        if wire.delay_s and not self._stopping.is_set():
            self._loop.later(wire.delay_s, partial(self._send_now, connection, whole, answer))
        else:
            self._send_now(connection, whole, answer)

    def _send_now(self, connection: Connection, whole: Whole, answer: Answer) -> None:
        whole.close()
        data, stays, is_dropped = lane.written(answer, whole)
        self._ended += 1
        if is_dropped:
            connection.send(data)
            connection.drop()
        else:
            connection.reply(data, stays)

    # In a thread that may wait

    def _answer_in_a_thread(
        self, connection: Connection, whole: Whole, environ: dict[str, Any], fast: lane.Lane, request: Request
    ) -> None:
        answer = fast.answer(request, environ)
        self._loop.call(partial(self._send, connection, whole, answer))

    def _answer_by_application(self, connection: Connection, whole: Whole, environ: dict[str, Any]) -> None:
        try:
            Gateway(whole, Channel(connection)).respond(self._application, environ)
        finally:
            whole.close()
            self._loop.call(self._count)

    def _count(self) -> None:
        self._ended += 1
