"""What each version of OpenAPI has to tell: its rules, which make a 3.1 document of it while it is walked through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apitwin.contracts.walking import Rules


@dataclass(frozen=True)
class Dialect:
    """One version. key: the member of the root that names it; versions: how what it says begins.

    rules: those of one document, made when the document is known.
    """

    name: str
    key: str
    versions: tuple[str, ...]
    rules: Callable[[dict[str, Any]], Rules] = field(default=lambda document: {})

    def is_that_of(self, document: Mapping[str, Any]) -> bool:
        """Return whether a document says that it is of this version; YAML's number 2.0 does for the text."""
        said = document.get(self.key)
        return isinstance(said, (str, float, int)) and f"{said}.".startswith(self.versions)
