"""One walk through a document from its root down: rules change its objects, or set them aside, before what is in them.

The value is changed in place: it was read for this and belongs to nobody else. Each object is visited once, however
often an alias of YAML or a reference leads to it, and no stack of Python's is used: the time is linear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apitwin.contracts import pointers
from apitwin.contracts.errors import ContractError, shortened
from apitwin.contracts.objects import EXTENDED, OBJECTS, Held, Kind
from apitwin.contracts.references import References
from apitwin.contracts.set_aside import SetAsides

DROPPED: Any = object()
"""What a rule returns for an object that is left out."""
LEFT_OPEN: tuple[Kind, ...] = ("schema", "response")
"""Kinds of objects that stay, saying nothing, where what they refer to cannot be had: a status is documented still."""
LISTED: Mapping[str, str] = {"one": "an object", "map": "an object", "list": "a list"}


class Place(NamedTuple):
    """Where an object stands. tokens: those of its pointer, the last one first, each with the rest behind it."""

    holder: Path
    tokens: Any = None

    def inside(self, token: str | int) -> Place:
        """Return the place of a member."""
        return Place(self.holder, (token, self.tokens))

    @property
    def path(self) -> list[str | int]:
        """Its reference tokens, the first one first."""
        listed, tokens = [], self.tokens
        while tokens is not None:
            listed.append(tokens[0])
            tokens = tokens[1]
        return listed[::-1]

    @property
    def pointer(self) -> str:
        """Its JSON pointer."""
        return pointers.join(self.path)


VISITED = tuple((name,) for name in OBJECTS["document"])
"""Where the walk comes to by itself."""
Rule = Callable[[dict[str, Any], Place, "Walk"], Any]
"""Changes an object in place and returns it, or returns `DROPPED`."""
Rules = Mapping[Kind, Sequence[Rule]]


class Walk:
    """A walk through one document and every file that it refers to.

    notes: where to say what is set aside; None where nothing is, and what is wrong is left to who reads it next.
    """

    def __init__(self, references: References, rules: Rules, notes: SetAsides | None) -> None:
        self.references = references
        self.notes = notes
        self._rules = rules
        self.document: dict[str, Any] = {}
        self._visited: dict[tuple[Kind, int], Any] = {}
        self._known: dict[tuple[Path, str], ContractError | None] = {}
        self._waiting: list[tuple[Any, Kind, Place]] = []

    def through(self, document: dict[str, Any]) -> dict[str, Any]:
        """Walk through all of a document, and return it."""
        place, self.document = Place(self.references.root), document
        whole: dict[str, Any] = self._ruled(document, "document", place)
        self._later(whole, "document", place)
        while self._waiting:
            value, kind, where = self._waiting.pop()
            for name, held in OBJECTS[kind].items():
                if name in value:
                    self._member(value, kind, name, held, where.inside(name))
        return whole

    def aside(self, place: Place, reason: str) -> None:
        """Say that something is set aside."""
        if self.notes is not None:
            self.notes.note(f"{place.holder}#{place.pointer}", reason)

    def _later(self, value: Any, kind: Kind, place: Place) -> None:
        if isinstance(value, dict) and (kind, id(value)) not in self._visited:
            self._visited[kind, id(value)] = value  # kept, so that no other object gets its number
            if not value.keys().isdisjoint(OBJECTS[kind]):  # nearly every schema has nothing in it
                self._waiting.append((value, kind, place))

    def _member(self, holder: dict[str, Any], kind: Kind, name: str, held: Held, place: Place) -> None:
        value = holder[name]
        if held.shape == "one":
            self._put(holder, name, self._entered(value, held.kind, place))
        elif held.shape == "map" and isinstance(value, dict):
            for key in list(value):
                if not (key.startswith("x-") and (kind, name) in EXTENDED):
                    self._put(value, key, self._entered(value[key], held.kind, place.inside(key)))
        elif held.shape == "list" and isinstance(value, list):
            entered = [self._entered(item, held.kind, place.inside(index)) for index, item in enumerate(value)]
            holder[name] = [item for item in entered if item is not DROPPED]
        elif self.notes is not None:
            self.aside(place, f"found {shown(value)}; expected {LISTED[held.shape]}")
            del holder[name]

    def _put(self, holder: dict[str, Any], name: str, value: Any) -> None:
        if value is DROPPED:
            del holder[name]
        else:
            holder[name] = value

    def _entered(self, value: Any, kind: Kind, place: Place) -> Any:
        """Return what the rules make of an object, which is walked through later."""
        if (kind, id(value)) in self._visited:
            return value
        value = self._ruled(value, kind, place)
        if value is not DROPPED:
            self._later(value, kind, place)
        return value

    def _ruled(self, value: Any, kind: Kind, place: Place) -> Any:
        if not isinstance(value, dict):
            if self.notes is None or (kind == "schema" and isinstance(value, bool)):
                return value
            self.aside(place, f"found {shown(value)}; expected an object, the {kind}")
            return DROPPED
        if "$ref" in value:
            problem = self._reference(value, kind, place)
            if problem is not None and self.notes is not None:
                self.aside(place, problem.problem)
                if kind not in LEFT_OPEN:
                    return DROPPED
                del value["$ref"]
            elif kind != "schema":
                return value
        for rule in self._rules.get(kind, ()):
            value = rule(value, place, self)
            if value is DROPPED:
                return DROPPED
        return value

    def _reference(self, value: dict[str, Any], kind: Kind, place: Place) -> ContractError | None:
        """Follow a reference, walk through what it leads to if that is another file, and return what is wrong."""
        reference = value["$ref"]
        key = (place.holder, reference if isinstance(reference, str) else repr(reference))
        if key not in self._known:
            self._known[key] = None  # a circle of references is found below
            try:
                target, holder, pointer = self.references.resolved(value, place.holder, place.pointer)
            except ContractError as error:
                self._known[key] = error
            else:
                self._known[key] = self._led_to(target, holder, pointer, kind)
        return self._known[key]

    def _led_to(self, target: Any, holder: Path, pointer: str, kind: Kind) -> ContractError | None:
        if not isinstance(target, dict) and not (kind == "schema" and isinstance(target, bool)):
            return ContractError("", f"the reference leads to {shown(target)}; expected an object, the {kind}")
        tokens = pointers.split(pointer)
        if isinstance(target, dict) and (holder != self.references.root or tokens[:1] not in VISITED):
            where = Place(holder)
            for token in tokens:
                where = where.inside(token)
            self._entered(target, kind, where)  # rules change an object in place, so that it need not be put anywhere
        return None


def shown(value: Any) -> str:
    """Return a value of a stranger's document for a reason, shortened."""
    return shortened(repr(value), 60)
