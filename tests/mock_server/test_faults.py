"""Faults: which requests they hit, how they are said, and that a wrong word is refused with the nearest one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from hypothesis import HealthCheck, given, settings, strategies

from apitwin.contracts import Contract, load
from apitwin.mock_server import STEPS, Twin, TwinError
from apitwin.mock_server.engine.pagination.asked import Window
from apitwin.mock_server.faults.active import Faults, words_of
from apitwin.mock_server.faults.catalogue import FAULT_TYPES
from apitwin.mock_server.messages import Answer, Request
from tests import faults_page

LIST = "workspaces_list"
WORKSPACES, APPS = "/api/workspaces/", "/api/apps/"


@pytest.fixture(scope="module")
def running() -> Iterator[Twin]:
    with Twin("viktor") as twin:
        yield twin


@pytest.fixture(scope="module")
def harbour() -> Contract:
    return load("tests/harbour/openapi.yaml")


@pytest.fixture
def twin(running: Twin) -> Twin:
    running.reset()
    running.backend.faults.clear()
    return running


def statuses(twin: Twin, path: str, times: int, method: str = "GET") -> list[int]:
    headers = {"Authorization": f"Bearer {twin.token}"}
    return [
        requests.request(method, f"{twin.url}{path}", params={"limit": 1}, headers=headers, timeout=10).status_code
        for _ in range(times)
    ]


def test_without_words_every_request_is_hit(twin: Twin) -> None:
    fault = twin.fault("server-error")
    assert statuses(twin, WORKSPACES, 2) + statuses(twin, APPS, 1) == [500] * 3
    assert fault.hits == 3


@pytest.mark.parametrize("words", [{"operation": LIST}, {"path": WORKSPACES}, {"path": "/api/work*"}])
def test_only_what_matches_is_hit(twin: Twin, words: dict[str, Any]) -> None:
    twin.fault("server-error", **words)
    assert statuses(twin, WORKSPACES, 1) + statuses(twin, APPS, 1) == [500, 200]


def asked(twin: Twin, offset: int) -> Request:
    headers = {"authorization": f"Bearer {twin.token}"}
    query = (("limit", "1"), ("offset", str(offset)))
    return Request("GET", WORKSPACES, query, headers, f"http://twin{WORKSPACES}")


PAST_THE_END = 10_000
"""An offset at which the page has no next link, so that `next-elsewhere` finds nothing to spoil."""


class Undecided:
    """A request for a page with nothing to spoil that stops half-way, while a fault is about to be done to it."""

    def __init__(self) -> None:
        self.twin = Twin("viktor", faults=[f"next-elsewhere:operation={LIST},times=1"])
        self.twin.backend.steps = replace(STEPS, cut=self._cut)
        self._came, self._go = threading.Event(), threading.Event()

    def _cut(self, items: Sequence[Any], seen: Window) -> Sequence[Any]:
        if seen.start == PAST_THE_END:
            self._came.set()
            assert self._go.wait(10)
        return STEPS.cut(items, seen)

    def start(self, pool: ThreadPoolExecutor) -> tuple[Future[Answer], Future[Answer]]:
        """Begin it, and after it one with something to spoil; return both once the second has come."""
        empty = pool.submit(self.twin.backend.answer, asked(self.twin, PAST_THE_END))
        assert self._came.wait(10)
        full = pool.submit(self.twin.backend.answer, asked(self.twin, 0))
        while self.twin.began < 2:
            time.sleep(0.001)
        return empty, full

    def go_on(self) -> None:
        self._go.set()


def test_a_request_that_came_while_another_one_was_undecided_is_hit_if_that_one_is_not() -> None:
    undecided = Undecided()
    with ThreadPoolExecutor(2) as pool:
        empty, full = undecided.start(pool)
        undecided.go_on()

    assert b"elsewhere.invalid" in full.result().body
    assert json.loads(empty.result().body)["next"] is None
    assert sorted(entry.fault or "" for entry in undecided.twin.journal.entries()) == ["", "next-elsewhere"]
    assert [(fault.hits, fault.seen) for fault in undecided.twin.backend.faults.active()] == [(1, 1)]


def test_of_many_requests_at_once_exactly_one_is_hit_though_half_have_nothing_to_spoil() -> None:
    twin = Twin("viktor")
    for _ in range(20):
        twin.reset()
        fault = twin.fault("next-elsewhere", operation=LIST, times=1)
        together = threading.Barrier(8)

        def answer(offset: int, together: threading.Barrier = together) -> Answer:
            together.wait(10)
            return twin.backend.answer(asked(twin, offset))

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(answer, [PAST_THE_END, 0] * 4))

        assert sum(b"elsewhere.invalid" in answer.body for answer in answers) == fault.hits == 1


def test_a_reset_frees_who_waits_for_a_decision_and_forgets_it() -> None:
    undecided = Undecided()
    with ThreadPoolExecutor(2) as pool:
        empty, full = undecided.start(pool)
        undecided.twin.reset()
        try:
            assert b"elsewhere.invalid" in full.result(10).body
        finally:
            undecided.go_on()

    assert empty.result().status == 200
    assert [(fault.hits, fault.seen) for fault in undecided.twin.backend.faults.active()] == [(1, 1)]


def test_a_method_is_hit_alone(twin: Twin) -> None:
    twin.fault("server-error", method="DELETE")
    assert statuses(twin, APPS, 1) + statuses(twin, APPS, 1, "DELETE") == [200, 500]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"nth": 2}, [200, 500, 200, 200]),
        ({"times": 2}, [500, 500, 200, 200]),
        ({"nth": 2, "times": 2}, [200, 500, 500, 200]),
        ({"nth": 5}, [200, 200, 200, 200]),
        ({"probability": 0}, [200, 200, 200, 200]),
        ({"probability": 1}, [500, 500, 500, 500]),
    ],
)
def test_requests_are_counted(twin: Twin, words: dict[str, Any], expected: list[int]) -> None:
    twin.fault("server-error", operation=LIST, **words)
    assert statuses(twin, WORKSPACES, 4) == expected


def test_a_share_of_requests_is_the_same_for_the_same_seed(twin: Twin) -> None:
    drawn = []
    for seed in (1, 1, 2):
        twin.reset()
        twin.fault("server-error", probability=0.5, random_seed=seed)
        drawn.append(statuses(twin, WORKSPACES, 24))
    assert drawn[0] == drawn[1] != drawn[2]
    assert set(drawn[0]) == {200, 500}


def test_the_first_that_hits_is_done(twin: Twin) -> None:
    twin.fault("too-many-requests", operation=LIST, nth=2)
    twin.fault("server-error", operation=LIST)
    assert statuses(twin, WORKSPACES, 3) == [500, 429, 500]


def test_many_hands_are_counted_one_by_one(twin: Twin) -> None:
    fault = twin.fault("server-error", operation=LIST, times=10)
    with ThreadPoolExecutor(8) as pool:
        answered = [status for part in pool.map(lambda _: statuses(twin, WORKSPACES, 5), range(8)) for status in part]
    assert (answered.count(500), fault.hits, fault.seen) == (10, 10, 40)


def test_a_fault_is_removed_and_a_reset_takes_away_what_was_added(twin: Twin) -> None:
    first = twin.fault("server-error")
    twin.backend.faults.remove(first)
    assert statuses(twin, APPS, 1) == [200]
    twin.fault("server-error")
    twin.reset()
    assert statuses(twin, APPS, 1) == [200]


def test_a_reset_counts_the_faults_of_the_start_from_anew() -> None:
    with Twin("viktor", faults=["server-error:times=1", {"name": "too-many-requests", "nth": 2}]) as twin:
        for _ in range(2):
            twin.reset()
            assert statuses(twin, APPS, 4) == [500, 200, 429, 200]


def test_a_seed_says_faults_too(tmp_path: Path) -> None:
    seed = tmp_path / "world.yaml"
    token = "{token: secret, roles: [organisation-admin]}"
    seed.write_text(
        f"tokens: [{token}]\nfaults:\n  - {{name: server-error, operation: apps_list, times: 1}}\n", "utf-8"
    )
    with Twin("viktor", world=seed) as twin:
        assert statuses(twin, APPS, 2) == [500, 200]


REFUSED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("unavailble", {}, ["'unavailble'", "did you mean unavailable"]),
    ("latency", {"second": 1}, ["fault latency", "'second'", "seconds"]),
    ("latency", {"seconds": "soon"}, ["seconds='soon'", "expected a number"]),
    ("latency", {"seconds": None}, ["seconds=None", "expected a number"]),
    ("latency", {"seconds": [1]}, ["seconds=[1]"]),
    ("latency", {"seconds": True}, ["seconds=True"]),
    ("unavailable", {"form": "days"}, ["form='days'", "seconds or date"]),
    ("server-error", {"operation": "workspaces_lst"}, ["'workspaces_lst'", "workspaces_list"]),
    ("server-error", {"nth": 0}, ["nth=0", "1 or more"]),
    ("server-error", {"times": 0}, ["times=0", "1 or more"]),
    ("server-error", {"nth": 1.5}, ["nth=1.5", "a whole number"]),
    ("server-error", {"probability": 2}, ["probability=2", "from 0 to 1"]),
    ("server-error", {"retry_after": 1}, ["'retry_after'"]),
    ("smaller-page-maximum", {"operation": "apps_read"}, ["apps_read has no pages"]),
    ("smaller-page-maximum", {"maximum": 0}, ["maximum=0", "1 or more"]),
    ("latency", {"seconds": -1}, ["seconds=-1", "from 0 to"]),
    ("latency", {"seconds": float("nan")}, ["seconds=nan", "from 0 to"]),
    ("html-page", {"status": 99}, ["status=99", "from 200 to 599"]),
    ("redirect-elsewhere", {"status": 200}, ["status=200", "from 300 to 399"]),
    ("redirect-elsewhere", {"to": "http://h\r\nX-Injected: 1"}, ["expected a text in one line"]),
    ("wrong-content-type", {"content_type": "text/html\r\nX-Injected: 1"}, ["expected a text in one line"]),
    ("unavailable", {"retry_after": 10**15, "form": "date"}, ["retry_after=1000000000000000", "from 0 to"]),
    ("too-many-requests", {"retry_after": -5}, ["retry_after=-5", "from 0 to"]),
]


@pytest.mark.parametrize(("name", "words", "said"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_wrong_word_is_one_line_with_what_is_known(
    twin: Twin, name: str, words: dict[str, Any], said: list[str]
) -> None:
    with pytest.raises(TwinError) as refused:
        twin.fault(name, **words)
    assert "\n" not in str(refused.value)
    assert all(part in str(refused.value) for part in said), str(refused.value)
    assert twin.backend.faults.active() == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("server-error", ("server-error", {})),
        ("latency:seconds=0.5", ("latency", {"seconds": "0.5"})),
        ("html-page:status=502,operation=apps_list", ("html-page", {"status": "502", "operation": "apps_list"})),
    ],
)
def test_a_text_is_read_as_a_name_and_words(text: str, expected: tuple[str, dict[str, str]]) -> None:
    assert words_of(text) == expected


def test_the_control_plane_switches_faults_on_and_off(twin: Twin) -> None:
    control = f"{twin.url}/__twin__/faults"
    added = requests.post(control, json={"name": "server-error", "operation": LIST, "times": 1}, timeout=10)
    assert added.json() == [{"name": "server-error", "operation": LIST, "times": 1, "status": 500, "hits": 0}]
    assert statuses(twin, WORKSPACES, 2) == [500, 200]
    assert requests.get(control, timeout=10).json()[0]["hits"] == 1
    assert requests.post(control, json=[{"name": "latency", "seconds": 0}, {"name": "broken-json"}], timeout=10).ok
    assert requests.delete(control, timeout=10).json() == []
    assert twin.backend.faults.active() == ()


def test_of_a_list_with_a_wrong_fault_none_is_switched_on(twin: Twin) -> None:
    control = f"{twin.url}/__twin__/faults"
    refused = requests.post(control, json=[{"name": "server-error"}, {"name": "nope"}], timeout=10)
    assert refused.status_code == 400 and "/__twin__/faults/1" in refused.json()["detail"]
    assert requests.get(control, timeout=10).json() == []


@pytest.mark.parametrize(
    "words", [{}, {"nth": 2}, {"nth": 2, "times": None}, {"times": 3, "probability": 0.5, "random_seed": 4}], ids=str
)
def test_a_fault_is_made_again_from_its_words(twin: Twin, words: dict[str, Any]) -> None:
    first = twin.fault("unavailable", operation=LIST, retry_after=1, **words)
    again = twin.fault("unavailable", **first.words)
    assert (again.when, again.options) == (first.when, first.options)


@pytest.mark.parametrize("name", ["self-pointing-next", "redirect-elsewhere"])
def test_an_address_keeps_what_was_asked_for(twin: Twin, name: str) -> None:
    asked = {"limit": "1", "x": "a&limit=3", "y": "1\r\nX-Injected: 1"}
    twin.fault(name)
    answer = requests.get(
        f"{twin.url}{WORKSPACES}",
        params=asked,
        headers={"Authorization": f"Bearer {twin.token}"},
        timeout=10,
        allow_redirects=False,
    )
    address = answer.headers["Location"] if answer.is_redirect else answer.json()["next"]
    assert dict(parse_qsl(urlsplit(address).query)) == asked
    assert "X-Injected" not in answer.headers


@pytest.mark.parametrize("body", [b"[]", b"{}", b"5", b'["a\\":b"]', b'{"a": 1}', b""])
def test_broken_json_is_never_json(body: bytes) -> None:
    context: Any = SimpleNamespace(answer=lambda: Answer(200, body, "application/json"))
    with pytest.raises(ValueError):
        json.loads(FAULT_TYPES["broken-json"].handler(context).body)


def test_a_count_lies_in_a_header_too(harbour: Contract) -> None:
    listed = next(operation for operation in harbour.operations if operation.pagination is not None)
    assert listed.pagination is not None
    counted = replace(
        listed,
        pagination=replace(listed.pagination, envelope=replace(listed.pagination.envelope, count="header:X-Total")),
    )
    contract = replace(
        harbour, operations=tuple(counted if operation is listed else operation for operation in harbour.operations)
    )
    with Twin(contract) as twin:
        headers = {"Authorization": f"Bearer {twin.token}"}
        honest = requests.get(f"{twin.url}{listed.path}", headers=headers, timeout=10)
        twin.fault("lying-count", operation=listed.id, by=7)
        twice = requests.get(f"{twin.url}{listed.path}", headers=headers, timeout=10)
        assert int(twice.headers["X-Total"]) == int(honest.headers["X-Total"]) + 7


def test_a_fault_of_a_member_that_is_not_there_is_refused(harbour: Contract) -> None:
    listed = next(
        operation
        for operation in harbour.operations
        if operation.pagination and operation.pagination.envelope.next is None
    )
    with pytest.raises(TwinError, match="has no next"):
        Twin(harbour).fault("next-elsewhere", operation=listed.id)


def test_a_wrong_fault_is_refused_by_the_control_plane_in_one_line(twin: Twin) -> None:
    refused = requests.post(f"{twin.url}/__twin__/faults", json={"name": "latancy"}, timeout=10)
    assert refused.status_code == 400
    assert "did you mean latency" in refused.json()["detail"]


def test_a_fault_waits_for_an_answer_that_it_can_spoil(twin: Twin) -> None:
    def pages(*offsets: int) -> list[int]:
        return [
            len(
                requests.get(
                    f"{twin.url}{WORKSPACES}",
                    params={"limit": 100, "offset": offset},
                    headers={"Authorization": f"Bearer {twin.token}"},
                    timeout=10,
                ).json()["results"]
            )
            for offset in offsets
        ]

    clamped = twin.fault("clamped-past-end", times=1)
    assert pages(0, 500, 500) == [100, 100, 0]
    assert [entry.fault for entry in twin.journal.entries()] == [None, "clamped-past-end", None]
    assert clamped.hits == 1
    for name in ("next-elsewhere", "self-pointing-next"):
        twin.backend.faults.clear()
        fault = twin.fault(name, times=1)
        twin.journal.clear()
        pages(100)
        assert (fault.hits, fault.seen) == (0, 0), name
        pages(0)
        assert [entry.fault for entry in twin.journal.entries()] == [None, name]


JSONS = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats()
    | strategies.text(max_size=9),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(strategies.text(max_size=9), inner),
    max_leaves=6,
)
WORDS = (
    "operation",
    "method",
    "path",
    "nth",
    "times",
    "probability",
    "random_seed",
    "seconds",
    "retry_after",
    "by",
    "self",
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    JSONS
    | strategies.dictionaries(strategies.sampled_from(WORDS), JSONS, max_size=3).flatmap(
        lambda words: strategies.sampled_from(sorted(FAULT_TYPES)).map(lambda name: {**words, "name": name})
    )
)
def test_any_json_is_a_fault_or_refused(running: Twin, value: Any) -> None:
    client = running.application.test_client()
    answer = client.post("/__twin__/faults", json=value)
    assert answer.status_code in (200, 400), answer.text
    running.backend.faults.remove(*(fault for fault in running.backend.faults.active() if fault.name == "latency"))
    with suppress(ConnectionResetError):  # dropped
        client.get(WORKSPACES, headers={"Authorization": f"Bearer {running.token}"})
    running.backend.faults.clear()


@given(strategies.text(max_size=40) | strategies.from_regex(r"latency:[a-z]{3,9}=[0-9a-z.]{0,5}", fullmatch=True))
def test_any_text_is_a_fault_or_refused(viktor: Contract, text: str) -> None:
    faults = Faults(viktor)
    try:
        name, words = words_of(text)
        faults.add(name, **words)
    except TwinError as error:
        assert "\n" not in str(error)


def test_the_page_of_faults_is_up_to_date() -> None:
    assert faults_page.PAGE.read_text("utf-8") == faults_page.page(), "run python -m tests.faults_page"
