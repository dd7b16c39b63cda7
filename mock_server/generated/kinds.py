"""What is known of a collection, from all operations of a contract that speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Collection, Contract, Operation, Within
from apitwin.mock_server.generated.finding import Kept, names_of
from apitwin.mock_server.generated.reading import results_of
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values.wording import noun, words

USUAL_ITEMS = 45
"""Things in a collection where nothing says how long a page is: two pages of 20 and a rest (assumed)."""
MOST_WALKED = 195
"""Things of which two pages may be asked for: a check walks through lists of up to 200 again and again."""
MOST_ITEMS = 1_005
"""Things in a collection, unless more are asked for: longer pages than that are not made to be turned."""


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    item: its shape, None where nothing describes it; parents: how it belongs to others, the nearest last; parameter:
    the schema of the path parameter that names one; items: how many are made for each parent, or in all; noun: what one
    is called.
    """

    collection: Collection
    item: Shape | None
    parents: tuple[Within, ...]
    parameter: Mapping[str, Any]
    items: int
    noun: str

    @property
    def identity(self) -> str:
        """Where a thing says which one it is."""
        return self.collection.identity

    @property
    def is_named(self) -> bool:
        """Whether a thing shows which one it is."""
        return self.identity_member not in self.collection.private

    @property
    def identity_member(self) -> str:
        """The name of the member that the identity is, or is in."""
        return pointers.split(self.identity)[-1]


def kinds_of(contract: Contract, kept: Mapping[str, Kept], items: int | None, is_walked: bool) -> dict[str, Kind]:
    """Return the kinds of things of a contract, by the names of their collections.

    kept: those that were found; items: how many of each there are, None for as many as fill a few pages; is_walked:
    whether these are for a check, which walks through them again and again.
    """
    by_collection: dict[str, list[Operation]] = {name: [] for name in contract.collections}
    for operation in contract.operations:
        if operation.collection is not None and operation.collection.name in by_collection:
            by_collection[operation.collection.name].append(operation)
    nouns = {name: one for one, name in names_of(contract).items()}
    return {
        name: _kind(contract.collections[name], operations, kept.get(name), items, is_walked, nouns.get(name))
        for name, operations in by_collection.items()
    }


def _kind(
    collection: Collection,
    operations: list[Operation],
    kept: Kept | None,
    items: int | None,
    is_walked: bool,
    named: str | None,
) -> Kind:
    lists = [operation for operation in operations if operation.behaviour == "list"]
    item: Shape | None
    if kept is not None:
        item, parents, parameter, name = kept.item, kept.parents, kept.parameter, kept.noun
    else:
        item = Shape.of(collection.schema) if collection.schema is not None else _listed(lists)
        within = next((operation.within for operation in (*lists, *operations) if operation.within), ())
        parents = tuple(one for one in within if one.field is not None)
        parameter = next((found for found in map(_parameter, operations) if found is not None), {})
        last = words(collection.name)
        name = named or (noun(last[-1]) if last else "item")
    wanted = (_for_a_check if is_walked else _enough)(_longest(lists)) if items is None else items
    return Kind(collection, item, parents, parameter or {}, wanted, name)


def _listed(lists: list[Operation]) -> Shape | None:
    found = (results_of(operation) for operation in lists)
    return next((place[1] for place in found if place is not None), None)


def _parameter(operation: Operation) -> Mapping[str, Any] | None:
    parameter = None if operation.identified_by is None else operation.parameter(operation.identified_by)
    return None if parameter is None else parameter.schema


def _longest(lists: list[Operation]) -> int:
    """Return how many items the longest page of any of some lists has, 0 where nothing says so."""
    limits = [operation.pagination.limit for operation in lists if operation.pagination is not None]
    return max((size for limit in limits for size in (limit.maximum, limit.default) if size), default=0)


def _enough(longest: int) -> int:
    """Return how many things fill a few pages: two and more, where pages are not too long."""
    two_pages = min(2 * longest + 5, MOST_WALKED)
    return min(MOST_ITEMS, max(USUAL_ITEMS, two_pages, longest + 5))


def _for_a_check(longest: int) -> int:
    """Return how many things show a check all that it looks for: more than a page, where pages are not too long."""
    return min(MOST_WALKED, max(USUAL_ITEMS, longest + 5))
