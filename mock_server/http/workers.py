"""The threads for what may wait: for another request, for a slow client, or inside somebody's own code."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

LOGGER = logging.getLogger("apitwin.twin")
THREADS = 32
"""Requests that may wait at once, so many that a fault which lets a dozen wait leaves some for the control plane."""


class Workers:
    """Threads that begin when they are needed first. A thread that computes for ever is left behind at the end."""

    def __init__(self, most: int = THREADS) -> None:
        self._most = most
        self._tasks: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._turn = threading.Lock()
        self._idle = 0

    @property
    def threads(self) -> tuple[threading.Thread, ...]:
        """Those that have begun."""
        return tuple(self._threads)

    def do(self, task: Callable[[], object]) -> None:
        """Do something in a thread, when one is free."""
        with self._turn:
            if self._idle:
                self._idle -= 1
            elif len(self._threads) < self._most:
                thread = threading.Thread(target=self._work, name="apitwin worker", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._tasks.put(task)

    def stop(self, seconds: float) -> None:
        """End all threads. seconds: how long they are waited for. It may be called again."""
        end = time.monotonic() + seconds
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            if thread is not threading.current_thread():  # a request may stop the server that answers it
                thread.join(max(0.0, end - time.monotonic()))

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception:  # a mistake in one answer is logged, with where it is, and the thread goes on
                LOGGER.exception("apitwin: a mistake of the server's own")
            with self._turn:
                self._idle += 1
