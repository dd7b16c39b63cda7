"""Moments in time as APIs write them: RFC 3339 texts, compared as instants."""

from __future__ import annotations

import re
from datetime import datetime, timezone


def parse(text: str) -> datetime | None:
    """Return the instant that an ISO 8601 / RFC 3339 text names, in UTC, or None where it names none.

    A text without an offset is taken as UTC (assumed: it is what Django does with TIME_ZONE at its default).
    """
    text = text.strip()
    if text[-1:] in ("Z", "z"):
        text = text[:-1] + "+00:00"
    # Before 3.11, fromisoformat() reads fractions of three or six digits only.
    text = re.sub(r"\.(\d+)", lambda match: "." + match[1][:6].ljust(6, "0"), text, count=1)
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
