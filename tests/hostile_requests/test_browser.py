"""A page of another origin in a real browser, beside a twin: Chromium without a window.

`APITWIN_BROWSER` names its command where it has none of the usual names. On Debian: `apt-get install chromium`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from apitwin.mock_server import Twin

BROWSER = os.environ.get("APITWIN_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here; test_control_plane.py sends what it sends")

ATTACK = """<!doctype html><title>evil</title><body><pre id=said>nothing yet</pre>
<iframe name=hole></iframe>
<form id=form target=hole method=post enctype=text/plain action="TWIN/__twin__/clock">
<input name='{"advance":3600,"a":"' value='"}'></form>
<form id=reset target=hole method=post action="TWIN/__twin__/reset"></form>
<script>
const said = []
async function attempt(name, options) {
  try {
    const got = await fetch("TWIN/__twin__/" + name, options)
    said.push(name + " " + got.type + " " + (await got.text()).length)
  } catch (error) { said.push(name + " failed") }
}
(async () => {
  form.submit(); await new Promise(go => setTimeout(go, 300)); reset.submit()
  await attempt("journal", {mode: "no-cors"})
  await attempt("journal", {})
  await attempt("reset", {method: "POST", mode: "no-cors"})
  await attempt("clock", {method: "POST", mode: "no-cors", body: '{"advance": 3600}'})
  await attempt("clock", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"advance": 3600}'})
  await attempt("faults", {method: "DELETE"})
  navigator.sendBeacon("TWIN/__twin__/clock", '{"advance": 3600}')
  document.getElementById("said").textContent = "done: " + said.join("; ")
})()
</script>"""


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin() as made:
        yield made


def looked_at(address: str, folder: Path, *options: str) -> str:
    """Return the document of a page after its scripts have run."""
    command = [
        str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", f"--user-data-dir={folder}",
        "--virtual-time-budget=8000", "--dump-dom", *options, address,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


def test_a_page_of_another_origin_changes_nothing_and_reads_nothing(twin: Twin, tmp_path: Path) -> None:
    page = ATTACK.replace("TWIN", twin.url).encode()

    class Evil(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    twin.fault("latency", seconds=0)
    before, epoch, began = twin.world.clock.now(), twin.world.epoch, twin.began
    with ThreadingHTTPServer(("127.0.0.1", 0), Evil) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = looked_at(f"http://127.0.0.1:{server.server_address[1]}/", tmp_path)
        server.shutdown()
    assert "done:" in said, said[-500:]
    assert twin.began - began >= 6, "the browser did ask"
    assert "journal opaque 0" in said and said.count("failed") >= 3, said[-500:]
    assert (twin.world.clock.now() - before).total_seconds() < 1800
    assert twin.world.epoch == epoch and len(twin.backend.faults.active()) == 1


def test_a_name_that_points_here_since_a_moment_reads_nothing(twin: Twin, tmp_path: Path) -> None:
    address = f"http://evil.example:{twin.running.port}/__twin__/journal"
    said = looked_at(address, tmp_path, "--host-resolver-rules=MAP evil.example 127.0.0.1")
    assert "found Host: evil.example" in said


def test_the_user_may_look_at_it(twin: Twin, tmp_path: Path) -> None:
    assert "viktor" in looked_at(f"http://localhost:{twin.running.port}/__twin__/health", tmp_path)
