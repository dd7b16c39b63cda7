"""What a law holds in its hands: a way to draw values, a way to send, and a way to say what must hold.

What is read from the answers is in `pages` and `walks`, and the claims that several laws make are in `requirements`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urljoin

from hypothesis import strategies

from apitwin.contracts.model import Contract, Operation, Pagination, Response
from apitwin.contracts.parameter_styles import written
from apitwin.contracts.validation import as_json, shortened
from apitwin.testkit.errors import NothingToExamine, OverBudget
from apitwin.testkit.server.answers import AnswerMemory, Key
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.subjects import Subject, subject
from apitwin.testkit.server.verdict import Broken, Finding, Leftovers
from apitwin.testkit.transport.credentials import Credential
from apitwin.testkit.transport.exchange import Exchange, Query, Request
from apitwin.testkit.transport.target import SAFE_METHODS, Target

T = TypeVar("T")
Draw = Callable[[Any, str], Any]

LONGEST_TEXT = 2_000
"""Characters of each text of a finding: an id may have millions."""
MOST_READ = 32 * 2**20
"""Bytes of answers that one example may read (assumed: all of them are kept until it is judged)."""
MOST_WEIGHT = 128 * 2**20
"""Bytes of memory that the answers of one example may take when they have been read, about (assumed)."""
MOST_VALUES = 16 * 2**20
"""Bytes of memory that they may take while nobody looks at them."""
UNKNOWN_MAXIMUM = 100
"""The limit to walk by where the contract knows no maximum."""

WalkMemory = dict[tuple[str, str, Query, int], Any]
"""Walks that were made already, by operation, path, query and limit; `walks` keeps them there."""


class Probe:
    """One examination of one law on one subject.

    exchanges: what was sent and answered, in order. drawn: the values that were drawn, by name, in order. examined:
    whether the law has required anything yet; that an answer can be read as a page is no such requirement. met_items:
    whether a page with items has come.
    """

    def __init__(
        self,
        contract: Contract,
        operation: Operation,
        subject: Subject,
        target: Target,
        draw: Draw,
        memory: WalkMemory,
        budget: int,
        leftovers: Leftovers | None = None,
        answers: AnswerMemory | None = None,
    ) -> None:
        """memory: walks that other examinations made already. budget: requests that this one may send.

        leftovers: where to note what the law made and could not take away. answers: those that other examinations got;
        None where each request is sent.
        """
        self.contract = contract
        self.operation = operation
        self.subject = subject
        self.target = target
        self.memory = memory
        self.leftovers = Leftovers() if leftovers is None else leftovers
        self._answers = answers
        self._asked: set[Key] = set()
        self.exchanges: list[Exchange] = []
        self.drawn: list[tuple[str, Any]] = []
        self.examined = False
        self.met_items = False
        self._draw = draw
        self._budget = budget
        self._read = self._weight = self._forgotten = 0

    @property
    def met_nothing(self) -> bool:
        """Whether the list was empty when it was looked for, and in every page that came since."""
        return self.subject.size == 0 and not self.met_items

    # Drawing and requiring

    def draw(self, strategy: strategies.SearchStrategy[T], name: str) -> T:
        """Draw a value, and remember it under a name for the report."""
        value: T = self._draw(strategy, name)
        self.drawn.append((name, value))
        return value

    def assume(self, holds: bool, missing: str) -> None:
        """Raise NothingToExamine unless this example has what the law speaks of. missing: what that is, as a noun."""
        if not holds:
            raise NothingToExamine(missing)

    def require(
        self,
        holds: bool,
        says: str,
        *,
        expected: Any,
        found: Any,
        shown: Sequence[Exchange],
        fact: str | None = None,
    ) -> None:
        """Raise Broken unless something holds. fact: pointer of the rule, inside the pagination rule if it is one."""
        self.examined = True
        if not holds:
            raise Broken(_finding(says, expected, found, shown, fact, False))

    def require_readable(
        self,
        holds: bool,
        says: str,
        *,
        expected: Any,
        found: Any,
        shown: Sequence[Exchange],
        fact: str | None = None,
    ) -> None:
        """Raise Broken unless an answer can be read, without which no law can say anything of it."""
        if not holds:
            raise Broken(_finding(says, expected, found, shown, fact, True))

    # Rules of the operation

    @property
    def rule(self) -> Pagination:
        """The pagination rule of the operation; laws that use it need one."""
        assert self.operation.pagination is not None, "a pagination law is skipped without a rule"
        return self.operation.pagination

    def fact(self, name: str) -> str:
        """Return the pointer of a fact of the pagination rule, such as `limit/maximum`."""
        return f"{self.rule.pointer}/{name}"

    @property
    def place_fact(self) -> str:
        """The pointer of what the pagination rule says of where a page begins."""
        return self.fact(self.rule.style.key)

    @property
    def walking_limit(self) -> int:
        """The limit to walk by: the maximum where it is known, or the size that every page has."""
        rule = self.rule.limit
        return rule.maximum or (rule.default if rule.parameter is None else None) or UNKNOWN_MAXIMUM

    def query(self, limit: Any = None, position: Position | None = None, extra: Query = ()) -> Query:
        """Return a query: the extra parameters, then the size of the page and where it begins, if they are given."""
        name = self.rule.limit.parameter
        size = () if limit is None or name is None else ((name, str(limit)),)
        return (*extra, *size, *(() if position is None else position.parameters))

    def page(self, limit: Any, position: Position | None = None, extra: Query = ()) -> Exchange:
        """Ask for a page, by its address where the server gave one out and nothing else leads there."""
        if position is not None and position.link is not None:
            return self.follow(urljoin(self.target.base + self.subject.path, position.link))
        return self.send(self.query(limit, position, extra))

    def documented(self, exchange: Exchange) -> Response | None:
        """Return the contract's response for an answer's status, or None."""
        return self.operation.response_to(exchange.response.status)

    def path_with(self, name: str, text: str) -> str:
        """Return the subject's path with another value for one of its parameters."""
        return subject(self.operation, {**dict(self.subject.values), name: text}).path

    @property
    def credential(self) -> Credential:
        """What a valid request to the operation shows."""
        return self.credential_for(self.operation)

    def credential_for(self, operation: Operation) -> Credential:
        """Return what a valid request to another operation shows."""
        return self.target.credential(operation.security)

    # Sending

    def send(
        self,
        query: Query = (),
        *,
        credential: Credential | None = None,
        method: str | None = None,
        path: str | None = None,
        body: Any = None,
    ) -> Exchange:
        """Send one request to the operation; what is not given is as in a valid request.

        query: a pair for each value, which are joined where the contract says so.
        """
        names = {name for name, _ in query}
        required = tuple((name, value) for name, value in self.subject.query if name not in names)
        return self._send(
            Request(
                method or self.operation.method,
                path or self.subject.path,
                written(self.operation.parameters, (*required, *query)),
                credential or self.credential,
                body=body,
            )
        )

    def follow(self, link: str) -> Exchange:
        """Send the address of a link, as it came."""
        return self._send(Request("GET", self.subject.path, (), self.credential, link=link))

    def allow(self, requests: int) -> None:
        """Let this examination send some more requests, beyond its budget: to put in order what it changed."""
        self._budget = max(self._budget, len(self.exchanges) + requests)

    def forget_values(self) -> None:
        """Give back what the answers take in memory beside their bytes, where that is much.

        Exceptions hold the frames that they went through, in circles that Python only looks for now and then: by the
        number of objects, however large they are.
        """
        if self._weight - self._forgotten > MOST_VALUES:
            for exchange in self.exchanges:
                exchange.response.forget_value()
            self._forgotten = self._weight
            gc.collect()

    def _send(self, request: Request) -> Exchange:
        if len(self.exchanges) >= self._budget:
            raise OverBudget(f"one example needs more than {self._budget} requests")
        if self._read > MOST_READ or self._weight > MOST_WEIGHT:
            raise OverBudget(f"one example reads more than {MOST_READ >> 20} MiB of answers, or more values than fit")
        self.forget_values()
        exchange = self._answered(request)
        self._read += len(exchange.response.body)
        self._weight += exchange.response.weight
        self.exchanges.append(exchange)
        return exchange

    def _answered(self, request: Request) -> Exchange:
        """Send a request, or return the answer that came to the same one in another examination.

        What one examination asks twice is sent twice: then it matters whether the answers agree. After it sent what may
        have changed something, nothing is remembered.
        """
        if request.method not in SAFE_METHODS:
            self._answers = None
        if self._answers is None or request.method != "GET" or request.body is not None:
            return self.target.send(request)
        key = AnswerMemory.key(request, self.target)
        if key in self._asked:
            return self.target.send(request)
        self._asked.add(key)
        return self._answers.answered(key, request, self.target)


def _finding(
    says: str, expected: Any, found: Any, shown: Sequence[Exchange], fact: str | None, is_unreadable: bool
) -> Finding:
    says, wanted, came = (shortened(text, LONGEST_TEXT) for text in (says, _text(expected), _text(found)))
    return Finding(says, wanted, came, fact, tuple(dict.fromkeys(shown)), is_unreadable)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
