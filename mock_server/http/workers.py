"""The threads that answer requests, and how they end: all of them, within a second, whatever they are busy with."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from typing import Any

from cheroot.workers.threadpool import _SHUTDOWNREQUEST, ThreadPool  # type: ignore[attr-defined]  # internal

GRACE_S = 0.25
"""How long an answer that is under way may still take when the server stops; then its connection is cut."""
LAST_S = 0.25
"""How long a thread is waited for after that. A thread that goes on computing cannot be ended, and is abandoned."""


class Workers(ThreadPool):
    """cheroot's threads. Its own `stop` waits for each in turn, even for a thread that sends or computes for ever."""

    _threads: list[Any]
    _queue: queue.Queue[Any]

    def stop(self, timeout: float = GRACE_S) -> None:
        """End all threads. timeout: for the answers under way, in seconds. It may be called again."""
        self._drop_waiting()
        for _ in self._threads:
            self.put(_SHUTDOWNREQUEST)
        self._cut(socket.SHUT_RD)  # threads that wait for a request stop reading; answers still go out
        self._join(timeout)
        self._cut(socket.SHUT_RDWR)
        self._join(LAST_S)

    def _drop_waiting(self) -> None:
        """Close the connections that no thread has taken up."""
        with contextlib.suppress(queue.Empty):
            while True:
                connection = self._queue.get_nowait()
                if hasattr(connection, "close"):
                    connection.close()

    def _cut(self, direction: int) -> None:
        for worker in self._threads:
            connection: Any = worker.conn
            if connection is not None:
                with contextlib.suppress(OSError):  # it is closed already
                    # The method of socket: that of an SSL socket would let the other thread go on without encryption.
                    socket.socket.shutdown(connection.socket, direction)

    def _join(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        for worker in tuple(self._threads):
            if worker is threading.current_thread():  # cheroot may stop the server from one of these threads
                continue
            worker.join(max(0.0, end - time.monotonic()))
            if not worker.is_alive():
                self._threads.remove(worker)
