"""Sending hostile requests to a twin in another process, and judging what comes back."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.hostile_requests.generator import Hostile, conversation

ROOT = Path(__file__).parent.parent.parent
MARK = re.compile(rb"m[0-9]+x[0-9]z")
PATIENCE_S = 20.0


@dataclass
class Attacked:
    """A twin in a process of its own. errors: the file that its standard error goes to."""

    process: subprocess.Popen[str]
    port: int
    context: ssl.SSLContext | None
    errors: Path

    def connect(self) -> socket.socket:
        """Return a connection that was made, with TLS where the twin speaks it."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        return plain if self.context is None else self.context.wrap_socket(plain, server_hostname="localhost")

    def memory_mb(self) -> float:
        """Return the resident memory of the process, 0 where the system does not tell."""
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        except OSError:
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def written(self) -> str:
        """Return what the twin wrote to standard error."""
        return self.errors.read_text("utf-8")


@contextlib.contextmanager
def attacked(tls: bool = False, *arguments: str) -> Iterator[Attacked]:
    """Serve VIKTOR's twin."""
    with tempfile.TemporaryDirectory() as folder, Path(folder, "errors").open("w", encoding="utf-8") as errors:
        authority = Path(folder, "ca.pem")
        secure = ["--tls", "--ca-file", str(authority)] if tls else []
        command = [sys.executable, "-m", "apitwin", "serve", "viktor", "--port", "0", *secure, *arguments]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        )
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            while not process.stdout.readline().startswith("stop:"):
                pass
            context = ssl.create_default_context(cafile=str(authority)) if tls else None
            yield Attacked(process, port, context, Path(folder, "errors"))
        finally:
            process.terminate()
            process.wait(timeout=10)
            process.stdout.close()


@dataclass
class Result:
    """What came of an attack. wrong: what must not be, in words."""

    requests: int = 0
    connections: int = 0
    slowest_s: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def attack(twin: Attacked, requests: int, seed: int, hands: int = 8, result: Result | None = None) -> Result:
    """Send so many requests, on as many connections at once as there are hands."""
    result = Result() if result is None else result
    numbers = iter(range(10**9))
    goal = result.requests + requests

    def work() -> None:
        while result.requests < goal and len(result.wrong) < 20:
            with result.lock:
                number = next(numbers)
            asked = conversation(Random(f"{seed}/{number}"), number)
            begun = time.monotonic()
            wrong = _talk(twin, asked, result)
            with result.lock:
                result.requests += len(asked)
                result.connections += 1
                result.slowest_s = max(result.slowest_s, time.monotonic() - begun)
                result.wrong += [f"seed {seed}/{number}: {problem}" for problem in wrong]

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return result


def _talk(twin: Attacked, asked: list[Hostile], result: Result) -> list[str]:
    """Send the requests of a connection in one go, then nothing more; return what is wrong with the answers."""
    said = b""
    with twin.connect() as sock:
        with contextlib.suppress(OSError):  # it may have refused and closed before all of it was sent
            sock.sendall(b"".join(request.sent for request in asked))
            socket.socket.shutdown(sock, socket.SHUT_WR)
        try:
            while data := sock.recv(65536):
                said += data
        except TimeoutError:
            return [f"no end after {PATIENCE_S} s: {[request.kind for request in asked]}"]
        except OSError:  # reset, which is an end too
            pass
    return list(_judged(asked, said, result))


def _judged(asked: list[Hostile], said: bytes, result: Result) -> Iterator[str]:
    answers = list(_answers(asked, said))
    kinds = [request.kind for request in asked]
    if b"smuggled-m" in said:
        yield f"what stood in a body was answered: {kinds} {said[-300:]!r}"
    beyond = answers[len(asked) :]  # a last request without an end may leave bytes, which are refused
    if beyond and (asked[-1].is_framed or [status for status, _ in beyond] != [400]):
        yield f"{len(answers)} answers to {len(asked)} requests: {kinds}"
    framed = sum(request.is_framed for request in asked)
    if len(answers) < framed:
        yield f"{len(answers)} answers to {framed} requests that were whole: {kinds} {said[-200:]!r}"
    for request, (status, answer) in zip(asked, answers, strict=False):
        with result.lock:
            result.statuses[status] += 1
        if status >= 500:
            yield f"{status} to {request.kind}: {request.sent[:200]!r}"
        foreign = set(MARK.findall(answer)) - {*MARK.findall(request.sent)}
        if foreign:
            yield f"the answer of {foreign} came to {request.mark}: {kinds}"
        if request.kind == "plain" and status == 404 and request.mark.encode() not in answer:
            yield f"an answer without its id: {answer[-200:]!r}"


def _answers(asked: list[Hostile], said: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the status and the bytes of each answer; those of 100 are none."""
    while said.startswith(b"HTTP/1.1 "):
        head, _, rest = said.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head, re.IGNORECASE)
        size = 0 if length is None else int(length[1])
        status = int(head[9:12])
        if status != 100:
            yield status, head + rest[:size]
        said = rest[size:]
