"""The times at which the twin made or changed a thing, in the members that say so."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from apitwin.contracts.plain_schema import kinds
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values.wording import words

MADE = frozenset(("created", "creation", "inserted", "added", "registered"))
"""First words of members that say when a thing was made (assumed)."""
CHANGED = frozenset(("updated", "modified", "changed", "edited"))
"""First words of members that say when it was changed last (assumed); also `last modified`."""


def is_of(name: str, when: frozenset[str]) -> bool:
    """Return whether a member says when something happened. when: the words for it."""
    said = words(name)
    return bool(said) and bool({said[0], *(said[1:2] if said[0] in ("last", "date") else ())} & when)


def now_as(shape: Shape, now: datetime) -> Any:
    """Return the present time as a member has it: a text of its format, or seconds since 1970; None as neither."""
    for way in shape.ways:
        if "string" in kinds(way) and way.get("format") in ("date-time", "date", None) and "pattern" not in way:
            moment = now.astimezone(timezone.utc)
            return moment.date().isoformat() if way.get("format") == "date" else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        if "integer" in kinds(way):
            return int(now.timestamp())
    return None
