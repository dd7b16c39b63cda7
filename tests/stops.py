"""Stopping real commands with real signals: `python -m tests.stops [N] [--busy K] [--seed S]` stops N at random.

Prints a table and exits with 1 where a stop fails. --busy K: so many processes keep the processors busy meanwhile.
A signal that comes before apitwin has run its first line is Python's: the moments begin where SIGTERM has a handler.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import requests

from tests.servers import ROOT

SIGNALS: dict[str, tuple[tuple[float, int], ...]] = {
    "INT": ((0, signal.SIGINT),),
    "TERM": ((0, signal.SIGTERM),),
    "INT INT": ((0, signal.SIGINT), (0.02, signal.SIGINT)),
    "TERM TERM": ((0, signal.SIGTERM), (0.05, signal.SIGTERM)),
    "TERM INT": ((0, signal.SIGTERM), (0.0, signal.SIGINT)),
    "INT TERM INT": ((0, signal.SIGINT), (0.01, signal.SIGTERM), (0.03, signal.SIGINT)),
}
"""What is sent: the seconds since the signal before, and the signal. Signals after the end are not sent."""
PATIENCE_S = 180.0
"""How long a command may take to come up on a busy machine."""
LONGEST_STOP_S = 10.0
"""After this a stop has failed, on however busy a machine. The promise, a second, is what the table shows."""
STOP_LINE = re.compile(r"^(stopped|apitwin: stopped by (Ctrl-C|SIGTERM)( after \d+ of \d+ verdicts)?)$", re.MULTILINE)


class Output:
    """What a process prints on one stream, read in a thread as it comes."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._change = threading.Condition()
        self._ended = False
        self.text = ""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._stream:
            for line in self._stream:
                with self._change:
                    self.text += line
                    self._change.notify_all()
        with self._change:
            self._ended = True
            self._change.notify_all()

    def wait_for(self, pattern: str) -> str:
        """Return what a pattern finds, as soon as it does. Raises TimeoutError where that does not come."""
        with self._change:
            self._change.wait_for(lambda: self._ended or re.search(pattern, self.text, re.MULTILINE), PATIENCE_S)
            match = re.search(pattern, self.text, re.MULTILINE)
        if match is None:
            raise TimeoutError(f"expected {pattern!r}, found {self.text[-500:]!r}")
        return match[0]

    def all(self) -> str:
        """Return everything, once the process is gone."""
        self._thread.join(PATIENCE_S)
        return self.text


@dataclass
class Running:
    """A command that was started. port: what it listens on; clients: the connections of those that it started."""

    process: subprocess.Popen[str]
    out: Output
    err: Output
    stack: contextlib.ExitStack
    listener: socket.socket
    port: int | None = None
    clients: list[socket.socket] = field(default_factory=list)


@dataclass(frozen=True)
class Command:
    """A command to stop. code: what it ends with when stopped; up: waits until it is in the midst of its work.

    ends: whether it comes to its end by itself, so that the signal may come too late.
    """

    arguments: tuple[str, ...]
    code: int
    up: Callable[[Running], None]
    ends: bool = False


def _starting(running: Running) -> None:
    """Wait until SIGTERM has a handler: then apitwin has run its first lines. Only Linux tells."""
    status = Path(f"/proc/{running.process.pid}/status")
    until = time.monotonic() + PATIENCE_S
    while running.process.poll() is None and time.monotonic() < until:
        caught = re.search(r"^SigCgt:\s*(\w+)$", status.read_text(), re.MULTILINE)
        if caught is not None and int(caught[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.001)


def _serving(running: Running) -> None:
    running.port = int(running.out.wait_for(r"operations at \S+:\d+$").rpartition(":")[2])
    running.out.wait_for("^stop:  Ctrl-C$")


def _holding(running: Running) -> None:
    """Keep one connection open between two requests, and have a request held by a fault on another."""
    _serving(running)
    url = f"http://127.0.0.1:{running.port}"
    token = running.out.wait_for(r"^token: \S+$").rpartition(" ")[2]
    idle = running.stack.enter_context(requests.Session())
    idle.get(f"{url}/__twin__/health", timeout=PATIENCE_S).raise_for_status()
    held = running.stack.enter_context(socket.create_connection(("127.0.0.1", running.port), PATIENCE_S))
    held.sendall(f"GET /api/workspaces/ HTTP/1.1\r\nHost: twin\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    until = time.monotonic() + PATIENCE_S
    while "workspaces_list" not in idle.get(f"{url}/__twin__/journal", timeout=PATIENCE_S).text:
        if time.monotonic() > until:
            raise TimeoutError("expected the held request in the journal")


def _judging(running: Running) -> None:
    running.err.wait_for(r"^\d+/\d+ ")


def _in_a_client(running: Running) -> None:
    running.listener.settimeout(PATIENCE_S)
    connection, _ = running.listener.accept()
    running.clients.append(running.stack.enter_context(connection))
    connection.settimeout(PATIENCE_S)
    if connection.recv(5) != b"ready":
        raise ConnectionError("the client ended before it was ready")


SERVE = ("serve", "viktor", "--port", "0")
CLIENT = ("check-client", f"{sys.executable} {ROOT / 'tests' / 'stubborn_client.py'}", "--seconds", "600")
COMMANDS = {
    "serve": Command(SERVE, 0, _serving),
    "serve, requests held": Command((*SERVE, "--fault", "latency:seconds=60"), 0, _holding),
    "serve --tls": Command((*SERVE, "--tls"), 0, _serving),
    "check": Command(("check", "viktor"), 2, _judging),
    "check-client": Command(CLIENT, 2, _in_a_client),
    "serve, starting": Command(SERVE, 0, _starting),
    "serve --tls, starting": Command((*SERVE, "--tls"), 0, _starting),
    "check, starting": Command(("check", "viktor"), 2, _starting),
    "check-client, starting": Command(CLIENT, 2, _starting),
    "laws": Command(("laws",), 2, _starting, ends=True),
    "faults": Command(("faults",), 2, _starting, ends=True),
}


@dataclass(frozen=True)
class Stop:
    """What came of a stop. seconds: from the first signal to the end; problems: what is not as promised."""

    seconds: float
    problems: tuple[str, ...]


@contextlib.contextmanager
def started(command: Command) -> Iterator[Running]:
    """Start a command, and kill what is left of it in the end."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        process = subprocess.Popen(
            [sys.executable, "-m", "apitwin", *command.arguments],
            cwd=ROOT,
            env={**os.environ, "STUBBORN_PORT": str(listener.getsockname()[1])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert process.stdout is not None and process.stderr is not None
        try:
            yield Running(process, Output(process.stdout), Output(process.stderr), stack, listener)
        finally:
            process.kill()
            process.wait()


def stop(command: Command, signals: Sequence[tuple[float, int]], delay: float) -> Stop:
    """Start a command, send it signals so many seconds after it is up, and look at what is left of it."""
    with started(command) as running:
        try:
            command.up(running)
        except (OSError, requests.RequestException) as error:  # TimeoutError is one of them
            return Stop(0, (f"it did not come up: {error}",))
        process = running.process
        with contextlib.suppress(subprocess.TimeoutExpired):  # of a command that has not ended by then
            process.wait(delay)
        start = time.monotonic()
        for gap, number in signals:
            time.sleep(gap)
            process.send_signal(number)
        try:
            code = process.wait(LONGEST_STOP_S)
        except subprocess.TimeoutExpired:
            return Stop(LONGEST_STOP_S, ("it lives on",))
        seconds = time.monotonic() - start
        return Stop(seconds, tuple(_problems(command, running, code)))


def _problems(command: Command, running: Running, code: int) -> Iterator[str]:
    out, err = running.out.all(), running.err.all()
    lines = len(STOP_LINE.findall(out)) + len(STOP_LINE.findall(err))
    if not (command.ends and (code, lines, err) == (0, 0, "")):
        if code != command.code:
            yield f"exit code {code}"
        if lines != 1:
            yield f"{lines} stop lines in {out[-200:]!r} and {err[-500:]!r}"
    if "Traceback" in out + err or "Exception" in err:
        yield f"a traceback: {err[-800:]}"
    if running.port is not None and not _refuses(running.port):
        yield "its port is open"
    if not all(_broken(connection) for connection in (*running.clients, *_waiting(running.listener))):
        yield "a process that it started lives on"


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), LONGEST_STOP_S).close()
    except ConnectionRefusedError:
        return True
    return False


def _waiting(listener: socket.socket) -> Iterator[socket.socket]:
    """Yield the connections of clients that nobody has taken up yet."""
    while select.select([listener], [], [], 0)[0]:
        connection, _ = listener.accept()
        with connection:
            yield connection


def _broken(connection: socket.socket) -> bool:
    """Whether the other end is gone; waits for the system to take it away."""
    connection.settimeout(LONGEST_STOP_S)
    try:
        while connection.recv(64):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


@contextlib.contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep so many processors busy."""
    command = [sys.executable, "-c", "while True: pass"]
    working = [subprocess.Popen(command) for _ in range(processes)]
    try:
        yield
    finally:
        for process in working:
            process.kill()
            process.wait()


Stops = dict[tuple[str, str], list[Stop]]
"""What came of the stops, by command and signals."""


def stop_many(count: int, seed: int, stops: Stops) -> None:
    """Stop so many commands, each in turn, and note what comes of it as it comes. Prints the failures."""
    choose = random.Random(seed)
    names = choose.sample(list(COMMANDS), len(COMMANDS))
    for number in range(count):
        name, signals = names[number % len(names)], choose.choice(list(SIGNALS))
        stopped = stop(COMMANDS[name], SIGNALS[signals], choose.uniform(0, 1.5))
        stops[name, signals].append(stopped)
        for problem in stopped.problems:
            print(f"FAILED {name}, {signals}: {problem}", flush=True)


def table(stops: Stops) -> Iterator[str]:
    """Return the table, line by line, and a line for all of it."""
    yield f"{'command':<24}{'signals':<14}{'stops':>6}{'slowest, s':>12}{'failures':>10}"
    for (name, signals), done in sorted(stops.items()):
        failures = sum(bool(stopped.problems) for stopped in done)
        slowest = max(stopped.seconds for stopped in done)
        yield f"{name:<24}{signals:<14}{len(done):>6}{slowest:>12.2f}{failures:>10}"
    everything = [stopped for done in stops.values() for stopped in done]
    late = sum(stopped.seconds > 1 for stopped in everything)
    failures = sum(bool(stopped.problems) for stopped in everything)
    slowest = max((stopped.seconds for stopped in everything), default=0)
    yield f"{len(everything)} stops, slowest {slowest:.2f} s, {late} took more than 1 s, {failures} failures"


def main(count: int, processes: int, seed: int) -> int:
    """Stop so many commands, fewer at Ctrl-C; return the exit code."""
    stops: Stops = defaultdict(list)
    with contextlib.suppress(KeyboardInterrupt), busy(processes):
        stop_many(count, seed, stops)
    print("\n".join(table(stops)))
    failed = any(stopped.problems for done in stops.values() for stopped in done)
    return 1 if failed or sum(map(len, stops.values())) < count else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.stops", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=200, metavar="N")
    parser.add_argument("--busy", type=int, default=0, metavar="K")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    chosen = parser.parse_args()
    sys.exit(main(chosen.count, chosen.busy, chosen.seed))
