"""A watch over one exchange: at its deadline the connection is shut, whatever is being read from it and how slowly.

A timeout of a socket counts from byte to byte, and `http.client` reads a head line by line: a server that says a byte
a second, or `100 Continue` for ever, is never late by such a timeout.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_here = threading.local()
"""The watch of the exchange that this thread has."""


class _Alarm:
    """Calls functions when their time has come, in one thread for all: one for each exchange costs as much as that."""

    def __init__(self) -> None:
        self._calls: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._process: int | None = None

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Call a function at a moment of the monotonic clock."""
        with self._changed:
            heapq.heappush(self._calls, (moment, next(self._numbers), call))
            if self._process != os.getpid():  # a thread does not come along into a forked process
                self._process = os.getpid()
                threading.Thread(target=self._run, name="apitwin deadlines", daemon=True).start()
            elif self._calls[0][0] == moment:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._calls:
                    self._changed.wait()
                moment, _, call = self._calls[0]
                left = moment - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                heapq.heappop(self._calls)
            call()


_ALARM = _Alarm()


class Watch:
    """Shuts the connections of this thread's exchange after so many seconds. Use it in a `with` block.

    is_needed: False for a transport without connections; then nothing is watched, and no thread started.
    """

    def __init__(self, seconds: float, is_needed: bool = True) -> None:
        self.expired = False
        self._is_needed = is_needed
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._seconds = seconds
        self._is_over = False

    def __enter__(self) -> Watch:
        _here.watch = self
        if self._is_needed:
            _ALARM.at(time.monotonic() + self._seconds, self._expire)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _here.watch = None
        with self._lock:
            self._is_over = True
            for connection in self._sockets:
                connection.close()
            self._sockets.clear()

    def add(self, connection: socket.socket) -> None:
        """Watch a connection, which is shut at once where the time is over.

        What is kept is a duplicate: `http.client` closes its own socket while the body is still to be read.
        """
        with self._lock:
            self._sockets.append(connection.dup())
            if self.expired:
                _shut(connection)

    def _expire(self) -> None:
        with self._lock:
            self.expired = not self._is_over
            for connection in self._sockets:
                _shut(connection)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed by now
        connection.shutdown(socket.SHUT_RDWR)


class _Watched:
    """A connection that tells the watch of its thread what socket it uses, TLS or not."""

    _duplicate: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        connection: socket.socket = super()._new_conn()  # type: ignore[misc]
        self._drop()
        # TLS takes the socket over, before it shakes hands; a duplicate means the same connection all the time.
        self._duplicate = connection.dup()
        self._tell()
        return connection

    def request(self, *args: Any, **kwargs: Any) -> Any:
        self._tell()
        return super().request(*args, **kwargs)  # type: ignore[misc]

    def close(self) -> None:
        self._drop()
        super().close()  # type: ignore[misc]

    def _tell(self) -> None:
        watch: Watch | None = getattr(_here, "watch", None)
        if watch is not None and self._duplicate is not None:
            watch.add(self._duplicate)

    def _drop(self) -> None:
        if self._duplicate is not None:
            self._duplicate.close()
            self._duplicate = None


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class WatchedAdapter(HTTPAdapter):
    """A transport of requests whose connections are watched, also those through a proxy for HTTP."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of connections."""
        super().init_poolmanager(*args, **kwargs)
        _watched(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Return the pools of connections through a proxy; those of SOCKS are not watched."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if type(manager) is ProxyManager:
            _watched(manager)
        return manager


def _watched(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Unsaid(logging.Filter):
    """Keeps out of the log what urllib3 says of an exchange that is watched: addresses, which may carry a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to log a record."""
        return getattr(_here, "watch", None) is None


for _name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.response", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_Unsaid())
