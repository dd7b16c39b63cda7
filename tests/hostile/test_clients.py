"""Clients that send and print nonsense: `check-client` ends in time and as documented, and its twin goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
READS = """
import json, os, socket, sys, urllib.request
base, token = os.environ["APITWIN_URL"], os.environ["APITWIN_TOKEN"]
host, port = base.removeprefix("http://").split(":")
def send(data):
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        try:
            while connection.recv(65536): pass
        except OSError: pass
def read():
    link, items = base + "/api/workspaces/?limit=10", []
    while link:
        request = urllib.request.Request(link, headers={"Authorization": "Bearer " + token})
        with urllib.request.urlopen(request, timeout=10) as answer: page = json.load(answer)
        items += page["results"]; link = page["next"]
    return items
"""
CLIENTS = {
    "sends-nonsense": "[send(data) for data in (b'\\0' * 9000, b'GET / HTTP/9\\r\\n\\r\\n', b'POST /x HTTP/1.1\\r\\n"
    "Content-Length: -1\\r\\n\\r\\n', b'GET http://[ HTTP/1.1\\r\\nHost: \\xff\\r\\n\\r\\n')]\n"
    "print(*(item['id'] for item in read()), sep='\\n')",
    "prints-depth": "read(); print('[' * 100000)",
    "prints-bytes": 'read()\nsys.stdout.buffer.write(b\'\\xff\\x1b[31m\\x00\\xed\\xa0\\x80\\n{"id": "\\\\ud800"}\\n\')',
}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_hostile_client_is_judged_in_time(name: str, tmp_path: Path) -> None:
    program = tmp_path / "client.py"
    program.write_text(READS + CLIENTS[name], "utf-8")
    words = [sys.executable, "-m", "apitwin", "check-client", f"{sys.executable} {program}", "--examples", "1"]
    words += ["--law", "reads-everything", "--deadline", "6", "--debug", "--operation", "workspaces_list"]
    result = subprocess.run(words, cwd=ROOT, env={**os.environ}, capture_output=True, text=True, timeout=25)
    assert result.returncode in (0, 1, 2), result
    assert "Traceback" not in result.stderr
    assert "reads-everything" in result.stdout or result.stderr.splitlines()[-1].startswith("apitwin: ")
    assert name != "sends-nonsense" or result.returncode == 0, result.stdout[-2000:]
