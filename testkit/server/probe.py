"""What a law holds in its hands: a way to draw values, a way to send, and pages read without believing them.

A law asks for pages and walks; where the server gives something that is no page, the probe itself says so. It never
uses the server's own count or links to decide when to stop: a walk ends at an empty page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import strategies

from apitwin.contracts import pointers
from apitwin.contracts.model import Contract, Operation, Pagination, Response
from apitwin.contracts.validation import as_json
from apitwin.testkit.errors import NothingToCompare, OverBudget
from apitwin.testkit.server.subjects import Subject, subject
from apitwin.testkit.server.verdict import Broken, Finding, Left
from apitwin.testkit.transport.credentials import Credential
from apitwin.testkit.transport.exchange import UNREADABLE, Exchange, Query, Request
from apitwin.testkit.transport.target import Target

T = TypeVar("T")
Draw = Callable[[Any, str], Any]

MOST_WALKED = 200
"""Pages in one walk, at most."""
UNKNOWN_MAXIMUM = 100
"""The limit to walk by where the contract knows no maximum."""


@dataclass(frozen=True)
class Page:
    """A page as it came. ids: the identity of each item, as text; count, next and previous may be anything."""

    items: tuple[Any, ...]
    ids: tuple[str, ...]
    count: Any
    next: Any
    previous: Any
    exchange: Exchange


@dataclass(frozen=True)
class Walk:
    """The items met from offset 0 to the first empty page, advancing by what arrived.

    again: an item met twice, where the walk stopped. broken: the page that could not be read, where it stopped.
    """

    pages: tuple[Page, ...]
    items: tuple[Any, ...]
    ids: tuple[str, ...]
    again: str | None
    broken: Broken | None = None

    def page_of(self, identity: str) -> list[Exchange]:
        """Return the exchanges whose page holds an item."""
        return [one.exchange for one in self.pages if identity in one.ids]

    def around(self, identity: str, ids: Sequence[str]) -> list[Exchange]:
        """Return the exchanges between which an item is missing that `ids` has in its place."""
        at = ids.index(identity)
        before = next((one for one in reversed(ids[:at]) if one in self.ids), None)
        after = next((one for one in ids[at + 1 :] if one in self.ids), None)
        pages = [one for neighbour in (before, after) if neighbour is not None for one in self.page_of(neighbour)[:1]]
        return pages if after is not None else [*pages, *(one.exchange for one in self.pages[-1:])]


Memo = dict[Any, Walk]


class Probe:
    """One examination of one law on one subject."""

    def __init__(
        self,
        contract: Contract,
        operation: Operation,
        subject: Subject,
        target: Target,
        draw: Draw,
        memo: Memo,
        budget: int,
        left: Left | None = None,
    ) -> None:
        """memo: walks that other examinations made already. budget: requests that this one may send.

        left: where to tell what the law made and could not take away.
        """
        self.contract = contract
        self.operation = operation
        self.subject = subject
        self.target = target
        self.exchanges: list[Exchange] = []
        self.drawn: list[tuple[str, Any]] = []
        self.left = Left() if left is None else left
        self._draw = draw
        self._memo = memo
        self._budget = budget

    # Drawing and requiring

    def draw(self, strategy: strategies.SearchStrategy[T], name: str) -> T:
        """Draw a value, and remember it under a name for the report."""
        value: T = self._draw(strategy, name)
        self.drawn.append((name, value))
        return value

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
        if not holds:
            raise Broken(Finding(says, _told(expected), _told(found), fact, tuple(dict.fromkeys(shown))))

    def require_status(self, exchange: Exchange, allowed: Collection[int], says: str, fact: str | None = None) -> None:
        """Require one of some statuses; an empty collection stands for any below 500."""
        status = exchange.response.status
        self.require(
            status in allowed if allowed else status < 500,
            says,
            expected=f"status {' or '.join(map(str, sorted(allowed)))}" if allowed else "an answer below 500",
            found=f"status {status}: {exchange.response.text[:160]}",
            shown=[exchange],
            fact=fact,
        )

    def require_class(self, exchange: Exchange, operation: Operation, leading: int, says: str, fact: str) -> None:
        """Require a status of a class, such as 2 for success, that the contract documents for an operation."""
        response, keys = exchange.response, operation.of_class(leading)
        self.require(
            operation.expects(response.status, leading),
            says,
            expected=f"status {' or '.join(keys)}" if keys and keys != ("default",) else f"status {leading}XX",
            found=f"status {response.status}: {response.text[:160]}",
            shown=[exchange],
            fact=fact if keys else None,
        )

    def require_items(self, page: Page, ids: Sequence[str], says: str, fact: str, against: Walk | None = None) -> None:
        """Require that a page holds just these items, in this order. against: the walk that has them so."""
        wrong = next((one for at, one in enumerate(ids) if page.ids[at : at + 1] != (one,)), None)
        compared = against.page_of(wrong)[:1] if against is not None and wrong is not None else []
        self.require(
            page.ids == tuple(ids),
            says,
            expected=f"{len(ids)} items: {list(ids[:8])}",
            found=f"{len(page.ids)} items: {list(page.ids[:8])}",
            shown=[*compared, page.exchange],
            fact=fact,
        )

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
    def page_maximum(self) -> int | None:
        """The most items a page has, None where there is no such number. Where it is not known, the walk shows it."""
        rule = self.rule.limit
        if rule.maximum is not None or rule.over_maximum != "unspecified":
            return None if rule.over_maximum in ("honour", "unspecified") else rule.maximum
        pages = self._remembered(()).pages
        first = len(pages[0].ids) if pages else 0
        return first if 0 < first < self.walking_limit and len(self.met) > first else None

    @property
    def walking_limit(self) -> int:
        """The limit to walk by: the maximum where it is known."""
        return self.rule.limit.maximum or UNKNOWN_MAXIMUM

    def length(self, limit: int, offset: int, total: int) -> int:
        """Return how many items a page must have."""
        return max(0, min(limit, self.page_maximum if self.page_maximum is not None else limit, total - offset))

    # Sending

    def send(
        self,
        query: Query = (),
        *,
        credential: Credential | None = None,
        method: str | None = None,
        path: str | None = None,
        token_in: str | None = None,
        body: Any = None,
    ) -> Exchange:
        """Send one request to the operation; what is not said is as a valid request has it."""
        named = {name for name, _ in query}
        required = tuple(one for one in self.subject.query if one[0] not in named)
        return self._send(
            Request(
                method or self.operation.method,
                path or self.subject.path,
                (*required, *query),
                credential or self.target.default,
                token_in=token_in,
                body=body,
            )
        )

    def follow(self, link: str) -> Exchange:
        """Send the address of a link, as it came."""
        return self._send(Request("GET", self.subject.path, (), self.target.default, link=link))

    def allow(self, requests: int) -> None:
        """Let this examination send some more requests, beyond its budget: to put in order what it changed."""
        self._budget = max(self._budget, len(self.exchanges) + requests)

    def _send(self, request: Request) -> Exchange:
        if len(self.exchanges) >= self._budget:
            raise OverBudget(f"one example needs more than {self._budget} requests")
        exchange = self.target.send(request)
        self.exchanges.append(exchange)
        return exchange

    def path_with(self, name: str, text: str) -> str:
        """Return the subject's path with another value for one of its parameters."""
        return subject(self.operation, {**dict(self.subject.values), name: text}).path

    # Reading

    def documented(self, exchange: Exchange) -> Response | None:
        """Return the contract's response for an answer's status, or None."""
        return self.operation.response_to(exchange.response.status)

    def query(self, limit: Any = None, offset: Any = None, extra: Query = ()) -> Query:
        """Return a query: the extra parameters, then limit and offset where they are given."""
        paging = ((self.rule.limit.parameter, limit), (self.rule.offset.parameter, offset))
        return (*extra, *((name, str(value)) for name, value in paging if value is not None))

    def page(self, limit: Any, offset: Any = None, extra: Query = ()) -> Page:
        """Ask for a page and read it. Raises Broken when the answer is none."""
        return self.read_page(self.send(self.query(limit, offset, extra)))

    def read_page(self, exchange: Exchange) -> Page:
        """Read an answer as a page. Raises Broken when it is none."""
        self.require(
            exchange.response.status == 200,
            f"a valid request for a page is answered with status {exchange.response.status}",
            expected="status 200 with a page",
            found=f"status {exchange.response.status}: {exchange.response.text[:200]}",
            shown=[exchange],
        )
        envelope, value = self.rule.envelope, exchange.value
        results = pointers.find(value, envelope.results, UNREADABLE) if value is not UNREADABLE else UNREADABLE
        self.require(
            isinstance(results, list),
            f"a page has no array at {envelope.results or 'its root'}",
            expected=f"an array at {envelope.results or 'the root'}, also when it is empty",
            found=exchange.response.text[:200],
            shown=[exchange],
            fact=self.fact("envelope"),
        )
        count = envelope.count
        if count is not None and count.startswith("header:"):
            text = exchange.response.headers.get(count.removeprefix("header:").lower())
            stated: Any = int(text) if text is not None and text.isascii() and text.isdigit() else text
        else:
            stated = None if count is None else pointers.find(value, count)
        return Page(
            items=tuple(results),
            ids=tuple(self.identity(one) for one in results),
            count=stated,
            next=None if envelope.next is None else pointers.find(value, envelope.next),
            previous=None if envelope.previous is None else pointers.find(value, envelope.previous),
            exchange=exchange,
        )

    def identity(self, item: Any) -> str:
        """Return what tells an item from the others, as text: its identity, or all of it where it has none."""
        collection = self.operation.collection
        value = None if collection is None else pointers.find(item, collection.identity)
        return str(value) if value is not None else json.dumps(item, sort_keys=True)

    def identity_in(self, exchange: Exchange) -> str | None:
        """Return the identity of the one thing that an answer is, None where it is no JSON object with one."""
        collection, value = self.operation.collection, exchange.value
        known = collection is not None and isinstance(value, dict)
        found = pointers.find(value, collection.identity) if known and collection is not None else None
        is_one = isinstance(found, (str, int)) and not isinstance(found, bool) and found != ""
        return str(found) if is_one else None

    def walk(self, limit: int, extra: Query = ()) -> Walk:
        """Walk from offset 0 to the first empty page. Stops at a page with an item met before.

        Raises Broken where a page cannot be read, OverBudget after too many pages.
        """
        walk = self._walked(limit, extra)
        if walk.broken is not None:
            raise walk.broken
        return walk

    def _walked(self, limit: int, extra: Query) -> Walk:
        pages: list[Page] = []
        met: dict[str, None] = {}
        offset, again, broken = 0, None, None
        while again is None:
            if len(pages) == MOST_WALKED:
                raise OverBudget(f"the collection has more than {offset} items; too many to walk")
            exchange = self.send(self.query(limit, offset, extra))
            if self._is_end(exchange, offset):
                break
            try:
                page = self.read_page(exchange)
            except Broken as error:
                broken = error
                break
            pages.append(page)
            if not page.items:
                break
            again = next((one for index, one in enumerate(page.ids) if one in met or one in page.ids[:index]), None)
            met.update(dict.fromkeys(page.ids))
            offset += len(page.items)
        items = tuple(item for page in pages for item in page.items)
        return Walk(tuple(pages), items, tuple(one for page in pages for one in page.ids), again, broken)

    def _is_end(self, exchange: Exchange, offset: int) -> bool:
        refused = self.contract.errors["invalid-parameter"].status
        return offset > 0 and self.rule.offset.past_end == "reject" and exchange.response.status == refused

    def reference(self, extra: Query = ()) -> Walk:
        """Return the walk by the largest page, to compare with; made once for all laws.

        Raises NothingToCompare when it meets an item twice, or a page that cannot be read: then there is no telling
        what the collection is.
        """
        walk = self._remembered(extra)
        if walk.again is not None or walk.broken is not None:
            why = f"item {walk.again} comes twice" if walk.broken is None else walk.broken.finding.says
            raise NothingToCompare(f"the walk to compare with is itself broken ({why}); see the law partition")
        return walk

    @property
    def met(self) -> tuple[str, ...]:
        """The items that the walk meets, each once, also where it does not end as it should."""
        return tuple(dict.fromkeys(self._remembered(()).ids))

    def _remembered(self, extra: Query) -> Walk:
        key = (self.operation.id, self.subject.path, extra)
        if key not in self._memo:
            self._memo[key] = self._walked(self.walking_limit, extra)
        return self._memo[key]

    def require_same(self, walk: Walk, ids: Sequence[str], says: str, fact: str) -> None:
        """Require that a walk met just these items, in any order; a report shows where one is missing or too many."""
        met, wanted = set(walk.ids), set(ids)
        missing = [one for one in ids if one not in met]
        added = [one for one in walk.ids if one not in wanted]
        shown = walk.around(missing[0], ids) if missing else walk.page_of(added[0]) if added else []
        self.require(
            not missing and not added,
            says,
            expected=f"{len(ids)} items",
            found=f"{len(walk.ids)} items; missing {missing[:5]}, too many {added[:5]}",
            shown=shown,
            fact=fact,
        )

    def without_volatile_members(self, value: Any) -> Any:
        """Return a body without the members that the contract calls volatile, which reading itself may change."""
        collection = self.operation.collection
        volatile = () if collection is None else collection.volatile
        if isinstance(value, list):
            return [self.without_volatile_members(one) for one in value]
        if isinstance(value, dict):
            results = self.operation.pagination.envelope.results if self.operation.pagination is not None else ""
            kept = {name: one for name, one in value.items() if name not in volatile}
            name = results.removeprefix("/")
            return (
                {**kept, name: self.without_volatile_members(kept[name])} if isinstance(kept.get(name), list) else kept
            )
        return value

    def require_once(self, walk: Walk) -> None:
        """Require that a walk met no item twice."""
        self.require(
            walk.again is None,
            f"the walk by pages meets item {walk.again} twice",
            expected="every item once",
            found=f"item {walk.again} on {len(walk.page_of(walk.again or ''))} pages, or twice on one",
            shown=walk.page_of(walk.again or ""),
            fact=self.fact("offset"),
        )


def _told(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
