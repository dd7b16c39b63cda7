"""Making a list as long as a test needs it: copies of one of its items, instead of what is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apitwin.contracts.model import Operation
from apitwin.mock_server.backend import Backend
from apitwin.mock_server.engine.call import Access, Call
from apitwin.mock_server.engine.copies import copies
from apitwin.mock_server.engine.keys import holder
from apitwin.mock_server.engine.lookup import among, place
from apitwin.mock_server.engine.refusal import Refusal
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.messages import Query, Rejected
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Store
from apitwin.mock_server.world.world import Token, World

FIRST = 1001
"""The number of the first copy, where nothing has it yet."""
ROOM = 10
"""Numbers left free before it, for what a fault inserts there."""


def populate(
    backend: Backend, operation: Operation, path: Mapping[str, str], size: int, query: Query = ()
) -> tuple[str, ...]:
    """Make a list have just so many items, and return their identities in the order of its collection.

    path: values for the parameters in the operation's path; query: what is asked for besides pages. Who asks so with
    the world's token is shown all of the items and nothing else. They are copies of the first item that is shown now,
    numbered from 1001 or above. Unless the query is about names, they are named `Item 1` and so on, two alike each, as
    it happens where names need not be unique. Raises TwinError, and leaves everything as it was, where there is no item
    to copy or a copy is not shown.
    """
    if operation.collection is None:
        raise TwinError(f"{operation.id}: nothing is known of its items, so no list of {size} can be made")
    with backend.world.changing():
        for are_named in (True, False):
            draft = backend.world.draft()
            listed = _Listed(backend, draft, operation, path, query)
            made = _filled(listed, size, are_named)
            if set(_identities(listed.table, listed.shown())) == made:
                backend.world.take_over(draft)
                return tuple(
                    identity for identity in _identities(listed.table, listed.table.records) if identity in made
                )
    asked = dict(query)
    raise TwinError(f"{operation.id}: {asked} does not show {size} copies of an item; no list of it is that long")


@dataclass(frozen=True)
class _Listed:
    """A list of a world, as it is shown to who has the world's token."""

    backend: Backend
    world: World
    operation: Operation
    path: Mapping[str, str]
    query: Query

    @property
    def table(self) -> Store:
        assert self.operation.collection is not None, "a list has a collection"
        return self.world.tables[self.operation.collection.name]

    def records(self) -> Sequence[Record]:
        """Return what the list is made of, before its query is looked at; nothing where the path means nothing."""
        backend = self.backend
        access = Access(backend.contract, self.operation, self.world, backend.steps, self.path, "", self._token)
        try:
            call = Call(**vars(access), place=place(access), query=(), values={})
            return among(call, backend.extension.lists.get(self.operation.id))
        except Refusal:
            return ()

    @property
    def _token(self) -> Token | None:
        return holder(self.world, self.operation.security)

    def shown(self) -> Sequence[Record]:
        """Return what the query shows."""
        steps = self.backend.steps
        values = steps.read(self.query, self.operation, self.backend.contract)
        return steps.select(self.records(), self.operation, {} if isinstance(values, Rejected) else values)


def _filled(listed: _Listed, size: int, are_named: bool) -> set[str]:
    """Put copies of an item that is shown in the place of all that a list is made of, and return their identities."""
    table, world = listed.table, listed.world
    template = _template(listed, size)
    first = max(FIRST, table.next_identity() + ROOM)
    table.remove(*_identities(table, listed.records()))
    made = copies(world, listed.backend.extension, table, template, range(first, first + size))
    if are_named and isinstance(template.values.get("name"), str):
        made = [{**values, "name": f"Item {number // 2}"} for number, values in enumerate(made, 2)]
    table.add(made, checked=False)
    return {table.identity(values) for values in made}


def _identities(table: Store, records: Iterable[Record]) -> Iterable[str]:
    return (table.identity(record.values) for record in records)


def _template(listed: _Listed, size: int) -> Record:
    """Return the first item that is shown, as the table has it."""
    name = listed.operation.id
    if not listed.records():
        raise TwinError(f"{name}: there is no item to copy; the world needs one to make a list of {size}")
    shown = listed.shown()
    template = listed.table.get(listed.table.identity(shown[0].values)) if shown else None
    if template is None:
        raise TwinError(
            f"{name}: nothing satisfies {dict(listed.query)}; the world needs an item that does, to copy it"
        )
    return template
