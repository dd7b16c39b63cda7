"""Judging a client: scenarios are drawn, and the smallest that breaks a law is found and reported."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from apitwin.contracts import Contract, ContractError, load
from apitwin.contracts.model import Operation
from apitwin.contracts.page_maximum import largest_page
from apitwin.testkit.clients.client import Client
from apitwin.testkit.clients.failure_report import failure_report
from apitwin.testkit.clients.harness import ClientRun, Harness
from apitwin.testkit.clients.laws import HARSH, KINDS, USUAL, ClientLaw, Problem, Setting, registered
from apitwin.testkit.clients.laws.loss import loss
from apitwin.testkit.clients.scenario import Scenario
from apitwin.testkit.clients.settings import PAGE_MAXIMUMS, Settings
from apitwin.testkit.errors import NothingToCompare, TestkitError, UsageError
from apitwin.testkit.generation.examples import draw
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, SKIPPED, Outcome, undecided
from apitwin.testkit.settings import named


@dataclass(frozen=True)
class ClientVerdict:
    """The verdict of one law. scenarios: how many were tried. reason: why it was skipped or stayed open.

    failure_report: the report of the smallest scenario that broke it, an empty text where none did.
    """

    law: ClientLaw
    outcome: Outcome
    scenarios: int
    problem: Problem | None = None
    client_run: ClientRun | None = None
    failure_report: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """All verdicts on one client."""

    client: str
    operation: str
    verdicts: tuple[ClientVerdict, ...]

    @property
    def broken(self) -> tuple[ClientVerdict, ...]:
        """The laws that it broke."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome == BROKEN)

    @property
    def undecided(self) -> str | None:
        """Why it says too little to be called a success, None where it says enough."""
        return undecided(verdict.outcome for verdict in self.verdicts)

    @property
    def only_harsh(self) -> bool:
        """Whether it broke a law, and only laws about what servers seldom do."""
        return bool(self.broken) and all(verdict.law.kind == HARSH for verdict in self.broken)

    def lines(self) -> Iterator[str]:
        """Yield a line for each law, grouped by kind."""
        yield f"{self.client} reads {self.operation}"
        for kind, title in KINDS.items():
            chosen = [verdict for verdict in self.verdicts if verdict.law.kind == kind]
            if chosen:
                yield f"  {title[0].lower()}{title[1:]}:"
            for verdict in chosen:
                why = f"  {verdict.reason if verdict.problem is None else verdict.problem.says}"
                yield f"    {verdict.outcome:<7} {verdict.law.name:<28}{why}".rstrip()

    def __str__(self) -> str:
        return "\n".join(self.lines())


class ClientBroken(AssertionError):
    """A client broke a law. The text is the failure report of each broken law."""

    def __init__(self, report: Report) -> None:
        reports = "\n\n".join(verdict.failure_report for verdict in report.broken)
        super().__init__(f"{report}\n\n{reports}")
        self.report = report


@dataclass
class _Search:
    """The scenarios that are tried for one law, each of them once. smallest: the run that failed last.

    Hypothesis asks for ever smaller scenarios, and in the end for the smallest again. silent: how many scenarios the
    client sent nothing in, so that there is nothing to judge.
    """

    known: dict[str, tuple[ClientRun, Problem | None]] = field(default_factory=dict)
    smallest: tuple[ClientRun, Problem] | None = None
    over: bool = False
    silent: int = 0


class _Late(BaseException):
    """The run's deadline has passed. No Exception: Hypothesis would take that for a failing scenario."""


class _LawBroken(Exception):
    """A scenario broke the law; Hypothesis now looks for a smaller scenario."""


def judged(client: Client, settings: Settings) -> Report:
    """Return the verdicts on a client. Raises UsageError where it cannot be judged."""
    verdicts, operations = zip(*verdicts_of(client, settings), strict=True)
    return Report(client.name, operations[0], verdicts)


def verdicts_of(client: Client, settings: Settings) -> Iterator[tuple[ClientVerdict, str]]:
    """Yield each verdict as it is found, with the operation that the client reads.

    Raises UsageError where the client cannot be judged: it reads no list, or fails where nothing is wrong.
    """
    try:
        contract = load(settings.contract, settings.root, settings.overlay)
    except ContractError as error:
        raise UsageError(str(error)) from None
    _require_page_maximums(settings, contract)
    chosen = laws(settings)
    with Harness(contract, settings.world, settings.operation, settings.extension) as harness:
        begun = time.monotonic()
        late = harness.late = lambda: settings.deadline is not None and time.monotonic() > begun + settings.deadline
        try:
            harness.introduce(client)
            assert harness.operation is not None, "found out by introducing the client"
            trial = _Trial(client, harness, settings, harness.operation, late)
            unsound = trial.unsound()
        except TestkitError:
            raise
        except Exception as error:  # what nobody thought of, as in `_Trial.verdict`
            raise UsageError(_defect(error, settings)) from None
        if unsound is not None:
            yield unsound, harness.operation.id
            return
        for law in chosen:
            yield trial.verdict(law), harness.operation.id


def _defect(error: Exception, settings: Settings) -> str:
    """Return what is said of an error that nobody expected: its kind, for its text may hold what a client printed."""
    if settings.debug is not None:
        settings.debug(error)
    return f"it could not be judged: {type(error).__name__} inside apitwin; see the traceback with --debug"


def _require_page_maximums(settings: Settings, contract: Contract) -> None:
    """Refuse a page maximum that no page of the contract has. The usual ones are cut to the contract's own instead."""
    largest = largest_page(contract)
    if largest is None or settings.page_maximums == PAGE_MAXIMUMS:
        return
    for page_maximum in settings.page_maximums:
        if page_maximum > largest:
            own = f"the contract's own is {largest}, so give {largest} or less"
            raise UsageError(f"page_maximums: found {page_maximum}; {own}")


def laws(settings: Settings) -> tuple[ClientLaw, ...]:
    """Return the laws that are asked for. Raises UsageError with the nearest names where a name is no law."""
    known = {law.name: law for law in registered()}
    chosen: Iterable[ClientLaw] = named(settings.laws, known, "the law", "law of a client")
    kinds = (USUAL, HARSH) if settings.harsh else (USUAL,)
    if settings.without:
        named(settings.without, known, "the law", "law of a client")
    asked = [law for law in chosen if law.kind in kinds or law.name in settings.laws]
    kept = tuple(law for law in asked if law.name not in settings.without)
    if not kept:
        raise UsageError("no law is left to judge by: all that are asked for are left out")
    return kept


SIMPLE = Scenario(3, 100)
"""Three items from a server where nothing is wrong."""
BASIC = "reads-everything"
"""The law that a client has to obey before any other law can judge it."""


@dataclass
class _Trial:
    """One client before all its laws.

    plain: whether it loses items without a fault, by size and page maximum; reads_alone: see `Setting`.
    """

    client: Client
    harness: Harness
    settings: Settings
    operation: Operation
    is_late: Callable[[], bool]
    plain: dict[tuple[int, int], bool] = field(default_factory=dict)
    reads_alone: bool = False

    @property
    def _late(self) -> str:
        return f"the run's deadline of {self.settings.deadline:g} s has passed; give more with --deadline"

    def unsound(self) -> ClientVerdict | None:
        """Return the verdict on a client that does not even read three items, None where it does.

        Raises UsageError where it fails there: then nothing could be said of it.
        """
        try:
            client_run = self._run(SIMPLE)
        except _Late:
            raise UsageError(self._late) from None
        problem = loss(client_run)
        self.reads_alone = len(client_run.asked) + len(client_run.others) > SIMPLE.size
        if problem is None:
            return None
        if not problem.lost or not client_run.asked:
            why = client_run.result.error or problem.says
            where = f", after {client_run.asked[-1]}" if client_run.asked else ""
            raise UsageError(
                f"{self.client.name} does not read three items from a server where nothing is wrong: {why}{where}"
            )
        basic = next(law for law in registered() if law.name == BASIC)
        return self._broken(basic, 1, client_run, problem)

    def verdict(self, law: ClientLaw) -> ClientVerdict:
        """Return the verdict of a law. Raises UsageError where the client cannot be judged, and no other Exception.

        What nobody thought of, in this judge or for want of memory, makes one verdict inconclusive.
        """
        try:
            return self._verdict(law)
        except TestkitError:
            raise
        except Exception as error:
            return ClientVerdict(law, INCONCLUSIVE, 0, reason=_defect(error, self.settings))

    def _verdict(self, law: ClientLaw) -> ClientVerdict:
        """Draw scenarios until one breaks the law, and then smaller scenarios."""
        search = _Search()
        if self.is_late():
            return ClientVerdict(law, INCONCLUSIVE, 0, reason=self._late)
        settings, elsewhere = self.settings, self.harness.elsewhere
        setting = Setting(self.operation, elsewhere, settings.seconds, settings.page_maximums, self.reads_alone)

        def example(data: Any) -> None:
            if self.is_late():
                raise _Late
            if self._problem(law, law.draw(data.draw, setting), search) is not None:
                raise _LawBroken

        try:
            with contextlib.suppress(_LawBroken):
                draw(example, law.examples or self.settings.examples, f"{self.settings.random_seed} {law.name}")
        except NothingToCompare as error:
            return ClientVerdict(law, SKIPPED, 0, reason=str(error))
        except _Late:
            if search.smallest is not None:
                return self._broken(law, len(search.known) - search.silent, *search.smallest)
            return ClientVerdict(law, INCONCLUSIVE, len(search.known) - search.silent, reason=self._late)
        tried = len(search.known) - search.silent
        if search.smallest is not None:
            return self._broken(law, tried, *search.smallest)
        if not tried:
            reason = "it sends no request any more: it seems to remember what it read before"
            return ClientVerdict(law, SKIPPED, 0, reason=reason)
        return ClientVerdict(law, HOLDS, tried)

    def _run(self, scenario: Scenario) -> ClientRun:
        """Put the client through a scenario. Raises _Late where that was cut short: the client is not to blame."""
        client_run = self.harness.run(self.client, scenario)
        if self.is_late():
            raise _Late
        return client_run

    def _problem(self, law: ClientLaw, scenario: Scenario, search: _Search) -> Problem | None:
        """Put the client through a scenario that is new; a client that did not end is not asked again."""
        if scenario.key not in search.known:
            if search.over:
                return None
            client_run = self._run(scenario)
            search.silent += not client_run.asked
            search.known[scenario.key] = (client_run, self._judged(law, client_run))
            search.over = search.known[scenario.key][1] is not None and not client_run.stopped
        client_run, problem = search.known[scenario.key]
        if problem is not None:
            search.smallest = (client_run, problem)
        return problem

    def _judged(self, law: ClientLaw, client_run: ClientRun) -> Problem | None:
        problem = law.judge(client_run, self.operation) if client_run.asked else None
        scenario = client_run.scenario
        if problem is not None and problem.lost and scenario.faults and self._loses_anyway(scenario):
            return None  # it is for another law to say so
        return problem

    def _loses_anyway(self, scenario: Scenario) -> bool:
        """Return whether the client loses items without a fault: twice, for a busy machine may cut one run short."""
        key = (scenario.size, scenario.page_maximum)
        if key not in self.plain:
            self.plain[key] = all(loss(self._run(Scenario(*key))) is not None for _ in range(2))
        return self.plain[key]

    def _broken(self, law: ClientLaw, tried: int, client_run: ClientRun, problem: Problem) -> ClientVerdict:
        report = failure_report(law, problem, client_run, self.operation, self.client, self.settings)
        return ClientVerdict(law, BROKEN, tried, problem, client_run, report)
