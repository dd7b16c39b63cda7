"""A generated world: for each collection things that fill a few pages, made when somebody first asks for them.

What is made follows from a number, and from nothing else: not from the order in which collections are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, cast

from apitwin.contracts import pointers
from apitwin.contracts.model import Contract
from apitwin.contracts.plain_schema import Plain, kinds
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.generated.finding import Findings, Kept, names_of
from apitwin.mock_server.generated.identities import identity
from apitwin.mock_server.generated.kinds import Kind, kinds_of
from apitwin.mock_server.generated.values import texts
from apitwin.mock_server.generated.values.by_name import Named
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.world.state import LaterState, State
from apitwin.mock_server.world.table import Table
from apitwin.mock_server.world.world import World

MOST_LIKENESSES = 20
"""Things that are made for one, where those before look like it and no identity tells them apart."""
MOST_TRIES = 3
"""How many times as many identities are tried as are wanted, where some come twice."""
ONLY_CHILD, NO_CHILD, FEW, LAST_WITH_FEW = 1, 2, 2, 9
"""Of the parents the first has a whole list of things, the second has one, the third has none, a few have few."""
ENDINGS = ("id", "ids", "uuid", "uuids", "guid", "key", "ref")
"""Last words of members that name another thing (assumed)."""


@dataclass(frozen=True)
class Making:
    """How a world is generated.

    seed: the number that all of it follows from; items: of each collection, None for as many as fill a few pages;
    is_walked: whether these are for a check, which walks through them again and again.
    """

    seed: int = 0
    items: int | None = None
    is_walked: bool = False


@dataclass(frozen=True)
class Birth:
    """A thing before it is made. parents: the identities of those that it belongs to, by their collections."""

    identity: int | str
    parents: Mapping[str, int | str]


class Generated:
    """Everything that a twin makes up for a contract: its collections, where it names none, and what is in them."""

    def __init__(self, contract: Contract, making: Making) -> None:
        findings = Findings(contract)
        self.contract = findings.contract
        """The contract with the collections that were found in it."""
        self.making = making
        self._kept = findings.kept
        self._births: dict[str, list[Birth]] = {}
        self._makers: dict[str, Maker | None] = {}
        self._makers_of: dict[int, Maker] = {}

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The kinds of things, by the names of their collections."""
        return kinds_of(self.contract, self._kept, self.making.items, self.making.is_walked)

    @cached_property
    def _by_noun(self) -> Mapping[str, str]:
        return names_of(self.contract)

    def fill(self, world: World) -> None:
        """Let every empty table of a world be full, when somebody looks into it."""
        for name, table in world.tables.items():
            if isinstance(table, Table) and name in self.kinds:
                table.state = cast("State", LaterState(partial(self._state, name), partial(self._size, name)))
        world.is_generated = True
        world.checkpoint()

    @property
    def found(self) -> Mapping[str, Kept]:
        """The collections that the document does not name itself."""
        return self._kept

    def _state(self, name: str) -> State:
        table = Table(self.contract.collections[name])
        table.add(self.things(name), checked=False)
        return table.state

    def _size(self, name: str) -> int:
        return len(self.births(name))

    def things(self, name: str) -> list[dict[str, Any]]:
        """Return the things of a collection as they are at the start."""
        births = self.births(name)
        if self.kinds[name].is_named:
            return [self.thing(name, number, birth) for number, birth in enumerate(births)]
        seen: set[str] = set()
        return [self._unlike(name, number, birth, seen) for number, birth in enumerate(births)]

    def _unlike(self, name: str, number: int, birth: Birth, seen: set[str]) -> dict[str, Any]:
        """Return a thing that looks like none before it, as far as its schema lets it: nothing else tells them apart.

        seen: what those before it look like.
        """
        hidden = self.kinds[name].identity_member
        for attempt in range(MOST_LIKENESSES):
            values = self.thing(name, number, birth, attempt)
            looks = json.dumps({member: value for member, value in values.items() if member != hidden}, sort_keys=True)
            if looks not in seen:
                break
        seen.add(looks)
        return values

    def births(self, name: str, above: tuple[str, ...] = ()) -> list[Birth]:
        """Return which things there are in a collection. above: those whose children it is asked for."""
        if name not in self._births:
            made = self._born(name, above)
            if above:  # a circle of parents may have been cut short
                return made
            self._births[name] = made
        return self._births[name]

    def _born(self, name: str, above: tuple[str, ...]) -> list[Birth]:
        kind = self.kinds[name]
        families = self._families(kind, above)
        births: list[Birth] = []
        taken: set[str] = set()
        number = 0
        for parents, wanted in families:
            have, end = len(births), number + MOST_TRIES * wanted
            while len(births) - have < wanted and number < end:
                try:
                    one = identity(kind, self.making.seed, number)
                except Unmakeable:
                    return births
                number += 1
                if str(one) not in taken:
                    taken.add(str(one))
                    births.append(Birth(one, parents))
        return births

    def _families(self, kind: Kind, above: tuple[str, ...]) -> list[tuple[Mapping[str, int | str], int]]:
        """Return the parents that things of a kind have together, and how many things they have."""
        nearest = kind.parents[-1].collection if kind.parents else None
        name = kind.collection.name
        if nearest is None or nearest in (*above, name) or nearest not in self.kinds:
            return [({}, kind.items)]
        elders = self.births(nearest, (*above, name))
        return [
            ({**elder.parents, nearest: elder.identity}, _children(place, kind.items))
            for place, elder in enumerate(elders[: LAST_WITH_FEW + 1])
        ]

    def thing(self, name: str, number: int, birth: Birth, attempt: int = 0) -> dict[str, Any]:
        """Return the thing of a number in a collection, as its schema describes it. attempt: another one for each."""
        kind, maker = self.kinds[name], self.maker(name)
        made: Any = {}
        if maker is not None:
            try:
                seed = (self.making.seed, name, attempt) if attempt else (self.making.seed, name)
                made = maker.made(seed, number, kind.noun)
            except Unmakeable:
                made = {}
        values = made if isinstance(made, dict) else {}
        pointers.put(values, kind.identity, birth.identity)
        self.belong(kind, values, birth.parents)
        return values

    def belong(self, kind: Kind, values: dict[str, Any], parents: Mapping[str, int | str]) -> None:
        """Let a thing say whose it is."""
        for within in kind.parents:
            if within.field is not None and within.collection in parents:
                parent = parents[within.collection]
                member = None if kind.item is None else kind.item.members.get(within.field)
                values[within.field] = str(parent) if member is not None and member.kind == "string" else parent

    def maker(self, name: str) -> Maker | None:
        """Return what makes things of a collection, None where nothing describes them."""
        if name not in self._makers:
            item = self.kinds[name].item
            compiled = None if item is None else item.standing_alone(f"{self.contract.path}#{name}")
            self._makers[name] = None if compiled is None else Maker(compiled, self.referred)
        return self._makers[name]

    def maker_of(self, schema: CompiledSchema) -> Maker:
        """Return what makes values of a schema of the contract: one for all requests that need it."""
        known = self._makers_of.get(id(schema))
        return known or self._makers_of.setdefault(id(schema), Maker(schema))

    def referred(self, named: Named, plain: Plain) -> Any:
        """Return the identity of another thing, where a member names one by what it is called."""
        name = self._referred_to(named, plain)
        if name is None:
            return pointers.MISSING
        births = self.births(name)
        if not births:
            return pointers.MISSING
        other = births[named.source.below(min(len(births), 20))].identity
        wanted = kinds(plain)
        if isinstance(other, int) and ("integer" in wanted or "number" in wanted):
            return other
        fits = "string" in wanted and not {"enum", "const"} & plain.keys()
        fits = fits and ("pattern" not in plain or texts.matches(plain["pattern"], str(other)))
        return str(other) if fits and (isinstance(other, str) or "format" not in plain) else pointers.MISSING

    def _referred_to(self, named: Named, plain: Plain) -> str | None:
        """Return the collection that a member refers to, None where it refers to none."""
        words = named.name
        if len(words) > 1 and words[-1] in ENDINGS:
            return self._by_noun.get("".join(words[:-1])) or self._by_noun.get(words[-2])
        if words in (("id",), ("uuid",)):
            return self._by_noun.get(named.holder)
        is_number = "integer" in kinds(plain) or plain.get("format") == "uuid"
        return self._by_noun.get("".join(words)) if is_number and words else None


def _children(place: int, items: int) -> int:
    """Return how many things the parent of a place has."""
    if place == 0:
        return items
    return {ONLY_CHILD: 1, NO_CHILD: 0}.get(place, FEW)
