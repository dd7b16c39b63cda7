"""How VIKTOR's official Python client talks: its headers, its pages, and what it raises for a status."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import requests

from tests.viktor.refusals import require_success

LIMIT = 100
HEADERS: Mapping[str, str] = {
    "User-Agent": "viktor-sdk/14.36.2",
    "Content-Type": "application/json",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
}
"""What comes with every call, GET too, besides the token."""
T = TypeVar("T")
Query = Sequence[tuple[str, object]]
Values = Mapping[str, Any]


def needed(values: Values, *names: str) -> dict[str, Any]:
    """Return the members that the client reads. Raises KeyError where one is not there, as that one does."""
    return {name: values[name] for name in names}


def said(value: bool) -> str:
    """Return a flag as it is sent about entities."""
    return "true" if value else "false"


@dataclass(frozen=True)
class Sent:
    """One request as it went over the wire, and the status of its answer."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | str | None
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path.removeprefix('/api/')}"


class Pages(Generic[T]):
    """A list of the client: it asks for what is needed of it, a hundred rows at a time, and follows no link."""

    def __init__(self, fetch: Callable[[int, int], Any], made: Callable[[Values], T], count: Any = None) -> None:
        """fetch: a page by limit and offset; count: the same for the number of rows, where that is asked otherwise."""
        self._fetch = fetch
        self._made = made
        self._count = count or fetch

    def __iter__(self) -> Iterator[T]:
        offset = 0
        while True:
            page = self._fetch(LIMIT, offset)
            yield from (self._made(item) for item in page["results"])
            offset += LIMIT
            if offset >= page["count"] or not page["results"]:
                return

    def __len__(self) -> int:
        number = self._count(1, 0)["count"]
        assert isinstance(number, int), number
        return number

    def __getitem__(self, index: int) -> T:
        if not isinstance(index, int):
            raise TypeError("a list of the client takes no slices")
        at = index if index >= 0 else len(self) + index
        rows = self._fetch(1, at)["results"] if at >= 0 else []
        if not rows:
            raise IndexError(index)
        return self._made(rows[0])


@dataclass
class Wire:
    """What sends requests with one token, and keeps a list of them. wait: what passes the time between two polls."""

    url: str
    token: str | None
    wait: Callable[[float], None] = time.sleep
    sent: list[Sent] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    def send(self, method: str, path: str, query: Query = (), body: Any = None) -> requests.Response:
        """Send one request below /api/ and follow where it leads."""
        address = f"{self.url}/api/{path}" + (f"?{urlencode(query)}" if query else "")
        bearer = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        response = requests.request(method, address, headers={**HEADERS, **bearer}, json=body, timeout=10)
        for hop in (*response.history, response):
            was = hop.request
            self.sent.append(Sent(str(was.method), was.path_url, dict(was.headers), was.body, hop.status_code))
        return response

    def ask(
        self, kind: str, method: str, path: str, query: Query = (), body: Any = None, identity: object = ""
    ) -> requests.Response:
        """Send one request; raise for its status what the client raises for that kind."""
        response = self.send(method, path, query, body)
        require_success(kind, response.status_code, identity)
        return response

    def get(self, kind: str, path: str, query: Query = ()) -> Any:
        """Return the JSON of a GET."""
        return self.ask(kind, "GET", path, query).json()

    @property
    def asked(self) -> list[str]:
        """Every request so far, as `METHOD path?query` below /api/."""
        return [str(exchange) for exchange in self.sent]
