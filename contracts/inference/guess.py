"""What is guessed of an operation: values with their reasons and their certainty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apitwin.contracts.words import Certainty, Question, words

_ORDER = words(Certainty)


@dataclass(frozen=True)
class Guess:
    """One answer to one question.

    question: what is asked; value: as `x-apitwin` writes it, or a text for a reader; reason: the words of the document
    that it goes by, in plain English; certainty: only what is certain is ever judged by.
    """

    question: Question
    value: Any
    reason: str
    certainty: Certainty

    def __str__(self) -> str:
        return f"{self.reason} ({self.certainty})"


def weakest(certainties: Iterable[Certainty]) -> Certainty:
    """Return the least sure of some certainties; `certain` of none."""
    return max(certainties, key=_ORDER.index, default="certain")


@dataclass(frozen=True)
class Inferred:
    """Everything that is guessed of one operation.

    kind: what it is, such as `list` or `create`. rules: the `x-apitwin` object that says so, without its pagination;
    pagination: the rule of its pages as `x-apitwin` writes it, None where it has none. guesses: what these were made
    of, by their key in the rules. line: what is told of its pages, None where there is nothing to tell.
    unknown: what is not known of it, in a few words each.
    """

    kind: str
    rules: Mapping[str, Any] = field(default_factory=dict)
    pagination: Mapping[str, Any] | None = None
    guesses: tuple[Guess, ...] = ()
    line: str | None = None
    unknown: tuple[str, ...] = ()
