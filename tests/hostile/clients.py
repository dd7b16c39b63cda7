"""Clients that do to `check-client`, its twin and its reports what a broken or spiteful program can do.

Each is a Python program behind `READS`, which reads a list as a client should: `read()` gives its items.
"""

from __future__ import annotations

from collections.abc import Mapping

READS = """
import json, os, signal, socket, subprocess, sys, time, urllib.request
base, token = os.environ["APITWIN_URL"], os.environ["APITWIN_TOKEN"]
host, port = base.removeprefix("http://").split(":")
END = time.monotonic() + 60  # whoever is not killed ends by itself
def send(data):
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        try:
            while connection.recv(65536): pass
        except OSError: pass
def ask(path, method="GET", data=None, **headers):
    request = urllib.request.Request(base + path, data, {"Authorization": "Bearer " + token, **headers}, method=method)
    try: return urllib.request.urlopen(request, timeout=10).read()
    except OSError as error: return str(error).encode()
def read():
    link, items = "/things/?limit=10", []
    while link:
        page = json.loads(ask(link))
        items += page["results"]; link = (page["next"] or "").removeprefix(base)
    return items
def tell(items): print(*(item["id"] for item in items), sep="\\n", flush=True)
def write(content): sys.stdout.buffer.write(content); sys.stdout.flush()
"""
HONEST: Mapping[str, str] = {
    "sends-nonsense": r"""
for data in (b"\0" * 9000, b"GET / HTTP/9\r\n\r\n", b"POST /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
             b"GET http://[ HTTP/1.1\r\nHost: \xff\r\n\r\n", b"GET /things/ HTTP/1.1\r\n" * 400):
    send(data)
tell(read())""",
    "leaves-connections-open": r"""
kept = [socket.create_connection((host, int(port))) for _ in range(200)]
for connection in kept[::2]: connection.sendall(b"GET /things/ HTTP/1.1\r\n")
tell(read())""",
    "answers-no-signal": "[signal.signal(number, signal.SIG_IGN) for number in (1, 2, 15)]; tell(read())",
}
"""Clients that read rightly, whatever else they do: they obey the law."""
DISHONEST: Mapping[str, str] = {
    "never-reads-its-answer": r"""
kept = [socket.create_connection((host, int(port))) for _ in range(5)]
line = f"GET /things/?limit=50 HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
for connection in kept: connection.sendall(line * 100)
tell(read())""",
    "posts-much": r"""
for _ in range(20): ask("/things/", "POST", b"[" * 2_000_000, **{"Content-Type": "application/json"})
tell(read())""",
    "warns-without-end-of-line": "sys.stderr.write('x' * 30_000_000); tell(read())",
    "starts-what-stays": "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); tell(read())",
    "prints-depth": "read(); print('[' * 100000)",
    "prints-bytes": r"read(); write(b'\xff\x1b[31m\x00\xed\xa0\x80\n{\"id\": \"\\ud800\"}\n')",
    "prints-nothing-and-stays": "read(); time.sleep(60)",
    "stays-with-closed-streams": "read(); os.close(1); os.close(2); time.sleep(60)",
    "stays-whatever-the-signal": "[signal.signal(number, signal.SIG_IGN) for number in (1, 2, 15)]; time.sleep(60)",
    "prints-without-end": "\nwhile time.monotonic() < END: write(b'{\"id\": 1}\\n' * 10000)",
    "prints-one-endless-line": "\nwhile time.monotonic() < END: write(b'x' * 1000000)",
    "warns-without-end": "\nwhile time.monotonic() < END: sys.stderr.write('x' * 1000000)",
    "prints-a-long-line": r"read(); write(b'{\"id\": \"' + b'x' * 50_000_000 + b'\"}\n')",
    "prints-a-long-number": "read(); print('{\"id\": ' + '9' * 1000000 + '}')",
    "prints-no-number": r"read(); print('{\"id\": NaN}\n{\"id\": Infinity}\n{\"id\": 1e999999}\n{\"id\": -0}')",
    "prints-a-key-twice": r"read(); print('{\"id\": 1, \"id\": 2}\n' * 3)",
    "prints-a-mark-first": r"write(b'\xef\xbb\xbf'); tell(read())",
    "prints-null": r"read(); print('null\n{}\n[]\n{\"id\": null}\n{\"id\": {}}\n\"\"\n ')",
    "gives-orders": r"read(); exit('::error::no\n##vso[task.complete]\n\x1b]0;title\x07\u202e')",
    "tells-the-token": "read(); print(token, token.encode().hex(), file=sys.stderr); exit(token)",
    "dies-of-a-signal": "read(); os.kill(os.getpid(), signal.SIGSEGV)",
    "stops-itself": "read(); os.kill(os.getpid(), signal.SIGSTOP)",
    "kills-its-group": "read(); signal.signal(15, signal.SIG_IGN); os.killpg(0, 15); exit(1)",
    "ends-with-255": "read(); exit(255)",
    "starts-itself-again": "subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])",
    "holds-the-streams": r"""
read(); subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"], start_new_session=True)""",
    "takes-the-control-plane": r"""
for path in ("reset", "clock", "faults"):
    ask("/__twin__/" + path, "POST", b"{}", **{"Content-Type": "application/json"})
print(ask("/__twin__/journal")[:100])""",
    "makes-a-fault": r"""
ask("/__twin__/faults", "POST", b'{"name": "latency", "seconds": 600}', **{"Content-Type": "application/json"})
tell(read())""",
    "floods": "\nwhile time.monotonic() < END: ask('/things/?limit=1')",
    "follows-nothing": "\nwhile time.monotonic() < END: ask('/things/?offset=999999999')",
}
"""Clients that are no use, that lie, or that do what leaves no time to judge them."""
CLIENTS: Mapping[str, str] = {**HONEST, **DISHONEST}
