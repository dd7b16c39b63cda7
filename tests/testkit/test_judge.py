"""What the judge promises, how a target repeats itself, and which answers a contract describes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import strategies
from requests.adapters import BaseAdapter

from apitwin.contracts import Contract, load
from apitwin.contracts.model import Operation, Response
from apitwin.mock_server import STEPS, create_app
from apitwin.mock_server.engine import bodies
from apitwin.testkit.errors import TargetError
from apitwin.testkit.server import pages
from apitwin.testkit.server.judge import LIVE_PROFILE, TWIN_PROFILE, RunContext, judge
from apitwin.testkit.server.laws import Law, law, registered
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.verdict import BROKEN, HOLDS, SKIPPED
from apitwin.testkit.settings import Plan, preflight
from apitwin.testkit.transport.exchange import Request
from apitwin.testkit.transport.target import RETRIES, AnswerLost, Target
from apitwin.testkit.transport.twins import twin_target
from apitwin.testkit.transport.wsgi import WsgiAdapter
from tests.sabotage.matrix import named
from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour"


@pytest.fixture(scope="module")
def harbour() -> Contract:
    return load(HARBOUR)


# Laws with mistakes of their own


def a_law(examine: Callable[[Probe], None]) -> Law:
    return Law("own", "own", "It is so.", examine, (), None, False)


def test_an_index_error_of_a_law_is_its_own_and_not_taken_for_other_answers(harbour: Contract) -> None:
    times: list[int] = []

    def examine(probe: Probe) -> None:
        times.append(1)
        if len(times) > 1:
            [][len(times)]
        probe.require(False, "it is not so", expected="", found="", shown=[])

    context = RunContext(harbour, twin_target(harbour), replace(TWIN_PROFILE, examples=1), "")
    verdict = judge(a_law(examine), harbour.operation("listShips"), context)
    assert verdict.outcome == "inconclusive"
    assert "IndexError inside apitwin" in verdict.reason


# Laws that find nothing to examine


def nothing_to_require(probe: Probe) -> None:
    probe.send()


def nothing_but_a_page(probe: Probe) -> None:
    pages.at(probe, 1)


def nothing_that_it_speaks_of(probe: Probe) -> None:
    probe.assume(False, "page with a link")


@pytest.mark.parametrize(
    ("examine", "reason"),
    [
        (nothing_to_require, "no example required anything of the server"),
        (nothing_but_a_page, "no example required anything of the server"),
        (nothing_that_it_speaks_of, "no page with a link"),
    ],
)
def test_a_law_that_required_nothing_does_not_hold(
    examine: Callable[[Probe], None], reason: str, harbour: Contract
) -> None:
    context = RunContext(harbour, twin_target(harbour), TWIN_PROFILE, "")

    verdict = judge(a_law(examine), harbour.operation("listShips"), context)

    assert (verdict.outcome, verdict.reason) == (SKIPPED, f"nothing to examine: {reason}")
    assert verdict.examples == 0


def test_an_example_in_which_a_law_required_nothing_is_not_counted(harbour: Contract) -> None:
    required: list[bool] = []

    def examine(probe: Probe) -> None:
        required.append(probe.draw(strategies.booleans(), "whether there is something"))
        probe.assume(required[-1], "thing to look at")
        probe.require(True, "it is so", expected="", found="", shown=[])

    context = RunContext(harbour, twin_target(harbour), TWIN_PROFILE, "")
    verdict = judge(a_law(examine), harbour.operation("listShips"), context)

    assert (verdict.outcome, verdict.examples) == (HOLDS, sum(required))
    assert 0 < sum(required) < len(required)


def test_what_reading_a_page_finds_broken_is_broken_though_the_law_requires_nothing(harbour: Contract) -> None:
    def examine(probe: Probe) -> None:
        pages.read(probe, probe.send(path="/nowhere"))

    context = RunContext(harbour, twin_target(harbour), TWIN_PROFILE, "")

    assert judge(a_law(examine), harbour.operation("listShips"), context).outcome == BROKEN


def test_filters_do_not_intersect_where_there_is_only_one(viktor: Contract) -> None:
    operation = viktor.operation("workspaces_entities_list")
    filters = [rule for rule in operation.filters if rule.match == "any-of"]
    intersect = named("filters-intersect")
    context = RunContext(viktor, twin_target(viktor), replace(TWIN_PROFILE, examples=2), "")

    alone = judge(intersect, replace(operation, filters=tuple(filters[:1])), context)

    assert len(filters) > 1
    assert (alone.outcome, alone.reason) == (
        SKIPPED,
        "nothing to examine: no second filter with a known meaning",
    )
    assert judge(intersect, operation, context).outcome == HOLDS


def test_a_name_of_a_law_is_given_once() -> None:
    def examine(probe: Probe) -> None:
        """It is so."""

    before = registered()
    with pytest.raises(TypeError, match=r"the law 'slice' is already apitwin\.testkit\.server\.laws\.pagination"):
        law("slice", "own")(examine)
    assert registered() == before


def test_a_law_without_a_claim_is_none() -> None:
    with pytest.raises(TypeError, match="the law 'own' has no docstring, and so no claim"):
        law("own", "own")(nothing_to_require)


# Repeating


class Script(BaseAdapter):
    """A transport that answers from a list, the last answer for ever."""

    def __init__(self, *answers: int | Exception, header: str = "0") -> None:
        super().__init__()
        self.answers = answers
        self.header = header
        self.sent: list[str | None] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        answer = self.answers[min(len(self.sent), len(self.answers) - 1)]
        self.sent.append(request.method)
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code = answer
        response.headers["Retry-After"] = self.header
        response._content = b"{}"
        return response

    def close(self) -> None:
        pass

    def target(self) -> Target:
        return Target("live", "http://o.invalid", None, rate=0, adapter=self, sandbox=["/box/"])


WRITING = ("POST", "PATCH", "PUT", "DELETE")


@pytest.mark.parametrize("method", WRITING)
@pytest.mark.parametrize("header", ["0", "never"])
def test_a_write_is_not_repeated_after_503(method: str, header: str) -> None:
    script = Script(503, 200, header=header)
    with pytest.raises(AnswerLost, match=rf"answered {method} /box/1 with status 503: it may have been done"):
        script.target().send(Request(method, "/box/1"))
    assert script.sent == [method]


@pytest.mark.parametrize("method", WRITING)
def test_a_write_is_repeated_after_429_which_says_that_nothing_was_done(method: str) -> None:
    script = Script(429, 429, 200)
    assert script.target().send(Request(method, "/box/1")).response.status == 200
    assert script.sent == [method] * 3
    script = Script(429)
    with pytest.raises(TargetError, match="throttles: status 429") as raised:
        script.target().send(Request(method, "/box/1"))
    assert len(script.sent) == RETRIES + 1
    assert not isinstance(raised.value, AnswerLost), "nothing was done"


@pytest.mark.parametrize(
    ("method", "error", "lost"),
    [
        ("POST", requests.exceptions.ReadTimeout(), True),
        ("POST", requests.exceptions.ConnectionError(), True),
        ("POST", requests.exceptions.ConnectTimeout(), False),
        ("GET", requests.exceptions.ReadTimeout(), False),
    ],
)
def test_a_broken_connection_may_have_lost_the_answer_to_a_write(method: str, error: Exception, lost: bool) -> None:
    with pytest.raises(TargetError) as raised:
        Script(error).target().send(Request(method, "/box/1"))
    assert isinstance(raised.value, AnswerLost) == lost


def test_reading_is_repeated_after_503() -> None:
    script = Script(503, 503, 200)
    assert script.target().send(Request("GET", "/box/1")).response.status == 200
    assert len(script.sent) == 3


# Before a run


def test_a_sandbox_is_looked_for_where_no_list_is_without_a_parameter(harbour: Contract) -> None:
    contract = replace(
        harbour, operations=tuple(operation for operation in harbour.operations if operation.path_parameters())
    )
    application = create_app(harbour)
    world = application.extensions["apitwin"].world

    def run(name: str) -> Plan:
        box = [f"/harbours/{name}/"]
        adapter = WsgiAdapter(application)
        target = Target("live", "http://o.invalid", world.token(), rate=0, adapter=adapter, sandbox=box)
        return Plan(RunContext(contract, target, LIVE_PROFILE, "", {"harbour": name}), contract.operations, ())

    preflight(run("north"))
    with pytest.raises(TargetError, match="the sandbox harbour=none cannot be read at live/harbours/none/moorings"):
        preflight(run("none"))


# What a contract describes


def described(*statuses: str) -> Operation:
    some = load(HARBOUR).operation("listShips")
    return replace(some, responses={status: Response(status, None, None, None) for status in statuses})


@pytest.mark.parametrize(
    ("statuses", "status", "leading", "expected"),
    [
        (("201", "422"), 422, 4, True),
        (("201", "422"), 400, 4, False),
        (("201", "4XX"), 400, 4, True),
        (("201", "4XX"), 200, 4, False),
        (("201", "default"), 400, 4, True),
        (("201", "default"), 200, 4, False),
        (("201", "default"), 500, 4, False),
        (("201",), 400, 4, True),
        (("201",), 200, 4, False),
        (("2XX", "4XX"), 201, 2, True),
        (("2XX", "4XX"), 404, 2, False),
        (("default",), 404, 2, False),
        ((), 200, 2, True),
    ],
)
def test_a_status_is_expected_where_the_contract_describes_it_in_its_class(
    statuses: tuple[str, ...], status: int, leading: int, expected: bool
) -> None:
    assert described(*statuses).expects(status, leading) == expected


def test_a_status_is_described_by_itself_before_its_range_before_the_default() -> None:
    responses = [described("404", "4XX", "default").response_to(status) for status in (404, 400, 500)]
    assert [response.status for response in responses if response is not None] == ["404", "4XX", "default"]
    assert described("404").response_to(400) is None


REFUSED = "{$ref: '#/components/responses/Refused'}"


@pytest.mark.parametrize("word", ["", "4XX", "default"])
def test_the_law_can_fail_where_refusals_are_documented_as_a_range(word: str, tmp_path: Path) -> None:
    text = (HARBOUR / "openapi.yaml").read_text(encoding="utf-8")
    if word:
        start, end = text.index("  /harbours/{harbour}/moorings:"), text.index("components:\n")
        lines = text[start:end].splitlines(keepends=True)
        kept = [line for line in lines if not line.strip().startswith(("'404'", "'422'"))]
        ranged = [line.replace("'403'", word) if line.strip().startswith("'403'") else line for line in kept]
        text = text[:start] + "".join(ranged) + text[end:]
        assert f"        {word}: {REFUSED}" in text
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "world.yaml").write_bytes((HARBOUR / "world.yaml").read_bytes())
    contract = load(tmp_path)

    def read_body(content: bytes, *rest: Any) -> Any:
        """Take a refused change for one that changes nothing."""
        body = bodies.read(content, *rest)
        refused = isinstance(body, (bodies.Rejected, bodies.Unreadable))
        return {} if refused and "required" not in rest[1].schema.resolved else body

    operation = contract.operation("listMoorings")
    state, path = named("state"), {"harbour": "north"}
    for steps, outcome in ((STEPS, HOLDS), (replace(STEPS, read_body=read_body), BROKEN)):
        target = twin_target(contract, create_app(contract, steps=steps))
        verdict = judge(state, operation, RunContext(contract, target, replace(TWIN_PROFILE, examples=40), "", path))
        assert verdict.outcome == outcome, verdict.reason
    assert verdict.reason == "a write that does not fit its schema is answered with status 200"
