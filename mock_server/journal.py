"""Every exchange a twin had, the latest ones, without any token; and what a test expects of them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from apitwin.contracts.nearest import instead
from apitwin.contracts.secret_names import is_secret, without_secret_members
from apitwin.contracts.security.scheme import Security
from apitwin.contracts.security.spellings import HIDDEN as HIDDEN_TOKEN
from apitwin.contracts.security.spellings import Spellings
from apitwin.mock_server.errors import HIDDEN, TwinError
from apitwin.mock_server.messages import Answer, Request
from apitwin.mock_server.world.world import Token, World

__tracebackhide__ = HIDDEN
MOST_EXCHANGES = 1000
"""Exchanges that are kept."""
MOST_BODY_BYTES = 262144
"""Bytes of a body that are kept."""
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of all bodies together; for a newer one the oldest are left out."""
UNSECURED = Security()
MOST_SHOWN = 12
"""Exchanges that a failed expectation shows."""

Query = Mapping[str, Any]
Wanted = list[tuple[str, Any]]


@dataclass(frozen=True)
class Entry:
    """One exchange.

    operation: its id, None where no operation has that path and method; query: decoded pairs; fault: the name of the
    fault that was done to it, None where it was answered honestly; body, answer: the beginning of both bodies;
    at_s: when it was answered, on a clock that only goes forward; bodies_left_out: whether newer bodies needed the room
    of these two.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    operation: str | None
    status: int
    fault: str | None = None
    body: str = ""
    answer: str = ""
    at_s: float = 0.0
    bodies_left_out: bool = False

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query)
        asked = f"{self.method} {self.path}{'?' + query if query else ''}"
        return f"{asked} -> {self.status}{f' ({self.fault})' if self.fault else ''}"


class Exchange:
    """An exchange whose entry is made when somebody asks for it, for most are never looked at.

    To search two bodies for every secret costs more than to answer a page. Until then nothing of it can be read here,
    and afterwards only the entry is kept.
    """

    __slots__ = ("_held", "operation", "size")

    def __init__(
        self,
        request: Request,
        operation: str | None,
        answer: Answer,
        fault: str | None,
        at_s: float,
        world: World,
        security: Security = UNSECURED,
    ) -> None:
        """world: whose tokens are secrets, as they are now; of the request no header is kept. security: whose
        parameters carry secrets.
        """
        asked = (request.method, request.path, request.query, request.body[:MOST_BODY_BYTES])
        told = (operation, answer.status, fault, answer.body[:MOST_BODY_BYTES], at_s)
        tokens = world.tokens
        self.operation = operation
        self.size = len(asked[3]) + len(told[3])
        self._held: Entry | Callable[[bool], Entry] = lambda bodies: _entry(asked, told, tokens, security, bodies)

    def entry(self) -> Entry:
        """Return the entry, without any token."""
        held = self._held
        if not isinstance(held, Entry):
            held = self._held = held(True)
        return held

    def leave_bodies_out(self) -> None:
        """Forget both bodies, and say so in the entry."""
        held = self._held
        entry = held if isinstance(held, Entry) else held(False)  # no body is searched to be dropped
        self._held, self.size = replace(entry, body="", answer="", bodies_left_out=True), 0


def _entry(
    asked: tuple[str, str, Sequence[tuple[str, str]], bytes],
    told: tuple[str | None, int, str | None, bytes, float],
    tokens: Iterable[Token],
    security: Security,
    bodies: bool,
) -> Entry:
    secrets = _spellings(tuple(tokens))
    method, path, query, body = asked
    operation, status, fault, answer, at_s = told
    return Entry(
        method=method,
        path=secrets.without(path),
        query=tuple(
            (
                secrets.without(name),
                HIDDEN_TOKEN if security.carries("query", name) or is_secret(name) else secrets.without(value),
            )
            for name, value in query
        ),
        operation=operation,
        status=status,
        fault=fault,
        body=_shown_body(secrets, body) if bodies else "",
        answer=_shown_body(secrets, answer) if bodies else "",
        at_s=at_s,
    )


@lru_cache(maxsize=8)
def _spellings(tokens: tuple[Token, ...]) -> Spellings:
    """Return what tells the tokens of a world, which stay the same for most exchanges."""
    return Spellings.of(text for token in tokens for text in token.texts)


def _shown_body(secrets: Spellings, body: bytes) -> str:
    return without_secret_members(secrets.without(body.decode("utf-8", "replace")))


class Unexpected(AssertionError, TwinError):
    """The exchanges were not those that a test expects. The text says which came instead, and the nearest of them."""

    def __init__(self, problem: str) -> None:
        AssertionError.__init__(self, problem)


class Journal:
    """The last exchanges, oldest first. Safe under threads."""

    def __init__(
        self, operations: Collection[str] | None = None, most: int = MOST_EXCHANGES, most_bytes: int = MOST_BYTES
    ) -> None:
        """operations: the ids that can be asked for, None for any. most: how many exchanges are kept. most_bytes: of
        their bodies, all together.
        """
        self._operations = operations
        self._entries: deque[Entry | Exchange] = deque(maxlen=most)
        self._with_bodies: deque[Exchange] = deque()
        self._bytes, self._most_bytes = 0, most_bytes
        self._adding = threading.Lock()

    def add(self, entry: Entry | Exchange) -> None:
        """Keep one exchange; the oldest one goes where there is no more room, and the oldest bodies before."""
        with self._adding:
            is_full = len(self._entries) == self._entries.maxlen
            if is_full and self._with_bodies and self._entries[0] is self._with_bodies[0]:
                self._bytes -= self._with_bodies.popleft().size
            self._entries.append(entry)
            if isinstance(entry, Exchange):
                self._with_bodies.append(entry)
                self._bytes += entry.size
                while self._bytes > self._most_bytes:
                    oldest = self._with_bodies.popleft()
                    self._bytes -= oldest.size
                    oldest.leave_bodies_out()

    def _kept(self) -> tuple[Entry, ...]:
        return tuple(entry.entry() if isinstance(entry, Exchange) else entry for entry in self._entries.copy())

    def clear(self) -> None:
        """Forget everything."""
        with self._adding:
            self._entries.clear()
            self._with_bodies.clear()
            self._bytes = 0

    def count(self, operation: str | None = None) -> int:
        """Return how many exchanges are kept, of all operations or of one, without making their entries."""
        if operation is None:
            return len(self._entries)
        return sum(entry.operation == operation for entry in self._entries.copy())

    def entries(
        self,
        operation: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        query: Query | None = None,
    ) -> tuple[Entry, ...]:
        """Return what is kept, oldest first: all of it, or what fits every word that is given.

        query: pairs that a request must have, among others: a text, several in their order for a parameter that is
        repeated, None for one that must not be there. Raises TwinError for an operation that is none, with the nearest
        ones, and for a status that is no number.
        """
        wanted = self._wanted(operation, method, path, status, query)
        return tuple(entry for entry in self._kept() if not _misses(entry, wanted))

    def unmatched(self) -> tuple[Entry, ...]:
        """Return the requests that matched no operation of the contract."""
        return tuple(entry for entry in self._kept() if entry.operation is None)

    def expect(
        self,
        operation: str | None = None,
        *,
        times: int | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        query: Query | None = None,
    ) -> tuple[Entry, ...]:
        """Return the exchanges that fit; fail where there is none, or not as many as `times` says.

        Raises Unexpected, an AssertionError that shows what came instead and the nearest miss; and TwinError for words
        that nothing could ever fit.
        """
        if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 0):
            raise TwinError(f"journal: found times={times!r}; expected a whole number, 0 or more")
        wanted = self._wanted(operation, method, path, status, query)
        kept = self._kept()
        fitting = tuple(entry for entry in kept if not _misses(entry, wanted))
        if (times is None and fitting) or len(fitting) == times:
            return fitting
        expected = "at least one exchange" if times is None else f"{times} exchange{'' if times == 1 else 's'}"
        words = ", ".join(f"{name} {_shown(value)}" for name, value in wanted) or "anything"
        gone = f" (only the last {len(kept)} exchanges are kept)" if len(kept) == self._entries.maxlen else ""
        first = f"expected {expected} with {words}; there were {len(fitting)}{gone}"
        raise Unexpected("\n".join(_near_miss(first, kept, wanted)))

    def _wanted(
        self,
        operation: str | None,
        method: str | None,
        path: str | None,
        status: int | None,
        query: Query | None,
    ) -> Wanted:
        if operation is not None and self._operations is not None and operation not in self._operations:
            raise TwinError(f"journal: no operation {operation!r}; {instead(operation, self._operations)}")
        if status is not None and (isinstance(status, bool) or not isinstance(status, int)):
            raise TwinError(f"journal: found status={status!r}; expected a number such as 200")
        words = {"operation": operation, "method": method, "path": path, "status": status}
        pairs = [(f"query {name}", _texts(value)) for name, value in (query or {}).items()]
        return [*((name, value) for name, value in words.items() if value is not None), *pairs]

    def as_json(self, bodies: bool = False) -> list[dict[str, Any]]:
        """Return what is kept as JSON values; bodies: with the beginnings of the bodies, which may be long."""
        return [_as_json(entry, bodies) for entry in self._kept()]


def _as_json(entry: Entry, bodies: bool) -> dict[str, Any]:
    left_out = {"at_s"} if bodies else {"at_s", "body", "answer"}
    if not (bodies and entry.bodies_left_out):
        left_out |= {"bodies_left_out"}
    return {name: value for name, value in asdict(entry).items() if name not in left_out}


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(text) for text in value] if isinstance(value, (list, tuple)) else [str(value)]


def _shown(value: Any) -> str:
    return " and ".join(map(repr, value)) or "left out" if isinstance(value, list) else repr(value)


def _misses(entry: Entry, wanted: Wanted) -> list[str]:
    """Return what an exchange lacks, in words; nothing where it fits."""
    misses: list[str] = []
    for name, value in wanted:
        if name.startswith("query "):
            texts = [text for key, text in entry.query if key == name.removeprefix("query ")]
            if value != texts and not (len(value) == 1 and value[0] in texts):
                misses.append(f"{name} was {_shown(texts)}")
        elif getattr(entry, name) != value:
            misses.append(f"{name} was {getattr(entry, name)!r}")
    return misses


def _near_miss(first: str, kept: tuple[Entry, ...], wanted: Wanted) -> Iterable[str]:
    yield first
    if not kept:
        yield "  nothing was asked at all"
        return
    nearest = min(kept, key=lambda entry: len(_misses(entry, wanted)))
    if _misses(nearest, wanted):
        yield f"  nearest: {nearest}"
        yield f"           but {', '.join(_misses(nearest, wanted))}"
    yield f"  what came{f', the last {MOST_SHOWN} of {len(kept)}' if len(kept) > MOST_SHOWN else ''}:"
    for entry in kept[-MOST_SHOWN:]:
        yield f"    {'*' if not _misses(entry, wanted) else ' '} {entry}"
