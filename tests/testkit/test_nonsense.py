"""A server may answer anything. The laws then say so: a verdict, never an exception, never an endless walk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import flask
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apitwin.contracts import Contract
from apitwin.testkit.server.judge import Profile, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import OUTCOMES
from apitwin.testkit.transport.target import Target
from apitwin.testkit.transport.wsgi import WsgiAdapter

PROFILE = Profile(examples=2, requests=20, shrinking=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
envelopes = st.fixed_dictionaries({}, optional={name: json_values for name in ("count", "next", "previous", "results")})
items = st.lists(st.fixed_dictionaries({"id": json_values}) | json_values, max_size=6)
pages = st.fixed_dictionaries({"count": json_values, "next": json_values, "previous": json_values, "results": items})


def target_that_answers(answer: Callable[[], tuple[bytes, int, str]]) -> Target:
    app = flask.Flask("nonsense")

    @app.before_request
    def say() -> flask.Response:
        body, status, content_type = answer()
        return flask.Response(body, status, content_type=content_type)

    return Target("nonsense", "http://nonsense.invalid", "token", is_twin=True, rate=0, adapter=WsgiAdapter(app))


def verdicts(contract: Contract, target: Target, operations: Iterable[str]) -> list[str]:
    context = RunContext(contract, target, PROFILE, "apitwin check")
    return [judge(law, contract.operation(one), context).outcome for one in operations for law in registered()]


@pytest.mark.parametrize(
    ("body", "status", "content_type"),
    [
        (b"", 200, "application/json"),
        (b"null", 200, "application/json"),
        (b"[]", 200, "application/json"),
        (b"{}", 200, "application/json"),
        (b'{"count": 3, "next": null, "previous": null, "results": [1, "a", null]}', 200, "application/json"),
        (b'{"count": 3, "next": 7, "previous": [], "results": [{}, {"id": []}, {"id": {}}]}', 200, "application/json"),
        (b'{"count": 1e400, "next": "?", "previous": "http://", "results": [{"id": 1}]}', 200, "application/json"),
        (b'{"count": 1, "next": "http://[", "previous": "//x", "results": [{"id": 1}]}', 200, "application/json"),
        (b'{"results": [{"id": 1}]', 200, "application/json"),
        (b"\xff\xfe\x00", 200, "text/plain; charset=utf-16"),
        (b"[" * 100_000, 200, "application/json"),
        (b"<html>", 500, "text/html"),
        (b'{"detail": "no"}', 401, "application/json"),
        (b"", 204, "application/json"),
        (b"", 301, "text/html"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_one_answer_to_everything(viktor: Contract, body: bytes, status: int, content_type: str) -> None:
    target = target_that_answers(lambda: (body, status, content_type))
    found = verdicts(viktor, target, ["apps_list", "users_current"])
    assert set(found) <= set(OUTCOMES)
    assert "broken" in found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(answers=st.lists(pages | envelopes | json_values, min_size=1, max_size=5), data=st.data())
def test_random_json_in_any_order(viktor: Contract, answers: list[Any], data: st.DataObject) -> None:
    turn = iter(range(10**9))

    def answer() -> tuple[bytes, int, str]:
        return json.dumps(answers[next(turn) % len(answers)]).encode(), 200, "application/json"

    found = verdicts(viktor, target_that_answers(answer), ["workspaces_list"])
    assert set(found) <= set(OUTCOMES)
