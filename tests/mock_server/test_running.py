"""A twin while it runs: started once, counted, and answering for itself while many requests wait."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from apitwin.mock_server import Twin, TwinError
from apitwin.mock_server.messages import Request

LIST = "/api/workspaces/"


def ask(twin: Twin, path: str = LIST) -> int:
    return requests.get(twin.url + path, headers={"Authorization": f"Bearer {twin.token}"}, timeout=60).status_code


def test_a_twin_that_runs_is_not_started_again() -> None:
    with Twin("viktor") as twin:
        url = twin.url
        with pytest.raises(TwinError, match=r"^this twin runs already; a fixture's twin needs no `with`$"), twin:
            pytest.fail("it was started again")
        assert (twin.url, twin.is_running, ask(twin)) == (url, True, 200)


def test_the_interpreter_ends_after_a_with_too_many() -> None:
    script = "from apitwin.mock_server import Twin\nwith Twin() as twin:\n    with twin: pass\n"
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30)
    assert completed.returncode == 1 and "this twin runs already" in completed.stderr


def test_a_twin_runs_in_its_block_until_its_server_is_stopped() -> None:
    twin = Twin("viktor")
    assert not twin.is_running
    with twin:
        assert twin.is_running
        twin.running.stop()
        assert not twin.is_running
    assert not twin.is_running
    with twin:  # and once more
        assert twin.is_running and ask(twin) == 200
    assert not twin.is_running


def test_a_twin_whose_server_was_stopped_can_be_started_again_inside_its_block() -> None:
    with Twin("viktor", tls=True) as twin:
        first = twin.ca_file
        twin.running.stop()
        with twin:
            answer = requests.get(f"{twin.url}/__twin__/health", verify=str(twin.ca_file), timeout=10)
            assert answer.status_code == 200
        assert first is not None and not first.exists()


def test_a_twin_counts_what_it_is_asked() -> None:
    twin = Twin("viktor")
    twin.backend.answer(Request("GET", LIST, (), {}, f"http://twin{LIST}", b""))
    assert twin.began == 1 and twin.rests()
    with twin:
        before = twin.began
        ask(twin, "/__twin__/health")
        assert twin.began > before and twin.rests()
        before = twin.began
        twin.reset()
        assert twin.began == before


def test_a_twin_does_not_rest_while_an_answer_is_late() -> None:
    with Twin("viktor") as twin, ThreadPoolExecutor(1) as pool:
        twin.fault("latency", seconds=30)
        asked = pool.submit(ask, twin)
        while not twin.journal.entries():
            time.sleep(0.01)
        assert not twin.rests()
        twin.running.stop()
        asked.exception()
        assert twin.rests()


def test_all_threads_of_a_twin_are_there_when_it_is() -> None:
    with Twin("viktor"):
        begun = set(threading.enumerate())
        time.sleep(0.2)
        assert set(threading.enumerate()) <= begun


@pytest.mark.parametrize("waiting", [15, 30])
def test_the_control_plane_answers_while_requests_wait(waiting: int) -> None:
    with Twin("viktor") as twin, ThreadPoolExecutor(waiting) as pool:
        twin.fault("latency", seconds=60)
        asked = [pool.submit(ask, twin) for _ in range(waiting)]
        while len(twin.journal.entries()) < waiting:
            time.sleep(0.01)
        requests.post(f"{twin.url}/__twin__/reset", timeout=30).raise_for_status()
        assert not any(future.done() for future in asked), "they were waited for"
        twin.running.stop()
        for future in asked:
            future.exception()
