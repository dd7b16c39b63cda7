"""The formats that texts are judged by, one function each; both validators ask these.

They say what `jsonschema` says, without its import, which takes as long as reading a contract does.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from rfc3339_validator import validate_rfc3339

Judge = Callable[[str], bool]
REMEMBERED = 16_384
"""Texts of each format whose judgement is remembered: a server shows the same dates again and again."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DASHES = (8, 13, 18, 23)


def _date_time(text: str) -> bool:
    """RFC 3339 section 5.6, without leap seconds, and with T and Z in either case."""
    return bool(validate_rfc3339(text.upper()))


def _date(text: str) -> bool:
    """RFC 3339 section 5.6, `full-date`."""
    return bool(_DATE.fullmatch(text) and date.fromisoformat(text))


def _email(text: str) -> bool:
    """Anything with an @: what else is one is for the server to say."""
    return "@" in text


def _uuid(text: str) -> bool:
    """RFC 4122 section 3, in either case."""
    uuid.UUID(text)
    return all(text[position] == "-" for position in _DASHES)


def _ipv4(text: str) -> bool:
    """RFC 2673 section 3.2."""
    return bool(ipaddress.IPv4Address(text))


def _ipv6(text: str) -> bool:
    """RFC 4291 section 2.2, without a zone."""
    return not ipaddress.IPv6Address(text).scope_id


def _remembering(judge: Judge) -> Judge:
    @lru_cache(maxsize=REMEMBERED)
    def conforms(text: str) -> bool:
        try:
            return judge(text)
        except ValueError:
            return False

    return conforms


FORMATS: Mapping[str, Judge] = {
    name: _remembering(judge)
    for name, judge in {
        "date-time": _date_time,
        "date": _date,
        "email": _email,
        "uuid": _uuid,
        "ipv4": _ipv4,
        "ipv6": _ipv6,
    }.items()
}
"""Those of JSON Schema Validation 2020-12 section 7.3 that are judged."""


def _test(judge: Judge) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or judge(value)


TESTS: Mapping[str, Callable[[Any], bool]] = {name: _test(judge) for name, judge in FORMATS.items()}
"""The same for any value: a format speaks of texts only."""
