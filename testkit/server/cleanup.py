"""What a law leaves in a live system: every write is noted before it is sent, and only what is provably ours goes.

A thing is ours if it came after the law began and carries the mark of this example, which no other run has. Where a
body has no place for a mark, a thing is ours if a create answered with its identity and it is new in the list, or if it
has every number and text that was sent, one of which is long and was in no thing before. Of everything else nothing is
deleted or changed; that it may be left behind is told instead.
"""

from __future__ import annotations

import contextlib
import enum
import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.errors import TargetError, TestkitError
from apitwin.testkit.generation.json_schema import canonical
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import Lifecycle
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.verdict import Broken
from apitwin.testkit.server.walks import MOST_PAGES, Walk
from apitwin.testkit.transport.exchange import Exchange, Request
from apitwin.testkit.transport.target import AnswerLost

MARK_LENGTH = 8
"""Characters of a mark: 36**8 marks, so that no two runs ever have the same."""
DISTINCTIVE = 8
"""Characters from which a text or a number says whose it is: many things have 12 lines, few 1985-10-26T01:21:00Z."""
MISSING = (404, 410)
"""Statuses that say that a thing is not there. RFC 9110 sections 15.5.5 and 15.5.11."""


@dataclass
class Write:
    """One write. exchange: None until it is answered; lost: it was sent, and whether it was done is not known.

    made: the identity that a create answered with, None where it gave none. new: whether nothing had it before.
    """

    operation: Operation
    request: Request
    exchange: Exchange | None = None
    lost: bool = False
    made: str | None = None
    new: bool = False

    @property
    def done(self) -> bool:
        """Whether it was answered with a success."""
        return self.exchange is not None and 200 <= self.exchange.response.status < 300


class Ownership(enum.Enum):
    """Whose a thing is. It changes in these ways only, so what is not ours can never become ours later:

    unknown -> CLAIMED -> OURS -> GONE, unknown -> OURS, unknown -> UNCERTAIN and CLAIMED -> UNCERTAIN; on a twin, where
    nothing can be harmed, also CLAIMED -> GONE. Where a create answers with the identity of what is gone, it begins
    anew: GONE -> CLAIMED.
    """

    PREEXISTING = "it was there before the first write"
    UNCERTAIN = "it came after the first write, and is not certainly ours"
    CLAIMED = "a create answered with its identity, which was new; it has not been seen yet"
    OURS = "it was certainly made here"
    GONE = "it was ours, and deleting it was answered with a success"


@dataclass
class _Thing:
    """What is known of an identity. item: as it was listed last. look: in which look that was, 0 where in none."""

    whose: Ownership
    item: Any = None
    look: int = 0


class WriteLedger:
    """The writes of one example, and what came of them.

    Every identity that was listed, or that a create answered with, has exactly one state in `_things`. Only a thing
    that is OURS or GONE is ever written to; on a twin, which is reset afterwards, a CLAIMED one as well.
    """

    def __init__(self, probe: Probe, lifecycle: Lifecycle, walk: Walk) -> None:
        """walk: what is there before the first write."""
        self.writes: list[Write] = []
        self.mark = "" if probe.target.is_twin else probe.draw(strategies.just(_mark()), "mark")
        self._probe = probe
        self._lifecycle = lifecycle
        self._looks = 1
        self._things = {
            identity: _Thing(Ownership.PREEXISTING, item, self._looks)
            for identity, item in zip(walk.ids, walk.items, strict=True)
        }
        self._since: list[Write] = []
        """The writes since the last look at the list."""

    # Writing

    def write(self, operation: Operation, identity: str | None, body: Any) -> Write:
        """Note a write, send it, and return it with its answer. identity: of the thing to change, None for a create.

        Raises TargetError where it is not certain that the thing was made here, or where it cannot be sent.
        """
        self._require_ours(identity)
        path = self._lifecycle.path(operation, self._probe.subject, identity)
        write = Write(operation, Request(operation.method, path, (), self._probe.credential_for(operation), body=body))
        self.writes.append(write)
        self._since.append(write)
        try:
            write.exchange = self._probe.send(
                credential=self._probe.credential_for(operation), method=operation.method, path=path, body=body
            )
        except AnswerLost:
            write.lost = True
            raise
        if write.done and identity is None:
            self._claim(write, pages.identity_in(self._probe, write.exchange))
        if write.done and identity is not None and operation is self._lifecycle.delete:
            self._things[identity].whose = Ownership.GONE
        return write

    def _claim(self, write: Write, identity: str | None) -> None:
        """Note the identity that a create answered with."""
        write.made = identity
        write.new = identity is not None and (identity not in self._things or self._is_given_out_again(identity))
        if identity is not None and write.new:
            self._things[identity] = _Thing(Ownership.CLAIMED)

    def _is_given_out_again(self, identity: str) -> bool:
        """Return whether an identity was that of a thing which is deleted by now: SQLite gives the last one out again.

        The thing that has it now may be anybody's, and is to be seen to be ours like any other.
        """
        return self._is(identity, Ownership.GONE) and not self._is_listed(identity)

    def owns(self, identity: str) -> bool:
        """Return whether a thing was certainly made here. On a twin: whether it was not there before."""
        return self._is(identity, Ownership.OURS, Ownership.GONE) or (
            self._probe.target.is_twin and self._is(identity, Ownership.CLAIMED)
        )

    def _require_ours(self, identity: str | None) -> None:
        """The one guard before everything that changes or deletes a thing."""
        if identity is not None and not self.owns(identity):
            raise TargetError(f"nothing is sent to {self._path(identity)}: it is not certain that it was made here")

    def _is(self, identity: str, *states: Ownership) -> bool:
        thing = self._things.get(identity)
        return thing is not None and thing.whose in states

    def _all(self, *states: Ownership) -> list[str]:
        """Return the identities of the things in some states."""
        return [identity for identity, thing in self._things.items() if thing.whose in states]

    def _is_listed(self, identity: str) -> bool:
        """Whether the last look met a thing."""
        return self._things[identity].look == self._looks

    # Whose a thing is

    def notice(self, walk: Walk) -> None:
        """Look at what is new in the list since the last look, and tell what is ours from what is not."""
        items = dict(zip(walk.ids, walk.items, strict=True))
        judged = {
            identity: self._judged(identity, item)
            for identity, item in items.items()
            if identity not in self._things or self._is(identity, Ownership.CLAIMED)
        }
        for identity, whose in judged.items():
            self._things.setdefault(identity, _Thing(whose)).whose = whose
        if any(
            self._is(identity, Ownership.OURS, Ownership.GONE) and self._things[identity].look == 0
            for identity in items
        ):
            for write in self._since:  # what a lost answer kept back has come
                write.lost = False
        self._looks += 1
        for identity, item in items.items():
            self._things[identity].item, self._things[identity].look = item, self._looks
        self._since = []

    def _judged(self, identity: str, item: Any) -> Ownership:
        """Return whose a thing is that the list shows for the first time."""
        ours = self._shows_mark(item) or (
            self._came_back(item) if self._is(identity, Ownership.CLAIMED) else self._resembles(item)
        )
        return Ownership.OURS if ours else Ownership.UNCERTAIN

    def _shows_mark(self, item: Any) -> bool:
        return bool(self.mark) and self.mark in canonical(item).casefold()

    def _came_back(self, item: Any) -> bool:
        """Whether a claimed thing is what was made: no member that was marked lacks the mark."""
        bodies = [write.request.body for write in self.writes if isinstance(write.request.body, dict)]
        marked = {name for body in bodies for name, value in body.items() if self._shows_mark(value)}
        return not (isinstance(item, dict) and marked & item.keys())

    def _resembles(self, item: Any) -> bool:
        """Whether a thing is what came of a body without a mark. See the module for what it has to share."""
        bodies = [write.request.body for write in self._since if not self._shows_mark(write.request.body)]
        return any(self._is_of(item, body) for body in bodies if isinstance(body, dict))

    def _is_of(self, item: Any, body: Mapping[str, Any]) -> bool:
        sent = {name: value for name, value in body.items() if isinstance(value, (str, int, float))}
        if not isinstance(item, dict) or any(name not in item for name in sent):
            return False
        fresh = [
            name for name, value in sent.items() if len(str(value)) >= DISTINCTIVE and not self._is_known(name, value)
        ]
        return bool(fresh) and all(canonical(item[name]) == canonical(value) for name, value in sent.items())

    def _is_known(self, name: str, value: Any) -> bool:
        items = (thing.item for thing in self._things.values())
        return any(isinstance(item, dict) and item.get(name) == value for item in items)

    # Taking back

    def tidy(self) -> None:
        """Delete what is provably ours, and note what is left behind or may be. A twin is reset instead.

        Raises nothing: the law has said what is wrong, or the target is out of reach.
        """
        if self._probe.target.is_twin or not self.writes:
            return
        self._probe.allow(4 * MOST_PAGES)  # no budget of a law may keep it from tidying up
        could_look = self._look() if self._since else True
        for identity in self._all(Ownership.CLAIMED):
            self._read_alone(identity)
        listed_again = [identity for identity in self._all(Ownership.GONE) if self._is_listed(identity)]
        refused = {
            identity for identity in (*self._all(Ownership.OURS), *listed_again) if not self._is_taken_back(identity)
        }
        looked_again = bool(self._all(Ownership.OURS, Ownership.GONE)) and self._look()
        for identity in self._all(Ownership.OURS, Ownership.GONE):
            if identity in refused or (looked_again and self._is_listed(identity)):
                self._probe.leftovers.certain(self._path(identity))
        for path in self._doubtful(could_look):
            self._probe.leftovers.doubtful(path)

    def _look(self) -> bool:
        """Walk the list and notice what is new; return whether it can be read."""
        try:
            self.notice(walks.walk(self._probe, self._probe.walking_limit))
        except (TestkitError, Broken):  # that the list cannot be read is for the law itself to say
            return False
        return True

    def _read_alone(self, identity: str) -> None:
        """Take a claimed thing for ours that is in no list, if it carries the mark where it is read alone."""
        with contextlib.suppress(TestkitError):
            credential = self._probe.credential_for(self._lifecycle.read)
            exchange = self._probe.send(credential=credential, path=self._path(identity))
            if pages.identity_in(self._probe, exchange) == identity and self._shows_mark(exchange.value):
                self._things[identity].whose = Ownership.OURS

    def _is_taken_back(self, identity: str) -> bool:
        """Delete a thing, and return whether the target says that it is gone."""
        try:
            write = self.write(self._lifecycle.delete, identity, None)
        except TestkitError:
            return False
        assert write.exchange is not None, "a write that is not answered raises"
        return write.done or write.exchange.response.status in MISSING

    def _doubtful(self, could_look: bool) -> Iterator[str]:
        """Give what may be left: things that came unasked, and writes of which nothing certain was found."""
        yield from map(self._path, self._all(Ownership.UNCERTAIN))
        creates = [write for write in self.writes if write.operation is self._lifecycle.create]
        unclear = [write for write in creates if write.lost or (not could_look and write in self._since)]
        yield from (f"what {write.request.method} {write.request.path} made" for write in unclear)
        if len(self._all(Ownership.OURS, Ownership.GONE)) < sum(write.done for write in creates):
            yield from map(self._path, self._all(Ownership.CLAIMED))

    def _path(self, identity: str) -> str:
        return self._lifecycle.path(self._lifecycle.read, self._probe.subject, identity)


def _mark() -> str:
    """Return a mark that no other run has. Not drawn: the same seed would draw the same for a colleague."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(MARK_LENGTH))
