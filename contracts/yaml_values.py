"""YAML texts as JSON values: what JSON can say, by the core schema of YAML 1.2: no dates, no `yes`, no key twice.

The values are built from the parser's events, without a stack of Python's: so depth, number and repetition are counted
before anything is built, and the time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from apitwin.contracts.errors import ContractError, shortened
from apitwin.contracts.files import Account

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMERIC = frozenset("-+.0123456789")
_MERGE: Any = object()
_ABSENT: Any = object()


class Unfit(Exception):
    """What makes a text no YAML that is read here: why, and where its event begins."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem)
        self.mark = mark


@dataclass
class _Open:
    """A list or an object that is being read. merged: objects that `<<` puts below its own members."""

    value: Any
    anchor: str | None
    start: Any
    before: int
    key: Any = _ABSENT
    merged: list[Any] = field(default_factory=list)


def read(text: str, place: str, account: Account) -> Any:
    """Return the JSON value of a YAML text.

    place: its file, for errors. Raises ContractError where it breaks a budget, yaml.YAMLError or Unfit where it is no
    YAML that is read here.
    """
    loader = _Loader(text)
    try:
        return _Reading(place, account).value(_events(loader))
    finally:
        loader.dispose()


def _events(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


class _Reading:
    """One text being read. anchors: the values that aliases may repeat, each with its number of values."""

    def __init__(self, place: str, account: Account) -> None:
        self._place, self._account = place, account
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._values = account.values
        self._most = account.budgets.values
        self._depth = account.budgets.depth
        self._whole: Any = _ABSENT

    def value(self, events: Iterator[Any]) -> Any:
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._count(1)
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._begin(event, {} if kind is yaml.MappingStartEvent else [])
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._end()
            elif kind is yaml.AliasEvent:
                self._repeat(event)
            elif kind is yaml.DocumentStartEvent and self._whole is not _ABSENT:
                raise Unfit("found another document; expected one", event.start_mark)
        self._account.count_values(self._values - self._account.values, self._place)
        return None if self._whole is _ABSENT else self._whole

    def _count(self, number: int) -> None:
        self._values += number
        if self._values > self._most:
            self._account.count_values(self._values - self._account.values, self._place)

    def _begin(self, event: Any, value: Any) -> None:
        self._count(1)
        self._require_tag(event, ("map", "seq"))
        if len(self._open) >= self._depth:
            raise ContractError(
                f"{self._place}:{event.start_mark.line + 1}",
                f"nested too deeply to be read: more than {self._depth} lists and objects inside each other",
            )
        if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is _ABSENT:
            raise Unfit("a key must be a scalar", event.start_mark)
        self._open.append(_Open(value, event.anchor, event.start_mark, self._values - 1))
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)  # inside itself a value has no name yet

    def _end(self) -> None:
        done = self._open.pop()
        if done.merged:
            below = {key: member for merged in reversed(done.merged) for key, member in merged.items()}
            done.value = {**below, **done.value}
        if done.anchor is not None:
            self._anchors[done.anchor] = (done.value, self._values - done.before)
        self._put(done.value, done.start)

    def _repeat(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            inside = any(holder.anchor == event.anchor for holder in self._open)
            kind = "recursive" if inside else "undefined"
            raise Unfit(f"found {kind} alias {shortened(event.anchor, 60)!r}", event.start_mark)
        value, number = self._anchors[event.anchor]
        self._count(number)
        self._put(value, event.start_mark)

    def _scalar(self, event: Any) -> None:
        holder = self._open[-1] if self._open else None
        self._require_tag(event, ("str", "int", "float", "bool", "null"))
        value = _plain(event, self._account.budgets.digits)
        if holder is not None and isinstance(holder.value, dict) and holder.key is _ABSENT and event.implicit[0]:
            value = _MERGE if event.value == "<<" else value
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1)
        self._put(value, event.start_mark)

    def _put(self, value: Any, mark: Any) -> None:
        if not self._open:
            self._whole = value
            return
        holder = self._open[-1]
        if isinstance(holder.value, list):
            holder.value.append(value)
        elif holder.key is _ABSENT:
            holder.key = _MERGE if value is _MERGE else _key(value, mark)
            if holder.key is not _MERGE and holder.key in holder.value:
                raise Unfit(f"the key {shortened(holder.key, 120)!r} stands twice", holder.start)
        else:
            if holder.key is _MERGE:
                holder.merged += _merged(value, mark)
            else:
                holder.value[holder.key] = value
            holder.key = _ABSENT

    def _require_tag(self, event: Any, known: tuple[str, ...]) -> None:
        tag = event.tag
        if tag is not None and tag != "!" and tag not in {_TAG + name for name in known}:
            raise Unfit(f"{shortened(tag, 120)} has no place in JSON", event.start_mark)


def _key(value: Any, mark: Any) -> str:
    if isinstance(value, (list, dict)):
        raise Unfit("a key must be a scalar", mark)
    return (
        {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(value)
    )


def _merged(value: Any, mark: Any) -> list[Any]:
    """Return the objects that a `<<` names; the first one counts first."""
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(below, dict) for below in listed):
        raise Unfit("expected an object, or a list of objects, after <<", mark)
    return listed


def _plain(event: Any, digits: int) -> Any:
    """Return the value of a scalar: as its tag says, or as it looks where it stands without quotes and tag."""
    text: str = event.value
    name = event.tag.removeprefix(_TAG) if event.tag not in (None, "!") else "" if event.implicit[0] else "str"
    if name == "str":
        return text
    if text in _NOTHING and name in ("", "null"):
        return None
    if text in _TRUTHS and name in ("", "bool"):
        return _TRUTHS[text]
    if name in ("", "int", "float") and text[:1] in _NUMERIC and _NUMBER.fullmatch(text):
        return _number(text, name, digits, event.start_mark)
    if name:
        raise Unfit(f"found {shortened(text, 60)!r}, which is no {name}", event.start_mark)
    return text


def _number(text: str, name: str, digits: int, mark: Any) -> Any:
    if len(text) > digits:
        raise Unfit(f"a number has {len(text)} characters; at most {digits} are read", mark)
    if name != "float" and _INTEGER.fullmatch(text):
        return int(text)
    value = float(text)
    if value - value != 0:
        raise Unfit(f"the number {shortened(text, 60)} is too large to be held", mark)
    return value
