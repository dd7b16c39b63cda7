"""What operations are, from their methods and paths: which list, which make, change and delete, which read one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apitwin.contracts.inference.spelling import words

_LAST = re.compile(r"^(?P<parent>.*)/{(?P<name>[^{}/]+)}$")
_SUFFIX = re.compile(r"(\.json|\.xml)?/?$")
EFFECTS: Mapping[str, str] = {"put": "update", "patch": "update", "delete": "delete"}
"""What the methods do to the thing that a path names (RFC 9110 section 9.3, RFC 5789)."""


@dataclass
class Resource:
    """A path of a collection and the path of one of its things.

    path: of the collection; item: of a thing, None where there is none; parameter: which names the thing.
    methods, item_methods: what the document has there.
    """

    path: str
    item: str | None = None
    parameter: str | None = None
    methods: set[str] = field(default_factory=set)
    item_methods: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Its name, from the static parts of its path: `/users/{id}/posts` is `users-posts`."""
        parts = [part for part in bare(self.path).split("/") if part and "{" not in part]
        parts = [part for part in parts if not re.fullmatch(r"v\d+(\.\d+)*|api|rest", part)] or parts
        return "-".join("-".join(words(part)) or part for part in parts) or "things"


def bare(path: str) -> str:
    """Return a path without its last slash and without an ending such as `.json`."""
    return _SUFFIX.sub("", path)


def resources(paths: Iterable[tuple[str, str]]) -> tuple[dict[str, Resource], dict[str, Resource]]:
    """Return the collections by the path of each, and by the path of one of their things.

    paths: path and method of every operation. A collection is a path beside which another one has a parameter more.
    """
    methods: dict[str, set[str]] = {}
    for path, method in paths:
        methods.setdefault(path, set()).add(method)
    at = {bare(path): path for path in methods}
    collections: dict[str, Resource] = {}
    items: dict[str, Resource] = {}
    for path in methods:
        last = _LAST.match(bare(path))
        above = at.get(last["parent"]) if last is not None else None
        if last is None or above is None or (above in collections and collections[above].item is not None):
            continue
        resource = Resource(above, path, last["name"], methods[above], methods[path])
        collections[above] = items[path] = resource
    for path, found in methods.items():
        if path not in collections and path not in items and "get" in found:
            collections[path] = Resource(path, methods=found)
    return collections, items


def parents(path: str) -> tuple[tuple[str, str], ...]:
    """Return the parameters of a path, each with the path of the collection that it is taken from by its place."""
    parts = path.split("/")
    return tuple(
        (part[1:-1], "/".join(parts[:index]))
        for index, part in enumerate(parts)
        if part.startswith("{") and part.endswith("}") and part.count("{") == 1
    )
