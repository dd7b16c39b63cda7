"""A twin to which the system gives no more sockets goes on as soon as it does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.servers import ROOT

SCRIPT = """
import resource, socket, threading, time
from apitwin import Twin

with Twin() as twin:
    twin.fault("latency", seconds=2, times=40)
    asked = f"GET /api/workspaces/?limit=1 HTTP/1.1\\r\\nHost: localhost\\r\\nAuthorization: Bearer {twin.token}\\r\\n"
    asked += "Connection: close\\r\\n\\r\\n"
    clients = [socket.socket() for _ in range(12)]
    used = max(client.fileno() for client in clients)
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 6, used + 6))
    for client in clients:
        client.connect(("127.0.0.1", twin.running.port))
        client.sendall(asked.encode())
    time.sleep(0.5)
    begun = time.process_time()
    time.sleep(0.5)
    print("busy" if time.process_time() - begun > 0.3 else "at rest")
    print(sum(b"200 OK" in client.recv(65536) for client in clients))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the bound of open files is set by the module resource of POSIX")
def test_who_has_to_wait_for_a_socket_gets_his_answer_and_nobody_spins() -> None:
    command = [sys.executable, "-c", SCRIPT]
    completed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert completed.stdout.split("\n")[:2] == ["at rest", "12"], completed.stderr
