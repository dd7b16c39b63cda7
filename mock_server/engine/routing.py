"""From a method and a path to an operation: the routes of a contract, and the nearest ones to a path that has none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from apitwin.contracts.model import Contract, Operation

NAME = re.compile(r"{([^}]*)}")


@dataclass(frozen=True)
class Found:
    """What a path leads to: the operations on it by method, and the texts of its path parameters."""

    operations: Mapping[str, Operation]
    values: Mapping[str, str]


class Routes:
    """All paths of a contract, ready to match. A fixed segment goes before a parameter."""

    def __init__(self, contract: Contract) -> None:
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in contract.operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        self._routes = [
            (re.compile(_pattern(path)), NAME.findall(path), by_path[path])
            for path in sorted(by_path, key=lambda path: NAME.sub("\uffff", path))
        ]
        self._known = [f"{one.method} {one.path}" for one in contract.operations]

    def match(self, path: str) -> Found | None:
        """Return what a path leads to, or None."""
        for pattern, names, operations in self._routes:
            found = pattern.fullmatch(path)
            if found is not None:
                values = (one.replace("%2F", "/") for one in found.groups())
                return Found(operations, dict(zip(names, values, strict=True)))
        return None

    def nearest(self, method: str, path: str) -> list[str]:
        """Return up to three known operations, as `GET /path`, that look most like a request."""
        asked = f"{method} {path[:300]}"
        # A parameter looks like whatever stands in its place, so that only the fixed parts are compared.
        alike = {_filled(known, asked): known for known in self._known}
        return [alike[one] for one in difflib.get_close_matches(asked, list(alike), n=3, cutoff=0.3)]


def _filled(known: str, asked: str) -> str:
    given = asked.split("/")
    parts = known.split("/")
    return "/".join(
        given[at] if NAME.fullmatch(part) and at < len(given) and given[at] else part for at, part in enumerate(parts)
    )


def _pattern(path: str) -> str:
    parts = NAME.split(path)
    return "".join(re.escape(part) if index % 2 == 0 else "([^/]+)" for index, part in enumerate(parts))
