"""The stock of twins that the fixtures lend from: who gets which, and which are let go."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from types import SimpleNamespace

import pytest
import requests

from contracts import load
from testkit import twins
from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour" / "openapi.yaml"


def test_twins_that_nobody_asks_for_again_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "MOST_IDLE", 2)
    with twins.Twins() as stock:
        made = []
        for size in (1, 2, 3, 4):
            with stock.lent(twins.Configuration(HARBOUR, max_page=size)) as lent:
                stock.start(lent)
                made.append(lent)
        with stock.lent(twins.Configuration(HARBOUR, max_page=3)) as again:
            assert again is made[2]
        patience = time.monotonic() + 5
        while (runs := [_runs(one) for one in made]) != [False, False, True, True] and time.monotonic() < patience:
            time.sleep(0.02)
        assert runs == [False, False, True, True]
        with stock.lent(twins.Configuration(HARBOUR, max_page=1)) as another:
            assert another is not made[0]
    assert not any(_runs(one) for one in made)


def _runs(twin: twins.Twin) -> bool:
    return "not running" not in repr(twin)


SHIPS = twins.Configuration(HARBOUR)


def test_of_twins_that_are_alike_the_one_that_lay_longest_is_lent() -> None:
    with twins.Twins() as stock, ExitStack() as loans:
        first, second = (loans.enter_context(stock.lent(SHIPS)) for _ in range(2))
        loans.close()  # the second one comes back first
        with stock.lent(SHIPS) as lent:
            assert lent is second
        with stock.lent(SHIPS) as lent:
            assert lent is first


def test_a_twin_is_lent_again_after_any_number_of_requests() -> None:
    with twins.Twins() as stock:
        met = set()
        for _ in range(30):
            with stock.lent(SHIPS) as lent:
                stock.start(lent)
                assert requests.get(f"{lent.url}/__twin__/health", timeout=10).status_code == 200
                assert requests.get(f"{lent.url}/ships", timeout=10).status_code == 403
                met.add(lent)
        assert len(met) == 1


@pytest.mark.parametrize("path", ["ships", "__twin__/health"])
def test_a_twin_that_is_asked_on_the_shelf_is_lent_to_nobody(path: str) -> None:
    with twins.Twins() as stock:
        with stock.lent(SHIPS) as first:
            stock.start(first)
        requests.get(f"{first.url}/{path}", timeout=10)
        with stock.lent(SHIPS) as second:
            assert second is not first and second.journal.entries() == ()
        with twins.TwinSession(second) as session:
            session.get("/ships")
        with stock.lent(SHIPS) as third:
            assert third not in (first, second)


def test_a_twin_that_somebody_waits_for_is_lent_to_nobody() -> None:
    with twins.Twins() as stock, ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()  # its thread begins before the loan
        with stock.lent(SHIPS) as first:
            stock.start(first)
            first.fault("latency", seconds=30)
            asked = pool.submit(requests.get, f"{first.url}/ships", timeout=60)
            while not first.journal.entries():
                time.sleep(0.01)
        with stock.lent(SHIPS) as second:
            assert second is not first
        assert asked.result(timeout=10).status_code == 403, "it was let go, and nobody waits for it any more"


def test_a_twin_whose_borrower_left_a_thread_behind_is_lent_to_nobody() -> None:
    over = threading.Event()
    with twins.Twins() as stock:
        with stock.lent(SHIPS) as first:
            stock.start(first)
            url = first.url

            def poll() -> None:
                while not over.wait(0.01):
                    with suppress(requests.RequestException):
                        requests.get(f"{url}/of-an-older-test", timeout=2)

            thread = threading.Thread(target=poll)
            thread.start()
        with stock.lent(SHIPS) as second:
            stock.start(second)
            second.fault("unavailable", times=1)
            time.sleep(0.2)
            assert second.journal.entries() == ()
        over.set()
        thread.join()


def test_a_twin_whose_server_was_stopped_is_lent_to_nobody() -> None:
    with twins.Twins() as stock:
        with stock.lent(SHIPS) as first:
            stock.start(first)
            first.running.stop()
        with stock.lent(SHIPS) as second:
            stock.start(second)
            assert requests.get(f"{second.url}/__twin__/health", timeout=10).status_code == 200


def test_what_goes_wrong_while_a_twin_is_stopped_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "MOST_IDLE", 1)

    def fail(*given: object) -> None:
        raise OSError("no way to stop it")

    with pytest.raises(OSError, match="no way to stop it"), twins.Twins() as stock:
        with stock.lent(SHIPS) as first:
            stock.start(first)
        first.running.stop()
        monkeypatch.setattr(first, "_stack", SimpleNamespace(close=fail))
        with stock.lent(twins.Configuration(HARBOUR, max_page=2)):
            pass


def test_who_still_writes_to_a_twin_on_the_shelf_does_not_reach_a_world_that_was_lent_with_it() -> None:
    made = twins.World(load(HARBOUR))
    kept = made.snapshot()
    with twins.Twins() as stock:
        with stock.lent(SHIPS, world=made) as lent:
            pass
        lent.world.tables["ships"].remove(*lent.world.tables["ships"].state.by_identity)
        assert lent.world is not made and made.snapshot() == kept
