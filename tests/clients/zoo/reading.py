"""Clients that lose items, read them twice, or never end, where the server does nothing unusual."""

from __future__ import annotations

from typing import Any

from tests.clients.zoo.asking import ENTITIES, LIMIT, TIMEOUT_S, WORKSPACES, Items, get, session
from tests.clients.zoo.correct import walks_by_offset


def strides_by_the_limit_asked_for(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=offset)
        count = page["count"]
        yield from page["results"]
        offset += LIMIT


def stops_at_a_short_page(base: str, token: str) -> Items:
    client, offset = session(token), 0
    while True:
        results = get(client, base + ENTITIES, limit=LIMIT, offset=offset)["results"]
        yield from results
        offset += len(results)
        if len(results) < LIMIT:
            return


def keeps_one_of_each_name(base: str, token: str) -> Items:
    return list({item["name"]: item for item in walks_by_offset(base, token)}.values())


def looks_one_item_ahead(base: str, token: str) -> Items:
    client, offset, more = session(token), 0, True
    while more:
        results = get(client, base + ENTITIES, limit=LIMIT + 1, offset=offset)["results"]
        more = len(results) > LIMIT
        yield from results[:LIMIT]
        offset += LIMIT


def compares_with_another_page_size(base: str, token: str) -> Items:
    client, offset = session(token), 0
    while True:
        results = get(client, base + ENTITIES, limit=25, offset=offset)["results"]
        yield from results
        offset += len(results)
        if len(results) < LIMIT:
            return


def steps_one_item_short(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = get(client, base + ENTITIES, limit=25, offset=offset)
        count = page["count"]
        yield from page["results"]
        offset += len(page["results"]) - (1 if page["next"] else 0)


def drops_its_filter_on_page_two(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    params: dict[str, Any] = {"visibility": "PRIVATE"}
    while offset < count:
        page = get(client, base + WORKSPACES, limit=LIMIT, offset=offset, **params)
        if not page["results"]:
            return
        count, params = page["count"], {}
        yield from page["results"]
        offset += len(page["results"])


def sends_its_parameters_twice(base: str, token: str) -> Items:
    client, params = session(token), {"limit": LIMIT, "visibility": "PRIVATE"}
    address, seen = base + WORKSPACES, set[str]()
    while address and address not in seen:
        seen.add(address)
        page = get(client, address, **params)
        yield from page["results"]
        address = page["next"]


def asks_for_everything_at_last(base: str, token: str) -> Items:
    client = session(token)
    page = get(client, base + ENTITIES, limit=25, offset=0)
    if page["next"] is None:
        return list(page["results"])
    rest = client.get(base + ENTITIES, timeout=TIMEOUT_S)
    rest.raise_for_status()
    return list(rest.json())


def asks_for_the_rest_at_once(base: str, token: str) -> Items:
    client = session(token)
    page = get(client, base + ENTITIES, limit=25, offset=0)
    items = list(page["results"])
    while len(items) < page["count"]:
        rest = get(client, base + ENTITIES, limit=page["count"], offset=len(items))
        if not rest["results"]:
            break
        items += rest["results"]
    return items


def stops_at_a_thousand(base: str, token: str) -> Items:
    return list(walks_by_offset(base, token))[:1000]


def follows_a_link_for_ever(base: str, token: str) -> Items:
    client, address = session(token), f"{base}{ENTITIES}?limit={LIMIT}"
    while address:
        page = get(client, address)
        yield from page["results"]
        address = page["next"]


def follows_links_in_a_circle(base: str, token: str) -> Items:
    client, address, last = session(token), f"{base}{ENTITIES}?limit={LIMIT}", ""
    while address and address != last:
        page = get(client, address)
        yield from page["results"]
        last, address = address, page["next"]


def believes_the_count(base: str, token: str) -> Items:
    client, items, count = session(token), [], 1
    while len(items) < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=len(items))
        count = page["count"]
        items += page["results"]
    return items


def walks_until_an_empty_page(base: str, token: str) -> Items:
    client, offset = session(token), 0
    while results := get(client, base + ENTITIES, limit=LIMIT, offset=offset)["results"]:
        yield from results
        offset += len(results)


def deletes_while_it_pages(base: str, token: str) -> Items:
    client, offset = session(token), 0
    while results := get(client, base + ENTITIES, limit=25, offset=offset)["results"]:
        for result in results:
            client.delete(f"{base}{ENTITIES}{result['id']}/", timeout=TIMEOUT_S).raise_for_status()
        yield from results
        offset += len(results)


def insists_on_the_first_count(base: str, token: str) -> Items:
    client, items, count = session(token), [], None
    while count is None or len(items) < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=len(items))
        assert count in (None, page["count"]), "the count has changed"
        count = page["count"]
        if not page["results"]:
            break
        items += page["results"]
    return items


def stops_after_fifty_pages(base: str, token: str) -> Items:
    """Its bound is meant against links that never end."""
    client, offset = session(token), 0
    for _ in range(50):
        page = get(client, base + ENTITIES, limit=LIMIT, offset=offset)
        yield from page["results"]
        offset += len(page["results"])
        if page["next"] is None:
            return


def stops_at_ten_thousand(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < min(count, 10_000):
        page = get(client, base + ENTITIES, limit=LIMIT, offset=offset)
        count = page["count"]
        yield from page["results"]
        offset += len(page["results"])


def keeps_what_it_has_when_the_count_changes(base: str, token: str) -> Items:
    client, items, count = session(token), [], None
    while count is None or len(items) < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=len(items))
        if count not in (None, page["count"]) or not page["results"]:
            break
        count = page["count"]
        items += page["results"]
    return items
