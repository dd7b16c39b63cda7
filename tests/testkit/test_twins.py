"""The pool that the fixtures take their twins from: who gets which, and which are stopped."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest
import requests

from apitwin.contracts import load
from apitwin.mock_server import Twin, World
from apitwin.testkit.transport import twin_pool
from apitwin.testkit.transport.twin_pool import Configuration, TwinPool
from apitwin.testkit.transport.twin_session import TwinSession
from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour" / "openapi.yaml"


def test_twins_that_nobody_asks_for_again_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin_pool, "MOST_IDLE", 2)
    with TwinPool() as pool:
        made = []
        for size in (1, 2, 3, 4):
            with pool.acquire(Configuration(HARBOUR, page_maximum=size)) as acquired:
                pool.start(acquired)
                made.append(acquired)
        with pool.acquire(Configuration(HARBOUR, page_maximum=3)) as again:
            assert again is made[2]
        patience = time.monotonic() + 5
        while (runs := [_runs(twin) for twin in made]) != [False, False, True, True] and time.monotonic() < patience:
            time.sleep(0.02)
        assert runs == [False, False, True, True]
        with pool.acquire(Configuration(HARBOUR, page_maximum=1)) as another:
            assert another is not made[0]
    assert not any(_runs(twin) for twin in made)


def _runs(twin: Twin) -> bool:
    return "not running" not in repr(twin)


SHIPS = Configuration(HARBOUR)


def test_of_twins_that_are_alike_the_one_that_was_idle_longest_is_acquired() -> None:
    with TwinPool() as pool, ExitStack() as loans:
        first, second = (loans.enter_context(pool.acquire(SHIPS)) for _ in range(2))
        loans.close()  # the second one comes back first
        with pool.acquire(SHIPS) as acquired:
            assert acquired is second
        with pool.acquire(SHIPS) as acquired:
            assert acquired is first


def test_a_twin_is_acquired_again_after_any_number_of_requests() -> None:
    with TwinPool() as pool:
        met = set()
        for _ in range(30):
            with pool.acquire(SHIPS) as acquired:
                pool.start(acquired)
                assert requests.get(f"{acquired.url}/__twin__/health", timeout=10).status_code == 200
                assert requests.get(f"{acquired.url}/ships", timeout=10).status_code == 403
                met.add(acquired)
        assert len(met) == 1


@pytest.mark.parametrize("path", ["ships", "__twin__/health"])
def test_a_twin_that_is_asked_on_the_shelf_is_acquired_by_nobody(path: str) -> None:
    with TwinPool() as pool:
        with pool.acquire(SHIPS) as first:
            pool.start(first)
        requests.get(f"{first.url}/{path}", timeout=10)
        with pool.acquire(SHIPS) as second:
            assert second is not first and second.journal.entries() == ()
        with TwinSession(second) as session:
            session.get("/ships")
        with pool.acquire(SHIPS) as third:
            assert third not in (first, second)


def test_a_twin_that_somebody_waits_for_is_acquired_by_nobody() -> None:
    with TwinPool() as pool, ThreadPoolExecutor(1) as executor:
        executor.submit(int).result()  # its thread begins before the loan
        with pool.acquire(SHIPS) as first:
            pool.start(first)
            first.fault("latency", seconds=30)
            asked = executor.submit(requests.get, f"{first.url}/ships", timeout=60)
            while not first.journal.entries():
                time.sleep(0.01)
        with pool.acquire(SHIPS) as second:
            assert second is not first
        assert asked.result(timeout=10).status_code == 403, "it was let go, and nobody waits for it any more"


def test_a_twin_whose_borrower_left_a_thread_behind_is_acquired_by_nobody() -> None:
    over = threading.Event()
    with TwinPool() as pool:
        with pool.acquire(SHIPS) as first:
            pool.start(first)
            url = first.url

            def poll() -> None:
                while not over.wait(0.01):
                    with suppress(requests.RequestException):
                        requests.get(f"{url}/of-an-older-test", timeout=2)

            thread = threading.Thread(target=poll)
            thread.start()
        with pool.acquire(SHIPS) as second:
            pool.start(second)
            second.fault("unavailable", times=1)
            time.sleep(0.2)
            assert second.journal.entries() == ()
        over.set()
        thread.join()


def test_a_twin_whose_server_was_stopped_is_acquired_by_nobody() -> None:
    with TwinPool() as pool:
        with pool.acquire(SHIPS) as first:
            pool.start(first)
            first.running.stop()
        with pool.acquire(SHIPS) as second:
            pool.start(second)
            assert requests.get(f"{second.url}/__twin__/health", timeout=10).status_code == 200


def test_what_goes_wrong_while_a_twin_is_stopped_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twin_pool, "MOST_IDLE", 1)

    def fail(*arguments: object) -> None:
        raise OSError("no way to stop it")

    with pytest.raises(OSError, match="no way to stop it"), TwinPool() as pool:
        with pool.acquire(SHIPS) as first:
            pool.start(first)
        first.running.stop()
        monkeypatch.setattr(first, "_stack", SimpleNamespace(close=fail))
        with pool.acquire(Configuration(HARBOUR, page_maximum=2)):
            pass


def test_who_still_writes_to_an_idle_twin_does_not_reach_a_world_that_was_acquired_with_it() -> None:
    made = World(load(HARBOUR))
    kept = made.snapshot()
    with TwinPool() as pool:
        with pool.acquire(SHIPS, world=made) as acquired:
            pass
        acquired.world.tables["ships"].remove(*acquired.world.tables["ships"].state.by_identity)
        assert acquired.world is not made and made.snapshot() == kept


def test_a_twin_that_was_stopped_is_forgotten() -> None:
    """A test session makes many twins; what each holds must not stay for the rest of it."""
    backends = []
    for _ in range(3):
        with Twin(HARBOUR) as twin:
            requests.get(f"{twin.url}/ships", timeout=10)
        backends.append(weakref.ref(twin.backend))
    del twin
    gc.collect()
    assert [backend() for backend in backends] == [None, None, None]
