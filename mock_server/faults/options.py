"""The words that a fault takes: what each may be, and how a text becomes a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apitwin.contracts.model import Operation
from apitwin.contracts.nearest import instead
from apitwin.mock_server.errors import HIDDEN, TwinError
from apitwin.mock_server.faults.context import Handler

__tracebackhide__ = HIDDEN


@dataclass(frozen=True)
class Option:
    """A word that a fault takes.

    kind: int, float, bool or str; about: what it says, for the documentation; choices: what a text may be, anything
    where there are none; least, most: the bounds of a number, None where there is none.
    """

    kind: type
    default: Any
    about: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    @property
    def bounds(self) -> str:
        """The bounds in words, an empty text where there are none."""
        if self.least is None or self.most is None:
            return "" if self.least is None else f"{_figures(self.least)} or more"
        return f"from {_figures(self.least)} to {_figures(self.most)}"


def _figures(number: float) -> str:
    return f"{number:.0f}" if number == int(number) else str(number)


@dataclass(frozen=True)
class FaultType:
    """One entry of the catalogue of faults.

    does: what it does, in a sentence; handler: what does it; paged: whether it is about pages; changes: the member of
    the envelope that it changes, `count`, `next` or `way_on`, None where it is about something else;
    past_end: whether it shows only beyond the end of a list.
    """

    name: str
    does: str
    handler: Handler
    options: Mapping[str, Option] = field(default_factory=dict)
    paged: bool = False
    changes: str | None = None
    past_end: bool = False

    def lacks(self, operation: Operation) -> str | None:
        """Return what an operation would need for such a fault to show, None where it has all of it."""
        if self.paged and operation.pagination is None:
            return "pages"
        if self.past_end and operation.pagination is not None and not operation.pagination.style.reaches_past_end:
            return "pages past the end"
        if self.changes is None or operation.pagination is None:
            return None
        is_stated = getattr(operation.pagination.envelope, self.changes) is not None
        return None if is_stated else self.changes.replace("_", " ")


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


WHEN: Mapping[str, Option] = {
    "operation": Option(str, None, "only this operation, by its id"),
    "method": Option(str, None, "only this method", choices=METHODS),
    "path": Option(str, None, "only this path; * stands for anything"),
    "nth": Option(int, 1, "the first matching request that is hit, counted from 1", least=1),
    "times": Option(int, None, "how many requests are hit; without it all that match, with nth only one", least=1),
    "probability": Option(float, 1.0, "the share of matching requests that are hit", least=0, most=1),
    "random_seed": Option(int, 0, "of the draws where the probability is below 1"),
}
"""Which requests a fault hits: the words that each fault takes, besides the options of its type."""


def known_name(name: Any, known: Mapping[str, Any], kind: str) -> Any:
    """Return what a name stands for. kind: what it names, for the error. Raises TwinError with the nearest names."""
    if name in known:
        return known[name]
    raise TwinError(f"{kind} {name!r} is not known; {instead(str(name), known, cutoff=0.4)}")


def read_value(fault_type: FaultType, word: str, value: Any) -> Any:
    """Return the value of a word of a fault, read from text where it is one. Raises TwinError saying what fits."""
    known: dict[str, Option] = {**WHEN, **fault_type.options}
    option: Option = known_name(word, known, f"fault {fault_type.name}: the word")
    if value is None and option.default is None:
        return None
    if isinstance(value, str) and option.kind is not str:
        value = _read(value, option)
    fits = isinstance(value, option.kind) or (option.kind is float and isinstance(value, int))
    if not fits or (isinstance(value, bool) and option.kind is not bool) or not _within(value, option):
        raise TwinError(f"fault {fault_type.name}: found {word}={value!r}; expected {_expected(option)}")
    return value


def _within(value: Any, option: Option) -> bool:
    if isinstance(value, str):  # what it says goes into the head of an answer
        return value.isprintable() and (not option.choices or value in option.choices)
    return (option.least is None or value >= option.least) and (option.most is None or value <= option.most)


def _expected(option: Option) -> str:
    if option.choices:
        return " or ".join(option.choices)
    if option.least is None and option.most is None:
        return EXPECTED[option.kind]
    return f"{EXPECTED[option.kind]}, {option.bounds}"


def _read(text: str, option: Option) -> Any:
    if option.kind is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        return option.kind(text)
    except ValueError:
        return text


EXPECTED: Mapping[type, str] = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "a text in one line",
}
