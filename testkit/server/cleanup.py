"""What a law leaves in a live system: every write is noted before it is sent, and only what is provably ours goes.

A thing is ours if it came after the law began and carries the mark of this example, which no other run has. Where a
body has no place for a mark, a thing is ours if a create answered with its identity and it is new in the list, or if it
has every number and text that was sent, one of which is long and was in no thing before. Of everything else nothing is
deleted or changed; that it may be left behind is told instead.
"""

from __future__ import annotations

import contextlib
import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.errors import TargetError, TestkitError
from apitwin.testkit.generation.json_schema import canonical
from apitwin.testkit.server.applicability import Lifecycle
from apitwin.testkit.server.probe import MOST_WALKED, Probe, Walk
from apitwin.testkit.server.verdict import Broken
from apitwin.testkit.transport.exchange import Exchange, Request
from apitwin.testkit.transport.target import AnswerLost

MARK_LENGTH = 8
"""Characters of a mark: 36**8 marks, so that no two runs ever have the same."""
TELLING = 8
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


class WriteLedger:
    """The writes of one example, and what came of them."""

    def __init__(self, probe: Probe, found: Lifecycle, walk: Walk) -> None:
        """walk: what is there before the first write."""
        self.writes: list[Write] = []
        self.mark = "" if probe.target.is_twin else probe.draw(strategies.just(_mark()), "mark")
        self._probe = probe
        self._found = found
        self._foreign = set(walk.ids)
        self._seen: dict[str, Any] = dict(zip(walk.ids, walk.items, strict=True))
        self._ours: dict[str, None] = {}
        self._gone: set[str] = set()
        self._since: list[Write] = []
        self._listed = set(walk.ids)
        self._strange: dict[str, None] = {}

    # Writing

    def write(self, operation: Operation, identity: str | None, body: Any) -> Write:
        """Note a write, send it, and return it with its answer. identity: of the thing to change, None for a create.

        Raises TargetError where it is not certain that the thing was made here, or where it cannot be sent.
        """
        self._require_ours(identity)
        path = self._found.path(operation, self._probe.subject, identity)
        write = Write(operation, Request(operation.method, path, body=body))
        self.writes.append(write)
        self._since.append(write)
        try:
            write.exchange = self._probe.send(method=operation.method, path=path, body=body)
        except AnswerLost:
            write.lost = True
            raise
        if write.done and identity is None:
            write.made = self._probe.identity_in(write.exchange)
            write.new = write.made is not None and not self._knows(write.made)
        if identity is not None and operation is self._found.delete and write.done:
            self._gone.add(identity)
        return write

    def owns(self, identity: str) -> bool:
        """Return whether a thing was certainly made here. On a twin: whether it was not there before."""
        if identity in self._foreign:
            return False
        return identity in self._ours or (self._probe.target.is_twin and identity in self._answered())

    def _require_ours(self, identity: str | None) -> None:
        """The one guard before everything that changes or deletes a thing."""
        if identity is not None and not self.owns(identity):
            raise TargetError(f"nothing is sent to {self._place(identity)}: it is not certain that it was made here")

    def _answered(self) -> list[str]:
        """Return the identities of new things that creates answered with."""
        return [one.made for one in self.writes if one.made is not None and one.new]

    def _knows(self, identity: str) -> bool:
        return identity in {*self._foreign, *self._seen, *self._ours, *self._gone, *self._answered()}

    # Whose a thing is

    def notice(self, walk: Walk) -> None:
        """Look at what is new in the list since the last look, and tell what is ours from what is not."""
        items = dict(zip(walk.ids, walk.items, strict=True))
        answered = self._answered()
        for identity in [one for one in items if one not in self._foreign and one not in self._ours]:
            item = items[identity]
            if self._shows_mark(item) or (self._came_back(item) if identity in answered else self._resembles(item)):
                self._ours[identity] = None
            else:
                self._foreign.add(identity)
                self._strange[identity] = None
        if any(one in self._ours and one not in self._seen for one in items):
            for write in self._since:
                write.lost = False
        self._seen |= items
        self._listed = set(items)
        self._since = []

    def _shows_mark(self, item: Any) -> bool:
        return bool(self.mark) and self.mark in canonical(item).casefold()

    def _came_back(self, item: Any) -> bool:
        """Whether a new thing with an answered identity is what was made: no member that was marked lacks the mark."""
        bodies = [one.request.body for one in self.writes if isinstance(one.request.body, dict)]
        marked = {name for body in bodies for name, one in body.items() if self._shows_mark(one)}
        return not (isinstance(item, dict) and marked & item.keys())

    def _resembles(self, item: Any) -> bool:
        """Whether a thing is what came of a body without a mark. See the module for what it has to share."""
        bodies = [one.request.body for one in self._since if not self._shows_mark(one.request.body)]
        return any(self._is_of(item, one) for one in bodies if isinstance(one, dict))

    def _is_of(self, item: Any, body: Mapping[str, Any]) -> bool:
        sent = {name: one for name, one in body.items() if isinstance(one, (str, int, float))}
        if not isinstance(item, dict) or any(name not in item for name in sent):
            return False
        fresh = [name for name, one in sent.items() if len(str(one)) >= TELLING and not self._is_known(name, one)]
        return bool(fresh) and all(canonical(item[name]) == canonical(one) for name, one in sent.items())

    def _is_known(self, name: str, value: Any) -> bool:
        return any(isinstance(one, dict) and one.get(name) == value for one in self._seen.values())

    # Taking back

    def tidy(self) -> None:
        """Delete what is provably ours, and tell what is left behind or may be. A twin is reset instead.

        Raises nothing: the law has said what is wrong, or the target is out of reach.
        """
        if self._probe.target.is_twin or not self.writes:
            return
        self._probe.allow(4 * MOST_WALKED)  # no budget of a law may keep it from tidying up
        could_look = self._look() if self._since else True
        for identity in self._answered():
            self._read_again(identity)
        there = [one for one in self._ours if one not in self._gone or one in self._listed]
        kept = {one for one in there if not self._take(one)}
        still = self._listed if self._ours and self._look() else set()
        for identity in self._ours:
            if identity in kept or identity in still:
                self._probe.left.certain(self._place(identity))
        for place in self._doubtful(could_look):
            self._probe.left.perhaps(place)

    def _look(self) -> bool:
        """Walk the list and notice what is new; return whether it can be read."""
        try:
            self.notice(self._probe.walk(self._probe.walking_limit))
        except (TestkitError, Broken):  # that the list cannot be read is told by the law itself
            return False
        return True

    def _read_again(self, identity: str) -> None:
        """Take a thing for ours that is in no list, if it carries the mark where it is read alone."""
        if identity in self._ours or identity in self._foreign or identity in self._gone:
            return
        with contextlib.suppress(TestkitError):
            exchange = self._probe.send(path=self._place(identity))
            if self._probe.identity_in(exchange) == identity and self._shows_mark(exchange.value):
                self._ours[identity] = None

    def _take(self, identity: str) -> bool:
        """Delete a thing, and return whether the target says that it is gone."""
        try:
            write = self.write(self._found.delete, identity, None)
        except TestkitError:
            return False
        assert write.exchange is not None, "a write that is not answered raises"
        return write.done or write.exchange.response.status in MISSING

    def _doubtful(self, could_look: bool) -> Iterator[str]:
        """Give what may be left: things that came unasked, and writes of which nothing certain was found."""
        yield from (self._place(one) for one in self._strange)
        found, creates = len(self._ours), [one for one in self.writes if one.operation is self._found.create]
        unclear = [one for one in creates if one.lost or (not could_look and one in self._since)]
        yield from (f"what {one.request.method} {one.request.path} made" for one in unclear)
        if found < sum(one.done for one in creates):
            yield from (self._place(one) for one in self._answered() if not self.owns(one))

    def _place(self, identity: str) -> str:
        return self._found.path(self._found.read, self._probe.subject, identity)


def _mark() -> str:
    """Return a mark that no other run has. Not drawn: the same seed would draw the same for a colleague."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(MARK_LENGTH))
