"""Every fault is noticed by a law: a client that takes it badly breaks the law, and a correct one does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, find, settings, strategies

from apitwin.contracts import Contract
from apitwin.mock_server import create_app
from apitwin.mock_server.faults.catalogue import FAULT_TYPES
from apitwin.testkit.clients.client import FunctionClient
from apitwin.testkit.clients.harness import Harness
from apitwin.testkit.clients.laws import ClientLaw, Setting, registered
from apitwin.testkit.clients.scenario import Scenario
from apitwin.testkit.server.judge import TWIN_PROFILE, RunContext, judge
from apitwin.testkit.server.verdict import BROKEN, HOLDS
from apitwin.testkit.transport.twins import twin_target
from tests.clients import zoo
from tests.clients.noticed import NOTICED, ON_SERVERS
from tests.sabotage.matrix import named

SECONDS = 5.0
LIST = "workspaces_entities_list"


@pytest.fixture(scope="module")
def harness(viktor: Contract) -> Iterator[Harness]:
    with Harness(viktor, None, LIST) as harness:
        harness.introduce(FunctionClient(zoo.walks_by_offset, SECONDS))
        yield harness


def test_every_fault_is_in_the_table() -> None:
    assert NOTICED.keys() == FAULT_TYPES.keys() and ON_SERVERS.keys() <= FAULT_TYPES.keys()


@pytest.mark.parametrize("name", NOTICED)
def test_a_law_of_a_client_notices_a_fault(name: str, harness: Harness) -> None:
    chosen, client = NOTICED[name]
    law = next(candidate for candidate in registered() if candidate.name == chosen)
    assert harness.operation is not None
    scenario = with_the_fault(name, law, Setting(harness.operation, harness.elsewhere, SECONDS))
    for fetch_all, breaks in ((client, True), (zoo.walks_by_offset, False)):
        client_run = harness.run(FunctionClient(fetch_all, SECONDS), scenario)
        problem = law.judge(client_run, harness.operation)
        assert (problem is not None) is breaks, f"{fetch_all}: {problem}"
        assert not breaks or name in [entry.fault for entry in client_run.asked], "the client never met the fault"


def with_the_fault(name: str, law: ClientLaw, setting: Setting) -> Scenario:
    """Return the plainest scenario that a law draws with a fault in it; fails where it draws none."""

    @strategies.composite
    def scenarios(draw: strategies.DrawFn) -> Scenario:
        return law.draw(draw, setting)

    return find(
        scenarios(),
        lambda scenario: name in [fault["name"] for fault in scenario.faults],
        settings=settings(
            max_examples=2000,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("name", ON_SERVERS)
def test_a_law_of_a_server_notices_a_fault_that_never_ends(name: str, viktor: Contract) -> None:
    application, law = create_app(viktor), named(ON_SERVERS[name])
    context = RunContext(viktor, twin_target(viktor, application), TWIN_PROFILE, "")
    assert judge(law, viktor.operation(LIST), context).outcome == HOLDS
    faults = application.extensions["apitwin"].faults
    faults.add(name, operation=LIST)
    faults.checkpoint()
    context = RunContext(viktor, twin_target(viktor, application), TWIN_PROFILE, "")
    assert judge(law, viktor.operation(LIST), context).outcome == BROKEN
