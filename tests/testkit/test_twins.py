"""The stock of twins that the fixtures lend from: who gets which, and which are let go."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest
import requests

from apitwin.contracts import load
from apitwin.testkit.transport import twins
from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour" / "openapi.yaml"


def test_twins_that_nobody_asks_for_again_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "MOST_IDLE", 2)
    with twins.TwinPool() as stock:
        made = []
        for size in (1, 2, 3, 4):
            with stock.acquire(twins.Configuration(HARBOUR, page_maximum=size)) as acquire:
                stock.start(acquire)
                made.append(acquire)
        with stock.acquire(twins.Configuration(HARBOUR, page_maximum=3)) as again:
            assert again is made[2]
        patience = time.monotonic() + 5
        while (runs := [_runs(one) for one in made]) != [False, False, True, True] and time.monotonic() < patience:
            time.sleep(0.02)
        assert runs == [False, False, True, True]
        with stock.acquire(twins.Configuration(HARBOUR, page_maximum=1)) as another:
            assert another is not made[0]
    assert not any(_runs(one) for one in made)


def _runs(twin: twins.Twin) -> bool:
    return "not running" not in repr(twin)


SHIPS = twins.Configuration(HARBOUR)


def test_of_twins_that_are_alike_the_one_that_lay_longest_is_lent() -> None:
    with twins.TwinPool() as stock, ExitStack() as loans:
        first, second = (loans.enter_context(stock.acquire(SHIPS)) for _ in range(2))
        loans.close()  # the second one comes back first
        with stock.acquire(SHIPS) as acquire:
            assert acquire is second
        with stock.acquire(SHIPS) as acquire:
            assert acquire is first


def test_a_twin_is_lent_again_after_any_number_of_requests() -> None:
    with twins.TwinPool() as stock:
        met = set()
        for _ in range(30):
            with stock.acquire(SHIPS) as acquire:
                stock.start(acquire)
                assert requests.get(f"{acquire.url}/__twin__/health", timeout=10).status_code == 200
                assert requests.get(f"{acquire.url}/ships", timeout=10).status_code == 403
                met.add(acquire)
        assert len(met) == 1


@pytest.mark.parametrize("path", ["ships", "__twin__/health"])
def test_a_twin_that_is_asked_on_the_shelf_is_lent_to_nobody(path: str) -> None:
    with twins.TwinPool() as stock:
        with stock.acquire(SHIPS) as first:
            stock.start(first)
        requests.get(f"{first.url}/{path}", timeout=10)
        with stock.acquire(SHIPS) as second:
            assert second is not first and second.journal.entries() == ()
        with twins.TwinSession(second) as session:
            session.get("/ships")
        with stock.acquire(SHIPS) as third:
            assert third not in (first, second)


def test_a_twin_that_somebody_waits_for_is_lent_to_nobody() -> None:
    with twins.TwinPool() as stock, ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()  # its thread begins before the loan
        with stock.acquire(SHIPS) as first:
            stock.start(first)
            first.fault("latency", seconds=30)
            asked = pool.submit(requests.get, f"{first.url}/ships", timeout=60)
            while not first.journal.entries():
                time.sleep(0.01)
        with stock.acquire(SHIPS) as second:
            assert second is not first
        assert asked.result(timeout=10).status_code == 403, "it was let go, and nobody waits for it any more"


def test_a_twin_whose_borrower_left_a_thread_behind_is_lent_to_nobody() -> None:
    over = threading.Event()
    with twins.TwinPool() as stock:
        with stock.acquire(SHIPS) as first:
            stock.start(first)
            url = first.url

            def poll() -> None:
                while not over.wait(0.01):
                    with suppress(requests.RequestException):
                        requests.get(f"{url}/of-an-older-test", timeout=2)

            thread = threading.Thread(target=poll)
            thread.start()
        with stock.acquire(SHIPS) as second:
            stock.start(second)
            second.fault("unavailable", times=1)
            time.sleep(0.2)
            assert second.journal.entries() == ()
        over.set()
        thread.join()


def test_a_twin_whose_server_was_stopped_is_lent_to_nobody() -> None:
    with twins.TwinPool() as stock:
        with stock.acquire(SHIPS) as first:
            stock.start(first)
            first.running.stop()
        with stock.acquire(SHIPS) as second:
            stock.start(second)
            assert requests.get(f"{second.url}/__twin__/health", timeout=10).status_code == 200


def test_what_goes_wrong_while_a_twin_is_stopped_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "MOST_IDLE", 1)

    def fail(*given: object) -> None:
        raise OSError("no way to stop it")

    with pytest.raises(OSError, match="no way to stop it"), twins.TwinPool() as stock:
        with stock.acquire(SHIPS) as first:
            stock.start(first)
        first.running.stop()
        monkeypatch.setattr(first, "_stack", SimpleNamespace(close=fail))
        with stock.acquire(twins.Configuration(HARBOUR, page_maximum=2)):
            pass


def test_who_still_writes_to_a_twin_on_the_shelf_does_not_reach_a_world_that_was_lent_with_it() -> None:
    made = twins.World(load(HARBOUR))
    kept = made.snapshot()
    with twins.TwinPool() as stock:
        with stock.acquire(SHIPS, world=made) as acquire:
            pass
        acquire.world.tables["ships"].remove(*acquire.world.tables["ships"].state.by_identity)
        assert acquire.world is not made and made.snapshot() == kept
