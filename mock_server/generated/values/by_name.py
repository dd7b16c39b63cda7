"""What the name of a member says of its value: one table, by the last words of the name.

All of it is assumed: names that public APIs use. A schema that says more (an enum, a format, a pattern, bounds) counts
before the name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from apitwin.mock_server.generated.values import formats, vocabulary
from apitwin.mock_server.generated.values.source import Source
from apitwin.mock_server.generated.values.wording import singular


@dataclass(frozen=True)
class Named:
    """A member that a value is made for.

    name: its words; holder: the noun of the object it stands in, `""` where there is none; number: which thing it is of
    those that are generated, from 0 on.
    """

    source: Source
    name: tuple[str, ...]
    holder: str
    number: int

    def of(self, values: tuple[str, ...]) -> str:
        """Return one of some texts; of things that follow each other, others."""
        return values[(self.number + self.source.below(3)) % len(values)]

    @property
    def country(self) -> tuple[str, str]:
        """The code and the name of one country, the same for both members of a thing."""
        return vocabulary.COUNTRIES[self.number % len(vocabulary.COUNTRIES)]


M = TypeVar("M")
Make = Callable[[Named], str]
Measure = Callable[[Named], float]

PEOPLE = frozenset(
    ("user", "person", "customer", "author", "owner", "member", "employee", "contact", "account", "assignee",
     "creator", "reporter", "reviewer", "patient", "student", "client", "guest", "actor", "artist", "sender",
     "recipient", "profile", "buyer", "seller", "borrower", "reader", "driver", "passenger", "teacher", "speaker",
     "manager", "doctor", "applicant", "participant", "attendee", "subscriber", "follower", "editor", "approver")
)  # fmt: skip
"""Nouns of objects whose `name` is that of a person."""
COMPANIES = frozenset(("company", "organization", "organisation", "supplier", "vendor", "brand", "publisher", "team"))
"""Nouns of objects whose `name` is that of a company."""


def _person(named: Named) -> str:
    return f"{named.of(vocabulary.FIRST_NAMES)} {named.source.choice(vocabulary.LAST_NAMES)}"


def _name(named: Named) -> str:
    if named.holder in PEOPLE:
        return _person(named)
    if named.holder in COMPANIES:
        return named.of(vocabulary.COMPANIES)
    if named.holder in ("city", "country"):
        return named.of(vocabulary.CITIES) if named.holder == "city" else named.country[1]
    return f"{named.source.choice(vocabulary.WORDS).capitalize()} {named.holder or 'item'} {named.number + 1}"


def _slug(named: Named) -> str:
    return f"{named.source.choice(vocabulary.WORDS)}-{named.number + 1}"


def _login(named: Named) -> str:
    return f"{named.of(vocabulary.FIRST_NAMES).lower()}{named.number + 1}"


def _price(named: Named) -> str:
    return f"{named.source.between(1, 400)}.{named.source.below(100):02}"


def _code(named: Named) -> str:
    return f"{named.source.choice(vocabulary.WORDS)[:3].upper()}-{1000 + named.number}"


def _table(*rows: tuple[str, Make]) -> Mapping[str, Make]:
    return {name: make for names, make in rows for name in names.split(", ")}


TEXTS: Mapping[str, Make] = _table(
    ("email, mail, email address, e mail", lambda named: formats.email(named.source, named.number, named.name)),
    ("first name, firstname, given name, forename", lambda named: named.of(vocabulary.FIRST_NAMES)),
    ("last name, lastname, surname, family name", lambda named: named.source.choice(vocabulary.LAST_NAMES)),
    ("full name, author, owner, customer, contact, assignee, created by, updated by, artist, director", _person),
    ("name, display name, label", _name),
    ("username, user name, login, handle, nickname, nick, screen name", _login),
    ("company, company name, organization, organisation, employer, supplier, vendor, publisher, manufacturer, brand",
     lambda named: named.of(vocabulary.COMPANIES)),
    ("title, subject, headline, heading", lambda named: named.of(vocabulary.TITLES)),
    ("job, job title, position, occupation", lambda named: named.of(vocabulary.JOBS)),
    ("department, division", lambda named: named.of(vocabulary.DEPARTMENTS)),
    ("description, summary, comment, note, text, body, message, content, bio, abstract, detail, reason, caption",
     lambda named: named.of(vocabulary.PHRASES)),
    ("city, town, place, location", lambda named: named.of(vocabulary.CITIES)),
    ("country, country name, nationality", lambda named: named.country[1]),
    ("country code", lambda named: named.country[0]),
    ("region, province, county", lambda named: named.of(vocabulary.REGIONS)),
    ("address, street, address line, line 1, address 1, street address, line1, address1",
     lambda named: f"{named.source.between(1, 180)} {named.of(vocabulary.STREETS)}"),
    ("zip, zip code, zipcode, postcode, postal code", lambda named: f"{named.source.between(10_000, 99_999)}"),
    ("phone, phone number, telephone, mobile, tel, fax", lambda named: f"+1 202 555 {named.source.below(10_000):04}"),
    ("url, uri, href, link, website, homepage, web site, site, endpoint, self",
     lambda named: formats.url(named.source, named.number, named.name)),
    ("image, avatar, photo, picture, icon, logo, thumbnail, cover, image url, avatar url, icon url",
     lambda named: f"https://example.com/images/{named.number + 1}.png"),
    ("color, colour", lambda named: named.of(vocabulary.COLOURS)),
    ("currency, currency code", lambda named: named.of(vocabulary.CURRENCIES)),
    ("language, lang, locale", lambda named: named.of(vocabulary.LANGUAGES)),
    ("timezone, time zone, tz", lambda named: named.of(vocabulary.ZONES)),
    ("status, state, phase", lambda named: named.of(vocabulary.STATES)),
    ("type, kind, category, class, tier, plan, level", lambda named: named.of(vocabulary.KINDS)),
    ("slug, key, path", _slug),
    ("code, sku, reference, ref, number, serial number, order number, invoice number", _code),
    ("isbn", lambda named: f"978{named.source.below(10**10):010}"),
    ("price, amount, cost, total, balance, fee, subtotal, tax", _price),
    ("version", lambda named: f"{named.source.between(1, 4)}.{named.source.below(10)}.{named.source.below(10)}"),
    ("ip, ip address", lambda named: f"192.0.2.{named.source.between(1, 254)}"),
    ("host, hostname, domain", lambda named: f"{named.source.choice(vocabulary.WORDS)}.example.com"),
    ("file, filename, file name", lambda named: named.of(vocabulary.FILES)),
    ("mime type, content type, media type", lambda named: named.of(vocabulary.MEDIA_TYPES)),
    ("hash, sha, checksum, digest, etag, fingerprint, commit", lambda named: named.source.letters(40)),
    ("token, secret, password, api key", lambda named: f"example-{named.source.letters(16)}"),
    ("latitude, lat", lambda named: f"{named.source.between(36, 65)}.{named.source.below(10_000):04}"),
    ("longitude, lng, lon", lambda named: f"{named.source.between(-9, 24)}.{named.source.below(10_000):04}"),
    ("gender, sex", lambda named: named.of(("female", "male", "other"))),
    ("uuid, guid", lambda named: formats.FORMATS["uuid"](named.source, named.number, named.name)),
    ("date, day, birthday, birth date, dob, deadline",
     lambda named: formats.FORMATS["date"](named.source, named.number, named.name)),
    ("at, datetime, timestamp, created, updated, modified, expires, published",
     lambda named: formats.date_time(named.source, named.number, named.name)),
    ("time", lambda named: formats.moment(named.source, named.number, named.name).strftime("%H:%M")),
)  # fmt: skip
"""Texts, by the last one or two words of a name."""


def _measures(*rows: tuple[str, Measure]) -> Mapping[str, Measure]:
    return {name: make for names, make in rows for name in names.split(", ")}


def _epoch(named: Named) -> float:
    return int(formats.moment(named.source, named.number, named.name).timestamp())


NUMBERS: Mapping[str, Measure] = _measures(
    ("price, amount, cost, total, balance, fee, subtotal, tax, salary",
     lambda named: named.source.between(100, 40_000) / 100),
    ("age", lambda named: named.source.between(18, 90)),
    ("year", lambda named: named.source.between(1950, 2025)),
    ("month", lambda named: named.source.between(1, 12)),
    ("day", lambda named: named.source.between(1, 28)),
    ("hour", lambda named: named.source.below(24)),
    ("minute, second", lambda named: named.source.below(60)),
    ("latitude, lat", lambda named: named.source.between(360_000, 650_000) / 10_000),
    ("longitude, lng, lon", lambda named: named.source.between(-90_000, 240_000) / 10_000),
    ("rating, star", lambda named: named.source.between(2, 10) / 2),
    ("score, rank, priority, level, position, order", lambda named: named.source.between(1, 10)),
    ("percent, percentage, progress", lambda named: named.source.below(101)),
    ("ratio, rate, probability, confidence, weight", lambda named: named.source.below(101) / 100),
    ("count, quantity, stock, size, length, duration, view, like, comment", lambda named: named.source.below(200)),
    ("width, height", lambda named: named.source.between(100, 1600)),
    ("port", lambda named: named.source.between(1024, 9999)),
    ("status, code", lambda named: 200),
    ("at, timestamp, created, updated, modified, expires, date, time, published", _epoch),
)  # fmt: skip
"""Numbers, by the last one or two words of a name."""


def text(named: Named) -> str | None:
    """Return the text that a name asks for, None where it says nothing."""
    make = _text_of(named.name)
    return None if make is None else make(named)


def number(named: Named) -> float | None:
    """Return the number that a name asks for, None where it says nothing."""
    measure = _number_of(named.name)
    return None if measure is None else measure(named)


def word(named: Named) -> str:
    """Return a text for a name that says nothing."""
    return f"{named.source.choice(vocabulary.WORDS)} {named.number + 1}"


@lru_cache(maxsize=8192)
def _text_of(name: tuple[str, ...]) -> Make | None:
    return _found(TEXTS, name)


@lru_cache(maxsize=8192)
def _number_of(name: tuple[str, ...]) -> Measure | None:
    return _found(NUMBERS, name)


def _found(table: Mapping[str, M], name: tuple[str, ...]) -> M | None:
    return next((table[key] for key in _keys(name) if key in table), None)


def _keys(name: tuple[str, ...]) -> Iterable[str]:
    """Yield what a name is looked up by: its last two words, then its last one, each also as one of many."""
    for key in (name[-2:], name[-1:]):
        if key:
            yield " ".join(key)
            yield " ".join((*key[:-1], singular(key[-1])))
