"""One thing that a twin holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.mock_server.messages import encode

Shown = tuple[frozenset[str], frozenset[str] | None]
"""Members that are hidden, and those that are shown only, None for all others."""


class Record:
    """One thing, never changed after it is made. values: all its fields, private ones too.

    serial: the number under which it came to its place in a table, which decides what no field decides.
    """

    __slots__ = ("_encoded", "_private", "serial", "values")

    def __init__(self, values: Mapping[str, Any], private: tuple[str, ...], serial: int = 0) -> None:
        self.values = values
        self.serial = serial
        self._private = private
        self._encoded: dict[Shown, bytes] = {}

    def shown(self, hidden: frozenset[str], only: frozenset[str] | None) -> bytes:
        """Return the JSON of the record without its private and hidden fields (only: just these). Made once each."""
        key = (hidden, only)
        encoded = self._encoded.get(key)
        if encoded is None:
            encoded = self._encoded[key] = encode(
                {
                    name: value
                    for name, value in self.values.items()
                    if name not in self._private and name not in hidden and (only is None or name in only)
                }
            )
        return encoded

    def extended(self, more: Mapping[str, Any]) -> Record:
        """Return a record with more values, which stands in the place of this one."""
        return Record({**self.values, **more}, self._private, self.serial)
