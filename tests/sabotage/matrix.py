"""Running laws against a sabotaged twin, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from apitwin.contracts.model import Contract, Operation
from apitwin.testkit.server.judge import TWIN_PROFILE, Profile, RunContext, judge
from apitwin.testkit.server.laws import Law, registered
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.verdict import BROKEN, Broken, Verdict
from apitwin.testkit.transport.target import Target
from apitwin.testkit.transport.twins import twin_target
from tests.sabotage.sabotage import Sabotage


@dataclass(frozen=True)
class Row:
    """What the laws made of one sabotage. requests: sent until its own law first noticed, None where it did not.

    others: the other laws that noticed, None where they were not asked.
    """

    sabotage: Sabotage
    verdict: Verdict
    requests: int | None
    others: tuple[str, ...] | None

    @property
    def caught(self) -> bool:
        """Whether the law that must notice did."""
        return self.verdict.outcome == BROKEN


def context(sabotage: Sabotage, contract: Contract, *, examples: int | None = None, seed: int = 0) -> RunContext:
    """Return the context of a run against the sabotaged twin."""
    target = twin_target(contract, sabotage.application(contract))
    return RunContext(contract, target, profile(examples, seed), f"apitwin check {contract.name}")


def profile(examples: int | None, seed: int) -> Profile:
    """Return how hard to look: the twin's profile, with more examples where they are needed."""
    times = 1 if examples is None else examples / TWIN_PROFILE.examples
    return Profile(round(TWIN_PROFILE.examples * times), round(TWIN_PROFILE.requests * times), seed)


def named(name: str) -> Law:
    """Return the law of that name. Raises KeyError when there is none."""
    return {one.name: one for one in registered()}[name]


def examined(sabotage: Sabotage, contract: Contract, *, seed: int = 0, everything: bool = False) -> Row:
    """Judge a sabotaged twin by the law that must notice. everything: by all others too, as hard as usual."""
    operation, own = (
        contract.operation(sabotage.operation),
        context(sabotage, contract, examples=sabotage.examples, seed=seed),
    )
    law, noticed = watched(named(sabotage.caught_by), own.target)
    verdict = judged(law, operation, own)
    requests = noticed[0] if noticed and verdict.outcome == BROKEN else None
    return Row(sabotage, verdict, requests, noticed_by_others(sabotage, contract, seed) if everything else None)


def noticed_by_others(sabotage: Sabotage, contract: Contract, seed: int) -> tuple[str, ...]:
    """Return the names of the other laws that a sabotaged twin breaks."""
    operation, shared = contract.operation(sabotage.operation), context(sabotage, contract, seed=seed)
    others = [one for one in registered() if one.name != sabotage.caught_by]
    return tuple(one.name for one in others if judged(one, operation, shared).outcome == BROKEN)


def judged(law: Law, operation: Operation, context: RunContext) -> Verdict:
    """Judge, and make a verdict of the failure of a law too: one that a sabotage brings down has not caught it."""
    try:
        return judge(law, operation, context)
    except Exception as error:
        return Verdict(operation.id, law.name, "failed", f"the law itself failed: {type(error).__name__}: {error}")


def watched(law: Law, target: Target) -> tuple[Law, list[int]]:
    """Return the same law, and a list of how many requests had been sent each time it was broken."""
    noticed: list[int] = []

    def examine(probe: Probe) -> None:
        try:
            law.examine(probe)
        except Broken:
            noticed.append(target.sent)
            raise

    return replace(law, examine=examine), noticed
