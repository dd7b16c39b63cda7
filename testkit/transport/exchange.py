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

from apitwin.testkit.transport.credentials import TOKEN, Credential, Part

Query = tuple[tuple[str, str], ...]

HOLE = "CREDENTIAL-HERE"
"""Stands for a credential in an address until it is replaced."""
SHORTEST_REMAINDER = 8
"""Characters of a spoilt secret from which on it is taken out of answers; anything may hold less by chance."""
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

    body: a JSON value to send, None for no body.
    """

    method: str
    path: str
    query: Query = ()
    credential: Credential = TOKEN
    link: str | None = None
    body: Any = None

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
        """Return a shell line that sends the same, with variables in the place of secrets."""
        address = self.address(base, lambda part: HOLE)
        quoted = shlex.quote(address) if "'" in address else f"'{address}'"
        for part in self.credential.parts_in("query"):
            quoted = quoted.replace(HOLE, f"'\"{part.shown}\"'", 1)
        options = "".join(f" {part.curl}" for part in self.credential.parts if part.curl)
        method = "" if self.method == "GET" else f" -X {self.method}"
        content = self.content
        sent = "" if content is None else f" -H 'Content-Type: application/json' -d {shlex.quote(content.decode())}"
        return f"curl -s{method}{options}{sent} {quoted}"


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


def redacted(response: Response, secrets: Iterable[str], sent: Iterable[str] = ()) -> Response:
    """Return an answer without the secrets in any spelling, and say where a whole one was met.

    secrets: every text that tells one. sent: what the request carried, which may be a secret that was spoilt on
    purpose: a server may repeat that too, and it differs in little from the right one.
    """
    whole, nearly = _hidden(frozenset(secrets), frozenset(sent))
    if not _is_told(response, _any_of((*whole, *nearly))):  # which is how it is with nearly every answer
        return response
    for text in whole:
        response = _without(response, text, True)
    for text in nearly:
        response = _without(response, text, False)
    return response


@lru_cache(maxsize=64)
def _hidden(secrets: frozenset[str], sent: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the texts that must not be seen, the longest first: whole secrets, and what is nearly one."""
    whole = sorted(filter(None, secrets), key=len, reverse=True)
    nearly = {word for text in sent for word in re.split(r"[ ,]", text)} | {text[:-1] for text in whole}
    nearly |= {text.swapcase() for text in whole}
    long_enough = (text for text in nearly if len(text) >= SHORTEST_REMAINDER)
    return tuple(whole), tuple(sorted(long_enough, key=len, reverse=True))


@lru_cache(maxsize=64)
def _any_of(texts: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return a pattern that finds any of some texts; without one, it finds nothing."""
    return re.compile(b"|".join(re.escape(text.encode()) for text in texts) or b"(?!)")


def _is_told(response: Response, texts: re.Pattern[bytes]) -> bool:
    """Return whether an answer has one of some texts in it."""
    values = (value.encode("utf-8", "replace") for value in response.headers.values())
    return texts.search(response.body) is not None or any(map(texts.search, values))


def _without(response: Response, secret: str, is_whole: bool) -> Response:
    """Return an answer without a text; where that is a whole secret, the answer says where it was met."""
    hidden = secret.encode()
    if hidden and hidden in response.body:
        echoed = "the body" if is_whole else response.echoed
        response = replace(response, body=response.body.replace(hidden, b"$TOKEN"), echoed=echoed)
    for name, value in response.headers.items():
        if secret and secret in value:
            headers = {**response.headers, name: value.replace(secret, "$TOKEN")}
            echoed = f"the header {name}" if is_whole else response.echoed
            response = replace(response, headers=headers, echoed=echoed)
    return response
