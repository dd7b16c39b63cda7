"""All verdicts at one look, in 80 columns: laws down, operations across; then why some were skipped or stayed open.

A law that applies to no operation has no line, an operation that nothing was said of no column. Where there are many
operations, those with the same verdicts share a column.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from apitwin.contracts.printable import one_line
from apitwin.testkit.reports.summary import MOST_NAMED, WIDTH
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, SKIPPED, Outcome, Verdict

MARKS: Mapping[Outcome, str] = {HOLDS: "+", BROKEN: "X", INCONCLUSIVE: "?", SKIPPED: "."}
"""ASCII, so that every console can show them."""
COLUMN = 3
MOST_REASONS = 12
"""Reasons of one outcome that are told; how many verdicts have others is counted."""


def matrix(verdicts: Sequence[Verdict]) -> str:
    """Return the matrix of verdicts as text, with its legend and the reasons."""
    return "\n".join([*_tables(verdicts), *_open(verdicts), *_skipped(verdicts), *_totals(verdicts)])


def _tables(verdicts: Sequence[Verdict]) -> Iterator[str]:
    seen = dict.fromkeys(verdict.operation for verdict in verdicts if verdict.was_looked_at)
    applying = {verdict.law for verdict in verdicts if verdict.applies and verdict.operation in seen}
    laws = [law for law in dict.fromkeys(verdict.law for verdict in verdicts) if law in applying]
    if not laws:
        return
    marks: dict[str, dict[str, str]] = {operation: {} for operation in seen}
    for verdict in verdicts:
        if verdict.operation in seen:
            marks[verdict.operation][verdict.law] = MARKS[verdict.outcome]
    width = max(map(len, laws))
    most = (WIDTH - width) // COLUMN
    columns = [(operation,) for operation in seen] if len(seen) <= most else _alike(marks, laws)
    yield from _legend(columns)
    for start in range(0, len(columns), most):
        yield ""
        yield from _band(columns[start : start + most], start + 1, marks, laws, width)
    yield ""
    yield "   ".join(f"{mark} {outcome}" for outcome, mark in MARKS.items())
    yield ""


def _alike(marks: Mapping[str, Mapping[str, str]], laws: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the operations, those with the same verdicts together."""
    together: dict[str, list[str]] = {}
    for operation, own in marks.items():
        together.setdefault("".join(own.get(law, " ") for law in laws), []).append(operation)
    return [tuple(operations) for operations in together.values()]


def _legend(columns: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for number, operations in enumerate(columns, 1):
        names = ", ".join(map(one_line, operations))
        indent = " " * 6
        yield textwrap.fill(
            names, WIDTH, initial_indent=f"{number:>4}  ", subsequent_indent=indent, break_long_words=False
        )


def _band(
    columns: Sequence[tuple[str, ...]],
    first: int,
    marks: Mapping[str, Mapping[str, str]],
    laws: Sequence[str],
    width: int,
) -> Iterator[str]:
    """Give a part of the table. first: the number of its first column."""
    yield " " * width + "".join(f"{number:>{COLUMN}}" for number in range(first, first + len(columns)))
    for law in laws:
        own = [marks[operations[0]].get(law, " ") for operations in columns]
        yield f"{law.ljust(width)}{''.join(f'{mark:>{COLUMN}}' for mark in own)}".rstrip()


def _open(verdicts: Sequence[Verdict]) -> Iterator[str]:
    places: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.outcome == INCONCLUSIVE:
            places.setdefault(verdict.reason, []).append(f"{one_line(verdict.operation)} {verdict.law}")
    yield from _told(INCONCLUSIVE, places)


def _skipped(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Give the reasons why laws that apply said nothing, on what was looked at; those that do not apply are counted."""
    places: dict[str, list[str]] = {}
    seen = {verdict.operation for verdict in verdicts if verdict.was_looked_at}
    for verdict in verdicts:
        if verdict.outcome == SKIPPED and verdict.applies and verdict.operation in seen:
            places.setdefault(verdict.reason, []).append(verdict.law)
    yield from _told(SKIPPED, {reason: list(dict.fromkeys(laws)) for reason, laws in places.items()})
    idle = Counter(verdict.reason for verdict in verdicts if verdict.outcome == SKIPPED and not verdict.applies)
    if idle:
        yield "does not apply:"
        for reason, count in idle.most_common(MOST_REASONS):
            yield f"{count:>6}  {one_line(reason)}"
        rest = sum(idle.values()) - sum(count for _, count in idle.most_common(MOST_REASONS))
        if rest:
            yield f"{rest:>6}  for other reasons"
        yield ""


def _told(outcome: Outcome, places: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if not places:
        return
    yield f"{outcome}:"
    ordered = sorted(places.items(), key=lambda pair: -len(pair[1]))
    for reason, where in ordered[:MOST_REASONS]:
        more = len(where) - MOST_NAMED
        named = ", ".join(where[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield f"  {one_line(reason)}"
        yield textwrap.fill(named, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 6, break_on_hyphens=False)
    if len(ordered) > MOST_REASONS:
        yield f"  and {len(ordered) - MOST_REASONS} other reasons"
    yield ""


def _totals(verdicts: Sequence[Verdict]) -> Iterator[str]:
    counted = Counter(verdict.outcome for verdict in verdicts)
    yield ", ".join(f"{counted[outcome]} {outcome}" for outcome in MARKS if counted[outcome]) or "nothing was judged"
