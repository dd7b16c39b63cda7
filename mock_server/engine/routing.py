"""From a method and a path to an operation: the routes of a contract, and the nearest ones to a path that has none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apitwin.contracts import path_parameters
from apitwin.contracts.model import Contract, Operation

NAME = re.compile(r"{([^}]*)}")
_Named = tuple[list[str], Mapping[str, Operation]]
"""The names of the parameters of a path, and its operations by method."""


@dataclass(frozen=True)
class Route:
    """What a path leads to: the operations on it by method, and the texts of its path parameters."""

    operations: Mapping[str, Operation]
    values: Mapping[str, str]

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that are served here, in the order of the alphabet; HEAD wherever there is GET (RFC 9110)."""
        return tuple(sorted({*self.operations, "HEAD"} if "GET" in self.operations else self.operations))

    def operation(self, method: str) -> Operation:
        """Return the operation of a method; of one that is not served the first that is, whose rights then count."""
        return self.operations.get("GET" if method == "HEAD" else method) or next(iter(self.operations.values()))


class Routes:
    """All paths of a contract, ready to match. A fixed segment goes before a parameter.

    Paths that differ in the names of their parameters only are one, which the document must not have (OpenAPI 3.1.1,
    section 4.8.8.2): GitHub's has, with GET on one and DELETE on the other.
    """

    def __init__(self, contract: Contract) -> None:
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in contract.operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        # No parameter holds a slash, so only the routes with as many slashes can be meant.
        self._routes: dict[int, dict[re.Pattern[str], list[_Named]]] = {}
        for path in sorted(by_path, key=_rank):
            alike = self._routes.setdefault(NAME.sub("", path).count("/"), {})
            alike.setdefault(re.compile(_pattern(path)), []).append((NAME.findall(path), by_path[path]))
        self._known = [f"{operation.method} {operation.path}" for operation in contract.operations]

    def match(self, method: str, path: str) -> Route | None:
        """Return what a path leads to, or None. method: by which of several names for the same path its texts go."""
        for pattern, named in self._routes.get(path.count("/"), {}).items():
            match = pattern.fullmatch(path)
            if match is not None:
                names, operations = _of_method("GET" if method == "HEAD" else method, named)
                texts = (text.replace("%2F", "/") for text in match.groups())
                route = Route(operations, dict(zip(names, texts, strict=True)))
                return replace(route, values=_read(route.operation(method), route.values))
        return None

    def nearest(self, method: str, path: str) -> list[str]:
        """Return up to three known operations, as `GET /path`, that look most like a request."""
        asked = f"{method} {path[:300]}"
        # A parameter looks like whatever stands in its place, so that only the fixed parts are compared.
        alike = {_filled(known, asked): known for known in self._known}
        return [alike[known] for known in difflib.get_close_matches(asked, list(alike), n=3, cutoff=0.3)]


def _read(operation: Operation, values: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of path parameters as their styles have them."""
    asked = {parameter.name: parameter for parameter in operation.path_parameters()}
    return {name: path_parameters.read(asked[name], text) if name in asked else text for name, text in values.items()}


def _of_method(method: str, named: Sequence[_Named]) -> _Named:
    """Return the names that the operation of a method has for a path, and all operations of that path."""
    if len(named) == 1:
        return named[0]
    names, first = next((one for one in named if method in one[1]), named[0])
    operations = dict(first)
    for _, others in named:
        operations |= {other: operation for other, operation in others.items() if other not in operations}
    return names, operations


def _rank(path: str) -> str:
    """Return by what paths are tried in order: fixed text before a parameter, and what goes on before what ends."""
    return NAME.sub("\uffff", path) + "\U0010ffff"


def _filled(known: str, asked: str) -> str:
    """Return a known route with what stands in a path in the places of its parameters."""
    segments = dict(enumerate(asked.split("/")))
    parts = enumerate(known.split("/"))
    return "/".join((segments.get(place) or part) if NAME.fullmatch(part) else part for place, part in parts)


def _pattern(path: str) -> str:
    parts = NAME.split(path)
    return "".join(re.escape(part) if index % 2 == 0 else "([^/]+)" for index, part in enumerate(parts))
