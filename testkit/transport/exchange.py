"""Requests and answers as values, with every secret taken out before anybody can print them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from apitwin.contracts.security.spellings import SHORTEST_PART, Spellings
from apitwin.testkit.transport.credentials import TOKEN, Credential, Part
from apitwin.testkit.transport.extra_headers import ExtraHeader

Query = tuple[tuple[str, str], ...]

ACCEPT, AGENT = "application/json", "apitwin"
"""The headers Accept and User-Agent of every request."""
HOLE = "CREDENTIAL-HERE"
"""Stands for a credential in an address until it is replaced."""
UNREADABLE: Any = object()
"""What a body that is no JSON is read as."""


BYTES_OF_A_VALUE = 100
"""Bytes that a value of JSON takes in memory, about (CPython 3.11, measured: 28 to 112)."""


def values_in(body: bytes) -> int:
    """Return how many values a body of JSON holds at the most, without reading it."""
    return 1 + sum(map(body.count, (b",", b"[", b"{")))


@dataclass(frozen=True)
class Request:
    """One request to a target. query: decoded pairs; link: an address to be sent as it came instead of both.

    body: a JSON value to send, None for no body. headers: what the user gives for every request.
    """

    method: str
    path: str
    query: Query = ()
    credential: Credential = TOKEN
    link: str | None = None
    body: Any = None
    headers: tuple[ExtraHeader, ...] = ()

    @property
    def content(self) -> bytes | None:
        """The bytes of the body, None where there is none."""
        return None if self.body is None else json.dumps(self.body).encode()

    def address(self, base: str, text: Callable[[Part], str]) -> str:
        """Return the whole address. text: what to write for a part of the credential that is carried in the query."""
        carried = [(part.name, text(part)) for part in self.credential.parts_in("query")]
        if self.link is not None:
            return _with(self.link, carried)
        query = (*self.query, *carried)
        return base + self.path + ("?" + urlencode(query, errors="surrogatepass") if query else "")

    def shown_address(self, base: str) -> str:
        """Return the whole address with variables of a shell in the place of secrets."""
        address = self.address(base, lambda part: HOLE)
        for part in self.credential.parts_in("query"):
            address = address.replace(HOLE, part.shown, 1)
        return address

    def curl(self, base: str) -> str:
        """Return a shell line that sends the same, headers included, with variables in the place of secrets."""
        address = self.address(base, lambda part: HOLE)
        quoted = shlex.quote(address) if "'" in address else f"'{address}'"
        for part in self.credential.parts_in("query"):
            quoted = quoted.replace(HOLE, f"'\"{part.shown}\"'", 1)
        options = "".join(f" {part.curl}" for part in self.credential.parts if part.curl)
        options += "".join(f" {header.curl}" for header in self.headers)
        method = "" if self.method == "GET" else f" -X {self.method}"
        content = self.content
        sent = "" if content is None else f" -H 'Content-Type: application/json' -d {shlex.quote(content.decode())}"
        return f"curl -s{method} -A {AGENT} -H 'Accept: {ACCEPT}'{options}{sent} {quoted}"


def _with(link: str, carried: list[tuple[str, str]]) -> str:
    """Return a link with a credential in its query, in the place of what a server may have left of it there."""
    if not carried:
        return link
    address, mark, fragment = link.partition("#")
    path, _, query = address.partition("?")
    names = {name for name, _ in carried}
    kept = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in names]
    return f"{path}?{'&'.join([*kept, urlencode(carried)])}{mark}{fragment}"


@dataclass(frozen=True, eq=False)
class Response:
    """One answer. headers: lower-case names; body: bytes; echoed: where the token was met in it, None if nowhere."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    echoed: str | None = None

    @cached_property
    def value(self) -> Any:
        """The body as JSON, `UNREADABLE` where it is none."""
        try:
            return json.loads(self.body.decode("utf-8"))  # as text: bytes with a byte order mark are no JSON
        except (ValueError, RecursionError):
            return UNREADABLE

    @cached_property
    def weight(self) -> int:
        """About how many bytes the answer takes when it has been read as JSON: each value has some of its own."""
        return len(self.body) + BYTES_OF_A_VALUE * values_in(self.body)

    def forget_value(self) -> None:
        """Give the memory of the value back; who asks for it again waits until it is read again."""
        self.__dict__.pop("value", None)

    @property
    def was_too_long(self) -> bool:
        """Whether something on the way would not carry so long an address. RFC 9110 section 15.5.15, RFC 6585."""
        return self.status in (414, 431)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, eq=False)
class Exchange:
    """A request and its answer, the one that took place and no other: two are never equal."""

    request: Request
    response: Response

    @property
    def value(self) -> Any:
        """The answer's body as JSON, `UNREADABLE` where it is none."""
        return self.response.value


def redacted(response: Response, secrets: Spellings, sent: Iterable[str] = ()) -> Response:
    """Return an answer without the secrets in any spelling, and say where a whole one was met.

    sent: what the request carried, which may be a secret that was spoilt on purpose: a server may repeat that too, and
    it differs in little from the right one.
    """
    place = _place_of(secrets, response)
    nearly = _nearly(secrets, frozenset(sent))
    if place is not None:
        response = replace(_without(secrets, response), echoed=place)
    return response if _place_of(nearly, response) is None else _without(nearly, response)


@lru_cache(maxsize=64)
def _nearly(secrets: Spellings, sent: frozenset[str]) -> Spellings:
    """Return what differs in little from a secret, and is long enough not to be met by chance."""
    nearly = {word for text in sent for word in re.split(r"[ ,]", text)} | {text[:-1] for text in secrets.secrets}
    nearly |= {text.swapcase() for text in secrets.secrets}
    return Spellings.of(text for text in nearly if len(text) >= SHORTEST_PART)


def _place_of(secrets: Spellings, response: Response) -> str | None:
    """Return where in an answer a secret is told, None where it is not."""
    if secrets.are_in_bytes(response.body):
        return "the body"
    if not secrets.are_in("\n".join((*response.headers, *response.headers.values()))):  # as with nearly every answer
        return None
    if any(map(secrets.are_in, response.headers)):
        return "the name of a header"
    return next((f"the header {name}" for name, value in response.headers.items() if secrets.are_in(value)), None)


def _without(secrets: Spellings, response: Response) -> Response:
    headers = {secrets.without(name): secrets.without(value) for name, value in response.headers.items()}
    return replace(response, headers=headers, body=secrets.without_bytes(response.body))
