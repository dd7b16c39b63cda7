"""One thread that waits for sockets, for moments and for what other threads ask of it; nothing in it blocks."""

from __future__ import annotations

import contextlib
import errno
import heapq
import itertools
import logging
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from functools import partial

LOGGER = logging.getLogger("apitwin.twin")
LONGEST_SLEEP_S = 60.0
Act = Callable[[], object]


class Loop:
    """Calls whoever is waited for. Only `call` and `end` are for other threads."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        for end in (self._bell, self._ear):
            end.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ, self._hear)
        self._asked: deque[Act] = deque()
        self._timers: list[tuple[float, int, Act]] = []
        self._number = itertools.count()
        self._ends = False

    def watch(self, sock: socket.socket, events: int, ready: Callable[[int], object]) -> None:
        """Call `ready` with the events that a socket is ready for, of those that are given; with 0 never again.

        Raises OSError for a socket that is closed.
        """
        if sock.fileno() < 0:
            raise OSError(errno.EBADF, "the socket is closed")
        if sock.fileno() not in self._selector.get_map():
            if events:
                self._selector.register(sock, events, ready)
        elif events:
            self._selector.modify(sock, events, ready)
        else:
            self._selector.unregister(sock)

    def later(self, seconds: float, act: Act) -> None:
        """Do something after so many seconds."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._number), act))

    def hurry(self) -> None:
        """Do now all that was to be done later."""
        timers, self._timers = sorted(self._timers), []
        for _, _, act in timers:
            self._do(act)

    def call(self, act: Act) -> None:
        """Do something in the thread of the loop, soon. Any thread may ask for that."""
        self._asked.append(act)
        with contextlib.suppress(OSError):  # it rings already; or the loop has ended, and does nothing more
            self._bell.send(b"!")

    def end(self) -> None:
        """Return from `run` soon. Any thread may ask for that."""
        self._ends = True
        self.call(lambda: None)

    def run(self) -> None:
        """Wait and call until `end`, then close what the loop itself has opened."""
        try:
            while not self._ends:
                for key, events in self._selector.select(self._patience()):
                    self._do(partial(key.data, events))
                while self._asked:
                    self._do(self._asked.popleft())
                while self._timers and self._timers[0][0] <= time.monotonic():
                    self._do(heapq.heappop(self._timers)[2])
        finally:
            self.close()

    def close(self) -> None:
        """Close what the loop itself has opened."""
        for end in (self._bell, self._ear, self._selector):
            end.close()

    def _patience(self) -> float:
        if self._asked:
            return 0
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else LONGEST_SLEEP_S

    def _hear(self, events: int) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ear.recv(4096)

    def _do(self, act: Act) -> None:
        """Do one thing. What goes wrong in it must not stop all others."""
        try:
            act()
        except Exception:  # a mistake in one answer is logged, with where it is, and the twin serves all others on
            LOGGER.exception("apitwin: a mistake of the server's own")
