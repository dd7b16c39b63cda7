"""Finding what a document keeps: collections, what tells their things apart, and what each operation does to them.

It is for the twin alone, which has to be something: no law goes by it. What the contract itself says of an operation
counts before what is found here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.model import Collection, Contract, Operation, Pagination, Within
from apitwin.contracts.words import Behaviour
from apitwin.mock_server.engine.pagination.pagers import fitted
from apitwin.mock_server.generated.paths import Resource, above, resources, unnamed
from apitwin.mock_server.generated.reading import holder_of, identity_of, reference_of, results_of, shape_of, success
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values.wording import noun, words

HIDDEN = "twin-"
"""What stands before the name of a member that only the twin knows."""


@dataclass(frozen=True)
class Kept:
    """A collection that was found. item: the shape of a thing; parents: members by the collection they refer to."""

    collection: Collection
    item: Shape
    resource: Resource
    parameter: Any
    parents: tuple[Within, ...] = ()

    @cached_property
    def noun(self) -> str:
        """What one of its things is called."""
        return noun(words(self.resource.last_word)[-1] if words(self.resource.last_word) else "item")


def is_found_in(contract: Contract) -> bool:
    """Return whether collections are looked for: not where a document says itself which there are, or has code."""
    said = contract.document.get(EXTENSION, {})
    return contract.world is None and contract.extension is None and "collections" not in said


class Findings:
    """What is found in a contract. contract: with all of it said; kept: the collections that were found, by name."""

    def __init__(self, contract: Contract) -> None:
        self.kept: dict[str, Kept] = {}
        self._by_path: dict[str, Kept] = {}
        self._changed: dict[str, Operation] = {}
        if is_found_in(contract):
            self._names = set(contract.collections)
            for resource in resources(contract.operations):
                self._look_at(_of_one_thing(resource))
            for operation in contract.operations:
                self._place(operation)
                self._describe(operation)
        found = {name: kept.collection for name, kept in self.kept.items()}
        self.contract = contract
        if found or self._changed:
            operations = tuple(self._changed.get(operation.id, operation) for operation in contract.operations)
            self.contract = replace(contract, operations=operations, collections={**contract.collections, **found})

    def _look_at(self, resource: Resource) -> None:
        """Keep a kind of thing, where its items are known; of one that is known already what is not said of it."""
        operations = [*resource.many.values(), *resource.one.values()]
        said = next((operation for operation in operations if operation.collection is not None), None)
        listed = resource.many.get("GET")
        place = None if listed is None else results_of(listed)
        item = self._item(resource, None if place is None else place[1])
        if item is None:
            return
        if said is not None:
            kept = self._known(resource, item, said)
        else:
            kept = self._shared(resource, item) or self._kept(resource, item)
        if resource.one_path:
            self._by_path[unnamed(resource.one_path)] = kept
        self._say(resource, kept, None if place is None else place[0])

    def _item(self, resource: Resource, listed: Shape | None) -> Shape | None:
        """Return the shape of one thing: as it is read by itself, where that shows as much as the list of them.

        Where it may then be of a kind that the list has no place for, such as one that was deleted, the list counts.
        """
        read = shape_of(success(resource.one["GET"])) if "GET" in resource.one else None
        if read is not None and read.kind == "object":
            inner = holder_of(read, listed, resource.parameter)
            one = read.at(inner)
            if one is not None and listed is not None and one.has_all_choices_of(listed):
                return listed
            if one is not None and (listed is None or len(set(one.members) & set(listed.members)) > 0):
                return one
        return listed

    def _known(self, resource: Resource, item: Shape, said: Operation) -> Kept:
        """Return the collection that the contract itself has for a kind of thing. said: an operation that names it."""
        assert said.collection is not None, "the operation was chosen by its collection"
        parents = tuple(within for within in said.within if within.field is not None)
        kept = Kept(said.collection, item, resource, _parameter_schema(resource), parents)
        return self.kept.setdefault(said.collection.name, kept)

    def _shared(self, resource: Resource, item: Shape) -> Kept | None:
        """Return the collection that a list of the same things under a parent is another view of, None without one."""
        if resource.one_path or "{" not in resource.path:
            return None
        alike = [
            kept for kept in self.kept.values() if kept.resource.one_path and kept.noun == noun(resource.last_word)
        ]
        if len(alike) != 1 or set(item.members) - set(alike[0].item.members):
            return None
        parents = self._parents(resource.path, alike[0].item)
        return alike[0] if parents and all(not _is_hidden(within) for within in parents) else None

    def _kept(self, resource: Resource, item: Shape) -> Kept:
        name = resource.name
        while name in self._names:
            name += "'"
        self._names.add(name)
        parents = self._parents(resource.path, item)
        member = identity_of(item, resource)
        identity = pointers.join([member or HIDDEN + (resource.parameter or "number")])
        private = [] if member else [identity[1:]]
        private += [within.field for within in parents if within.field is not None and _is_hidden(within)]
        collection = Collection(name, identity, (identity,), tuple(dict.fromkeys(private)), None)
        kept = Kept(collection, item, resource, _parameter_schema(resource), parents)
        self.kept[name] = kept
        return kept

    def _parents(self, path: str, item: Shape) -> tuple[Within, ...]:
        """Return how the things of a path belong to those that it goes through."""
        found = []
        for step in above(path):
            kept = self._by_path.get(unnamed(step))
            if kept is not None:
                parameter = _parameter_of(path, step)
                field = reference_of(item, parameter, kept.noun) or HIDDEN + parameter
                found.append(Within(parameter, field, kept.collection.name, "not-found"))
        return tuple(found)

    def _say(self, resource: Resource, kept: Kept, results: str | None) -> None:
        """Say of each operation of a resource what it does."""
        known = kept.resource is resource and kept.parents
        within = known or self._parents(resource.path, kept.item)
        for method, operation in resource.many.items():
            behaviour = _of_many(method, operation, results)
            if behaviour is not None:
                self._change(operation, kept, behaviour, within)
        for method, operation in resource.one.items():
            behaviour = _of_one(method, operation, resource, kept)
            if behaviour is not None:
                self._change(operation, kept, behaviour, within, resource.parameter)

    def _change(
        self,
        operation: Operation,
        kept: Kept,
        behaviour: Behaviour,
        within: tuple[Within, ...],
        identified_by: str | None = None,
    ) -> None:
        if operation.collection is not None and operation.behaviour != "example":
            return  # the contract says itself what it does
        self._changed[operation.id] = replace(
            operation,
            collection=kept.collection,
            behaviour=behaviour,
            within=within,
            identified_by=identified_by,
            pagination=_cut_to_fit(operation) if behaviour == "list" else operation.pagination,
        )

    def _describe(self, operation: Operation) -> None:
        """Let the pages of a list state what they do in the types that their schema has, whoever said how it pages."""
        changed = self._changed.get(operation.id, operation)
        rule = _as_described(changed.pagination, changed)
        if rule != changed.pagination:
            self._changed[operation.id] = replace(changed, pagination=rule)

    def _place(self, operation: Operation) -> None:
        """Say of an operation that does something else which things its path must name."""
        is_said = operation.collection is not None and operation.behaviour != "example"
        if operation.id in self._changed or is_said or operation.within:
            return
        steps = (*above(operation.path), operation.path.rstrip("/"))
        named = [(step, self._by_path.get(unnamed(step))) for step in steps]
        within = tuple(
            Within(_parameter_of(operation.path, step), None, kept.collection.name, "not-found")
            for step, kept in named
            if kept is not None
        )
        if within:
            self._changed[operation.id] = replace(operation, within=within)


def _cut_to_fit(operation: Operation) -> Pagination | None:
    """Return how a list is paged, with no more items on a page than the schema of the page takes."""
    rule, shape = operation.pagination, shape_of(success(operation))
    array = None if rule is None or shape is None else shape.at(rule.envelope.results)
    most = min((way["maxItems"] for way in (array.ways if array is not None else ()) if "maxItems" in way), default=0)
    if rule is None or not isinstance(most, int) or most < 1 or (rule.limit.maximum or most + 1) <= most:
        return rule
    default = None if rule.limit.default is None else min(most, rule.limit.default)
    return replace(rule, limit=replace(rule.limit, maximum=most, default=default, over_maximum="truncate"))


def _as_described(rule: Pagination | None, operation: Operation) -> Pagination | None:
    """Return how a list is paged, with what its pages state of themselves of the types that their schema has."""
    shape = shape_of(success(operation)) if rule is not None and rule.envelope.members else None
    if rule is None or shape is None:
        return rule
    stated = {word: shape.at(place) for word, place in rule.envelope.members.items()}
    kinds = {word: member.kind for word, member in stated.items() if member is not None}
    return replace(rule, style=fitted(rule.style, kinds))


def _of_one_thing(resource: Resource) -> Resource:
    """Return a resource without a path to one thing, where that path names several of them."""
    parameters = (operation.parameter(resource.parameter) for operation in resource.one.values())
    if any(parameter is not None and parameter.several for parameter in parameters):
        return replace(resource, one={}, one_path="", parameter="")
    return resource


def _parameter_schema(resource: Resource) -> Any:
    """Return the schema of what names one thing in its path, None where no path does."""
    one = next(iter(resource.one.values()), None)
    parameter = None if one is None else one.parameter(resource.parameter)
    return None if parameter is None else parameter.schema


def _is_hidden(within: Within) -> bool:
    return within.field is not None and within.field.startswith(HIDDEN)


def _parameter_of(path: str, step: str) -> str:
    """Return the name that a path gives to the last part of a step of it."""
    return path.strip("/").split("/")[step.count("/") - 1].strip("{}")


def _of_many(method: str, operation: Operation, results: str | None) -> Behaviour | None:
    if method == "GET":
        return None if results is None else "list"
    if method == "POST" and operation.body is not None:
        shape = shape_of(success(operation))
        return None if shape is not None and shape.kind == "array" else "create"
    return None


def _of_one(method: str, operation: Operation, resource: Resource, kept: Kept) -> Behaviour | None:
    if method == "GET":
        shape = shape_of(success(operation))
        return "read" if shape is not None and shape.kind == "object" else None
    if method == "DELETE":
        return "delete"
    if method in ("PUT", "PATCH"):
        return "update"
    if method == "POST" and not {"PUT", "PATCH"} & resource.one.keys():
        shape = shape_of(success(operation))
        one = None if shape is None else shape.at(holder_of(shape, kept.item, resource.parameter))
        return "update" if one is not None and one.members and set(one.members) == set(kept.item.members) else None
    return None


def names_of(contract: Contract) -> Mapping[str, str]:
    """Return the collections of a contract by what one of their things is called; none where two are called alike."""
    found: dict[str, list[str]] = {}
    for name in contract.collections:
        last = words(name.rpartition(".")[2])
        found.setdefault(noun(last[-1]) if last else name, []).append(name)
        found.setdefault(noun(name.rpartition(".")[2]), []).append(name)
    return {one: names[0] for one, names in found.items() if len(set(names)) == 1}
