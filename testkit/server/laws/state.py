"""The law of state: what is made, changed and deleted is what is read and listed afterwards, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation
from apitwin.contracts.validation import as_json
from apitwin.testkit.errors import NothingToCompare
from apitwin.testkit.generation.json_schema import canonical
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.agreement import may_be_read_as
from apitwin.testkit.server.applicability import Lifecycle, lifecycle, paginated, writable
from apitwin.testkit.server.cleanup import Write, WriteLedger
from apitwin.testkit.server.drawing.bodies import accepts, body, differing, refusable
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_class, require_once
from apitwin.testkit.server.silence import is_left_open, is_permitted
from apitwin.testkit.server.subjects import Subject
from apitwin.testkit.server.walks import Walk
from apitwin.testkit.transport.exchange import Exchange

MOST_STEPS = 12
"""Steps in one example, at most."""
MOST_ITEMS = 60
"""Items in a list that is written to: it is walked after every step."""
ACTIONS = ("create", "update", "delete", "refused")


def _small(subject: Subject, operation: Operation) -> bool:
    return 0 < subject.size <= MOST_ITEMS


@dataclass
class _Model:
    """What should be there. kept: the items that were there at first; made: the members written, by identity."""

    kept: tuple[str, ...]
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


@law("state", "state", paginated, writable, prefers=_small, writes=True)
def state(probe: Probe) -> None:
    """A thing that was made is listed once and read as it was written, one that was deleted is gone, and a refused
    write changes nothing.
    """
    operations = lifecycle(probe.operation, probe.contract)
    assert operations is not None, "the law needs it"
    walk = walks.walk(probe, probe.walking_limit)
    if not walk.items or len(walk.items) > MOST_ITEMS:
        raise NothingToCompare(f"{len(walk.items)} items; the law of state needs a list of 1 to {MOST_ITEMS}")
    ledger = WriteLedger(probe, operations, walk)
    machine = _Machine(probe, operations, walk, ledger)
    steps = probe.draw(strategies.lists(strategies.sampled_from(ACTIONS), min_size=1, max_size=MOST_STEPS), "steps")
    try:
        for step in steps:
            getattr(machine, step)()
            machine.compare()
    finally:
        ledger.tidy()


class _Machine:
    """The steps of one example, and the model beside them. What is sent, and what may be, is for the ledger."""

    def __init__(self, probe: Probe, operations: Lifecycle, walk: Walk, ledger: WriteLedger) -> None:
        self._probe = probe
        self._operations = operations
        self._items = walk.items
        self._model = _Model(walk.ids)
        self._ledger = ledger

    @property
    def _name(self) -> str | None:
        """The member of a thing that tells it from the others, None where that is not one of its own members."""
        collection = self._probe.operation.collection
        tokens = [] if collection is None else pointers.split(collection.identity)
        return str(tokens[0]) if len(tokens) == 1 else None

    def _with_a_new_name(self, written: dict[str, Any]) -> dict[str, Any]:
        """Return a body whose name, where the client gives it, no other thing has: what a second one is, few say.

        Raises NothingToCompare where its schema takes no other name.
        """
        name, compiled = self._name, self._operations.create.body
        known = {*self._model.kept, *self._model.made, *self._model.gone}
        if name not in written or str(written[name]) not in known or compiled is None or compiled.schema is None:
            return written
        value, schema = written[name], compiled.schema
        numbers = range(1, len(known) + 2)
        others: list[Any] = [value + number for number in numbers] if isinstance(value, (int, float)) else []
        others = others or [*(f"{value}-{number}" for number in numbers), *map(str, numbers)]
        for other in others:
            if str(other) not in known and accepts(schema, {**written, name: other}):
                return {**written, name: other}
        raise NothingToCompare(f"every {name} that can be drawn is that of a thing which is there")

    # Steps

    def create(self) -> None:
        """Make a thing; its answer says which identity it got."""
        written = self._with_a_new_name(body(self._probe, self._operations.create, self._items, self._ledger.mark))
        write = self._ledger.write(self._operations.create, None, written)
        self._require_success(write)
        identity = self._new_identity(write)
        self._model.made[identity] = written
        self._model.gone = [other for other in self._model.gone if other != identity]  # it may be given out again

    def update(self) -> None:
        """Change a thing that was made here, which is made first where there is none."""
        if not self._operations.updates:
            return
        identity = self._made_here("updated")
        operation = self._probe.draw(strategies.sampled_from(self._operations.updates), "update")
        written = body(self._probe, operation, self._items, self._ledger.mark)
        if self._name in written and self._name in self._model.made[identity]:
            written[self._name] = self._model.made[identity][self._name]  # another name would be another thing
        self._require_success(self._ledger.write(operation, identity, written))
        self._model.made[identity] = {**self._model.made[identity], **written}

    def delete(self) -> None:
        """Delete a thing that was made here, which is made first where there is none."""
        identity = self._made_here("deleted")
        self._require_success(self._ledger.write(self._operations.delete, identity, None))
        del self._model.made[identity]
        self._model.gone.append(identity)

    def refused(self) -> None:
        """Send a write that does not fit its schema."""
        operations = [self._operations.create, *(self._operations.updates if self._model.made else ())]
        operation = self._probe.draw(strategies.sampled_from(operations), "refused")
        wrong = refusable(self._probe, operation, self._items, self._ledger.mark)
        if wrong is None:
            return
        identity = None if operation is self._operations.create else self._made_here("not changed")
        write = self._ledger.write(operation, identity, wrong)
        exchange = _answer(write)
        says = f"a write that does not fit its schema is answered with status {exchange.response.status}"
        require_class(self._probe, exchange, operation, 4, says, f"{operation.pointer}/requestBody")

    def _made_here(self, name: str) -> str:
        """Choose a thing that was made here."""
        if not self._model.made:
            self.create()
        # A place and no identity: when this is done again on a live API, what is made has other identities.
        made = list(self._model.made)
        identity = made[self._probe.draw(strategies.integers(0, len(made) - 1), name) % len(made)]
        if not self._ledger.owns(identity):
            self.compare()  # after which it is known to be ours, or the law is broken
        return identity

    def _require_success(self, write: Write) -> None:
        exchange, operation = _answer(write), write.operation
        says = f"a valid {operation.method} is answered with status {exchange.response.status}"
        require_class(self._probe, exchange, operation, 2, says, f"{operation.pointer}/responses")

    def _new_identity(self, write: Write) -> str:
        """Return the identity of what was made, which nothing may have had before."""
        method, text = write.operation.method, _answer(write).response.text[:160]
        self._require(
            write.made is not None,
            f"{method} answers with no identity of what was made",
            expected="a JSON object with the identity of the new thing",
            found=text or "no body",
            shown=[],
        )
        assert write.made is not None, "it was required just now"
        self._require(
            write.new,
            f"{method} answers with the identity of a thing that was there before: {write.made}",
            expected="an identity that nothing had",
            found=text,
            shown=[],
        )
        return write.made

    # Comparing

    def compare(self) -> None:
        """Require that the list and the things read alone are what was written, and nothing else."""
        walk = walks.walk(self._probe, self._probe.walking_limit)
        self._ledger.notice(walk)
        require_once(self._probe, walk)
        self._require_listed(walk)
        self._require_untouched(walk)
        for identity, written in self._model.made.items():
            self._as_written(identity, written)
        for identity in self._model.gone[-1:]:
            self._not_there(identity)

    def _require_listed(self, walk: Walk) -> None:
        expected, listed = {*self._model.kept, *self._model.made}, set(walk.ids)
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

    def _require_untouched(self, walk: Walk) -> None:
        before = {pages.identity(self._probe, item): self._lasting(item) for item in self._items}
        items = zip(walk.ids, walk.items, strict=True)
        changed = [name for name, item in items if name in before and self._lasting(item) != before[name]]
        self._require(
            not changed,
            f"{self._done()} changed another thing: {changed[:1]}",
            expected="the things that were there as they were",
            found=changed[:5],
            shown=walk.page_of(changed[0]) if changed else [],
        )

    def _lasting(self, item: Any) -> str:
        """Return an item as a text, without what reading itself may change."""
        return canonical(pages.without_volatile_members(self._probe, item))

    def _as_written(self, identity: str, written: Mapping[str, Any]) -> None:
        exchange = self._read(identity)
        value = exchange.value if isinstance(exchange.value, dict) else {}
        differs = differing(written, value, (self._operations.create, *self._operations.updates))
        response = self._operations.read.response_to(exchange.response.status)
        wrong = {name: held for name, held in differs.items() if may_be_read_as(response, value, name, held)}
        self._require(
            exchange.response.status == 200 and bool(value) and not wrong,
            f"after {self._done()} item {identity} is not read as it was written",
            expected=as_json(wrong) if wrong else "the item, with status 200",
            found=as_json({name: value[name] for name in wrong}) if wrong else exchange.response.text[:160],
            shown=[exchange],
        )

    def _not_there(self, identity: str) -> None:
        exchange = self._read(identity)
        status = self._probe.contract.errors["not-found"].status
        self._require(
            exchange.response.status == status
            or is_left_open(self._probe, exchange)
            or is_permitted(self._probe, exchange),
            f"item {identity} was deleted and is still answered, with status {exchange.response.status}",
            expected=f"status {status}",
            found=f"status {exchange.response.status}: {exchange.response.text[:120]}",
            shown=[exchange],
        )

    def _read(self, identity: str) -> Exchange:
        read = self._operations.read
        path = self._operations.path(read, self._probe.subject, identity)
        return self._probe.send(credential=self._probe.credential_for(read), path=path)

    def _last(self) -> list[Exchange]:
        """The last write, none where there was none."""
        return [write.exchange for write in self._ledger.writes[-1:] if write.exchange is not None]

    def _done(self) -> str:
        return "".join(f"{last.request.method} (status {last.response.status})" for last in self._last()) or "no write"

    def _require(self, holds: bool, says: str, *, expected: Any, found: Any, shown: list[Exchange]) -> None:
        fact = f"{self._operations.create.pointer}/x-apitwin/effect"
        contract = self._probe.contract
        known = contract.evidence_for(fact) is not None or pointers.find(contract.document, fact) is not None
        self._probe.require(
            holds, says, expected=expected, found=found, shown=[*self._last(), *shown], fact=fact if known else None
        )


def _answer(write: Write) -> Exchange:
    assert write.exchange is not None, "a write that is not answered raises"
    return write.exchange
