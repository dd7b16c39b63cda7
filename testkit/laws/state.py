"""The law of state: what is made, changed and deleted is what is read and listed afterwards, and nothing else is."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies

from contracts import pointers
from contracts.model import Operation
from contracts.validation import as_json
from testkit.errors import NothingToCompare, TestkitError
from testkit.exchange import Exchange, Request
from testkit.laws import law
from testkit.laws.bodies import body, refusable
from testkit.laws.needs import Lifecycle, lifecycle, paginated, writable
from testkit.probe import Probe, Walk
from testkit.subjects import Subject, subject
from testkit.verdict import Broken

MOST_STEPS = 12
"""Steps in one example, at most."""
MOST_ITEMS = 60
"""Items in a list that is written to: it is walked after every step."""
ACTIONS = ("create", "update", "delete", "refused")


def _small(one: Subject, operation: Operation) -> bool:
    return 0 < one.size <= MOST_ITEMS


@dataclass
class _Model:
    """What should be there. kept: the items that were there at first; made: the members written, by identity.

    strays: things that came of a write and should not be there.
    """

    kept: tuple[str, ...]
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)


@law("state", "state", paginated, writable, prefers=_small, writes=True)
def state(probe: Probe) -> None:
    """A thing that was made is listed once and read as it was written, one that was deleted is gone, and a refused
    write changes nothing.
    """
    found = lifecycle(probe.operation, probe.contract)
    assert found is not None, "the law needs it"
    walk = probe.walk(probe.walking_limit)
    if not walk.items or len(walk.items) > MOST_ITEMS:
        raise NothingToCompare(f"{len(walk.items)} items; the law of state needs a list of 1 to {MOST_ITEMS}")
    machine = _Machine(probe, found, walk)
    steps = probe.draw(strategies.lists(strategies.sampled_from(ACTIONS), min_size=1, max_size=MOST_STEPS), "steps")
    try:
        for step in steps:
            getattr(machine, step)()
            machine.compare()
    finally:
        machine.tidy()


class _Machine:
    """The steps of one example, and the model beside them."""

    def __init__(self, probe: Probe, found: Lifecycle, walk: Walk) -> None:
        self._probe = probe
        self._found = found
        self._items = walk.items
        self._model = _Model(walk.ids)
        self._last: list[Exchange] = []
        self._listed = walk.ids

    # Steps

    def create(self) -> None:
        """Make a thing; its answer says which identity it got."""
        written = body(self._probe, self._found.create, self._items)
        exchange = self._write(self._found.create, {}, written)
        self._require_success(exchange, self._found.create)
        self._model.made[self._probe.identity(exchange.value)] = written

    def update(self) -> None:
        """Change a thing that was made here, which is made first where there is none."""
        if not self._found.updates:
            return
        if not self._model.made:
            self.create()
        identity = self._one("updated")
        operation = self._probe.draw(strategies.sampled_from(self._found.updates), "update")
        written = body(self._probe, operation, self._items)
        self._require_success(self._write(operation, self._at(identity), written), operation)
        self._model.made[identity] = {**self._model.made[identity], **written}

    def delete(self) -> None:
        """Delete a thing that was made here, which is made first where there is none."""
        if not self._model.made:
            self.create()
        identity = self._one("deleted")
        self._require_success(self._write(self._found.delete, self._at(identity), None), self._found.delete)
        del self._model.made[identity]
        self._model.gone.append(identity)

    def refused(self) -> None:
        """Send a write that does not fit its schema."""
        operations = [self._found.create, *(self._found.updates if self._model.made else ())]
        operation = self._probe.draw(strategies.sampled_from(operations), "refused")
        wrong = refusable(self._probe, operation, self._items)
        if wrong is None:
            return
        values = {} if operation is self._found.create else self._at(self._one("not changed"))
        exchange = self._write(operation, values, wrong)
        says = f"a write that does not fit its schema is answered with status {exchange.response.status}"
        documented = {int(one) for one in operation.responses if one.startswith("4") and one.isdigit()}
        self._probe.require_status(exchange, documented, says, f"{operation.pointer}/requestBody")

    def tidy(self) -> None:
        """Take away what this example made, where that is not done by resetting the target.

        Also what came of a write that was refused or failed. What somebody else made meanwhile stays.
        """
        if self._probe.target.is_twin:
            return
        with contextlib.suppress(TestkitError, Broken):  # that the list cannot be read is told by the law itself
            self._notice(self._probe.walk(self._probe.walking_limit))
        for identity in [*self._model.made, *self._model.strays]:
            # The others have to go all the same; and no budget of the law may keep it from tidying up.
            with contextlib.suppress(TestkitError):
                self._probe.target.send(self._request(self._found.delete, self._at(identity), None))

    def _notice(self, walk: Walk) -> None:
        """Remember what came of the last write unasked: it is new since then, and has a member that was sent."""
        known = {*self._listed, *self._model.made}
        written = self._last[0].request.body if self._last else None
        self._model.strays += [
            name
            for name, item in zip(walk.ids, walk.items, strict=True)
            if name not in known and _shares_a_member(item, written)
        ]
        self._listed = walk.ids

    # Sending

    def _write(self, operation: Operation, values: Mapping[str, str], written: Any) -> Exchange:
        request = self._request(operation, values, written)
        exchange = self._probe.send(method=request.method, path=request.path, body=written)
        self._last = [exchange]
        return exchange

    def _request(self, operation: Operation, values: Mapping[str, str], written: Any) -> Request:
        path = subject(operation, {**dict(self._probe.subject.values), **values}).path
        return Request(operation.method, path, (), self._probe.target.default, body=written)

    def _at(self, identity: str) -> dict[str, str]:
        assert self._found.read.identified_by is not None, "a read is chosen by identified-by"
        return {self._found.read.identified_by: identity}

    def _one(self, name: str) -> str:
        # A place and no identity: when this is done again on a live API, what is made has other identities.
        made = list(self._model.made)
        return made[self._probe.draw(strategies.integers(0, len(made) - 1), name)]

    def _require_success(self, exchange: Exchange, operation: Operation) -> None:
        documented = {int(one) for one in operation.responses if one.startswith("2") and one.isdigit()}
        says = f"a valid {operation.method} is answered with status {exchange.response.status}"
        self._probe.require_status(exchange, documented, says, f"{operation.pointer}/responses")

    # Comparing

    def compare(self) -> None:
        """Require that the list and the things read alone are what was written, and nothing else."""
        walk = self._probe.walk(self._probe.walking_limit)
        self._notice(walk)
        self._probe.require_once(walk)
        expected = {*self._model.kept, *self._model.made}
        listed = set(walk.ids)
        self._require(
            listed == expected,
            f"after {self._done()} the list holds what it should not, or lacks what it should hold",
            expected=f"{len(expected)} items",
            found=f"missing {sorted(expected - listed)[:5]}, too many {sorted(listed - expected)[:5]}",
            shown=[page.exchange for page in walk.pages[:2]],
        )
        count = walk.pages[0].count
        self._require(
            self._probe.rule.envelope.count is None or count in (None, len(walk.ids)),
            f"after {self._done()} the count says {count!r} and the list has {len(walk.ids)} items",
            expected=len(walk.ids),
            found=count,
            shown=[walk.pages[0].exchange],
        )
        before = {self._probe.identity(one): self._probe.steady(one) for one in self._items}
        changed = [
            name
            for name, item in zip(walk.ids, walk.items, strict=True)
            if name in before and self._probe.steady(item) != before[name]
        ]
        self._require(
            not changed,
            f"{self._done()} changed another thing: {changed[:1]}",
            expected="the things that were there as they were",
            found=changed[:5],
            shown=walk.page_of(changed[0]) if changed else [],
        )
        for identity, written in self._model.made.items():
            self._as_written(identity, written)
        for identity in self._model.gone[-1:]:
            self._not_there(identity)

    def _as_written(self, identity: str, written: Mapping[str, Any]) -> None:
        exchange = self._read(identity)
        value = exchange.value if isinstance(exchange.value, dict) else {}
        differing = {name: one for name, one in written.items() if name in value and value[name] != one}
        self._require(
            exchange.response.status == 200 and bool(value) and not differing,
            f"after {self._done()} item {identity} is not read as it was written",
            expected=as_json(differing) if differing else "the item, with status 200",
            found=as_json({name: value[name] for name in differing}) if differing else exchange.response.text[:160],
            shown=[exchange],
        )

    def _not_there(self, identity: str) -> None:
        exchange = self._read(identity)
        status = self._probe.contract.errors["not-found"].status
        self._require(
            exchange.response.status == status,
            f"item {identity} was deleted and is still answered, with status {exchange.response.status}",
            expected=f"status {status}",
            found=f"status {exchange.response.status}: {exchange.response.text[:120]}",
            shown=[exchange],
        )

    def _read(self, identity: str) -> Exchange:
        values = {**dict(self._probe.subject.values), **self._at(identity)}
        read = self._found.read
        path = subject(read, {one.name: values[one.name] for one in read.path_parameters()}).path
        return self._probe.send(path=path)

    def _done(self) -> str:
        return f"{self._last[0].request.method} (status {self._last[0].response.status})" if self._last else "no write"

    def _require(self, holds: bool, says: str, *, expected: Any, found: Any, shown: list[Exchange]) -> None:
        fact = f"{self._found.create.pointer}/x-apitwin/effect"
        known = pointers.find(self._probe.contract.document, fact) is not None
        self._probe.require(
            holds, says, expected=expected, found=found, shown=[*self._last, *shown], fact=fact if known else None
        )


def _shares_a_member(item: Any, written: Any) -> bool:
    if not isinstance(item, dict) or not isinstance(written, dict):
        return False
    return any(item[name] == written[name] for name in item.keys() & written.keys())
