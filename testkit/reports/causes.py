"""Broken laws by what broke them: one dead list breaks many laws, and is one thing to mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from apitwin.testkit.server.verdict import BROKEN, Finding, Verdict

STATUS = re.compile(r"status (\d{3})\b")
WHOLE_BODY = "the whole body: "
"""How what breaks a schema is told where it is no part of a body."""


@dataclass(frozen=True)
class Cause:
    """Broken laws that one thing explains. first: the one whose story is told.

    others: those of the same operation; alike: other operations in which the same law is broken by the same request.
    """

    first: Verdict
    others: tuple[Verdict, ...]
    alike: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many laws it breaks."""
        return 1 + len(self.others)

    @property
    def laws(self) -> tuple[str, ...]:
        """The names of the laws that it breaks."""
        return tuple(verdict.law for verdict in (self.first, *self.others))


def causes(verdicts: Sequence[Verdict]) -> list[Cause]:
    """Return what broke laws, in the order in which it was found."""
    together: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.outcome == BROKEN:
            together.setdefault((verdict.operation, _cause(verdict)), []).append(verdict)
    found: dict[str, list[Cause]] = {}
    for first, *others in together.values():
        found.setdefault(_failure(first), []).append(Cause(first, tuple(others)))
    return [replace(first, alike=tuple(cause.first.operation for cause in alike)) for first, *alike in found.values()]


def _failure(verdict: Verdict) -> str:
    """Return what two verdicts of different operations have in common if one thing broke both.

    A server that fails at a value, such as a number that its database cannot hold, fails at it wherever it is asked.
    Everything else is a thing of its own.
    """
    status = None if verdict.finding is None else STATUS.match(verdict.finding.found)
    if status is None or status[1][0] != "5" or not verdict.drawn:
        return f"{verdict.operation} {_cause(verdict)}"
    return f"{verdict.law} {sorted(map(repr, verdict.drawn.items()))} {status[1]}"


def _cause(verdict: Verdict) -> str:
    """Return what two verdicts of an operation have in common if one thing broke both.

    That a request fails which should not is one thing, whatever was asked: RFC 9110 section 15.5 and 15.6. So is that a
    list cannot be read as one; its schema says the same in other words. Anything else is one where the same rule was
    broken by the same answer.
    """
    finding = verdict.finding
    if finding is None:
        return f"{verdict.law} {verdict.reason}"
    status = STATUS.match(finding.found)
    if status is not None and (status[1][0] == "5" or (status[1][0] == "4" and not _is_refusal_due(finding))):
        return f"status {status[1]}"
    if status is not None:
        return f"{finding.fact} {finding.found}"
    if finding.is_unreadable or (verdict.law == "schema" and finding.found.startswith(WHOLE_BODY)):
        return "not what can be read"
    return f"{finding.says} {finding.found}"


def _is_refusal_due(finding: Finding) -> bool:
    """Return whether the request of a finding had to be refused."""
    return finding.expected.startswith("status 4")
