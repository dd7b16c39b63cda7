"""Clients that fail where a server does what servers may do, and seldom do."""

from __future__ import annotations

from dataclasses import dataclass

from tests.clients.zoo.asking import ENTITIES, LIMIT, TIMEOUT_S, Items, get, session
from tests.clients.zoo.correct import Wrong


def takes_one_item_for_the_last(base: str, token: str) -> Items:
    client, offset, results = session(token), 0, [None, None]
    while len(results) > 1:
        results = get(client, base + ENTITIES, limit=LIMIT, offset=offset)["results"]
        yield from results
        offset += len(results)
    if results:
        yield from get(client, base + ENTITIES, limit=1, offset=offset)["results"]


def strides_by_the_first_page(base: str, token: str) -> Items:
    client = session(token)
    page = get(client, base + ENTITIES, limit=LIMIT, offset=0)
    yield from page["results"]
    stride = max(1, len(page["results"]))
    for offset in range(stride, page["count"], stride):
        yield from get(client, base + ENTITIES, limit=stride, offset=offset)["results"]


@dataclass
class RemembersThePageSize:
    """Finds the server's page size out once, and believes in it from then on."""

    stride: int | None = None

    def __call__(self, base: str, token: str) -> Items:
        client = session(token)
        page = get(client, base + ENTITIES, limit=LIMIT, offset=0)
        items, count = list(page["results"]), page["count"]
        self.stride = self.stride or (len(items) if len(items) < count else None)
        stride = self.stride or max(1, len(items))
        for offset in range(stride, count, stride):
            items += get(client, base + ENTITIES, limit=stride, offset=offset)["results"]
        return items


def takes_an_empty_page_for_the_end(base: str, token: str) -> Items:
    client, page = session(token), get(session(token), base + ENTITIES, limit=LIMIT)
    while page["results"]:
        yield from page["results"]
        if page["next"] is None:
            return
        answer = client.get(page["next"], timeout=TIMEOUT_S)
        answer.raise_for_status()
        page = answer.json()


def fails_at_an_empty_page(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=offset)
        count = page["count"]
        if count and not page["results"]:
            raise Wrong("a page without items")
        yield from page["results"]
        offset += max(1, len(page["results"]))
