"""What a run looked at, what it found by cause, and what it did not look at and what that would take."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from apitwin.contracts.printable import one_line
from apitwin.testkit.reports.causes import causes
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, Outcome, Verdict

WIDTH = 79
MOST_NAMED = 4
"""Operations or laws that a line names; how many more there are is counted."""
WORDS: Mapping[Outcome, tuple[str, str]] = {
    HOLDS: ("holds", "hold"),
    BROKEN: ("is broken", "are broken"),
    INCONCLUSIVE: ("stayed open", "stayed open"),
}
"""What is said of one verdict, and of several."""


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return the summary as text; one line where nothing was judged."""
    return "\n".join((*_looked_at(verdicts), *_broken(verdicts), *_left(verdicts))) or "nothing was judged"


def unexamined(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Return the operations of which no law said anything, each with the reason."""
    by_operation: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_operation.setdefault(verdict.operation, []).append(verdict)
    return {
        operation: _reason(own)
        for operation, own in by_operation.items()
        if not any(verdict.was_looked_at for verdict in own)
    }


def _reason(verdicts: list[Verdict]) -> str:
    """Return why an operation was not looked at: what stopped the laws that apply, else why the most do not."""
    applying = [verdict.reason for verdict in verdicts if verdict.applies]
    return Counter(applying or [verdict.reason for verdict in verdicts]).most_common(1)[0][0]


def _looked_at(verdicts: Sequence[Verdict]) -> Iterator[str]:
    operations = {verdict.operation for verdict in verdicts}
    seen = {verdict.operation for verdict in verdicts if verdict.was_looked_at}
    counted = Counter(verdict.outcome for verdict in verdicts)
    told = [
        f"{counted[outcome]} {words[counted[outcome] != 1]}" for outcome, words in WORDS.items() if counted[outcome]
    ]
    if operations:
        number = _count(len(operations), "operation")
        yield f"{len(seen)} of {number} looked at: {', '.join(told) or 'nothing was seen'}"


def _broken(verdicts: Sequence[Verdict]) -> Iterator[str]:
    found = causes(verdicts)
    if found:
        yield ""
        yield f"broken, by {_count(len(found), 'cause')}:"
    for cause in found:
        place = one_line(cause.first.operation)
        if cause.alike:
            place += f" and {_count(len(cause.alike), 'more operation')}"
        yield _filled(f"{place}: {_first_line(cause.first.reason)} ({_named(cause.laws)})")


def _left(verdicts: Sequence[Verdict]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for operation, reason in unexamined(verdicts).items():
        by_reason.setdefault(reason, []).append(operation)
    if by_reason:
        yield ""
        yield "not looked at:"
    for reason, operations in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        yield _filled(f"{_count(len(operations), 'operation')}: {one_line(reason)} ({_named(operations)})")


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(map(one_line, names[:MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _first_line(text: str) -> str:
    return one_line(text.partition("\n")[0])


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
