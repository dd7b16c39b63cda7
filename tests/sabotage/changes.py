"""Ways to break one step of a twin, each a function of what is done wrong that returns what makes the steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from apitwin.contracts.model import Operation, Pagination, Projection, SortRule
from apitwin.mock_server import STEPS, Backend, Steps
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine import selection
from apitwin.mock_server.engine import steps as correct
from apitwin.mock_server.engine.pagination import window as pagination
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.window import Links
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.messages import Answer, Query, Rejected, encode
from apitwin.mock_server.world.record import Record
from tests.sabotage.constants import FAILURE
from tests.sabotage.sabotage import Around

MakeSteps = Callable[[], Steps]
Records = Sequence[Record]


def replacing(**changed: Any) -> MakeSteps:
    """Replace steps by others."""
    return lambda: replace(STEPS, **changed)


# Windows


def windowing(change: Callable[[int, int], tuple[int, int]], *, uncapped: bool = False) -> MakeSteps:
    """Turn the limit and offset that were asked for into others. uncapped: also one above the maximum."""

    def window(asked: Asked, records: Records) -> Window | Rejected:
        if uncapped:
            rule = asked.rule
            asked = replace(asked, rule=replace(rule, limit=replace(rule.limit, over_maximum="honour")))
        seen = pagination.window(asked, records)
        if isinstance(seen, Rejected) or seen.limit is None:
            return seen
        limit, start = change(seen.limit, seen.start)
        return replace(seen, limit=limit, start=start)

    return replacing(window=window)


def ruling(part: str, **changed: Any) -> MakeSteps:
    """Behave by another rule than the contract's. part: `limit`, `style` or `links`; changed: its members."""

    def other(asked: Asked) -> Asked:
        return replace(asked, rule=replace(asked.rule, **{part: replace(getattr(asked.rule, part), **changed)}))

    def window(asked: Asked, records: Records) -> Window | Rejected:
        return pagination.window(other(asked), records)

    def links(asked: Asked, seen: Window, records: Records) -> Links:
        return pagination.links(other(asked), seen, records)

    return replacing(window=window, links=links)


def cutting(change: Callable[[Sequence[Any], int, int], Sequence[Any]]) -> MakeSteps:
    """Cut another stretch out of the list: (all items, limit, offset) -> the items of the page."""

    def cut(items: Sequence[Any], seen: Window) -> Sequence[Any]:
        return items if seen.limit is None else change(items, seen.limit, seen.start)

    return replacing(cut=cut)


# Envelopes


def counting(change: Callable[[int, int, int], Any]) -> MakeSteps:
    """State another count: (true count, offset, items on the page) -> the count."""

    def envelope(rule: Pagination, seen: Window, count: int, items: Sequence[bytes], links: Links) -> Answer:
        return correct.envelope(rule, seen, change(count, seen.start, len(items)), items, links)

    return replacing(envelope=envelope)


def enveloping(change: Callable[[dict[str, Any]], dict[str, Any]]) -> MakeSteps:
    """Change the body of a page."""

    def envelope(rule: Pagination, seen: Window, count: int, items: Sequence[bytes], links: Links) -> Answer:
        answer = correct.envelope(rule, seen, count, items, links)
        return answer if seen.limit is None else replace(answer, body=encode(change(json.loads(answer.body))))

    return replacing(envelope=envelope)


def from_position(position: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> MakeSteps:
    """Change the items of a list from a position on, whatever page they are on."""

    def envelope(rule: Pagination, seen: Window, count: int, items: Sequence[bytes], links: Links) -> Answer:
        changed = [
            encode(change(json.loads(item))) if place >= position else item
            for place, item in enumerate(items, seen.start)
        ]
        return correct.envelope(rule, seen, count, changed, links)

    return replacing(envelope=envelope)


def showing(change: Callable[[dict[str, Any]], dict[str, Any]]) -> MakeSteps:
    """Change every item that is shown, in lists and alone."""

    def show(records: Iterable[Record], projection: Projection, values: Values) -> list[bytes]:
        return [encode(change(json.loads(item))) for item in correct.show(records, projection, values)]

    return replacing(show=show)


def finishing(change: Callable[[Answer], Answer], *, status: int | None = None) -> MakeSteps:
    """Change answers before they leave. status: only those of one status."""
    return replacing(
        finish=lambda answer, operation, headers: change(answer) if status in (None, answer.status) else answer
    )


# Links


@dataclass(frozen=True)
class Place:
    """A page, as somebody sees it who writes its links."""

    base: str
    query: Query
    seen: Window
    count: int

    @property
    def limit(self) -> int:
        """The limit in effect."""
        return self.seen.limit or 0

    @property
    def offset(self) -> int:
        """The offset in effect."""
        return self.seen.start

    def page(self, number: int | None) -> str:
        """Return the address of the page with a number, without one if it is None."""
        kept = without(self.query, "page")
        return f"{self.base}?{urlencode(kept if number is None else [*kept, ('page', str(number))])}"

    def at(self, offset: int, limit: int | None = None) -> str:
        """Return the address of another page of the same list."""
        kept = [(name, value) for name, value in self.query if name not in ("limit", "offset")]
        paging = [("limit", str(self.limit if limit is None else limit)), ("offset", str(offset))]
        return f"{self.base}?{urlencode([*kept, *paging])}"


def linking(change: Callable[[Links, Place], Links]) -> MakeSteps:
    """Change the links of a page: (right links, place) -> links."""

    def links(asked: Asked, seen: Window, records: Records) -> Links:
        right = pagination.links(asked, seen, records)
        return right if seen.limit is None else change(right, Place(asked.base, asked.query, seen, len(records)))

    return replacing(links=links)


def stating(change: Callable[[dict[str, Any]], dict[str, Any]]) -> MakeSteps:
    """Change what a page says of itself, by the words of its style."""
    return linking(lambda right, place: replace(right, members=change(dict(right.members))))


def next_becoming(change: Callable[[Place], str | None]) -> MakeSteps:
    """Write another next where there is one."""
    return linking(lambda right, place: right if right.next is None else replace(right, next=change(place)))


def previous_becoming(change: Callable[[Place], str | None]) -> MakeSteps:
    """Write another previous where there is one."""
    return linking(lambda right, place: right if right.previous is None else replace(right, previous=change(place)))


def respelling(change: Callable[[str], Any]) -> MakeSteps:
    """Write both links in another way."""

    def other(link: str | None) -> Any:
        return None if link is None else change(link)

    return linking(lambda right, place: replace(right, next=other(right.next), previous=other(right.previous)))


def requerying(change: Callable[[list[tuple[str, str]]], str]) -> MakeSteps:
    """Write the query of both links in another way: decoded pairs -> query string."""

    def other(link: str) -> str:
        start, _, query = link.partition("?")
        return f"{start}?{change(parse_qsl(query, keep_blank_values=True))}"

    return respelling(other)


# Selection


def selecting(change: Callable[[Operation, Values], tuple[Operation, Values]]) -> MakeSteps:
    """Filter, search and sort by other rules or other values."""
    return replacing(
        select=lambda records, operation, values: selection.select(records, *change(operation, values)),
    )


def selecting_late(*parts: str) -> MakeSteps:
    """Cut the page first, and do some parts of the selection (`filters`, `sort`) inside the page."""
    nothing: dict[str, Any] = {"filters": (), "search": None, "sort": None}

    def make() -> Steps:
        asked: dict[str, Any] = {}

        def select(records: Records, operation: Operation, values: Values) -> Records:
            asked.update(operation=operation, values=values)
            return selection.select(records, replace(operation, **{part: nothing[part] for part in parts}), values)

        def cut(items: Records, seen: Window) -> Records:
            others = {part: none for part, none in nothing.items() if part not in parts}
            return selection.select(pagination.cut(items, seen), replace(asked["operation"], **others), asked["values"])

        return replace(STEPS, select=select, cut=cut)

    return make


def sorting(change: Callable[[Records, SortRule, list[str]], Records]) -> MakeSteps:
    """Sort in another way: (records, rule, texts of the sort parameter) -> records."""

    def select(records: Records, operation: Operation, values: Values) -> Records:
        found = selection.select(records, replace(operation, sort=None), values)
        rule = operation.sort
        if rule is None or rule.parameter not in values:
            return found
        asked = values[rule.parameter]
        return change(found, rule, asked if isinstance(asked, list) else [asked])

    return replacing(select=select)


# Around the twin


def asking(change: Callable[[Query], Query]) -> Around:
    """Let the twin see another query than was sent."""
    return lambda twin, answer, request: answer(replace(request, query=tuple(change(request.query))))


def answering(when: Callable[[Request], bool], instead: Answer) -> Around:
    """Answer some requests without the twin."""
    return lambda twin, answer, request: instead if when(request) else answer(request)


def crashing(when: Callable[[Request], bool]) -> Around:
    """Fail on some requests."""
    return answering(when, FAILURE)


def afterwards(change: Callable[[Request, Answer], Answer]) -> Around:
    """Change what the twin answered, knowing the request."""
    return lambda twin, answer, request: change(request, answer(request))


def without(query: Query, *names: str) -> Query:
    """Return a query without some parameters."""
    return tuple(pair for pair in query if pair[0] not in names)


def number(request: Request, name: str) -> int:
    """Return a parameter of a request as a number, -1 where it is none."""
    text = dict(request.query).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 1000 else -1


def has(request: Request, *names: str) -> bool:
    """Return whether a request has one of some parameters."""
    return any(name in names for name, _ in request.query)


def as_administrator(twin: Backend, request: Request) -> Request:
    """Return the same request with the twin's own best token."""
    return replace(request, headers={**request.headers, "authorization": f"Bearer {twin.world.token()}"})


def with_header(answer: Answer, name: str, change: Callable[[str], str]) -> Answer:
    """Return an answer whose header of a name, if it has one, says something else."""
    return replace(answer, headers=tuple((key, change(text) if key == name else text) for key, text in answer.headers))


def with_member(answer: Answer, name: str, value: Any) -> Answer:
    """Return an answer whose body, if it is an object, has another value for one member."""
    body = json.loads(answer.body) if answer.body else None
    return replace(answer, body=encode({**body, name: value})) if isinstance(body, dict) else answer
