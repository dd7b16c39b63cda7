"""Ways to run a client: a function in this process, or a command in any language; what it returns, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import logging
import os
import re
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any, Protocol

from apitwin.contracts import pointers
from apitwin.testkit.errors import UsageError
from apitwin.testkit.transport.client_key import ClientKey

LONGEST_TEXT = 300
LONGEST_IDENTITY = 10_000
"""Characters that are read of an identity, or of a text that is shown: no more than these can matter."""
MOST_PRINTED = 64 * 2**20
"""Bytes that a command may print."""
ERROR = re.compile(r"\w*(Error|Exception|error:)")
"""What a line on standard error looks like that says what went wrong."""


@dataclass(frozen=True)
class Result:
    """How a call of a client ended.

    items: the identities that it returned, as texts; None where it returned none. error: what it failed with, None
    where it did not fail. ended: False where it had to be abandoned. exposed: where it let the token be seen, None
    where it did not.
    """

    items: tuple[str, ...] | None = None
    error: str | None = None
    ended: bool = True
    exposed: str | None = None


class Client(Protocol):
    """Something that fetches everything from an address with a credential."""

    @property
    def name(self) -> str:
        """What a report calls it."""

    def call(self, base: str, key: ClientKey, identity: str, left: Callable[[], bool], more_s: float = 0) -> Result:
        """Run it once. identity: pointer of an item's identity; left: whether to wait no longer.

        more_s: seconds that it may take beyond its own.
        """


@dataclass(frozen=True)
class FunctionClient:
    """A function of this process. seconds: how long one call may take."""

    fetch_all: Callable[[str, str], Iterable[Any]]
    seconds: float

    @property
    def name(self) -> str:
        """The function's own name."""
        return getattr(self.fetch_all, "__qualname__", type(self.fetch_all).__qualname__)

    def call(self, base: str, key: ClientKey, identity: str, left: Callable[[], bool], more_s: float = 0) -> Result:
        """Call it in a thread, which is abandoned where it does not end: Python cannot stop a thread."""
        results: list[Result] = []

        def work() -> None:
            try:
                items = tuple(_identity(item, identity) for item in _waited_for(self.fetch_all(base, key.text)))
                results.append(Result(items))
            except BaseException as error:  # whatever a client raises is an error that its caller sees
                results.append(Result(error=_told(key, f"{type(error).__name__}: {error}")))

        thread = threading.Thread(target=work, name="apitwin client", daemon=True)
        with _Listener(key) as listener:
            thread.start()
            _wait(lambda: not thread.is_alive(), self.seconds + more_s, left, rest=thread.join)
        result = results[0] if results else Result(ended=False)
        return replace(result, exposed=listener.exposed)


class _Listener(logging.Handler):
    """Listens for a token in what is logged, in a `with` block."""

    def __init__(self, key: ClientKey) -> None:
        super().__init__()
        self._key = key
        self.exposed: str | None = None

    def __enter__(self) -> _Listener:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Note the first record that has the token in it."""
        if self.exposed is None and self._key.is_in(self.format(record)):
            self.exposed = _told(self._key, f"the log of {record.name}: {self.format(record)}")


@dataclass(frozen=True)
class CommandClient:
    """A command that reads APITWIN_URL and its credential in the environment, and prints an id or a JSON item a line.

    seconds: how long a run may take. stopped: once set, by any thread, it ends the run that is under way, and every
    later run, with KeyboardInterrupt.
    """

    command: str
    seconds: float
    stopped: threading.Event = field(default_factory=threading.Event)
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The command itself."""
        return self.command

    def call(self, base: str, key: ClientKey, identity: str, left: Callable[[], bool], more_s: float = 0) -> Result:
        """Run it; an exit code other than 0 is a failure. Raises UsageError when there is no such command."""
        if self.stopped.is_set():
            raise KeyboardInterrupt
        process = self._start({**os.environ, "APITWIN_URL": base, **key.variables})
        self._running.add(process)
        printed, complained = _Pipe(process.stdout), _Pipe(process.stderr)

        def over() -> bool:
            full = printed.full or complained.full
            return full or (printed.ended and complained.ended and process.poll() is not None)

        try:
            _wait(over, self.seconds + more_s, lambda: self.stopped.is_set() or left())
        finally:
            ended = over() and not (printed.full or complained.full)
            _kill(process)  # also what it left running
            process.wait()
            self._running.discard(process)
        if self.stopped.is_set():
            raise KeyboardInterrupt
        if printed.full or complained.full:
            return Result(error=f"it printed more than {MOST_PRINTED // 2**20} MiB")
        if not ended:
            return Result(ended=False)
        return _result(process.returncode, printed.lines(), complained.lines(), key, identity)

    def kill(self) -> None:
        """End the run that is under way, with every process that it has started. Any thread may call this."""
        for process in tuple(self._running):
            _kill(process)

    def _start(self, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start it in a group of its own, which no Ctrl-C reaches: it is killed as a whole."""
        try:
            words = shlex.split(self.command, posix=os.name == "posix")
            if not words:
                raise ValueError("it is empty")
            return subprocess.Popen(
                words,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=os.name == "posix",
            )
        except (OSError, ValueError) as error:
            raise UsageError(f"the command {self.command!r} cannot be run ({error})") from None


def _result(code: int, lines: list[str], complaints: list[str], key: ClientKey, identity: str) -> Result:
    """Return the result of a command that ended by itself."""
    with_token = next((line for line in (*lines, *complaints) if key.is_in(line)), None)
    exposed = None if with_token is None else _told(key, f"a line: {with_token}")
    if code != 0:
        last = [line.strip() for line in complaints if line.strip()][-1:]
        errors = [line.strip() for line in complaints if ERROR.search(line)][-1:]
        return Result(error=_told(key, ": ".join([f"exit code {code}", *(errors or last)])), exposed=exposed)
    return Result(tuple(_identity(_read(line), identity) for line in lines if line.strip()), exposed=exposed)


class _Pipe:
    """What a process prints, read in a thread of its own until it ends or has printed too much."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        assert pipe is not None, "the process was started with pipes"
        self._pipe = pipe
        self._read = bytearray()
        self.ended = self.full = False
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def lines(self) -> list[str]:
        """Return what was printed, line by line. A line of JSON may hold what Python takes for other ends of lines."""
        return [line.removesuffix("\r") for line in self._read.decode("utf-8", "replace").split("\n")]

    def _drain(self) -> None:
        with self._pipe:
            while piece := os.read(self._pipe.fileno(), 65536):
                self._read += piece
                if len(self._read) > MOST_PRINTED:
                    self.full = True
                    return
        self.ended = True


async def _collected(items: Any) -> Any:
    return [item async for item in items] if hasattr(items, "__aiter__") else await items


def _waited_for(items: Any) -> Any:
    """Return what a function returned; where it is asynchronous, the items that it yields or its awaited result."""
    return asyncio.run(_collected(items)) if hasattr(items, "__aiter__") or inspect.isawaitable(items) else items


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a command with all that it has started, such as the client that `npm run` runs, or what it left running."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: all that is left of it are zombies
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        process.kill()


def _told(key: ClientKey, text: str) -> str:
    """Return a text as a report may show it."""
    return key.without(text[:LONGEST_IDENTITY])[:LONGEST_TEXT]


def _wait(
    done: Callable[[], bool], seconds: float, left: Callable[[], bool], rest: Callable[[float], Any] = time.sleep
) -> None:
    """Wait until it is done, the time is over, or there is a reason to wait no longer.

    seconds: the time; rest: waits for so many seconds, or until it is done.
    """
    end = time.monotonic() + seconds
    pause = 0.0002
    while not done() and time.monotonic() < end and not left():
        rest(pause)
        pause = min(pause * 1.5, 0.02)


def _read(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line.strip()


def _identity(item: Any, identity: str) -> str:
    """Return the identity of what a client returned: a JSON item, an object with that attribute, or the id itself."""
    return str(_identifying(item, identity))[:LONGEST_IDENTITY]


def _identifying(item: Any, identity: str) -> Any:
    if isinstance(item, dict):
        return pointers.find(item, identity, "?")
    name = pointers.split(identity)[-1] if identity else ""
    return getattr(item, name, item) if name and not isinstance(item, (str, int)) else item
