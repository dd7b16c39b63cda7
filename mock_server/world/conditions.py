"""What a record must be to be in a list: conditions as values, which records answer by looking up or by trying each.

A condition is the same as another one where both keep the same records: what was found for one is then the answer to
the other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from apitwin.contracts import pointers, timestamps

Values = Mapping[str, Any]
Fields = tuple[str, ...]

Kind = Literal["null", "boolean", "moment", "number", "text", "truth", "member"]
"""As what a field's value is compared: see `TERMS`."""
Term = tuple[Kind, Hashable]
"""A value as something of its kind: the number 1 and the text 1 are two terms."""


class Condition(Protocol):
    """Keeps some records. It can be hashed and compared, and what it keeps depends on a record's values alone."""

    def keeps(self, values: Values) -> bool:
        """Return whether a record with these values is in the list."""
        ...


def under(values: Values, fields: Fields) -> list[Any]:
    """Return every value that a record has under some pointers; of an array its elements."""
    if len(fields) == 1:
        return pointers.values(values, fields[0])
    return [value for pointer in fields for value in pointers.values(values, pointer)]


def is_number(value: Any) -> bool:
    """Return whether a value is a number of JSON; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _nulls(values: Values, fields: Fields) -> list[Hashable]:
    return [None for value in under(values, fields) if value is None]


def _booleans(values: Values, fields: Fields) -> list[Hashable]:
    return [value for value in under(values, fields) if isinstance(value, bool)]


def _moments(values: Values, fields: Fields) -> list[Hashable]:
    moments = [timestamps.parse(value) for value in under(values, fields) if isinstance(value, str)]
    return [moment for moment in moments if moment is not None]


def _numbers(values: Values, fields: Fields) -> list[Hashable]:
    return [value for value in under(values, fields) if is_number(value)]


def _texts(values: Values, fields: Fields) -> list[Hashable]:
    return [str(value) for value in under(values, fields) if value is not None and not isinstance(value, bool)]


def _truth(values: Values, fields: Fields) -> list[Hashable]:
    """Whether any of the fields is true: one term for each record."""
    for value in under(values, fields):
        if value is True:
            return [True]
    return [False]


def _members(values: Values, fields: Fields) -> list[Hashable]:
    """The text of a member of the record, `None` where there is none: one term for each name."""
    return [str(values.get(name)) for name in fields]


TERMS: Mapping[Kind, Callable[[Values, Fields], list[Hashable]]] = {
    "null": _nulls,
    "boolean": _booleans,
    "moment": _moments,
    "number": _numbers,
    "text": _texts,
    "truth": _truth,
    "member": _members,
}
"""What a record is found under, by the kind of what is looked for. Fields are pointers, for `member` a name."""


@dataclass(frozen=True)
class Has:
    """Keeps what has one of some terms in one of some fields. It is looked up: see `Index`."""

    fields: Fields
    terms: tuple[Term, ...]

    def keeps(self, values: Values) -> bool:
        """Return whether one of the terms is among those of the fields."""
        return any(term in TERMS[kind](values, self.fields) for kind, term in self.terms)


def term(wanted: Any) -> Term:
    """Return what has to be found in a record for a value that was asked for.

    A null, a truth value and a number are found as such, a moment in any spelling, and everything else as a text.
    """
    if wanted is None:
        return ("null", None)
    if isinstance(wanted, bool):
        return ("boolean", wanted)
    if isinstance(wanted, datetime):
        return ("moment", wanted)
    return ("number", wanted) if is_number(wanted) else ("text", str(wanted))


def member(name: str, value: Any) -> Has:
    """Return the condition that a member of the record has a value, compared as texts."""
    return Has((name,), (("member", str(value)),))


def truth(fields: Fields, is_any_true: bool) -> Has:
    """Return the condition that one of some fields is true, or that none is."""
    return Has(fields, (("truth", is_any_true),))


@dataclass(frozen=True)
class Bound:
    """Keeps what has a number or a moment, as the bound is one, that is not on its other side. inclusive."""

    fields: Fields
    bound: Any
    is_least: bool

    def keeps(self, values: Values) -> bool:
        """Return whether one of the fields is at or on the right side of the bound."""
        comparable = (self._like(value) for value in under(values, self.fields))
        return any(
            value is not None and (value >= self.bound if self.is_least else value <= self.bound)
            for value in comparable
        )

    def _like(self, value: Any) -> Any:
        """Return a field's value as something that can be compared with the bound, None where it cannot."""
        if isinstance(self.bound, datetime):
            return timestamps.parse(value) if isinstance(value, str) else None
        return value if is_number(value) and isinstance(self.bound, (int, float)) else None


@dataclass(frozen=True)
class Contains:
    """Keeps what has one of some texts inside one of its fields, in any case. needles: casefolded."""

    fields: Fields
    needles: tuple[str, ...]

    def keeps(self, values: Values) -> bool:
        """Return whether a needle is in a field."""
        texts = (str(value).casefold() for value in under(values, self.fields) if value is not None)
        return any(needle in text for text in texts for needle in self.needles)


def contains(fields: Fields, asked: Sequence[Any]) -> Contains:
    """Return the condition that one of some texts is inside one of some fields."""
    return Contains(fields, tuple(str(needle).casefold() for needle in asked))


@dataclass(frozen=True)
class Meets:
    """Keeps what a function of the values says, for what only one API knows.

    key: what makes this condition the same as another one: the function's meaning and all that it goes by besides the
    values, since what was found is kept under it.
    """

    key: tuple[Hashable, ...]
    predicate: Callable[[Values], bool] = field(compare=False)

    def keeps(self, values: Values) -> bool:
        """Return what the function says."""
        return self.predicate(values)
