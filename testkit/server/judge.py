"""One law, one operation, one target: examples are drawn, the smallest that breaks the law is found and made sure of.

Hypothesis draws and shrinks. What it found is then done once more from nothing, with no memory of earlier answers, so
that the report holds the whole conversation; and where the target is live, a collection that changed meanwhile makes
the verdict inconclusive instead of an accusation.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from hypothesis import strategies
from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable

from apitwin.contracts.model import Contract, Operation
from apitwin.testkit.errors import (
    Defect,
    NothingToCompare,
    NothingToExamine,
    OverBudget,
    RunEnded,
    TargetError,
    TestkitError,
)
from apitwin.testkit.generation.examples import draw
from apitwin.testkit.server import pages
from apitwin.testkit.server.answers import AnswerMemory
from apitwin.testkit.server.guesses import guess_behind
from apitwin.testkit.server.keeping import kept
from apitwin.testkit.server.laws import Law
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Draw, Probe, WalkMemory
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.server.subjects import Subject, Subjects
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, SKIPPED, Broken, Finding, Leftovers, Verdict
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
    """What the verdicts of one run share: the subjects that were found, the walks and what a live target answered.

    command: the command line that makes such a run, for replaying. path_values: the user's values for path parameters;
    query_values: those for required query parameters. debug: called with the error of a verdict that could not be made,
    while it is handled. leftovers: what the law that is being judged made and did not take away.
    """

    contract: Contract
    target: Target
    profile: Profile
    command: str
    path_values: Mapping[str, str] = field(default_factory=dict)
    query_values: Mapping[str, str] = field(default_factory=dict)
    memory: WalkMemory = field(default_factory=dict)
    answers: AnswerMemory = field(default_factory=AnswerMemory)
    debug: Callable[[BaseException], None] | None = None
    leftovers: Leftovers = field(default_factory=Leftovers)
    stopped: threading.Event = field(default_factory=threading.Event)
    """Set where the user wants to stop: Python may lose an interrupt, and Hypothesis may take it for something else."""

    def __post_init__(self) -> None:
        self.subjects = Subjects(self.contract, self.target, self.path_values, self.query_values)


class _ReplayExhausted(Exception):
    """A law draws more than it drew when it failed: from other answers than came then."""


class _ExamplesEnded(BaseException):
    """The examples end here. No Exception: Hypothesis would take that for a failing example, and make it smaller."""


@dataclass
class _Examination:
    """The examples of one verdict, as they go by.

    drawn: all examples that broke nothing; examined: those of them in which the law required something; missing: what
    the others lacked. requests_at_failure: the requests that were sent when an example failed first. failed, subject:
    the last failing example, which is the smallest. ended: whether the examples were cut short; error: by what.
    """

    drawn: int = 0
    examined: int = 0
    missing: dict[str, None] = field(default_factory=dict)
    requests: int = 0
    requests_at_failure: int | None = None
    failed: Probe | None = None
    subject: Subject | None = None
    ended: bool = False
    error: TestkitError | None = None

    def is_over(self, profile: Profile) -> bool:
        """Whether the requests are used up: those for finding a failure, or those for making it smaller."""
        if self.requests_at_failure is None:
            return self.requests >= profile.requests
        return profile.shrinking is not None and self.requests >= self.requests_at_failure + profile.shrinking

    def end(self, error: TestkitError | None = None) -> _ExamplesEnded:
        """Return what ends the examples: an error that is no breach, or that the requests are used up."""
        self.ended, self.error = True, error
        return _ExamplesEnded()

    def note(self, probe: Probe, law: Law) -> None:
        """Count an example that broke nothing. One in which the law required nothing says nothing of the server.

        Neither does one of a law of lists on a list that was empty all the time.
        """
        self.drawn += 1
        if law.needs_a_list and probe.met_nothing:
            self.missing["item in the list"] = None
        else:
            self.examined += probe.examined

    def note_failure(self, probe: Probe, subject: Subject) -> None:
        """Keep a failing example instead of the larger one before it."""
        self.failed, self.subject = probe, subject
        if self.requests_at_failure is None:
            self.requests_at_failure = self.requests + len(probe.exchanges)

    @property
    def nothing_to_examine(self) -> str:
        """Why no example said anything of the server."""
        missing = " and no ".join(self.missing)
        return f"nothing to examine: {f'no {missing}' if missing else 'no example required anything of the server'}"


def judge(law: Law, operation: Operation, context: RunContext) -> Verdict:
    """Return the verdict on one law for one operation of a target.

    Raises no Exception: what cannot be decided, for whatever reason, is inconclusive, with the reason.
    """
    try:
        return _judged_with_leftovers(law, operation, context)
    except Exception as error:  # before or after the examples, whatever it is
        return Verdict(operation.id, law.name, INCONCLUSIVE, str(_defect(error, context)))


def _defect(error: Exception, context: RunContext) -> Defect:
    """Return what is said of an error that nobody expected: its kind. Its text may hold what a server sent."""
    if context.debug is not None:
        context.debug(error)
    return Defect(f"it could not be judged: {type(error).__name__} inside apitwin; see the traceback with --debug")


def _judged_with_leftovers(law: Law, operation: Operation, context: RunContext) -> Verdict:
    ended = context.target.budget.ended
    if ended is not None:
        return Verdict(operation.id, law.name, INCONCLUSIVE, ended)
    reason = law.inapplicable(operation, context.target, context.contract)
    if reason is not None:
        return Verdict(operation.id, law.name, SKIPPED, reason, applies=False)
    requests_before = context.target.sent
    context.leftovers.clear()
    try:
        verdict = _judged(law, operation, context)
    except (TargetError, Defect) as error:
        verdict = Verdict(operation.id, law.name, INCONCLUSIVE, str(error))
    except Exception as error:
        verdict = Verdict(operation.id, law.name, INCONCLUSIVE, str(_defect(error, context)))
    verdict = _with_leftovers(verdict, context.leftovers.summary)
    return replace(verdict, requests=context.target.sent - requests_before)


def _with_leftovers(verdict: Verdict, leftovers: str) -> Verdict:
    """Return a verdict that says what the law left behind; the verdict itself where that is nothing.

    A law that holds stays open then: its user has something to clean up, and no report gives a reason why a law holds.
    """
    if not leftovers:
        return verdict
    if verdict.outcome == HOLDS:
        return replace(verdict, outcome=INCONCLUSIVE, reason=f"nothing broke it, but this is {leftovers}")
    reason = f"{verdict.reason}; {leftovers}"
    finding = verdict.finding and replace(verdict.finding, says=reason)  # a failure report shows the finding
    return replace(verdict, reason=reason, finding=finding)


def _judged(law: Law, operation: Operation, context: RunContext) -> Verdict:
    unknown = context.subjects.unknown(operation)
    if unknown:
        reason = f"the query parameter {unknown[0]} is required, and no value is known; give --query-value NAME=VALUE"
        return Verdict(operation.id, law.name, SKIPPED, reason)
    lacking = context.subjects.missing_header(operation)
    if lacking is not None:
        reason = f"the {lacking} is required, and no value is known; give --header NAME=VALUE"
        return Verdict(operation.id, law.name, SKIPPED, reason)
    subjects = context.subjects.of(operation)
    if not subjects:
        return Verdict(operation.id, law.name, SKIPPED, _no_subject(operation))
    preferred = [subject for subject in subjects if law.prefers is not None and law.prefers(subject, operation)]
    examination = _Examination()
    try:
        _examine(law, operation, context, preferred or list(subjects), examination)
    except (Broken, Flaky):
        if examination.failed is None:
            reason = "the answers changed while examples were drawn from them; run it again when nothing writes"
            return Verdict(operation.id, law.name, INCONCLUSIVE, reason, examples=examination.examined)
    except (OverBudget, NothingToCompare) as error:
        return Verdict(operation.id, law.name, INCONCLUSIVE, str(error), examples=examination.examined)
    if examination.failed is not None:  # also where the requests for making it smaller were used up
        return _confirmed(law, operation, context, examination)
    if examination.examined == 0:
        return Verdict(operation.id, law.name, SKIPPED, examination.nothing_to_examine)
    return Verdict(operation.id, law.name, HOLDS, examples=examination.examined)


def _no_subject(operation: Operation) -> str:
    sources = [parameter.drawn_from for parameter in operation.path_parameters()]
    lists = [source.operation for source in sources if source is not None]
    if not lists:
        return "nothing is known for its path; give values with --path-value NAME=VALUE"
    return f"nothing to ask about: {', '.join(lists)} gave no usable item (or give --path-value NAME=VALUE)"


def _examine(
    law: Law, operation: Operation, context: RunContext, subjects: list[Subject], examination: _Examination
) -> None:
    """Run the law on drawn examples; the last failing one, which is the smallest, stays in the examination."""

    def example(data: Any) -> None:
        if context.stopped.is_set():
            raise KeyboardInterrupt
        if examination.is_over(context.profile):
            raise examination.end()
        ended = context.target.budget.ended
        if ended is not None:
            raise examination.end(RunEnded(ended))
        subject = data.draw(strategies.sampled_from(subjects))
        answers = None if law.writes else context.answers.of(operation.id)
        probe = _probe(operation, context, subject, lambda strategy, name: data.draw(strategy), context.memory, answers)
        _run_example(law, probe, subject, examination, context)

    try:
        # The names let two laws draw differently.
        draw(example, context.profile.examples, f"{context.profile.random_seed} {operation.id} {law.name}")
    except (_ExamplesEnded, Flaky):  # ending in the middle of drawing may look flaky to Hypothesis
        if not examination.ended:
            raise
        if examination.error is not None:
            raise examination.error from None
    except Unsatisfiable:
        pass  # nothing could be drawn, which is said just below
    if examination.drawn == 0 and examination.failed is None:
        raise NothingToCompare(f"no example of {operation.id} could be drawn")


def _run_example(law: Law, probe: Probe, subject: Subject, examination: _Examination, context: RunContext) -> None:
    """Run the law on one example, and note what came of it. Raises Broken, or what ends the examples."""
    try:
        law.examine(probe)
        examination.note(probe, law)
    except NothingToExamine as error:
        examination.missing[error.missing] = None
        examination.note(probe, law)
    except Broken:
        examination.note_failure(probe, subject)
        raise
    except TestkitError as error:
        raise examination.end(error) from None
    except HypothesisException:  # its own way of giving up an example
        raise
    except Exception as error:  # Hypothesis would take it for a breach, and make it smaller
        raise examination.end(_defect(error, context)) from None
    finally:
        examination.requests += len(probe.exchanges)
        probe.forget_values()


def _probe(
    operation: Operation,
    context: RunContext,
    subject: Subject,
    draw: Draw,
    memory: WalkMemory,
    answers: AnswerMemory | None = None,
) -> Probe:
    context.target.reset()
    return Probe(
        context.contract,
        operation,
        subject,
        context.target,
        draw,
        memory,
        MOST_REQUESTS,
        context.leftovers,
        answers,
    )


def _confirmed(law: Law, operation: Operation, context: RunContext, examination: _Examination) -> Verdict:
    """Do the smallest failure again from nothing, and say whether it stands."""
    assert examination.failed is not None and examination.subject is not None, "a failure leaves its probe"
    drawn = [value for _, value in examination.failed.drawn]
    context.memory.clear()  # walks made before may be out of date
    context.answers.clear()
    watch = _Watch(operation, context, examination.subject, watches=not law.writes)
    for _ in range(2):
        before = watch.look()
        again = _again(law, operation, context, examination.subject, drawn)
        if again is not None and not watch.changed(before):
            probe, finding = again
            return _broken(law, operation, context, probe, finding, examination)
        if again is None and not watch.changed(before):
            break
    reason = "it failed once and not again, or the collection changed meanwhile; run it again when nothing writes"
    return Verdict(operation.id, law.name, INCONCLUSIVE, reason, examples=examination.examined)


def _again(
    law: Law, operation: Operation, context: RunContext, subject: Subject, drawn: list[Any]
) -> tuple[Probe, Finding] | None:
    for _ in range(CONFIRMATIONS):
        probe = _probe(operation, context, subject, _replay(drawn), {})
        try:
            law.examine(probe)
        except Broken as error:
            return probe, error.finding
        except (
            OverBudget,
            NothingToCompare,
            NothingToExamine,
            _ReplayExhausted,
        ):  # drawn from other answers than came now
            continue
    return None


def _replay(drawn: list[Any]) -> Draw:
    values = iter(drawn)

    def draw(strategy: Any, name: str) -> Any:
        try:
            return next(values)
        except StopIteration:
            raise _ReplayExhausted(name) from None

    return draw


class _Watch:
    """Whether a live collection changes while a law looks at it. A law that writes changes it itself."""

    def __init__(self, operation: Operation, context: RunContext, subject: Subject, watches: bool) -> None:
        self._operation, self._context, self._subject = operation, context, subject
        self._watches = watches and not context.target.is_twin and operation.pagination is not None

    def look(self) -> tuple[Any, ...] | None:
        """Return the count and the ids of the first page; None where there is nothing to watch."""
        if not self._watches:
            return None
        probe = _probe(self._operation, self._context, self._subject, _replay([]), {})
        try:
            page = pages.at(probe, probe.walking_limit, walkers.first(probe.rule))
            last = _last_item(probe, max(0, len(page.ids) - 1, page.count - 1 if isinstance(page.count, int) else 0))
        except Broken:
            return None
        return page.count, page.ids, last

    def changed(self, before: tuple[Any, ...] | None) -> bool:
        """Whether the collection is another than before, and did not just come in another order by itself."""
        after = self.look()
        if before == after:
            return False
        looks = [look for look in (before, after, self.look()) if look is not None]
        # What is inserted or deleted leaves the others in their order; a server without an order does not.
        shuffled = any(_reordered(earlier[1], later[1]) for earlier, later in pairwise(looks))
        return not (shuffled and len({look[0] for look in looks}) == 1)


def _last_item(probe: Probe, start: int) -> tuple[str, ...]:
    """Return the item that stands last in a list, where a request can ask for it by its place."""
    place = walkers.walker(probe.rule).stated(probe.rule.style, start, 1)
    return () if place is None else pages.at(probe, 1, Position(tuple(place.items()), start)).ids


def _reordered(ids: tuple[str, ...], others: tuple[str, ...]) -> bool:
    shared = set(ids) & set(others)
    return [identity for identity in ids if identity in shared] != [
        identity for identity in others if identity in shared
    ]


def _broken(
    law: Law, operation: Operation, context: RunContext, probe: Probe, finding: Finding, examination: _Examination
) -> Verdict:
    conversation, shown = kept(probe.exchanges, finding.shown)
    evidence = context.contract.evidence_for(finding.fact) if finding.fact is not None else None
    guess = guess_behind(context.contract, operation, finding.fact, probe.exchanges)
    if guess is not None:
        reason = f"{finding.says}; but what it goes by is only a guess ({guess}); say it in the contract to be sure"
        return Verdict(operation.id, law.name, INCONCLUSIVE, reason, examples=examination.examined)
    return Verdict(
        operation.id,
        law.name,
        BROKEN,
        finding.says,
        finding=replace(finding, shown=shown),
        evidence=evidence,
        drawn={name: _plain(value) for name, value in probe.drawn},
        conversation=conversation,
        replay=f"{context.command} --operation {operation.id} --law {law.name} "
        f"--random-seed {context.profile.random_seed}",
        examples=examination.examined,
    )


def _plain(value: Any) -> Any:
    """Return a drawn value as JSON can say it."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    for member in ("id", "name", "parameter"):  # an operation, a parameter, a filter
        identity = getattr(value, member, None)
        if isinstance(identity, str):
            return identity
    return str(value)
