"""Resets and refusals in the middle of what others do: nobody meets a trace of what was, or loses what is."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from apitwin.mock_server import STEPS, Twin, backend
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.refusal import refusal
from apitwin.mock_server.http import stored_files
from apitwin.mock_server.messages import Answer, Request
from apitwin.mock_server.viktor.builder import WorldBuilder
from apitwin.mock_server.world.blobs import Blob
from apitwin.mock_server.world.world import Token

LIST, CREATE = "/api/workspaces/", "/api/workspaces/1/entities/"
NEW = {"entity_type": 2, "properties": None, "name": "New"}


def request(twin: Twin, method: str = "GET", path: str = LIST, body: Any = None) -> Request:
    headers = {"authorization": f"Bearer {twin.token}", "content-type": "application/json"}
    content = b"" if body is None else json.dumps(body).encode()
    return Request(method, path, (("limit", "5"),) if method == "GET" else (), headers, f"http://twin{path}", content)


def things(twin: Twin) -> dict[str, Any]:
    return {name: tuple(table.records) for name, table in twin.world.tables.items()}


class Held:
    """A request in a thread of its own, which stops at a gate."""

    def __init__(self, twin: Twin, asked: Request) -> None:
        self._twin, self._asked = twin, asked
        self._came, self._go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answer: Answer | None = None

    def _ask(self) -> None:
        self.answer = self._twin.backend.answer(self._asked)

    def gate(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def waits(*arguments: Any) -> Any:
            if threading.current_thread() is self._thread and not self._came.is_set():
                self._came.set()
                assert self._go.wait(10)
            return function(*arguments)

        return waits

    def __enter__(self) -> Held:
        self._thread.start()
        assert self._came.wait(10)
        return self

    def __exit__(self, *error: Any) -> None:
        self._go.set()
        self._thread.join(10)


@pytest.fixture
def twin() -> Twin:
    return Twin("viktor")


def test_a_write_that_a_reset_overtakes_is_answered_and_leaves_nothing(twin: Twin) -> None:
    start, held = things(twin), Held(twin, request(twin, "POST", CREATE, NEW))
    twin.backend.steps = replace(STEPS, authenticate=held.gate(STEPS.authenticate))
    with held:
        twin.reset()
    assert held.answer is not None and held.answer.status == 200
    assert things(twin) == start
    assert twin.journal.entries() == ()


def test_a_write_after_a_reset_stays(twin: Twin) -> None:
    twin.reset()
    assert twin.backend.answer(request(twin, "POST", CREATE, NEW)).status == 200
    assert [record.values["name"] for record in twin.world.tables["entities"].records][-1] == "New"
    assert len(twin.journal.entries()) == 1


@pytest.mark.parametrize("name", ["insert-between-pages", "delete-between-pages", "unavailable"])
def test_a_fault_that_a_reset_overtakes_leaves_nothing(twin: Twin, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start, held = things(twin), Held(twin, request(twin))
    monkeypatch.setattr(backend, "done", held.gate(backend.done))
    twin.fault(name)
    with held:
        twin.reset()
    assert things(twin) == start
    assert twin.journal.entries() == ()


def test_a_request_from_before_a_renewal_leaves_nothing_in_either_world(twin: Twin) -> None:
    other = WorldBuilder(twin.contract).world
    start, kept, held = things(twin), other.snapshot(), Held(twin, request(twin, "POST", CREATE, NEW))
    twin.backend.steps = replace(STEPS, authenticate=held.gate(STEPS.authenticate))
    with held:
        twin.renew(world=other)
    assert twin.journal.entries() == () and other.snapshot() == kept
    twin.renew()
    assert things(twin) == start


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(interval)


def test_whatever_runs_beside_it_a_reset_leaves_the_start(twin: Twin, hasty: None) -> None:
    start, over, failures = things(twin), time.monotonic() + 2, []

    def hammer() -> None:
        while time.monotonic() < over:
            try:
                twin.backend.answer(request(twin))
            except Exception as error:
                failures.append(repr(error))

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    while time.monotonic() < over:
        twin.fault("insert-between-pages")
        twin.fault("delete-between-pages", nth=2)
        time.sleep(0.005)
        twin.reset()
        time.sleep(0.01)
        assert things(twin) == start
        assert {entry.fault for entry in twin.journal.entries()} <= {None}
    for thread in threads:
        thread.join()
    assert failures == []


# Refusals


def writing(*works: Callable[[Twin], None]) -> Callable[[Twin, Call], Answer]:
    """Make a behaviour that writes, lets others write, and then refuses."""

    def behaviour(twin: Twin, call: Call) -> Answer:
        call.world.tables["apps"].remove("1")
        call.world.storage.put("refused", Blob(b"", "refused"))
        call.world.tokens = ()
        seen.append(twin.world.tables["apps"].get("1") is not None)
        threads = [threading.Thread(target=work, args=(twin,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(0.1)  # they may have to wait for this request
        started.extend(threads)
        raise refusal(call, "forbidden")

    return behaviour


started: list[threading.Thread] = []
seen: list[bool] = []


def uploads(twin: Twin) -> None:
    upload = twin.world.storage.upload("http://twin", "sent", 100)
    assert stored_files.receive(twin.world.storage, upload.fields, Blob(b"hello", "sent")).status == 204


def adds(twin: Twin) -> None:
    twin.world.tables["apps"].add([{"id": 900, "name": "added", "archived": False}], checked=False)


def gives(twin: Twin) -> None:
    with twin.world.changing():
        twin.world.tokens = (*twin.world.tokens, Token("given"))


def test_a_refused_write_is_never_seen_and_takes_nobody_elses_away(twin: Twin) -> None:
    started.clear(), seen.clear()
    behaviour = writing(uploads, adds, gives)
    answers = {"workspaces_entities_create": lambda call: behaviour(twin, call)}
    twin.backend.extension = replace(twin.backend.extension, answers=answers)
    assert twin.backend.answer(request(twin, "POST", CREATE, NEW)).status == 403
    for thread in started:
        thread.join(10)
    apps = twin.world.tables["apps"]
    assert seen == [True] and apps.get("1") is not None and apps.get("900") is not None
    assert twin.world.storage.get("sent") is not None and twin.world.storage.get("refused") is None
    assert twin.world.tokens[-1].secret == "given" and len(twin.world.tokens) > 1


def test_what_a_method_stores_while_its_job_begins_stays() -> None:
    world = WorldBuilder()
    site = world.workspace("Site")
    site.entity_type("Section").entity("Rhine")
    world.method("store", lambda params: {"key": world.file("made", b"1")})
    twin = Twin(world.contract, world=world.world)
    made = twin.backend.answer(request(twin, "POST", f"{CREATE}1/jobs/", {"method_name": "store", "params": {}}))
    assert made.status == 201
    assert twin.world.storage.get("made") is not None and len(twin.world.tables["jobs"].records) == 1


def test_what_raises_undoes_its_own_changes_and_no_others(twin: Twin) -> None:
    other = threading.Thread(target=uploads, args=(twin,))
    with pytest.raises(ZeroDivisionError), twin.world.changing():
        twin.world.tables["apps"].remove("1")
        other.start()
        other.join(0.1)
        raise ZeroDivisionError
    other.join(10)
    assert twin.world.tables["apps"].get("1") is not None and twin.world.storage.get("sent") is not None
