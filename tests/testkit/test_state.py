"""The law of state: hundreds of writes with no divergence, and a report that shows what was written."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from apitwin.contracts import Contract
from apitwin.testkit.reports.failure_report import failure_report
from apitwin.testkit.server.judge import Profile, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import BROKEN, HOLDS
from apitwin.testkit.settings import Settings, plan
from apitwin.testkit.transport.target import Target
from apitwin.testkit.transport.twins import twin_target
from tests.sabotage.broken import SABOTAGES
from tests.sabotage.matrix import named

LISTS = ("workspaces_entities_list", "workspaces_entities_entities_read")


class Counting:
    """A target that counts what was sent to it."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.sent: Counter[tuple[str, int]] = Counter()

    def __getattr__(self, name: str) -> object:
        return getattr(self.target, name)

    def send(self, request: object) -> object:
        exchange = self.target.send(request)  # type: ignore[arg-type]
        self.sent[exchange.request.method, exchange.response.status] += 1
        return exchange


@pytest.mark.parametrize("operation", LISTS)
def test_two_hundred_writes_and_more_leave_what_they_should(viktor: Contract, operation: str) -> None:
    counting = Counting(twin_target(viktor))
    for seed in (1, 2):  # between them they draw every kind of write
        context = RunContext(viktor, counting, Profile(examples=60, requests=20_000, random_seed=seed), "")  # type: ignore[arg-type]
        verdict = judge(named("state"), viktor.operation(operation), context)
        assert verdict.outcome == HOLDS, verdict.reason
    written = {request: number for request, number in counting.sent.items() if request[0] != "GET"}
    assert sum(written.values()) >= 200
    kinds = {("POST", 200), ("POST", 400), ("PATCH", 200), ("PUT", 200), ("PATCH", 400), ("DELETE", 204)}
    assert kinds <= written.keys()


def test_only_lists_whose_things_come_and_go_are_judged(viktor: Contract) -> None:
    target, law = twin_target(viktor), named("state")
    judged = [operation.id for operation in viktor.operations if law.inapplicable(operation, target, viktor) is None]
    assert judged == list(LISTS)


def test_a_report_shows_the_write_that_went_wrong(viktor: Contract) -> None:
    sabotage = next(candidate for candidate in SABOTAGES if candidate.name == "create-cuts-the-name")
    target = twin_target(viktor, sabotage.application(viktor))
    context = RunContext(viktor, target, Profile(examples=15, requests=400), "apitwin check viktor")
    verdict = judge(named("state"), viktor.operation(LISTS[0]), context)
    assert verdict.outcome == BROKEN
    report = failure_report(verdict, next(law for law in registered() if law.name == "state"), viktor, target)
    assert "is not read as it was written" in report
    assert "curl -s -X POST" in report and "-d '{" in report


def test_a_name_that_the_client_gives_is_given_once(tmp_path: Path) -> None:
    name = {"type": "string", "minLength": 1, "maxLength": 3}
    room = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    light = {"type": "object", "required": ["key"], "properties": {"key": name, "note": {"type": "string"}}}
    content = {"content": {"application/json": {"schema": light}}}
    sizes = [{"name": word, "in": "query", "schema": {"type": "integer"}} for word in ("limit", "offset")]
    at = [{"name": word, "in": "path", "required": True, "schema": {"type": "string"}} for word in ("room_id", "key")]
    there, gone = {"200": {"description": "", **content}}, {"404": {"description": ""}}

    def several(schema: object) -> dict[str, object]:
        body = {"application/json": {"schema": {"type": "array", "items": schema}}}
        return {"parameters": sizes, "responses": {"200": {"description": "", "content": body}}}

    paths = {
        "/rooms": {"get": several(room)},
        "/rooms/{room_id}": {"parameters": at[:1], "get": {"responses": {"200": {"description": ""}}}},
        "/rooms/{room_id}/lights": {
            "parameters": at[:1],
            "get": several(light),
            "post": {"requestBody": content, "responses": {"201": {"description": "", **content}}},
        },
        "/rooms/{room_id}/lights/{key}": {
            "parameters": at,
            "get": {"responses": {**there, **gone}},
            "patch": {"requestBody": content, "responses": {**there, **gone}},
            "delete": {"responses": {"204": {"description": ""}, **gone}},
        },
    }
    file = tmp_path / "openapi.json"
    whole = {"openapi": "3.1.0", "info": {"title": "Lights", "version": "1"}, "paths": paths}
    file.write_text(json.dumps(whole), "utf-8")

    run = plan(Settings(str(file), laws=("state",), examples=60))
    verdicts = [judge(law, operation, run.context) for law, operation in run.pairs]

    assert [verdict.reason for verdict in verdicts if verdict.outcome in ("broken", "inconclusive")] == []
    assert any(verdict.outcome == HOLDS for verdict in verdicts), [verdict.reason for verdict in verdicts]
