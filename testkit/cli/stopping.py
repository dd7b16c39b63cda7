"""Stopping a command: it ends within a second of the first signal, whatever it is doing and whatever comes after.

A command that has nothing to put away ends at once. One that has says so with `orderly`: then the main thread puts
everything away. A thread watches: after PATIENCE_S it ends the process itself, because the main thread may be blocked
in a system call, and Hypothesis and Python may each swallow a KeyboardInterrupt. A signal reaches that thread even
then: Python's own C handler writes to a pipe, without waiting for the main thread.

A command that must not leave something half done in a system of somebody else's may ask for more patience: then the
user is told what it is still doing, and that another signal ends it at once.

The handlers stay until the process is gone. Python gives them back while it finalizes, and a second signal would then
end the process with another exit code; so every command ends with `os._exit`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from apitwin.testkit.cli.exit_codes import EXIT_COULD_NOT_RUN

CAUSES = {"SIGINT": "Ctrl-C", "SIGTERM": "SIGTERM", "SIGBREAK": "Ctrl-Break"}
"""The signals that stop a command, and what a user calls them. SIGBREAK exists on Windows only."""
PATIENCE_S = 0.55
"""How long the main thread may take to put everything away."""
PRINTING_S = 0.2
"""How long it may take to print what there is to say: nobody may be reading it."""


@dataclass(frozen=True)
class Ending:
    """How a stopped command ends. line: its last one, in which {cause} is the signal; descriptor: where it goes."""

    line: str
    code: int
    descriptor: int


STOPPED = Ending("apitwin: stopped by {cause}", EXIT_COULD_NOT_RUN, 2)
STOPPED_SERVING = Ending("stopped", 0, 1)


@dataclass(frozen=True)
class Patience:
    """How long the main thread may take to put everything away. reason: what the user is told if that is long."""

    seconds: float = PATIENCE_S
    reason: str = ""


Finish = Callable[[], str]
"""Puts away what is left, tells what there is to tell, and returns more words for the last line."""


class Stopping:
    """The stopping of this process. asked: set soon after the first signal."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._ending = STOPPED
        self._code = STOPPED.code
        self._number = 0
        self._finish: Finish | None = None
        self._patience = Patience()
        self._interrupting = self._interrupted = self._said = self._settled = False
        self._turn = threading.Lock()
        """Held for good by whoever ends the process: the others wait for the end."""

    def install(self, ending: Ending) -> None:
        """Watch for signals from now on. Only the main thread can do this."""
        self._ending, self._code = ending, ending.code
        receive, descriptor = _wake_up()
        signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
        for name in CAUSES:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._handle)
        threading.Thread(target=self._watch, args=(receive,), name="apitwin stopping", daemon=True).start()
        sys.unraisablehook = self._unraisable

    @property
    def cause(self) -> str:
        """What the user calls the first signal."""
        return CAUSES[signal.Signals(self._number).name]

    @contextmanager
    def orderly(self, finish: Finish, *, interrupting: bool = False, patience: Patience = Patience()) -> Iterator[None]:
        """Let the block put things away when the process is asked to stop, which then ends with the block.

        The block has to look at `asked`. finish: called once, in this thread or in the one that watches.
        interrupting: the first signal also raises KeyboardInterrupt in the block, for what cannot look. patience: how
        long the block may take after that.
        """
        with self._turn:
            self._finish, self._patience = finish, patience
        try:
            try:
                self._interrupting = interrupting
                yield
            finally:
                self._interrupting = False
        except BaseException:  # whatever became of the interrupt: Hypothesis fails with assertions of its own
            if not self._is_asked:
                raise
        if self._is_asked:
            self.conclude()

    def conclude(self) -> NoReturn:
        """End a process that was asked to stop: finish, print the last line, and exit."""
        self.asked.wait()  # the number of the signal is known then
        self._turn.acquire()
        words = ""
        try:
            words = self._finish() if self._finish is not None else ""
            _flush()
        except Exception:  # a report that fails is shown, and must not keep the process from ending
            traceback.print_exc()
        self._say(words)
        os._exit(self._code)

    def settle(self, code: int) -> None:
        """Fix the exit code: from now on a signal changes neither it nor what is printed, and still ends the process.

        Call it when everything is judged, just before the report is printed.
        """
        self._turn.acquire()
        self._code, self._said, self._settled = code, True, True

    def end(self, code: int) -> NoReturn:
        """End a process that came to its own end. A full disk is reported, with exit code 2."""
        if not self._settled:
            self.settle(code)
        self._code = code
        try:
            _flush()
        except OSError as error:
            with suppress(OSError):
                os.write(2, f"apitwin: the output cannot be written ({error.strerror})\n".encode())
            os._exit(EXIT_COULD_NOT_RUN)
        os._exit(code)

    @property
    def _is_asked(self) -> bool:
        return self._interrupted or self.asked.is_set()

    def _handle(self, number: int, frame: Any) -> None:
        """Raise once at most; the thread that watches has heard of the signal already."""
        if self._interrupting and not self._interrupted:
            self._interrupted = True
            raise KeyboardInterrupt

    def _unraisable(self, lost: Any) -> None:
        """Report an exception that Python cannot raise, unless it is the interrupt, of which `asked` tells."""
        if not (self._interrupted and isinstance(lost.exc_value, KeyboardInterrupt)):
            sys.__unraisablehook__(lost)

    def _watch(self, receive: Callable[[], int]) -> None:
        """Wait for the first signal, and see to it that the process ends."""
        self._number = receive()
        if self._turn.acquire(timeout=PATIENCE_S) and self._finish is not None:
            self._turn.release()
            self.asked.set()
            self._wait_for_the_main_thread(receive)
            _within(PRINTING_S, self.conclude)
        _within(PRINTING_S / 2, self._say)
        os._exit(self._code)

    def _wait_for_the_main_thread(self, receive: Callable[[], int]) -> None:
        """Wait as long as patience lasts; the process ends meanwhile, unless something holds the main thread.

        Another signal ends a long wait. Those that come with the first one are the same wish: GNU timeout sends two.
        """
        threading.Event().wait(PATIENCE_S)
        if self._patience.seconds <= PATIENCE_S:
            return
        with suppress(OSError):
            os.write(2, f"apitwin: {self._patience.reason}\n".encode())
        since, again = time.monotonic(), threading.Event()

        def listen() -> None:
            while not again.is_set():
                receive()
                if time.monotonic() - since > 0.05:  # what was in the pipe already is read at once
                    again.set()

        threading.Thread(target=listen, name="apitwin second signal", daemon=True).start()
        again.wait(self._patience.seconds - PATIENCE_S)

    def _say(self, words: str = "") -> None:
        """Print the last line, once. It goes past the buffers, which another thread may hold."""
        if not self._said:
            self._said = True
            line = self._ending.line.format(cause=self.cause) + words + "\n"
            with suppress(OSError):  # nobody reads it any more
                os.write(self._ending.descriptor, line.encode())


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Do something that may block, and wait for it so long at most."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)


def _wake_up() -> tuple[Callable[[], int], int]:
    """Return a function that waits for a signal's number, and the descriptor that Python is to write it to."""
    if os.name == "posix":
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        return lambda: os.read(reader, 1)[0], writer
    import socket  # the only descriptor that Python can write to on Windows

    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    return lambda: receiver.recv(1)[0], sender.detach()


def _flush() -> None:
    """Write out what is buffered. Raises OSError where that fails for another reason than that nobody reads it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError, ValueError, AttributeError):  # closed, or there is none
            stream.flush()


STOPPING = Stopping()
"""The stopping of this process; it does nothing before it is installed."""
