"""A command ends with its first signal, whatever comes after it and whatever it is doing; and so does a twin."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from apitwin.mock_server import Twin
from tests.stops import COMMANDS, LONGEST_STOP_S, SIGNALS, stop

needs_signals = pytest.mark.skipif(os.name == "nt", reason="a process of Windows cannot be sent Ctrl-C alone")
STOPS = [
    *(("serve", signals) for signals in SIGNALS),
    ("serve, requests held", "INT"),
    ("serve, requests held", "TERM TERM"),
    ("serve --tls", "INT INT"),
    ("serve --tls", "TERM"),
    ("check", "INT"),
    ("check", "INT TERM INT"),
    ("check", "TERM TERM"),
    ("check-client", "INT"),
    ("check-client", "TERM"),
    ("check-client", "INT INT"),
    ("check-client", "INT TERM INT"),
    ("serve, starting", "INT INT"),
    ("serve, starting", "TERM"),
    ("serve --tls, starting", "TERM TERM"),
    ("check, starting", "INT"),
    ("check-client, starting", "TERM INT"),
    ("laws", "INT"),
]


@needs_signals
@pytest.mark.parametrize(("name", "signals"), STOPS, ids=lambda words: words)
def test_a_command_ends_with_its_first_signal(
    name: str, signals: str, record_property: Callable[[str, object], None]
) -> None:
    if COMMANDS[name].up is COMMANDS["laws"].up and sys.platform != "linux":
        pytest.skip("only Linux tells from outside when apitwin has begun")
    delay = random.Random(f"{name} {signals}").uniform(0, 0.4)

    stopped = stop(COMMANDS[name], SIGNALS[signals], delay)

    record_property("seconds", stopped.seconds)
    assert stopped.problems == ()


HELD = """
import sys, time
from apitwin.testkit.cli.stopping import STOPPED, STOPPING

def finish():
    if "telling" in sys.argv:
        time.sleep(600)
    return " after 1 of 2 verdicts"

STOPPING.install(STOPPED)
with STOPPING.orderly(finish, interrupting="swallowed" in sys.argv):
    print("up", flush=True)
    while True:
        try:
            time.sleep(600)
        except KeyboardInterrupt:
            pass
"""


@needs_signals
@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("blocked", "apitwin: stopped by SIGTERM after 1 of 2 verdicts\n"),
        ("swallowed", "apitwin: stopped by SIGTERM after 1 of 2 verdicts\n"),
        ("telling", "apitwin: stopped by SIGTERM\n"),
    ],
)
def test_a_main_thread_that_does_not_end_is_not_waited_for(how: str, line: str) -> None:
    """It is blocked in a call, it swallows the interrupt, or nobody reads what it has to tell."""
    command = [sys.executable, "-c", HELD, how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=LONGEST_STOP_S)
    assert (process.returncode, complaints) == (2, line)


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_twin_stops_whatever_its_clients_do_and_leaves_no_thread(tls: bool) -> None:
    """One client says nothing, one half a request, one waits for an answer, and one never reads its answer."""
    before = set(threading.enumerate())
    with Twin("viktor", tls=tls) as twin:
        address = ("127.0.0.1", twin.running.port)
        twin.fault("latency", seconds=600)
        request = f"GET /api/workspaces/ HTTP/1.1\r\nHost: twin\r\nAuthorization: Bearer {twin.token}\r\n\r\n"
        with socket.create_connection(address), socket.create_connection(address) as half:
            half.sendall(b"GET /__twin__/hea")
            with socket.create_connection(address) as waits:
                waits.sendall(request.encode())
                while not (tls or twin.journal.entries()):
                    time.sleep(0.001)
                start = time.monotonic()
                twin.running.stop()
                twin.running.stop()
                seconds = time.monotonic() - start
    assert set(threading.enumerate()) <= before
    assert seconds < 5


def test_a_twin_is_stopped_by_several_threads_at_once() -> None:
    before = set(threading.enumerate())
    with Twin("viktor") as twin:
        stopping = [threading.Thread(target=twin.running.stop) for _ in range(4)]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        assert not twin.is_running
    assert set(threading.enumerate()) <= before
