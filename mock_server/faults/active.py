"""Which requests are answered badly: fault types switched on for those that match, and counted.

    faults.add("unavailable", operation="workspaces_list", times=2, retry_after=1)
    faults.add("insert-between-pages", nth=2)

What each of them does is in `catalogue`; the same words are used by code, fixtures, the command line, world files and
the control plane.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server.errors import HIDDEN, TwinError
from apitwin.mock_server.faults.catalogue import FAULT_TYPES
from apitwin.mock_server.faults.context import FaultContext
from apitwin.mock_server.faults.options import WHEN, FaultType, known_name, read_value
from apitwin.mock_server.messages import Answer

__tracebackhide__ = HIDDEN


@dataclass
class Fault:
    """One fault type that is switched on. hits: how often it was done; seen: how many requests matched."""

    fault_type: FaultType
    when: Mapping[str, Any]
    options: Mapping[str, Any]
    hits: int = 0
    seen: int = 0
    _random: random.Random = field(default_factory=random.Random, repr=False)

    @property
    def name(self) -> str:
        """The name of the fault type."""
        return self.fault_type.name

    def rewind(self) -> None:
        """Forget which requests there were, so that the next one is the first."""
        self.hits = self.seen = 0
        self._random = random.Random(self.when["random_seed"])

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
            and (not self.fault_type.paged or (operation is not None and self.fault_type.lacks(operation) is None))
        )

    @property
    def words(self) -> dict[str, Any]:
        """The words with which `Faults.add` makes the same fault again."""
        words = {word: value for word, value in self.when.items() if value != WHEN[word].default}
        if "nth" in words:
            words["times"] = self.when["times"]  # without it, one that begins later would be done once
        return {**words, **{word: value for word, value in self.options.items() if value is not None}}

    def as_json(self) -> dict[str, Any]:
        """Return what it is as JSON values: its name, its words, and how often it was done."""
        return {"name": self.name, **self.words, "hits": self.hits}


class Faults:
    """The faults of one twin, the first one that hits a request being done. Safe under threads."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._active: tuple[Fault, ...] = ()
        self._start: tuple[Fault, ...] = ()
        self._lock = threading.Lock()

    def add(self, name: str, /, **words: Any) -> Fault:
        """Switch a fault type on and return it.

        words: those of `WHEN`, and the fault type's own options. Texts are read as their option needs it.
        Raises TwinError naming the word, what was found, and the nearest known ones.
        """
        fault = self.made(name, words)
        self.extend([fault])
        return fault

    def extend(self, faults: Iterable[Fault]) -> None:
        """Switch several faults on at once."""
        with self._lock:
            self._active = (*self._active, *faults)

    def made(self, name: str, words: Mapping[str, Any]) -> Fault:
        """Return a fault that is not on yet. Raises TwinError as `add` does."""
        fault_type = known_name(name, FAULT_TYPES, "fault")
        values = {word: read_value(fault_type, word, value) for word, value in words.items()}
        self._require_place(fault_type, values)
        when = {word: values.get(word, option.default) for word, option in WHEN.items()}
        if "nth" in values and "times" not in values:
            when["times"] = 1
        options = {word: values.get(word, option.default) for word, option in fault_type.options.items()}
        fault = Fault(fault_type, when, options)
        fault.rewind()
        return fault

    def _require_place(self, fault_type: FaultType, values: Mapping[str, Any]) -> None:
        """Refuse an operation that is none, or that cannot suffer the fault type."""
        if values.get("operation") is None:
            return
        place, operations = f"fault {fault_type.name}", {one.id: one for one in self._contract.operations}
        chosen = known_name(values["operation"], operations, f"{place}: operation")
        lacking = fault_type.lacks(chosen)
        if lacking is not None:
            raise TwinError(f"{place}: {chosen.id} has no {lacking}, which this fault is about")

    def missed(self, fault: Fault) -> None:
        """Count a hit as none: there was nothing in the answer that the fault could spoil."""
        with self._lock:
            fault.hits = max(0, fault.hits - 1)
            fault.seen = max(0, fault.seen - 1)

    def remove(self, *faults: Fault) -> None:
        """Switch faults off; one that is off already stays so."""
        with self._lock:
            self._active = tuple(one for one in self._active if not any(one is each for each in faults))

    def clear(self) -> None:
        """Switch every fault off, also those that a reset would bring back."""
        with self._lock:
            self._active = self._start = ()

    def checkpoint(self) -> None:
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

    def added(self) -> tuple[Fault, ...]:
        """Return the faults that are on and were not kept: a reset would end them."""
        return tuple(one for one in self._active if not any(one is each for each in self._start))

    def hitting(self, method: str, path: str, operation: Operation | None) -> Fault | None:
        """Return the fault that a request is hit by, or None."""
        if not self._active:  # the usual case costs nothing
            return None
        with self._lock:
            return next((one for one in self._active if one.hit(method, path, operation)), None)


def done(fault: Fault, context: FaultContext) -> Answer | None:
    """Do a fault type to a request, and return what is answered; None where there was nothing to spoil."""
    return fault.fault_type.handler(context)


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
    """Add faults that a world file or the control plane describes: objects with a `name` and the words of `Faults.add`.

    All of them or, where one is wrong, none. Raises TwinError naming the place and what was found.
    """
    if not isinstance(listed, list):
        raise TwinError(f"{place}: found {listed!r}; expected a list of faults")
    made = []
    for index, one in enumerate(listed):
        where = f"{place}/{index}"
        named = isinstance(one, dict) and isinstance(one.get("name"), str)
        if not named or not all(isinstance(word, str) for word in one):
            raise TwinError(f"{where}: found {one!r}; expected an object with a name, such as {{name: latency}}")
        words = {word.replace("-", "_"): value for word, value in one.items() if word != "name"}
        try:
            made.append(faults.made(one["name"], words))
        except TwinError as error:
            raise TwinError(f"{where}: {error}") from None
    faults.extend(made)
