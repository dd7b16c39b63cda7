"""Fifty hands on one twin, while it is reset, faulted, read and written to: nothing breaks, and nothing is torn."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from apitwin.mock_server import Twin

HANDS = 50
LEAST = 3
"""What each of them does at least, however busy the machine is."""
SECONDS = 4.0
ENTITIES = "/api/workspaces/1/entities/"
FAULT_STATUSES = {429, 500, 502, 503}


class Hand:
    """One client that does what comes to its mind, and notes what must not be."""

    def __init__(self, twin: Twin, number: int) -> None:
        self.twin = twin
        self.random = random.Random(number)
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {twin.token}"
        self.done = 0
        self.wrong: list[str] = []

    def work(self, end: float) -> None:
        actions: list[Callable[[], None]] = [self.walk, self.write, self.compute, self.look, self.send]
        while time.monotonic() < end or self.done < LEAST:
            try:
                self.random.choice(actions)()
            except requests.RequestException:
                pass  # a dropped connection is a fault like any other
            except Exception as error:
                self.wrong.append(repr(error))
            self.done += 1

    def ask(self, method: str, path: str, **more: object) -> requests.Response | None:
        """Ask, and return the answer unless a fault made it."""
        answer = self.session.request(method, self.twin.url + path, timeout=20, **more)  # type: ignore[arg-type]
        if answer.status_code >= 500 and "apitwin" in answer.text:
            self.wrong.append(answer.text[:200])
        if answer.status_code == 500 and answer.text != '{"detail":"Internal server error."}':
            self.wrong.append(f"{method} {path}: {answer.text[:200]}")
        return None if answer.status_code in FAULT_STATUSES else answer

    def walk(self) -> None:
        """A page is consistent in itself, whatever happens beside it."""
        offset = self.random.randrange(0, 200)
        answer = self.ask("GET", ENTITIES, params={"limit": 40, "offset": offset})
        if answer is None:
            return
        page = answer.json()
        ids = [item["id"] for item in page["results"]]
        if len(set(ids)) != len(ids) or ids != sorted(ids) or len(ids) != max(0, min(40, page["count"] - offset)):
            self.wrong.append(f"a torn page: {page['count']} {offset} {ids}")
        if any(item["path"] != [item["id"]] for item in page["results"]):
            self.wrong.append("a root that is none")

    def write(self) -> None:
        body = {"name": f"By hand {self.random.random()}", "entity_type": 1, "properties": {"n": self.random.random()}}
        made = self.ask("POST", ENTITIES, json=body)
        if made is None or made.status_code != 200:
            return
        identity = made.json()["id"]
        self.ask("POST", f"{ENTITIES}{identity}/rename/", json={"name": "Another name"})
        self.ask("POST", f"{ENTITIES}{identity}/entities/", json={**body, "entity_type": 2})
        self.ask("DELETE", f"{ENTITIES}{identity}/")

    def compute(self) -> None:
        job = self.ask("POST", f"{ENTITIES}1/jobs/", json={"method_name": "slow"})
        if job is not None and job.status_code == 201:
            self.ask("GET", f"/api/jobs/{job.json()['uid']}/")
            self.ask("DELETE", f"/api/jobs/{job.json()['uid']}/")

    def send(self) -> None:
        target = self.ask("POST", "/api/workspaces/1/entity_types/4/upload/")
        if target is not None and target.status_code == 200:
            fields = target.json()
            requests.post(fields["url"], data=fields["fields"], files={"file": b"x" * 1000}, timeout=20)

    def look(self) -> None:
        name = self.random.choice(["health", "journal", "faults", "clock"])
        answer = requests.get(f"{self.twin.url}/__twin__/{name}", timeout=20)
        if answer.status_code != 200 or not answer.json():
            answer.raise_for_status()


def disturb(twin: Twin, end: float) -> None:
    """Reset, fault and move the twin while it is used."""
    chance = random.Random(0)
    while time.monotonic() < end:
        twin.reset()
        twin.fault(chance.choice(["server-error", "dropped-connection", "unavailable"]), probability=0.1)
        twin.advance(1)
        twin.journal.entries("workspaces_entities_list")
        time.sleep(0.02)


def test_fifty_hands_break_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    with Twin("viktor", check_answers=True) as twin:
        end = time.monotonic() + SECONDS
        hands = [Hand(twin, number) for number in range(HANDS)]
        with ThreadPoolExecutor(HANDS + 1) as pool:
            work = [pool.submit(hand.work, end) for hand in hands]
            work.append(pool.submit(disturb, twin, end))
            for future in work:
                future.result()
        for hand in hands:
            hand.session.close()
        assert [wrong for hand in hands for wrong in hand.wrong][:3] == []
        assert all(hand.done >= LEAST for hand in hands)
        twin.reset()
        with Twin("viktor") as fresh:
            assert {name: len(table.records) for name, table in twin.world.tables.items()} == {
                name: len(table.records) for name, table in fresh.world.tables.items()
            }
            for name, table in twin.world.tables.items():
                assert [record.values for record in table.records if name != "methods"] == [
                    record.values for record in fresh.world.tables[name].records if name != "methods"
                ]
    assert [record.getMessage() for record in caplog.records if record.name.startswith("apitwin")] == []
