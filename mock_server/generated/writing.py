"""What becomes of a thing that is made or changed: what the request says, what the schema says, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.json_values import copied
from apitwin.contracts.model import Operation
from apitwin.contracts.plain_schema import kinds, plain_schemas
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.generated.finding import HIDDEN
from apitwin.mock_server.generated.identities import identity
from apitwin.mock_server.generated.kinds import Kind
from apitwin.mock_server.generated.moments import CHANGED, MADE, is_of, now_as
from apitwin.mock_server.generated.reading import holder_of
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.worlds import Generated
from apitwin.mock_server.world.record import Record

TRIES = 1_000
"""Identities that are tried for a new thing."""


@dataclass(frozen=True)
class Sent:
    """What a request says of a thing. members: as sent; known: the shapes of those that it could have sent."""

    members: Mapping[str, Any]
    known: Mapping[str, Shape] | None

    def may_have(self, name: str) -> bool:
        """Return whether a request could have sent a member; of a body that nothing describes nobody knows."""
        return self.known is not None and name in self.known


def sent(call: Call, kind: Kind) -> Sent:
    """Return what a request says of a thing of a kind."""
    shape = _shape(call.operation)
    body = call.body
    holder = "" if shape is None else holder_of(shape, kind.item, "")
    inner = pointers.find(body, holder) if isinstance(body, dict) else None
    known = None if shape is None else shape.at(holder)
    writable = None if known is None or not known.members else _writable(known)
    return Sent(inner if isinstance(inner, dict) else {}, writable)


def _shape(operation: Operation) -> Shape | None:
    schemas = () if operation.body is None else operation.body.schemas.values()
    return next((Shape.of(schema) for schema in schemas if schema is not None), None)


def _writable(shape: Shape) -> Mapping[str, Shape]:
    return {name: member for name, member in shape.members.items() if not _is_read_only(member)}


def _is_read_only(member: Shape | None) -> bool:
    return member is not None and any(way.get("readOnly") is True for way in member.ways)


def made(call: Call, generated: Generated, kind: Kind) -> dict[str, Any]:
    """Return a new thing: what was sent, then the defaults of its schema, then what a server makes itself."""
    said, name = sent(call, kind), kind.collection.name
    number, own = _new_identity(call, generated, kind, said)
    values: dict[str, Any] = {}
    pointers.put(values, kind.identity, own)
    likely = _likely(generated, name, number)
    for member, shape in (kind.item.members if kind.item is not None else {}).items():
        if member in values:
            continue
        if member in said.members and not _is_read_only(shape):
            values[member] = said.members[member]
        elif is_of(member, MADE | CHANGED) and not said.may_have(member):
            values[member] = now_as(shape, call.world.clock.now())
        else:
            _leave(values, member, shape, said, kind, likely)
    kept = {
        member: value for member, value in said.members.items() if member not in values and not _is_shown(member, kind)
    }
    whose = {name: _as_member(value, kind, name) for name, value in call.place.conditions}
    return {**values, **kept, **whose}


def _as_member(value: Any, kind: Kind, name: str) -> Any:
    """Return what a path says of a thing as its member has it."""
    member = None if kind.item is None else kind.item.members.get(name)
    return int(value) if member is not None and member.kind == "integer" and str(value).isdigit() else value


def _is_shown(member: str, kind: Kind) -> bool:
    return kind.item is not None and member in kind.item.members


def _leave(
    values: dict[str, Any], member: str, shape: Shape, said: Sent, kind: Kind, likely: Mapping[str, Any]
) -> None:
    """Put in what a member is that was not sent: its default, null, nothing, or what a server would make of it."""
    asked = shape if said.known is None else said.known.get(member, shape)
    default = next((way["default"] for one in (asked, shape) for way in one.ways if "default" in way), pointers.MISSING)
    if default is not pointers.MISSING:
        values[member] = copied(default)
    elif said.may_have(member) and is_nullable(shape):
        values[member] = None
    elif (member in required(kind) or not said.may_have(member)) and member in likely:
        values[member] = likely[member]


def required(kind: Kind) -> frozenset[str]:
    """Return the members that every thing of a kind has."""
    ways = kind.item.ways if kind.item is not None else []
    return frozenset(name for way in ways[:1] for name in way.get("required", ()))


LIMITING = frozenset({"type", "enum", "const", "properties", "items", "$ref", "not"})
"""Keywords that say what a value may be."""


def is_nullable(shape: Shape) -> bool:
    """Return whether a member may be null."""
    return any("null" in kinds(way) for way in plain_schemas(shape.schema, shape.root))


def _is_anything(shape: Shape) -> bool:
    """Return whether nothing is said of what a member may be."""
    return any(not LIMITING & way.keys() for way in plain_schemas(shape.schema, shape.root))


def _likely(generated: Generated, name: str, number: int) -> Mapping[str, Any]:
    """Return what a thing of a number is like, where nothing is said of it."""
    maker = generated.maker(name)
    try:
        likely = {} if maker is None else maker.made((generated.making.seed, name), number, generated.kinds[name].noun)
    except Unmakeable:
        return {}
    return likely if isinstance(likely, dict) else {}


def _new_identity(call: Call, generated: Generated, kind: Kind, said: Sent) -> tuple[int, int | str]:
    """Return a number that no thing had before and the identity of it, or the one that the request gives it."""
    member, table = kind.identity_member, call.table
    serial = getattr(table.state, "serial", 0)
    born = len(generated.births(kind.collection.name)) if call.world.is_generated else 0
    first = max(born, serial, table.next_identity() - 1)
    given: Any = said.members.get(member)
    shape = None if kind.item is None else kind.item.at(kind.identity)
    is_given = isinstance(given, (int, str)) and not isinstance(given, bool) and given != ""
    if kind.parameter.get("type") == "integer" and not str(given).isdigit():
        is_given = False  # no path could name it
    if is_given and not _is_read_only(shape) and str(given) not in table.by_identity:
        return first, given
    for number in range(first, first + TRIES):
        try:
            one = identity(kind, generated.making.seed, number)
        except Unmakeable:
            break
        if str(one) not in table.by_identity:
            return number, one
    return first, f"{kind.noun}-{first + 1}"


def replaced(call: Call, kind: Kind, record: Record) -> dict[str, Any]:
    """Return a thing after PUT: what could have been sent and was not is gone (RFC 9110 section 9.3.4)."""
    said, old = sent(call, kind), dict(record.values)
    values = _untouched(old, kind)
    for member, shape in (kind.item.members if kind.item is not None else {}).items():
        if member in values:
            continue
        if member in said.members and not _is_read_only(shape):
            values[member] = said.members[member]
        elif said.may_have(member):
            _leave(values, member, shape, said, kind, {name: old[name] for name in required(kind) if name in old})
        elif member in old:
            values[member] = old[member]
    kept = {
        member: value for member, value in said.members.items() if member not in values and not _is_shown(member, kind)
    }
    return _touched({**values, **kept}, call, kind)


def merged(call: Call, kind: Kind, record: Record) -> dict[str, Any]:
    """Return a thing after PATCH: what was sent laid over what is there (RFC 7396).

    A member of which nothing is said is a value of its own, such as a setting, and is replaced as a whole (assumed).
    """
    said, old = sent(call, kind), dict(record.values)
    values = {**old}
    for member, value in said.members.items():
        shape = kind.item.members.get(member) if kind.item is not None else None
        if _is_read_only(shape) or member in _untouched(old, kind):
            continue
        if shape is not None and _is_anything(shape):
            values[member] = value
        elif value is None and shape is not None and not is_nullable(shape):
            values.pop(member, None)
        else:
            values[member] = _laid_over(old.get(member), value)
    return _touched(values, call, kind)


def _laid_over(below: Any, above: Any) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    members = {**below, **{name: _laid_over(below.get(name), value) for name, value in above.items()}}
    return {name: value for name, value in members.items() if not (name in above and above[name] is None)}


def _untouched(old: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """Return what no request changes: the identity, and what only the twin knows."""
    own = {pointers.split(kind.identity)[0], *(name for name in old if name.startswith(HIDDEN))}
    return {name: value for name, value in old.items() if name in own}


def _touched(values: dict[str, Any], call: Call, kind: Kind) -> dict[str, Any]:
    """Return a thing that was changed just now."""
    for member, shape in (kind.item.members if kind.item is not None else {}).items():
        if member in values and is_of(member, CHANGED):
            values[member] = now_as(shape, call.world.clock.now())
    return values
