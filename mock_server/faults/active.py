"""Which requests are answered badly: the faults, each a fault type that is switched on for those that match.

    faults.add("unavailable", operation="workspaces_list", times=2, retry_after=1)
    faults.add("insert-between-pages", nth=2)

What each fault type does is in `catalogue`. The same words are used by code, fixtures, the command line, world files
and the control plane.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
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
    """One fault type that is switched on.

    when: which requests it is met by; options: what it does to them; hits: how many it was done to; seen: how many
    requests matched.
    """

    fault_type: FaultType
    when: Mapping[str, Any]
    options: Mapping[str, Any]
    hits: int = 0
    seen: int = 0
    _claims: set[Claim] = field(default_factory=set, repr=False)
    _random: random.Random = field(default_factory=random.Random, repr=False)

    @property
    def name(self) -> str:
        """The name of the fault type."""
        return self.fault_type.name

    def rewind(self) -> None:
        """Forget which requests there were, so that the next one is the first."""
        self.hits = self.seen = 0
        self._claims.clear()
        self._random = random.Random(self.when["random_seed"])

    def matches(self, method: str, path: str, operation: Operation | None) -> bool:
        """Return whether a request is one of those that the fault is about."""
        wanted, pattern = self.when["operation"], self.when["path"]
        return (
            (wanted is None or (operation is not None and operation.id == wanted))
            and (self.when["method"] is None or method == self.when["method"])
            and (pattern is None or fnmatchcase(path, pattern))
            and (not self.fault_type.paged or (operation is not None and self.fault_type.lacks(operation) is None))
        )

    @property
    def is_undecided(self) -> bool:
        """Whether the next request that matches is hit only if one of those that are being answered is not."""
        times = self.when["times"]
        return times is not None and self.hits < times <= self.hits + len(self._claims)

    def claim(self) -> Claim | None:
        """Count a request that matches, and return its claim to be hit, None where it is spared."""
        self.seen += 1
        first, times = self.when["nth"], self.when["times"]
        if self.seen < first or (times is not None and self.hits + len(self._claims) >= times):
            return None
        if self.when["probability"] < 1 and self._random.random() >= self.when["probability"]:
            return None
        claim = Claim(self)
        self._claims.add(claim)
        return claim

    def settle(self, claim: Claim) -> None:
        """Count a claim as a hit, or forget its request; one from before a reset counts no more."""
        if claim not in self._claims:
            return
        self._claims.remove(claim)
        if claim.is_hit:
            self.hits += 1
        else:
            self.seen -= 1

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


@dataclass(eq=False)
class Claim:
    """A request that a fault is about to be done to. is_hit: false where there was nothing in it to spoil."""

    fault: Fault
    is_hit: bool = True


class Faults:
    """The faults of one twin, of which the first one that hits a request is done. Safe under threads."""

    def __init__(self, contract: Contract, turn: threading.Condition | None = None) -> None:
        """turn: the lock of the twin, in which a request arrives; one of their own where there is none."""
        self._contract = contract
        self._active: tuple[Fault, ...] = ()
        self._start: tuple[Fault, ...] = ()
        self._turn = turn if turn is not None else threading.Condition()

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
        with self._turn:
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
        """Raise TwinError for an operation that is none, or that has nothing for the fault to spoil."""
        if values.get("operation") is None:
            return
        place = f"fault {fault_type.name}"
        operations = {operation.id: operation for operation in self._contract.operations}
        operation = known_name(values["operation"], operations, f"{place}: operation")
        lacking = fault_type.lacks(operation)
        if lacking is not None:
            raise TwinError(f"{place}: {operation.id} has no {lacking}, which this fault is about")

    def remove(self, *faults: Fault) -> None:
        """Switch faults off; one that is off already stays so."""
        with self._turn:
            self._active = tuple(fault for fault in self._active if not _is_among(fault, faults))
            self._turn.notify_all()

    def clear(self) -> None:
        """Switch every fault off, also those that a reset would bring back."""
        with self._turn:
            self._active = self._start = ()
            self._turn.notify_all()

    def checkpoint(self) -> None:
        """Make the present faults the ones that `reset` returns to."""
        self._start = self._active

    def reset(self) -> None:
        """Return to the faults of the last checkpoint, as if no request had been made yet."""
        with self._turn:
            self._active = self._start
            for fault in self._active:
                fault.rewind()
            self._turn.notify_all()

    def active(self) -> tuple[Fault, ...]:
        """Return the faults that are on, in the order of their adding."""
        return self._active

    def added(self) -> tuple[Fault, ...]:
        """Return the faults that are on and came after the last checkpoint: a reset would end them."""
        return tuple(fault for fault in self._active if not _is_among(fault, self._start))

    def claim(self, method: str, path: str, operation: Operation | None) -> Claim | None:
        """Return the claim of the fault that a request is hit by, None where all spare it; see `settling`.

        Where that hangs on a request that is just being answered, it waits until that one is settled.
        """
        with self._turn:
            while True:
                matching = [fault for fault in self._active if fault.matches(method, path, operation)]
                if not any(fault.is_undecided for fault in matching):
                    claims = (fault.claim() for fault in matching)
                    return next((claim for claim in claims if claim is not None), None)
                self._turn.wait()

    @contextmanager
    def settling(self, claim: Claim) -> Iterator[None]:
        """Do a fault within this: at its end the claim counts or not, and those that wait for that go on."""
        try:
            yield
        finally:
            with self._turn:
                claim.fault.settle(claim)
                self._turn.notify_all()


def _is_among(fault: Fault, faults: Iterable[Fault]) -> bool:
    """Return whether it is one of them, and not only equal to one."""
    return any(fault is other for other in faults)


def done(fault: Fault, context: FaultContext) -> Answer | None:
    """Do a fault to a request, and return what is answered; None where there was nothing to spoil."""
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
    for index, words in enumerate(listed):
        where = f"{place}/{index}"
        named = isinstance(words, dict) and isinstance(words.get("name"), str)
        if not named or not all(isinstance(word, str) for word in words):
            raise TwinError(f"{where}: found {words!r}; expected an object with a name, such as {{name: latency}}")
        options = {word.replace("-", "_"): value for word, value in words.items() if word != "name"}
        try:
            made.append(faults.made(words["name"], options))
        except TwinError as error:
            raise TwinError(f"{where}: {error}") from None
    faults.extend(made)
