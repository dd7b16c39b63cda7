"""What a client is put through: how many items there are, how large a page may be, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Fault = Mapping[str, Any]
"""A fault as the twin takes it: an object with a name and its words."""


@dataclass(frozen=True)
class Scenario:
    """One world and one server. page_maximum: items a page, at most; faults: what is switched on before it runs.

    before: the cap of an earlier run of the same client, None where there is none.
    """

    size: int
    page_maximum: int
    faults: tuple[Fault, ...] = ()
    before: int | None = None

    @property
    def key(self) -> str:
        """What tells it from others."""
        return repr(self)

    @property
    def summary(self) -> str:
        """The scenario in a line, for people."""
        parts = [f"{self.size} items, pages of at most {self.page_maximum}"]
        if self.before is not None:
            parts.append(f"after a run with pages of at most {self.before}")
        return ", ".join([*parts, *map(_fault, self.faults)])


def _fault(fault: Fault) -> str:
    words = ", ".join(f"{name} {value}" for name, value in fault.items() if name not in ("name", "operation", "to"))
    return f"{fault['name']}{f' ({words})' if words else ''}"
