"""Every fault is noticed by a law: a client that takes it badly breaks the law, and a correct one does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, find, settings, strategies

from contracts import Contract
from mock_server import create_app
from mock_server.misdeeds import MISDEEDS
from testkit.clients.client import FunctionClient
from testkit.clients.laws import ClientLaw, Setting, registered
from testkit.clients.scenario import Scenario
from testkit.clients.stage import Stage
from testkit.judge import TWIN_PROFILE, Bench, judge
from testkit.targets import twin_target
from testkit.verdict import BROKEN, HOLDS
from tests.clients import zoo
from tests.clients.noticed import NOTICED, ON_SERVERS
from tests.sabotage.matrix import named

SECONDS = 5.0
LIST = "workspaces_entities_list"


@pytest.fixture(scope="module")
def stage(viktor: Contract) -> Iterator[Stage]:
    with Stage(viktor, None, LIST) as found:
        found.introduce(FunctionClient(zoo.walks_by_offset, SECONDS))
        yield found


def test_every_fault_is_in_the_table() -> None:
    assert NOTICED.keys() == MISDEEDS.keys() and ON_SERVERS.keys() <= MISDEEDS.keys()


@pytest.mark.parametrize("name", NOTICED)
def test_a_law_of_a_client_notices_a_fault(name: str, stage: Stage) -> None:
    chosen, client = NOTICED[name]
    law = next(one for one in registered() if one.name == chosen)
    assert stage.operation is not None
    scenario = with_the_fault(name, law, Setting(stage.operation, stage.elsewhere, SECONDS))
    for each, breaks in ((client, True), (zoo.walks_by_offset, False)):
        performance = stage.run(FunctionClient(each, SECONDS), scenario)
        problem = law.judge(performance, stage.operation)
        assert (problem is not None) is breaks, f"{each}: {problem}"
        assert not breaks or name in [one.fault for one in performance.asked], "the client never met the fault"


def with_the_fault(name: str, law: ClientLaw, setting: Setting) -> Scenario:
    """Return the plainest scenario that a law draws with a fault in it; fails where it draws none."""

    @strategies.composite
    def scenarios(draw: strategies.DrawFn) -> Scenario:
        return law.draw(draw, setting)

    return find(
        scenarios(),
        lambda one: name in [fault["name"] for fault in one.faults],
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
    bench = Bench(viktor, twin_target(viktor, application), TWIN_PROFILE, "")
    assert judge(law, viktor.operation(LIST), bench).outcome == HOLDS
    faults = application.extensions["apitwin"].faults
    faults.add(name, operation=LIST)
    faults.keep()
    bench = Bench(viktor, twin_target(viktor, application), TWIN_PROFILE, "")
    assert judge(law, viktor.operation(LIST), bench).outcome == BROKEN
