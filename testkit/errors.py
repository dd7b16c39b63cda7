"""The families of errors that `testkit` raises. None of their texts holds a token."""

from __future__ import annotations

from apitwin.contracts.errors import shortened
from apitwin.contracts.printable import one_line

LONGEST_LINE = 2_000
"""Characters of a line, which may repeat what a server sent."""


class TestkitError(Exception):
    """A check could not be made. One line says why and what to do."""

    __test__ = False  # pytest would take the name for a test class

    def __init__(self, problem: str) -> None:
        super().__init__(shortened(one_line(problem), LONGEST_LINE))


class UsageError(TestkitError):
    """An option is wrong: the text names the value and the choices."""


class TargetError(TestkitError):
    """The target cannot be reached, refuses the token, or throttles for too long; nothing changed unless it says so."""


class NeverSent(TargetError):
    """A request did not go out; the text says why, as the end of a sentence."""


class Unreadable(TargetError):
    """No answer came to a request, or none within the bounds of one; the text says why, as the end of a sentence."""


class RunEnded(TargetError):
    """The run asks nothing any more: its deadline has passed, too many answers were lost, or its token died."""


class NothingToCompare(TestkitError):
    """The walk that a law compares with is itself broken, which is for the law `partition` to say."""


class NothingToExamine(TestkitError):
    """An example has not what its law speaks of, such as a page with a next link, so it says nothing of the law.

    missing: what it has not, as a noun.
    """

    def __init__(self, missing: str) -> None:
        super().__init__(f"nothing to examine: no {missing}")
        self.missing = missing


class OverBudget(TestkitError):
    """One example of a law needs more requests than a law may send."""


class Defect(TestkitError):
    """A verdict could not be made for a reason that nobody thought of: the text names the kind of error alone."""
