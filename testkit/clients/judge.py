"""Judging a client: scenarios are drawn, the smallest that breaks a law is found, and all is told as a story."""

from __future__ import annotations

import contextlib
import warnings
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, strategies
from hypothesis.errors import HypothesisWarning

from contracts import ContractError, load
from testkit.clients.client import Client
from testkit.clients.laws import HARSH, KINDS, USUAL, ClientLaw, Problem, Setting, registered
from testkit.clients.scenario import Scenario
from testkit.clients.settings import Settings
from testkit.clients.stage import Performance, Stage
from testkit.clients.story import story
from testkit.errors import UsageError
from testkit.settings import named
from testkit.verdict import BROKEN, HOLDS


@dataclass(frozen=True)
class ClientVerdict:
    """What is said of one law. scenarios: how many were tried; told: the story of the smallest that broke it."""

    law: ClientLaw
    outcome: str
    scenarios: int
    problem: Problem | None = None
    performance: Performance | None = None
    told: str = ""


@dataclass(frozen=True)
class Report:
    """All verdicts on one client."""

    client: str
    operation: str
    verdicts: tuple[ClientVerdict, ...]

    @property
    def broken(self) -> tuple[ClientVerdict, ...]:
        """The laws that it broke."""
        return tuple(one for one in self.verdicts if one.outcome == BROKEN)

    @property
    def only_harsh(self) -> bool:
        """Whether it broke a law, and only such as ask what servers seldom do."""
        return bool(self.broken) and all(one.law.kind == HARSH for one in self.broken)

    def lines(self) -> Iterator[str]:
        """Return a line for each law, each kind apart."""
        yield f"{self.client} reads {self.operation}"
        for kind, title in KINDS.items():
            chosen = [one for one in self.verdicts if one.law.kind == kind]
            if chosen:
                yield f"  {title[0].lower()}{title[1:]}:"
            for one in chosen:
                why = f"  {one.problem.says}" if one.problem is not None else ""
                yield f"    {one.outcome:<7} {one.law.name:<28}{why}".rstrip()

    def __str__(self) -> str:
        return "\n".join(self.lines())


class ClientBroken(AssertionError):
    """A client broke a law. The text is the story of each."""

    def __init__(self, report: Report) -> None:
        stories = "\n\n".join(one.told for one in report.broken)
        super().__init__(f"{report}\n\n{stories}")
        self.report = report


@dataclass
class _Search:
    """The scenarios of one law as they go by: each is tried once. smallest: the one that failed last.

    Hypothesis asks for ever smaller ones, and in the end for the smallest again.
    """

    known: dict[str, tuple[Performance, Problem | None]] = field(default_factory=dict)
    smallest: tuple[Performance, Problem] | None = None
    over: bool = False


class _Found(Exception):
    """A scenario broke the law; Hypothesis now looks for a smaller one."""


def judged(client: Client, settings: Settings) -> Report:
    """Return the verdicts on a client. Raises UsageError where it cannot be judged."""
    verdicts, operations = zip(*verdicts_of(client, settings), strict=True)
    return Report(client.name, operations[0], verdicts)


def verdicts_of(client: Client, settings: Settings) -> Iterator[tuple[ClientVerdict, str]]:
    """Yield each verdict as it is found, with the operation that the client reads.

    Raises UsageError where the client cannot be judged: it reads no list, or fails where nothing is wrong.
    """
    try:
        contract = load(settings.contract)
    except ContractError as error:
        raise UsageError(str(error)) from None
    chosen = laws(settings)
    with Stage(contract, settings.seed, settings.operation) as stage:
        stage.introduce(client)
        _require_sound(client, stage)
        assert stage.operation is not None, "found out by introducing the client"
        for law in chosen:
            yield _verdict(law, client, stage, settings), stage.operation.id


def laws(settings: Settings) -> tuple[ClientLaw, ...]:
    """Return the laws that are asked for. Raises UsageError with the nearest names for one that is none."""
    known = {one.name: one for one in registered()}
    chosen: Iterable[ClientLaw] = named(settings.laws, known, "the law", "law of a client")
    kinds = (USUAL, HARSH) if settings.harsh else (USUAL,)
    return tuple(one for one in chosen if one.kind in kinds or one.name in settings.laws)


def _require_sound(client: Client, stage: Stage) -> None:
    """Refuse a client that does not even read a few items: then nothing could be said of it."""
    seen = stage.run(client, Scenario(3, 100))
    if seen.result.items is not None and not seen.missing and not seen.added:
        return
    why = seen.result.error or f"it gave {list(seen.result.items or ())[:5]} where {list(seen.expected)} are"
    raise UsageError(f"{client.name} does not read three items from a server where nothing is wrong: {why}")


def _verdict(law: ClientLaw, client: Client, stage: Stage, settings: Settings) -> ClientVerdict:
    assert stage.operation is not None, "a client is introduced first"
    setting, search = Setting(stage.operation, stage.elsewhere, settings.seconds, settings.caps), _Search()

    def example(data: Any) -> None:
        scenario = law.draw(data.draw, setting)
        if _try(law, client, stage, scenario, search) is not None:
            raise _Found

    run = hypothesis.settings(
        max_examples=law.examples or settings.examples,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
        print_blob=False,
    )(hypothesis.given(strategies.data())(example))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)
        with contextlib.suppress(_Found):
            hypothesis.seed(zlib.crc32(f"{settings.draws} {law.name}".encode()))(run)()
    if search.smallest is None:
        return ClientVerdict(law, HOLDS, len(search.known))
    performance, problem = search.smallest
    told = story(law, problem, performance, stage.operation, client, settings)
    return ClientVerdict(law, BROKEN, len(search.known), problem, performance, told)


def _try(law: ClientLaw, client: Client, stage: Stage, scenario: Scenario, search: _Search) -> Problem | None:
    """Put a client through a scenario, if it was not yet; a client that did not end is asked no more."""
    if scenario.key not in search.known:
        if search.over:
            return None
        assert stage.operation is not None, "a client is introduced first"
        performance = stage.run(client, scenario)
        problem = law.judge(performance, stage.operation)
        search.known[scenario.key] = (performance, problem)
        search.over = problem is not None and (performance.endless or not performance.result.ended)
    performance, problem = search.known[scenario.key]
    if problem is not None:
        search.smallest = (performance, problem)
    return problem
