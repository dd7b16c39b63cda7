"""One law, one operation, one target: examples are drawn, the smallest that breaks the law is found and made sure of.

Hypothesis draws and shrinks. What it found is then done once more from nothing, with no memory of earlier answers, so
that the report holds the whole conversation; and where the target is live, a collection that changed meanwhile makes
the verdict inconclusive instead of an accusation.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from hypothesis import strategies
from hypothesis.errors import Flaky, Unsatisfiable

from apitwin.contracts.model import Contract, Operation
from apitwin.testkit.errors import NothingToCompare, OverBudget, TargetError, TestkitError
from apitwin.testkit.generation.examples import draw
from apitwin.testkit.server.laws import Law
from apitwin.testkit.server.probe import Draw, Memo, Page, Probe
from apitwin.testkit.server.subjects import Subject, Subjects
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, SKIPPED, Broken, Finding, Left, Verdict
from apitwin.testkit.transport.target import Target

MOST_REQUESTS = 600
"""Requests that one example may send: a walk of the longest kind, several times."""
CONFIRMATIONS = 5
"""How often a failure that does not repeat itself is tried again."""


@dataclass(frozen=True)
class Profile:
    """How hard to look. examples: drawn for each verdict. requests: after so many no new example is begun.

    shrinking: requests for making a failure smaller, about; None for as many as it takes.
    """

    examples: int
    requests: int
    random_seed: int = 0
    shrinking: int | None = None


TWIN_PROFILE = Profile(examples=15, requests=400)
LIVE_PROFILE = Profile(examples=6, requests=40, shrinking=400)


@dataclass
class RunContext:
    """What the verdicts of one run share: the subjects that were found and the walks that were made.

    command: the command line that makes such a run, for replaying; given: values for path parameters; queried: values
    for required query parameters. left: what the law that is being judged made and did not take away.
    """

    contract: Contract
    target: Target
    profile: Profile
    command: str
    given: Mapping[str, str] = field(default_factory=dict)
    queried: Mapping[str, str] = field(default_factory=dict)
    memo: Memo = field(default_factory=dict)
    left: Left = field(default_factory=Left)
    stopped: threading.Event = field(default_factory=threading.Event)
    """Set where the user wants to stop: Python may lose an interrupt, and Hypothesis may take it for something else."""

    def __post_init__(self) -> None:
        self.subjects = Subjects(self.contract, self.target, self.given, self.queried)


class _DrawnUp(Exception):
    """A law draws more than it drew when it failed: from other answers than came then."""


class _Ended(BaseException):
    """The examples end here. No Exception: Hypothesis would take that for a failing example, and make it smaller."""


@dataclass
class _Examination:
    """The examples of one verdict, as they go by. first: the requests that were sent when one failed first."""

    examples: int = 0
    sent: int = 0
    first: int | None = None
    failed: Probe | None = None
    subject: Subject | None = None
    left: bool = False
    error: TestkitError | None = None

    def over(self, profile: Profile) -> bool:
        """Whether the requests are used up: those for finding a failure, or those for making it smaller."""
        if self.first is None:
            return self.sent >= profile.requests
        return profile.shrinking is not None and self.sent >= self.first + profile.shrinking

    def leave(self, error: TestkitError | None = None) -> _Ended:
        """Return what ends the examples: an error that is no breach, or that the requests are used up."""
        self.left, self.error = True, error
        return _Ended()


def judge(law: Law, operation: Operation, context: RunContext) -> Verdict:
    """Return the verdict on one law for one operation of a target.

    Raises nothing for what the target does: what cannot be decided is inconclusive, with the reason.
    """
    reason = law.unmet(operation, context.target, context.contract)
    if reason is not None:
        return Verdict(operation.id, law.name, SKIPPED, reason)
    before = context.target.sent
    context.left.clear()
    try:
        verdict = _judged(law, operation, context)
    except TargetError as error:
        verdict = Verdict(operation.id, law.name, INCONCLUSIVE, str(error))
    return replace(_with_what_is_left(verdict, context.left.told), requests=context.target.sent - before)


def _with_what_is_left(verdict: Verdict, left: str) -> Verdict:
    """Return a verdict that says what the law left behind, nothing where that is nothing.

    A law that holds stays open then: its user has something to clean up, and of what holds no report says any more.
    """
    if not left:
        return verdict
    if verdict.outcome == HOLDS:
        return replace(verdict, outcome=INCONCLUSIVE, reason=f"nothing broke it, but this is {left}")
    reason = f"{verdict.reason}; {left}"
    finding = verdict.finding and replace(verdict.finding, says=reason)  # stories tell the finding
    return replace(verdict, reason=reason, finding=finding)


def _judged(law: Law, operation: Operation, context: RunContext) -> Verdict:
    unknown = context.subjects.unknown(operation)
    if unknown:
        reason = f"the query parameter {unknown[0]} is required, and no value is known; give --query-value NAME=VALUE"
        return Verdict(operation.id, law.name, SKIPPED, reason)
    subjects = context.subjects.of(operation)
    if not subjects:
        return Verdict(operation.id, law.name, SKIPPED, _nothing(operation))
    preferred = [one for one in subjects if law.prefers is not None and law.prefers(one, operation)]
    seen = _Examination()
    try:
        _examine(law, operation, context, preferred or list(subjects), seen)
    except (Broken, Flaky):
        if seen.failed is None:
            reason = "the answers changed while examples were drawn from them; run it again when nothing writes"
            return Verdict(operation.id, law.name, INCONCLUSIVE, reason, examples=seen.examples)
        return _confirmed(law, operation, context, seen)
    except (OverBudget, NothingToCompare) as error:
        return Verdict(operation.id, law.name, INCONCLUSIVE, str(error), examples=seen.examples)
    if seen.failed is not None:  # the requests for making it smaller were used up
        return _confirmed(law, operation, context, seen)
    return Verdict(operation.id, law.name, HOLDS, examples=seen.examples)


def _nothing(operation: Operation) -> str:
    drawn = [one.drawn_from.operation for one in operation.path_parameters() if one.drawn_from is not None]
    if not drawn:
        return "nothing is known for its path; give values with --path-value NAME=VALUE"
    return f"nothing to ask about: {', '.join(drawn)} gave no usable item (or give --path-value NAME=VALUE)"


def _examine(law: Law, operation: Operation, context: RunContext, subjects: list[Subject], seen: _Examination) -> None:
    """Run the law on drawn examples; the last failing one, which is the smallest, stays in `seen`."""

    def example(data: Any) -> None:
        if context.stopped.is_set():
            raise KeyboardInterrupt
        if seen.over(context.profile):
            raise seen.leave()
        subject = data.draw(strategies.sampled_from(subjects))
        probe = _probe(operation, context, subject, lambda strategy, name: data.draw(strategy), context.memo)
        try:
            law.examine(probe)
            seen.examples += 1
        except Broken:
            seen.failed, seen.subject = probe, subject
            seen.first = seen.sent + len(probe.exchanges) if seen.first is None else seen.first
            raise
        except TestkitError as error:
            raise seen.leave(error) from None
        finally:
            seen.sent += len(probe.exchanges)

    try:
        # The names let two laws draw differently.
        draw(example, context.profile.examples, f"{context.profile.random_seed} {operation.id} {law.name}")
    except (_Ended, Flaky):  # leaving in the middle of drawing may look flaky to Hypothesis
        if not seen.left:
            raise
        if seen.error is not None:
            raise seen.error from None
    except Unsatisfiable:
        pass  # nothing could be drawn, which is told just below
    if seen.examples == 0 and seen.failed is None:
        raise NothingToCompare(f"no example of {operation.id} could be drawn")


def _probe(operation: Operation, context: RunContext, subject: Subject, draw: Draw, memo: Memo) -> Probe:
    context.target.reset()
    return Probe(context.contract, operation, subject, context.target, draw, memo, MOST_REQUESTS, context.left)


def _confirmed(law: Law, operation: Operation, context: RunContext, seen: _Examination) -> Verdict:
    """Do the smallest failure again from nothing, and say whether it stands."""
    assert seen.failed is not None and seen.subject is not None, "a failure leaves its probe"
    drawn = [value for _, value in seen.failed.drawn]
    context.memo.clear()  # walks made before may be out of date
    watch = _Watch(operation, context, seen.subject, watches=not law.writes)
    for _ in range(2):
        before = watch.look()
        again = _again(law, operation, context, seen.subject, drawn)
        if again is not None and not watch.changed(before):
            probe, finding = again
            return _broken(law, operation, context, probe, finding, seen)
        if again is None and not watch.changed(before):
            break
    reason = "it failed once and not again, or the collection changed meanwhile; run it again when nothing writes"
    return Verdict(operation.id, law.name, INCONCLUSIVE, reason, examples=seen.examples)


def _again(
    law: Law, operation: Operation, context: RunContext, subject: Subject, drawn: list[Any]
) -> tuple[Probe, Finding] | None:
    for _ in range(CONFIRMATIONS):
        probe = _probe(operation, context, subject, _replay(drawn), {})
        try:
            law.examine(probe)
        except Broken as error:
            return probe, error.finding
        except (OverBudget, NothingToCompare, _DrawnUp):  # drawn from other answers than came this time
            continue
    return None


def _replay(drawn: list[Any]) -> Draw:
    left = iter(drawn)

    def draw(strategy: Any, name: str) -> Any:
        try:
            return next(left)
        except StopIteration:
            raise _DrawnUp(name) from None

    return draw


class _Watch:
    """Whether a live collection changes while a law looks at it. A law that writes changes it itself."""

    def __init__(self, operation: Operation, context: RunContext, subject: Subject, watches: bool) -> None:
        self._operation, self._bench, self._subject = operation, context, subject
        self._watches = watches and not context.target.is_twin and operation.pagination is not None

    def look(self) -> tuple[Any, ...] | None:
        """Return the count and the ids of the first page; None where there is nothing to watch."""
        if not self._watches:
            return None
        probe = _probe(self._operation, self._bench, self._subject, _replay([]), {})
        try:
            page: Page = probe.page(probe.walking_limit, 0)
            last = probe.page(1, max(0, len(page.ids) - 1, page.count - 1 if isinstance(page.count, int) else 0))
        except Broken:
            return None
        return page.count, page.ids, last.ids

    def changed(self, before: tuple[Any, ...] | None) -> bool:
        """Whether the collection is another than before, and did not just come in another order by itself."""
        after = self.look()
        if before == after:
            return False
        looks = [one for one in (before, after, self.look()) if one is not None]
        # What is inserted or deleted leaves the others in their order; a server without an order does not.
        shuffled = any(_reordered(one[1], other[1]) for one, other in pairwise(looks))
        return not (shuffled and len({one[0] for one in looks}) == 1)


def _reordered(ids: tuple[str, ...], others: tuple[str, ...]) -> bool:
    shared = set(ids) & set(others)
    return [one for one in ids if one in shared] != [one for one in others if one in shared]


def _broken(
    law: Law, operation: Operation, context: RunContext, probe: Probe, finding: Finding, seen: _Examination
) -> Verdict:
    return Verdict(
        operation.id,
        law.name,
        BROKEN,
        finding.says,
        finding=finding,
        evidence=context.contract.evidence_for(finding.fact) if finding.fact is not None else None,
        drawn={name: _plain(value) for name, value in probe.drawn},
        conversation=tuple(probe.exchanges),
        replay=f"{context.command} --operation {operation.id} --law {law.name} "
        f"--random-seed {context.profile.random_seed}",
        examples=seen.examples,
    )


def _plain(value: Any) -> Any:
    """Return a drawn value as JSON can say it."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(getattr(value, "name", None) or getattr(value, "parameter", value))
