"""What a client is put through: how many items there are, how large a page may be, and which faults it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Fault = Mapping[str, Any]
"""A fault as the twin takes it: an object with a name and options."""


@dataclass(frozen=True)
class Scenario:
    """One world and one server. page_maximum: the most items on a page; faults: switched on before the client runs.

    before: the cap of an earlier run of the same client, None where there is none.
    """

    size: int
    page_maximum: int
    faults: tuple[Fault, ...] = ()
    before: int | None = None

    @property
    def key(self) -> str:
        """A text that only equal scenarios share."""
        return repr(self)

    @property
    def summary(self) -> str:
        """The scenario in one line, for people."""
        parts = [f"{self.size} items, pages of at most {self.page_maximum}"]
        if self.before is not None:
            parts.append(f"after a run with pages of at most {self.before}")
        return ", ".join([*parts, *map(_fault, self.faults)])


def _fault(fault: Fault) -> str:
    words = ", ".join(f"{name} {value}" for name, value in fault.items() if name not in ("name", "operation", "to"))
    return f"{fault['name']}{f' ({words})' if words else ''}"
