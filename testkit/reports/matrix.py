"""All verdicts at one look: laws down, operations across; then why some were skipped or stayed open."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from apitwin.contracts.printable import one_line
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, SKIPPED, Outcome, Verdict

MARKS: Mapping[Outcome, str] = {HOLDS: "+", BROKEN: "X", INCONCLUSIVE: "?", SKIPPED: "."}
"""ASCII, so that every console can show them."""


def matrix(verdicts: Sequence[Verdict]) -> str:
    """Return the matrix of verdicts as text, with its legend and every reason."""
    operations = list(dict.fromkeys(verdict.operation for verdict in verdicts))
    laws = list(dict.fromkeys(verdict.law for verdict in verdicts))
    return "\n".join([*_table(verdicts, operations, laws), "", *_reasons(verdicts, operations), *_totals(verdicts)])


def _table(verdicts: Sequence[Verdict], operations: list[str], laws: list[str]) -> Iterator[str]:
    marks = {(verdict.law, verdict.operation): MARKS[verdict.outcome] for verdict in verdicts}
    width = max([len(law) for law in laws], default=0)
    for number, operation in enumerate(operations, 1):
        yield f"{number:>4}  {one_line(operation)}"
    yield ""
    yield " " * width + "".join(f"{number:>3}" for number in range(1, len(operations) + 1))
    for law in laws:
        yield law.ljust(width) + "".join(f"{marks.get((law, operation), ' '):>3}" for operation in operations)
    yield ""
    yield "   ".join(f"{mark} {outcome}" for outcome, mark in MARKS.items())


def _reasons(verdicts: Sequence[Verdict], operations: list[str]) -> Iterator[str]:
    for outcome in (SKIPPED, INCONCLUSIVE):
        reasons: dict[str, dict[tuple[str, ...], list[str]]] = {}
        for law in dict.fromkeys(verdict.law for verdict in verdicts):
            by_reason: dict[str, list[str]] = {}
            for verdict in verdicts:
                if verdict.law == law and verdict.outcome == outcome:
                    number = str(operations.index(verdict.operation) + 1)
                    by_reason.setdefault(verdict.reason, []).append(number)
            for reason, numbers in by_reason.items():
                reasons.setdefault(reason, {}).setdefault(tuple(numbers), []).append(law)
        if reasons:
            yield f"{outcome}:"
        for reason, places in reasons.items():
            yield f"  {one_line(reason)}"
            for where, laws in places.items():
                yield textwrap.fill(
                    f"{', '.join(laws)} on {_ranges(where)}", 79, initial_indent=" " * 4, subsequent_indent=" " * 6
                )
        if reasons:
            yield ""


def _ranges(numbers: Sequence[str]) -> str:
    """Return numbers with runs shortened: 1, 3-5."""
    runs: list[list[int]] = []
    for number in map(int, numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)


def _totals(verdicts: Sequence[Verdict]) -> Iterator[str]:
    counted = Counter(verdict.outcome for verdict in verdicts)
    yield ", ".join(f"{counted[outcome]} {outcome}" for outcome in MARKS if counted[outcome]) or "nothing was judged"
