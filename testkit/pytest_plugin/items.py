"""The laws as pytest items: one for each law on each operation, failing with the failure report of the law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from apitwin.contracts import ContractError
from apitwin.contracts.model import Operation
from apitwin.contracts.printable import one_line, printable
from apitwin.testkit.errors import TestkitError
from apitwin.testkit.pytest_plugin.options import in_words_of_pytest, option
from apitwin.testkit.reports.failure_report import failure_report
from apitwin.testkit.reports.tracebacks import show_traceback
from apitwin.testkit.server.judge import judge
from apitwin.testkit.server.laws import Law
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, Verdict, undecided
from apitwin.testkit.settings import Plan, Settings, plan, preflight
from apitwin.testkit.transport.target import DEFAULT_RATE

MOST_REASONS = 5
OUTCOME = "apitwin outcome"
"""The property of a test report that holds the outcome of its verdict; workers of pytest-xdist send it along."""

REFUSED = "apitwin refused"
"""The property that says how the target refuses the token of the run since the middle of it."""


SET_ASIDE = pytest.StashKey[list[str]]()
"""What of the document is not understood and left out, as lines."""


class LawBroken(Exception):
    """A law was broken; the text is its failure report."""


class ContractNode(pytest.Collector):
    """The contract that the items belong to. Nothing is collected through it."""

    run: Plan

    def collect(self) -> Iterator[pytest.Item]:
        """Return every law on every operation."""
        for law, operation in self.run.pairs:
            yield LawItem.from_parent(self, name=f"{one_line(operation.id)}::{law.name}", law=law, operation=operation)


class LawItem(pytest.Item):
    """One law on one operation."""

    def __init__(self, *, law: Law, operation: Operation, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.law = law
        self.operation = operation
        self.extra_keyword_matches.update((law.name, law.topic, operation.id))

    @property
    def _run(self) -> Plan:
        assert isinstance(self.parent, ContractNode), "made by ContractNode.collect"
        return self.parent.run

    def runtest(self) -> None:
        """Judge; skip with the reason where nothing can be said, and fail with the failure report."""
        verdict: Verdict = judge(self.law, self.operation, self._run.context)
        self.user_properties.append((OUTCOME, verdict.outcome))
        context = self._run.context
        if context.target.budget.refused is not None:
            self.user_properties.append((REFUSED, one_line(in_words_of_pytest(context.target.budget.refused))))
        if verdict.outcome == BROKEN:
            raise LawBroken(failure_report(verdict, self.law, context.contract, context.target))
        if verdict.outcome != HOLDS:
            reason = context.target.secrets.cleaned(in_words_of_pytest(verdict.reason))
            pytest.skip(f"{verdict.outcome}: {one_line(reason)}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the failure report instead of a traceback into this package."""
        if isinstance(excinfo.value, LawBroken):
            return str(excinfo.value)
        shown = super().repr_failure(excinfo, style)
        return printable(self._run.context.target.secrets.cleaned(str(shown)))

    def reportinfo(self) -> tuple[Any, None, str]:
        """Say where the item comes from: the contract's file."""
        return self._run.context.contract.path, None, self.nodeid


def collect(session: pytest.Session, config: pytest.Config) -> list[pytest.Item]:
    """Return the items that the options ask for.

    Raises pytest.UsageError, one line, for what is wrong with them, and when the target cannot be asked.
    """
    try:
        run = plan(_settings(config))
        preflight(run)
    except (ContractError, TestkitError) as error:
        raise pytest.UsageError(f"apitwin: {one_line(in_words_of_pytest(str(error)))}") from None
    config.stash[SET_ASIDE] = run.context.contract.set_aside.lines()
    name = one_line(run.context.contract.name)
    node = ContractNode.from_parent(session, name=name, nodeid=name)
    node.run = run
    # As pytest itself collects a node, so that its counts and its reports are right.
    report: pytest.CollectReport = session.ihook.pytest_make_collect_report(collector=node)
    session.ihook.pytest_collectreport(report=report)
    return [item for item in report.result if isinstance(item, pytest.Item)]


def _settings(config: pytest.Config) -> Settings:
    rate: float | None = option(config, "rate")
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    if workers > 1:  # together the workers of pytest-xdist keep the one rate
        rate = (DEFAULT_RATE if rate is None else rate) / workers
    return Settings(
        contract=option(config, "contract"),
        target=option(config, "target"),
        root=option(config, "root"),
        strict=option(config, "strict"),
        refs_from=tuple(option(config, "refs-from")),
        overlay=option(config, "overlay"),
        extension=option(config, "extension"),
        token_env=option(config, "token-env"),
        other_tokens=tuple(option(config, "other-token")),
        rate=rate,
        operations=tuple(option(config, "operation")),
        laws=tuple(option(config, "law")),
        path_values=tuple(option(config, "path-value")),
        query_values=tuple(option(config, "query-value")),
        headers=tuple(option(config, "header")),
        sandbox=option(config, "sandbox"),
        examples=option(config, "examples"),
        random_seed=option(config, "random-seed"),
        token_in_url=option(config, "token-in-url"),
        deadline=option(config, "deadline"),
        debug=show_traceback if option(config, "debug") else None,
    )


class Tally:
    """Counts what the laws of a run came to: one that decided little is no success, although nothing failed in it."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []
        self.reasons: list[str] = []
        self.refused: str | None = None

    @property
    def reason(self) -> str | None:
        """Why the run decided too little, None where it decided enough."""
        return self.refused or undecided(self.outcomes)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome of a law."""
        outcome = dict(report.user_properties).get(OUTCOME)
        refused = dict(report.user_properties).get(REFUSED)
        if isinstance(refused, str):
            self.refused = refused
        if report.when == "call" and isinstance(outcome, str):
            self.outcomes.append(outcome)
            if outcome == INCONCLUSIVE and isinstance(report.longrepr, tuple):
                self.reasons.append(f"{report.nodeid}: {report.longrepr[2].removeprefix('Skipped: ')}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail where it decided too little."""
        if self.reason is not None and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why."""
        reason = self.reason
        if reason is None:
            return
        terminalreporter.section("apitwin")
        for line in self.reasons[:MOST_REASONS]:
            terminalreporter.write_line(line)
        if len(self.reasons) > MOST_REASONS:
            terminalreporter.write_line(f"and {len(self.reasons) - MOST_REASONS} more (see -rs)")
        terminalreporter.write_line(reason)
