"""Commands of apitwin that are started many at a time: forked from one process that has loaded everything.

A process of its own, so that memory can be measured and bounded, without the second that loading takes each time.
`python -m tests.hostile.launching` reads jobs from standard input, as JSON, and prints how each ended, a line each.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

MOST_MEMORY = 400 * 2**20
"""Bytes that a command may have in memory."""
MOST_ADDRESSES = 4 * MOST_MEMORY
"""Bytes of addresses that it gets, so that one which is not bounded does not take the machine with it."""
AT_ONCE = 6
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Job:
    """A command of apitwin. folder: its own one, for all that it writes; seconds: after which it is killed.

    addresses: bytes of them that it may use, far more than memory where it has many threads.
    """

    name: str
    arguments: tuple[str, ...]
    folder: str
    environment: dict[str, str]
    seconds: float
    addresses: int = MOST_ADDRESSES


@dataclass(frozen=True)
class Ended:
    """How a job ended. code: -9 where it was killed; memory: bytes, at the most."""

    name: str
    code: int
    seconds: float
    memory: int


def run(jobs: Iterable[Job]) -> Iterator[Ended]:
    """Run jobs in a process of their own, some at a time, and give how each ended."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "tests.hostile.launching"]
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdin is not None and launcher.stdout is not None
        launcher.stdin.write(json.dumps([asdict(job) for job in jobs]))
        launcher.stdin.close()
        for line in launcher.stdout:
            yield Ended(**json.loads(line))


def _launched(job: Job) -> int:
    import resource  # not everywhere, and this file is read everywhere

    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    os.chdir(job.folder)
    os.environ.update(job.environment)
    resource.setrlimit(resource.RLIMIT_AS, (job.addresses, job.addresses))
    output = os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor, place in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (output, 2)):
        os.dup2(descriptor, place)
    from apitwin.testkit.cli import main

    sys.argv = ["apitwin", *job.arguments]
    main()


def _finished(running: dict[int, tuple[Job, float]]) -> Iterator[Ended]:
    """Wait until one has ended, killing what takes too long."""
    while True:
        child, status, usage = os.wait4(-1, os.WNOHANG)
        now = time.monotonic()
        if child:
            job, start = running.pop(child)
            yield Ended(job.name, os.waitstatus_to_exitcode(status), now - start, usage.ru_maxrss * 1024)
            return
        for late, (job, start) in running.items():
            if now - start > job.seconds:
                os.kill(late, signal.SIGKILL)
        signal.sigtimedwait([signal.SIGCHLD], 0.2)


def main() -> None:
    """Run the jobs on standard input."""
    import apitwin.testkit.cli.commands
    import apitwin.testkit.reports.failure_report
    import apitwin.testkit.reports.json_report
    import apitwin.testkit.reports.matrix
    import apitwin.testkit.settings  # noqa: F401

    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    jobs = [Job(**job) for job in json.load(sys.stdin)]
    running: dict[int, tuple[Job, float]] = {}
    while jobs or running:
        while jobs and len(running) < AT_ONCE:
            job = jobs.pop(0)
            running[_launched(job)] = (job, time.monotonic())
        for ended in _finished(running):
            print(json.dumps(asdict(ended)), flush=True)


if __name__ == "__main__":
    main()
