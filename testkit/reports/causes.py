"""Broken laws by what broke them: one dead list breaks many laws, and is one thing to mend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apitwin.testkit.server.verdict import BROKEN, Verdict

STATUS = re.compile(r"status (\d{3})\b")


@dataclass(frozen=True)
class Cause:
    """Broken laws of one operation that one thing explains. first: the one whose story is told."""

    first: Verdict
    others: tuple[Verdict, ...]

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
    return [Cause(first, tuple(others)) for first, *others in together.values()]


def _cause(verdict: Verdict) -> str:
    """Return what two verdicts of an operation have in common if one thing broke both.

    An answer with a status that says it failed is one thing, whatever was asked: RFC 9110 section 15.6. Anything else
    is one where all that was found is the same.
    """
    finding = verdict.finding
    if finding is None:
        return f"{verdict.law} {verdict.reason}"
    status = STATUS.match(finding.found)
    if status is not None and status[1].startswith("5"):
        return f"status {status[1]}"
    return f"{finding.says} {finding.found}"
