"""What a whole document looks like, one operation at a time: each question is asked when its answer is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.inference import described, filters, identity, pages, path_values, results, search, sorts
from apitwin.contracts.inference.described import Described
from apitwin.contracts.inference.guess import Guess, Inferred
from apitwin.contracts.inference.nodes import NOTHING, Follow, Node, Shape, Shapes
from apitwin.contracts.inference.resources import EFFECTS, Resource, bare, resources
from apitwin.contracts.inference.spelling import joined, singular, words


@dataclass(frozen=True)
class Listing:
    """A list: where its items stand, what one of them is, and its pages, where it has any."""

    found: results.Results
    item: Shape
    pages: pages.Pages | None


@dataclass(frozen=True)
class CollectionGuess:
    """A collection: its name, what tells its things apart, the schema of one, and the guesses it is made of."""

    name: str
    resource: Resource
    identity: identity.Identity
    schema: Node | None

    @property
    def rule(self) -> dict[str, Any]:
        """What stands under its name in `collections`, without its schema."""
        return {"identity": self.identity.place}


class Survey:
    """What can be inferred of a document. Nothing is looked at before it is asked for."""

    def __init__(self, document: Mapping[str, Any], holder: Any, follow: Follow) -> None:
        """document: OpenAPI 3.1; holder: its file, as `follow` takes it; follow: finds what a `$ref` names."""
        self._shapes = Shapes(follow)
        self._inferred: dict[tuple[str, str], Inferred] = {}
        self._listings: dict[str, Listing | None] = {}
        self._operations = {
            (operation.path, operation.method): operation
            for operation in described.operations(document, holder, self._shapes)
        }

    @property
    def operations(self) -> tuple[Described, ...]:
        """The operations of the document, in its order."""
        return tuple(self._operations.values())

    def of(self, path: str, method: str) -> Inferred:
        """Return what is guessed of one operation."""
        key = (path, method.lower())
        if key not in self._inferred:
            self._inferred[key] = self._infer(self._operations[key])
        return self._inferred[key]

    @cached_property
    def _resources(self) -> tuple[dict[str, Resource], dict[str, Resource]]:
        return resources(self._operations)

    @cached_property
    def collections(self) -> dict[str, CollectionGuess]:
        """The collections of the document by name: those whose things can be told apart."""
        found: dict[str, CollectionGuess] = {}
        for resource in self._resources[0].values():
            guess = self._collection(resource)
            if guess is not None:
                name, number = guess.name, 1
                while name in found:
                    number += 1
                    name = f"{guess.name}-{number}"
                found[name] = CollectionGuess(name, resource, guess.identity, guess.schema)
        return found

    @cached_property
    def _by_path(self) -> dict[str, CollectionGuess]:
        """The collections by the path of each, and by that of their things."""
        by_path = {guess.resource.path: guess for guess in self.collections.values()}
        return by_path | {guess.resource.item: guess for guess in self.collections.values() if guess.resource.item}

    @cached_property
    def _listed(self) -> dict[str, Resource]:
        """The collections that can be listed, by their paths without the last slash."""
        return {
            bare(guess.resource.path): guess.resource
            for guess in self.collections.values()
            if self.listing(guess.resource.path)
        }

    @cached_property
    def _by_parameter(self) -> dict[str, Resource]:
        """The collections that are listed without a value for a path, by what only they call their things in paths."""
        found: dict[str, list[Resource]] = {}
        for resource in self._listed.values():
            if resource.parameter is not None and "{" not in resource.path:
                found.setdefault(joined(resource.parameter), []).append(resource)
        return {
            name: listed[0]
            for name, listed in found.items()
            if len(listed) == 1 and name not in ("id", "name", "key", "pk")
        }

    def listing(self, path: str) -> Listing | None:
        """Return what the GET of a path lists, or None where it lists nothing."""
        if path not in self._listings:
            operation = self._operations.get((path, "get"))
            self._listings[path] = None if operation is None else self._list(operation)
        return self._listings[path]

    def _list(self, operation: Described) -> Listing | None:
        shape = self._shapes.of(operation.body)
        found = results.results(shape, self._shapes, operation.path, operation.title)
        paged = pages.pages(operation, found, shape, self._shapes) if operation.answers_200 else None
        if found is None:
            return None
        if paged is None and not self._is_list(operation, found, shape):
            return None
        return Listing(found, self._shapes.of(found.items), paged)

    def _is_list(self, operation: Described, found: results.Results, shape: Shape) -> bool:
        """Return whether an answer without pages is a list: an array, or an object around an array of that name."""
        if operation.path in self._resources[1] or not found.is_named:
            return found.place == "" and operation.path not in self._resources[1]
        resource = self._resources[0].get(operation.path)
        return found.place == "" or bool(resource and resource.item) or len(shape.members) <= 4

    def _collection(self, resource: Resource) -> CollectionGuess | None:
        listing = self.listing(resource.path)
        read = self._operations.get((resource.item or "", "get"))
        thing = self._shapes.of(read.body) if read is not None else NOTHING
        members = identity.things(listing.item if listing is not None else thing)
        if (listing is None and (resource.item is None or not resource.methods & {"post", "get"})) or not members:
            return None
        asked, said = self._parameter(resource)
        noun = singular(words(resource.name)[-1]) if words(resource.name) else ""
        whole = singular(joined(bare(resource.path).rpartition("/")[2]))
        guess = identity.identity(members, self._shapes, resource.parameter, asked, said, noun, whole)
        if guess is None:
            return None
        schema = listing.found.items if listing is not None else read.body if read is not None else None
        return CollectionGuess(resource.name, resource, guess, schema)

    def _parameter(self, resource: Resource) -> tuple[Shape, str]:
        """Return what the schema of the parameter of a thing comes to, and what is said of it in lower case."""
        for method in resource.item_methods:
            for asked in self._operations[resource.item or "", method].parameters:
                if asked.place == "path" and asked.name == resource.parameter:
                    return asked.shape, asked.said
        return NOTHING, ""

    def _infer(self, operation: Described) -> Inferred:
        if operation.method == "get":
            listing = self.listing(operation.path)
            if listing is not None:
                return self._of_list(operation, listing)
        guess = self._by_path.get(operation.path)
        kind = self._kind(operation)
        told: list[Guess] = []
        rules: dict[str, Any] = {}
        unknown: list[str] = []
        if guess is not None and kind != "other":
            told += [Guess("kind", kind, f"{operation.method.upper()} {operation.path}", "certain"), _collected(guess)]
            rules["collection"] = guess.name
            if operation.path == guess.resource.item:
                rules["identified-by"] = guess.resource.parameter
                told.append(Guess("identity", guess.identity.place, guess.identity.reason, guess.identity.certainty))
            if kind in ("create", "update", "delete"):
                rules["effect"] = kind
            if kind != "delete" and not self._is_thing(operation, guess):
                unknown.append("what it answers is not the thing alone")
                rules.pop("effect", None)
                rules.pop("identified-by", None)
        self._place(operation, rules, told, unknown)
        unread = self._unread(operation)
        if unread is not None:
            told += unread.guesses
            unknown.append("where its items stand")
        return Inferred(kind, rules, None, tuple(told), unread.line if unread is not None else None, tuple(unknown))

    def _unread(self, operation: Described) -> pages.Pages | None:
        """Return what is told of an operation that asks for pages and does not describe them."""
        if operation.method != "get" or not operation.answers_200 or operation.path in self._resources[1]:
            return None
        shape = self._shapes.of(operation.body)
        if results.results(shape, self._shapes, operation.path, operation.title) is not None:
            return None
        return pages.pages(operation, None, shape, self._shapes)

    def _kind(self, operation: Described) -> str:
        """Return what an operation is by its method and its path."""
        collections, items = self._resources
        if operation.path in items:
            effect = EFFECTS.get(operation.method, "other")
            is_empty = effect == "update" and not operation.takes_body
            return "read" if operation.method == "get" else "other" if is_empty else effect
        resource = collections.get(operation.path)
        if operation.method == "post" and resource is not None and operation.takes_body:
            return "create" if resource.item is not None or self.listing(operation.path) is not None else "other"
        return "other"

    def _is_thing(self, operation: Described, guess: CollectionGuess) -> bool:
        """Return whether an operation answers a thing of a collection, and not something around it; nothing will do."""
        shape = self._shapes.of(operation.body)
        return operation.body is None or pointers.split(guess.identity.place)[0] in shape.members

    def _of_list(self, operation: Described, listing: Listing) -> Inferred:
        guess = self._by_path.get(operation.path)
        members, paged = listing.item.members, listing.pages
        told = [Guess("kind", "list", listing.found.reason, listing.found.certainty)]
        told += paged.guesses if paged is not None else ()
        rules: dict[str, Any] = {}
        unknown = [] if paged is not None else ["how it is paginated"]
        if guess is not None:
            told += [
                _collected(guess),
                Guess("identity", guess.identity.place, guess.identity.reason, guess.identity.certainty),
            ]
            rules["collection"] = guess.name
        else:
            unknown.append("what tells its items apart")
        taken = set(paged.parameters) if paged is not None else set()
        rules |= self._selection(
            {name: asked for name, asked in operation.query.items() if name not in taken}, members, told, unknown
        )
        self._place(operation, rules, told, unknown)
        if paged is None and listing.found.place == "" and guess is not None:
            rules["behaviour"] = "list"
        rule = paged.rule if paged is not None else None
        return Inferred("list", rules, rule, tuple(told), paged.line if paged is not None else None, tuple(unknown))

    def _selection(
        self, query: Mapping[str, described.Asked], members: Mapping[str, Node], told: list[Guess], unknown: list[str]
    ) -> dict[str, Any]:
        """Return how a list is sorted, searched and filtered, and note what is known of that and what is not."""
        rules: dict[str, Any] = {}
        left = dict(query)
        ordered = sorts.sort(query, members, self._shapes)
        if ordered is not None:
            told.append(Guess("sort", ordered.parameters[0], ordered.reason, ordered.certainty))
            left = {name: asked for name, asked in left.items() if name not in ordered.parameters}
            if ordered.rule:
                rules["sort"] = dict(ordered.rule)
        searched = search.search(left, members, self._shapes)
        if searched is not None:
            told.append(Guess("search", searched.parameter, searched.reason, searched.certainty))
            rules["search"] = {"parameter": searched.parameter, "fields": list(searched.fields)}
            left.pop(searched.parameter)
        kept = list(filters.filters(left, members, self._shapes))
        for rule in kept:
            told.append(Guess("filter", rule.parameter, rule.reason, rule.certainty))
        if kept:
            rules["filters"] = {rule.parameter: {"match": rule.match, "fields": [rule.place]} for rule in kept}
        names = {rule.parameter for rule in kept}
        if others := [name for name, asked in left.items() if name not in names and not asked.is_required]:
            rules["unspecified"] = others
            unknown.append(f"what {', '.join(others)} {'do' if len(others) > 1 else 'does'}")
        return rules

    def _place(self, operation: Described, rules: dict[str, Any], told: list[Guess], unknown: list[str]) -> None:
        """Note where the values of a path come from, and within which things a list lies."""
        identified = rules.get("identified-by")
        drawn: dict[str, Any] = {}
        within: dict[str, Any] = {}
        own = self._by_path.get(operation.path)
        for source in path_values.sources(operation.path, self._listed, self._by_parameter):
            guess = self._by_path[source.resource.path]
            told.append(Guess("path value", source.parameter, source.reason, source.certainty))
            listed = self._operations[source.resource.path, "get"]
            drawn[source.parameter] = {"operation": listed.id, "pointer": guess.identity.place}
            if source.parameter != identified and own is not None and guess is not own and "collection" in rules:
                field = _parent_field(identity.things(self._shapes.of(own.schema)), source.parameter, guess)
                within[source.parameter] = {"collection": guess.name, **({"field": field} if field else {})}
                reason = (
                    f"{field} names one of {guess.resource.path}" if field else f"it lies below {guess.resource.item}"
                )
                told.append(Guess("parent", source.parameter, reason, "likely"))
        if missing := [name for name in operation.names_in_path if name not in drawn]:
            unknown.append(f"values for {', '.join(missing)}")
        if drawn:
            rules["drawn-from"] = drawn
        if within:
            rules["within"] = within


def _collected(guess: CollectionGuess) -> Guess:
    return Guess(
        "collection", guess.name, f"{guess.resource.path} and {guess.resource.item or 'nothing below it'}", "certain"
    )


def _parent_field(members: Mapping[str, Node], parameter: str, parent: CollectionGuess) -> str | None:
    """Return the member of a thing that names its parent: `book_id` in a review for `/books/{book_id}/reviews`."""
    noun = singular(joined(parent.resource.name.rpartition("-")[2]))
    by_name = {joined(name): name for name in reversed(list(members))}
    for name in (joined(parameter), f"{noun}id", noun):
        if name in by_name and name not in ("id", "name", "key"):
            return by_name[name]
    return None
