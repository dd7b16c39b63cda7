"""Which requests are answered badly: misdeeds switched on for those that match, and counted.

    faults.add("unavailable", operation="workspaces_list", times=2, retry_after=1)
    faults.add("insert-between-pages", nth=2)

What each misdeed does is in `mock_server.misdeeds`; the same words are used by code, fixtures, the command line,
the YAML of a seed and the control plane.
"""

from __future__ import annotations

import difflib
import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from contracts.model import Contract, Operation
from mock_server.answers import Answer
from mock_server.errors import HIDDEN, TwinError
from mock_server.misdeeds import MISDEEDS, Misdeed, Option
from mock_server.occasion import Occasion

__tracebackhide__ = HIDDEN
WHEN: Mapping[str, Option] = {
    "operation": Option(str, None, "only this operation, by its id"),
    "method": Option(str, None, "only this method"),
    "path": Option(str, None, "only this path; * stands for anything"),
    "nth": Option(int, 1, "the first matching request that is hit, counted from 1"),
    "times": Option(int, None, "how many matching requests are hit; without it all of them, with nth only one"),
    "probability": Option(float, 1.0, "the share of matching requests that are hit"),
    "seed": Option(int, 0, "of the draws where the probability is below 1"),
}
"""When a misdeed is done: what every one of them takes, besides its own options."""


@dataclass
class Fault:
    """One misdeed that is switched on. hits: how often it was done; seen: how many requests matched."""

    misdeed: Misdeed
    when: Mapping[str, Any]
    options: Mapping[str, Any]
    hits: int = 0
    seen: int = 0
    _random: random.Random = field(default_factory=random.Random, repr=False)

    @property
    def name(self) -> str:
        """The name of the misdeed."""
        return self.misdeed.name

    def rewind(self) -> None:
        """Forget which requests there were, so that the next one is the first."""
        self.hits = self.seen = 0
        self._random = random.Random(self.when["seed"])

    def hit(self, method: str, path: str, operation: Operation | None) -> bool:
        """Return whether a request is hit, and count it."""
        if not self._meant(method, path, operation):
            return False
        self.seen += 1
        first, times = self.when["nth"], self.when["times"]
        if self.seen < first or (times is not None and self.hits >= times):
            return False
        if self.when["probability"] < 1 and self._random.random() >= self.when["probability"]:
            return False
        self.hits += 1
        return True

    def _meant(self, method: str, path: str, operation: Operation | None) -> bool:
        wanted, pattern = self.when["operation"], self.when["path"]
        return (
            (wanted is None or (operation is not None and operation.id == wanted))
            and (self.when["method"] is None or method == self.when["method"])
            and (pattern is None or fnmatchcase(path, pattern))
            and (not self.misdeed.paged or (operation is not None and operation.pagination is not None))
        )

    def as_json(self) -> dict[str, Any]:
        """Return what it is as JSON values, in the words that `add` takes."""
        given = {name: value for name, value in self.when.items() if value != WHEN[name].default}
        return {"name": self.name, **given, **self.options, "hits": self.hits}


class Faults:
    """The faults of one twin, the first one that hits a request being done. Safe under threads."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._active: tuple[Fault, ...] = ()
        self._start: tuple[Fault, ...] = ()
        self._lock = threading.Lock()

    def add(self, name: str, /, **words: Any) -> Fault:
        """Switch a misdeed on and return it.

        words: those of `WHEN`, and the misdeed's own options. Texts are read as their option needs it.
        Raises TwinError naming the word, what was found, and the nearest known ones.
        """
        misdeed = _known(name, MISDEEDS, "fault")
        values = {word: _value(misdeed, word, value) for word, value in words.items()}
        self._require_sense(misdeed, values)
        when = {word: values.get(word, option.default) for word, option in WHEN.items()}
        if "nth" in values and "times" not in values:
            when["times"] = 1
        options = {word: values.get(word, option.default) for word, option in misdeed.options.items()}
        fault = Fault(misdeed, when, options)
        fault.rewind()
        with self._lock:
            self._active = (*self._active, fault)
        return fault

    def _require_sense(self, misdeed: Misdeed, values: Mapping[str, Any]) -> None:
        place = f"fault {misdeed.name}"
        if "operation" in values:
            operations = {one.id: one for one in self._contract.operations}
            chosen = _known(values["operation"], operations, f"{place}: operation")
            if misdeed.paged and chosen.pagination is None:
                raise TwinError(f"{place}: {chosen.id} has no pages; this fault is for paginated operations")
        for word, least in (("nth", 1), ("times", 1)):
            if values.get(word) is not None and values[word] < least:
                raise TwinError(f"{place}: found {word}={values[word]}; expected {least} or more")
        if not 0 <= values.get("probability", 1) <= 1:
            raise TwinError(f"{place}: found probability={values['probability']}; expected a number from 0 to 1")

    def remove(self, fault: Fault) -> None:
        """Switch a fault off; one that is off already stays so."""
        with self._lock:
            self._active = tuple(one for one in self._active if one is not fault)

    def clear(self) -> None:
        """Switch every fault off, also those that a reset would bring back."""
        with self._lock:
            self._active = self._start = ()

    def keep(self) -> None:
        """Make the present faults the ones that `reset` returns to."""
        self._start = self._active

    def reset(self) -> None:
        """Return to the faults that were kept, as if no request had been made yet."""
        with self._lock:
            self._active = self._start
            for one in self._active:
                one.rewind()

    def active(self) -> tuple[Fault, ...]:
        """Return the faults that are on, in the order of their adding."""
        return self._active

    def hitting(self, method: str, path: str, operation: Operation | None) -> Fault | None:
        """Return the fault that a request is hit by, or None."""
        if not self._active:  # the usual case costs nothing
            return None
        with self._lock:
            return next((one for one in self._active if one.hit(method, path, operation)), None)


def done(fault: Fault, occasion: Occasion) -> Answer:
    """Do a misdeed to a request, and return what is answered."""
    return fault.misdeed.act(occasion)


def words_of(text: str) -> tuple[str, dict[str, str]]:
    """Read a fault as it is written on a command line: `unavailable:operation=workspaces_list,retry_after=1`.

    Raises TwinError where a word has no value.
    """
    name, _, rest = text.partition(":")
    words: dict[str, str] = {}
    for part in rest.split(",") if rest else ():
        word, mark, value = part.partition("=")
        if not mark or not word:
            raise TwinError(f"fault {text!r}: found {part!r}; expected name:word=value,word=value")
        words[word.strip().replace("-", "_")] = value
    return name.strip(), words


def add_all(faults: Faults, listed: Any, place: str) -> None:
    """Add faults that a seed or the control plane describes: objects with a `name` and the words of `Faults.add`.

    Raises TwinError naming the place and what was found.
    """
    if not isinstance(listed, list):
        raise TwinError(f"{place}: found {listed!r}; expected a list of faults")
    for index, one in enumerate(listed):
        where = f"{place}/{index}"
        named = isinstance(one, dict) and isinstance(one.get("name"), str)
        if not named or not all(isinstance(word, str) for word in one):
            raise TwinError(f"{where}: found {one!r}; expected an object with a name, such as {{name: latency}}")
        words = {word.replace("-", "_"): value for word, value in one.items() if word != "name"}
        try:
            faults.add(one["name"], **words)
        except TwinError as error:
            raise TwinError(f"{where}: {error}") from None


def _known(name: Any, known: Mapping[str, Any], kind: str) -> Any:
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), list(known), n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there is: {', '.join(known)}"
    raise TwinError(f"{kind} {name!r} is not known; {hint}")


def _value(misdeed: Misdeed, word: str, value: Any) -> Any:
    known: dict[str, Option] = {**WHEN, **misdeed.options}
    option: Option = _known(word, known, f"fault {misdeed.name}: the word")
    if value is None and option.default is None:
        return None
    if isinstance(value, str) and option.kind is not str:
        value = _read(value, option)
    fits = isinstance(value, option.kind) or (option.kind is float and isinstance(value, int))
    if not fits or (isinstance(value, bool) and option.kind is not bool):
        raise TwinError(f"fault {misdeed.name}: found {word}={value!r}; expected {EXPECTED[option.kind]}")
    if option.choices and value not in option.choices:
        raise TwinError(f"fault {misdeed.name}: found {word}={value!r}; expected {' or '.join(option.choices)}")
    return value


def _read(text: str, option: Option) -> Any:
    if option.kind is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        return option.kind(text)
    except ValueError:
        return text


EXPECTED: Mapping[type, str] = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}


def table() -> Iterable[Misdeed]:
    """Return every misdeed there is."""
    return MISDEEDS.values()
