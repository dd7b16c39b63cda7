"""Texts of each format (OpenAPI 3.1 and JSON Schema Validation 7.3), and the moments that dates are made of."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone

from apitwin.mock_server.generated.values.source import Source
from apitwin.mock_server.generated.values.vocabulary import FIRST_NAMES, LAST_NAMES, WORDS

BEGINNING = datetime(2024, 1, 8, 9, 30, tzinfo=timezone.utc)
"""When the first thing of a generated world was made: a Monday morning, always the same."""
DAYS_AFTER: Mapping[str, int] = {
    "birth": -12_000, "born": -12_000, "birthday": -12_000, "dob": -12_000, "founded": -4_000,
    "start": 1, "begin": 1, "from": 1, "modified": 3, "updated": 3, "changed": 3, "published": 5, "last": 6,
    "completed": 8, "finished": 8, "closed": 8, "end": 9, "until": 9, "to": 9, "due": 30, "deadline": 30,
    "expires": 365, "expiry": 365, "expiration": 365, "expired": 365, "deleted": 40, "archived": 40,
}  # fmt: skip
"""How many days after it was made something happens to a thing, by a word of its name (assumed)."""


def moment(source: Source, number: int, name: tuple[str, ...]) -> datetime:
    """Return when something happened to the thing of a number: later things later, and what ends after what begins."""
    days = next((DAYS_AFTER[word] for word in name if word in DAYS_AFTER), 0)
    return BEGINNING + timedelta(days=days, hours=7 * number, seconds=source.below(3600))


def _uuid(source: Source, number: int, name: tuple[str, ...]) -> str:
    return str(uuid.UUID(hex=source.letters(32), version=4))


def date_time(source: Source, number: int, name: tuple[str, ...]) -> str:
    """Return a moment as RFC 3339 has it, in UTC and in whole seconds."""
    return moment(source, number, name).strftime("%Y-%m-%dT%H:%M:%SZ")


def _date(source: Source, number: int, name: tuple[str, ...]) -> str:
    return moment(source, number, name).date().isoformat()


def email(source: Source, number: int, name: tuple[str, ...]) -> str:
    """Return an address at a host that is nobody's (RFC 2606 section 3)."""
    return f"{source.choice(FIRST_NAMES)}.{source.choice(LAST_NAMES)}@example.com".lower()


def url(source: Source, number: int, name: tuple[str, ...]) -> str:
    """Return an address at a host that is nobody's (RFC 2606 section 3)."""
    return f"https://example.com/{source.choice(WORDS)}/{number + 1}"


def _bytes(source: Source, number: int, name: tuple[str, ...]) -> str:
    return base64.b64encode(f"{source.choice(WORDS)} {number + 1}".encode()).decode()


FORMATS: Mapping[str, Callable[[Source, int, tuple[str, ...]], str]] = {
    "date-time": date_time,
    "datetime": date_time,
    "date": _date,
    "time": lambda source, number, name: moment(source, number, name).strftime("%H:%M:%SZ"),
    "duration": lambda source, number, name: f"PT{source.between(1, 90)}M",
    "email": email,
    "idn-email": email,
    "uuid": _uuid,
    "guid": _uuid,
    "uri": url,
    "url": url,
    "iri": url,
    "uri-reference": lambda source, number, name: f"/{source.choice(WORDS)}/{number + 1}",
    "iri-reference": lambda source, number, name: f"/{source.choice(WORDS)}/{number + 1}",
    "uri-template": lambda source, number, name: f"https://example.com/{source.choice(WORDS)}/{{id}}",
    "hostname": lambda source, number, name: f"{source.choice(WORDS)}.example.com",
    "idn-hostname": lambda source, number, name: f"{source.choice(WORDS)}.example.com",
    "ipv4": lambda source, number, name: f"192.0.2.{source.between(1, 254)}",
    "ip": lambda source, number, name: f"192.0.2.{source.between(1, 254)}",
    "ipv6": lambda source, number, name: f"2001:db8::{source.between(1, 65535):x}",
    "byte": _bytes,
    "base64": _bytes,
    "json-pointer": lambda source, number, name: f"/{source.choice(WORDS)}",
    "regex": lambda source, number, name: f"^{source.choice(WORDS)}$",
    "decimal": lambda source, number, name: f"{source.between(1, 400)}.{source.below(100):02}",
    "int64": lambda source, number, name: str(source.between(1, 100_000)),
    "phone": lambda source, number, name: f"+1202555{source.below(10_000):04}",
    "color": lambda source, number, name: f"#{source.letters(6)}",
}
"""A text of each format that says what a text looks like; of any other the name of the member decides."""
