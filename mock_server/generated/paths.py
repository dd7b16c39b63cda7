"""The paths of a document as a tree of things: `/books` holds many, `/books/{id}` is one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from apitwin.contracts.model import Operation

PARAMETER = re.compile(r"{([^{}]*)}")


@dataclass
class Resource:
    """One kind of thing, as its paths show it.

    path: of the many; one_path: of one of them; parameter: the last one of that; many, one: the operations of each, by
    method.
    """

    path: str
    one_path: str
    parameter: str
    many: Mapping[str, Operation] = field(default_factory=dict)
    one: Mapping[str, Operation] = field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        """The fixed parts of its path, such as `users.posts`."""
        return (
            ".".join(part for part in self.path.strip("/").split("/") if part and not PARAMETER.search(part)) or "root"
        )

    @cached_property
    def last_word(self) -> str:
        """The last fixed part of its path: what the things are called."""
        return self.name.rpartition(".")[2]


def resources(operations: Iterable[Operation]) -> list[Resource]:
    """Return the kinds of things that pairs of paths show, and those that are only listed; parents come first."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path.rstrip("/") or "/", {})[operation.method] = operation
    found = list(_pairs(by_path))
    paired = {resource.path for resource in found}
    found += [
        Resource(path, "", "", methods)
        for path, methods in by_path.items()
        if path not in paired and "GET" in methods and not path.endswith("}")
    ]
    return sorted(found, key=lambda resource: resource.path.count("/"))


def _pairs(by_path: Mapping[str, Mapping[str, Operation]]) -> Iterator[Resource]:
    for path, methods in by_path.items():
        base, _, last = path.rpartition("/")
        match = PARAMETER.fullmatch(last)
        if match is not None and base and not base.endswith("}"):
            yield Resource(base, path, match[1], by_path.get(base, {}), methods)


def unnamed(path: str) -> str:
    """Return a path without the names of its parameters, which each operation may call in its own way."""
    return PARAMETER.sub("{}", path)


def above(path: str) -> Iterator[str]:
    """Yield the paths that a path goes through, without itself, the shortest first."""
    parts = path.strip("/").split("/")
    for length in range(1, len(parts)):
        yield "/" + "/".join(parts[:length])
