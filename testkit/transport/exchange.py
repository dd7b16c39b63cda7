"""Requests and answers as values, with every secret taken out before anybody can print them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from apitwin.testkit.transport.credentials import TOKEN, Credential

Query = tuple[tuple[str, str], ...]

UNREADABLE: Any = object()
"""What a body that is no JSON is read as."""


@dataclass(frozen=True)
class Request:
    """One request to a target. query: decoded pairs; link: an address to be sent as it came instead of both.

    token_in: a query parameter that carries the token, for the law that says a token has no place there.
    body: a JSON value to send, None for no body.
    """

    method: str
    path: str
    query: Query = ()
    credential: Credential = TOKEN
    link: str | None = None
    token_in: str | None = None
    body: Any = None

    @property
    def content(self) -> bytes | None:
        """The bytes of the body, None where there is none."""
        return None if self.body is None else json.dumps(self.body).encode()

    def address(self, base: str, token: str) -> str:
        """Return the whole address; token: what to put where the address carries one."""
        if self.link is not None:
            return self.link
        query = self.query if self.token_in is None else (*self.query, (self.token_in, token))
        return base + self.path + ("?" + urlencode(query, errors="surrogatepass") if query else "")

    def curl(self, base: str) -> str:
        """Return a shell line that sends the same; the token is `$TOKEN`."""
        address = self.address(base, "TOKEN-HERE").replace("TOKEN-HERE", "'\"$TOKEN\"'")
        quoted = f"'{address}'" if "'" not in self.address(base, "") else shlex.quote(address)
        shown = self.credential.shown
        header = "" if shown is None else f' -H "Authorization: {shown}"'
        method = "" if self.method == "GET" else f" -X {self.method}"
        content = self.content
        sent = "" if content is None else f" -H 'Content-Type: application/json' -d {shlex.quote(content.decode())}"
        return f"curl -s{method}{header}{sent} {quoted}"


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


def redacted(response: Response, secrets: tuple[str, ...]) -> Response:
    """Return an answer without the secrets in any spelling, and say where a whole one was met."""
    for secret in secrets:
        whole = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], secret.replace("/", "\\/")}
        # Laws also send tokens that differ in little from the right one; a server may repeat those too.
        nearly = {secret[:-1], secret.swapcase()}
        for text in [*sorted(whole, key=len, reverse=True), *sorted(nearly, key=len, reverse=True)]:
            response = _without(response, text, text in whole)
    return response


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
