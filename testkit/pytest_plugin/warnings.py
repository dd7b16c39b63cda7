"""What a test is warned of at its end: requests that no operation has, and faults that no request met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from apitwin.testkit.transport.twins import Fault, Twin

MOST_NAMED = 5
"""Requests that a warning names."""


class UnmatchedRequestWarning(UserWarning):
    """A client sent what the contract has no operation for: a path or a method that the real API does not have."""


class IdleFaultWarning(UserWarning):
    """A fault was switched on, and no request met it: the path, the operation or the turn never came."""


def warn_of_unmatched_requests(item: pytest.Item, twin: Twin) -> None:
    """Warn of the requests that matched no operation, with the nearest ones, at the place of the test."""
    from apitwin.contracts.nearest import meant
    from apitwin.contracts.printable import one_line

    asked = list(dict.fromkeys(f"{entry.method} {entry.path}" for entry in twin.journal.unmatched()))
    if not asked:
        return
    known = [f"{operation.method} {operation.path}" for operation in twin.contract.operations]
    hints = {request: meant(request, known, most=2, cutoff=0.8) for request in asked[:MOST_NAMED]}
    named = [f"{request} ({hint})" if hint else request for request, hint in hints.items()]
    more = f", and {len(asked) - MOST_NAMED} more" if len(asked) > MOST_NAMED else ""
    problem = one_line(f"the contract {twin.contract.name} has no operation {', '.join(named)}{more}")
    _warn(item, UnmatchedRequestWarning, problem)


def warn_of_idle_faults(item: pytest.Item, twin: Twin) -> None:
    """Warn of the faults that a test switched on and that no request met: the test has shown nothing then."""
    for fault in twin.backend.faults.added():
        if not fault.hits and fault.when["probability"] == 1:
            problem = f"no request met the fault {_named(fault)}; see the journal for what was asked"
            _warn(item, IdleFaultWarning, problem)


def _named(fault: Fault) -> str:
    words = ", ".join(f"{word}={value!r}" for word, value in fault.words.items())
    return f"{fault.name} ({words})" if words else fault.name


def _warn(item: pytest.Item, category: type[UserWarning], problem: str) -> None:
    """Warn at the place of a test; where warnings are errors, fail it in one line."""
    try:
        item.warn(category(problem))
    except category:
        raise pytest.fail.Exception(f"apitwin: {problem}", pytrace=False) from None
