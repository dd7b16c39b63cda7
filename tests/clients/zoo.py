"""Small clients, each with one bug that really happened, and correct ones. Where it was met stands beside each.

Every one is a function (base URL, token) -> the items it read.
"""

from __future__ import annotations

import json
import logging
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

Items = Iterable[Any]
FetchAll = Callable[[str, str], Items]

ENTITIES = "/api/workspaces/1/entities/"
WORKSPACES = "/api/workspaces/"
LIMIT = 100
TIMEOUT_S = 2


def session(token: str) -> requests.Session:
    made = requests.Session()
    made.headers["Authorization"] = f"Bearer {token}"
    return made


def get(client: requests.Session, address: str, **params: Any) -> dict[str, Any]:
    """Get a page, or raise."""
    answer = client.get(address, params=params or None, timeout=TIMEOUT_S)
    answer.raise_for_status()
    page: dict[str, Any] = answer.json()
    return page


# With one bug each


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
    return list({one["name"]: one for one in walks_by_offset(base, token)}.values())


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


def takes_not_found_for_the_end(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        answer = client.get(base + ENTITIES, params={"limit": LIMIT, "offset": offset}, timeout=TIMEOUT_S)
        if answer.status_code == 404:
            return
        answer.raise_for_status()
        page = answer.json()
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


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


def swallows_errors(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        try:
            page = get(client, base + ENTITIES, limit=LIMIT, offset=offset)
        except requests.RequestException:
            return
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


def takes_a_failure_for_an_empty_page(base: str, token: str) -> Items:
    client, offset = session(token), 0
    while True:
        answer = client.get(base + ENTITIES, params={"limit": LIMIT, "offset": offset}, timeout=TIMEOUT_S)
        results = answer.json().get("results", [])
        if not results:
            return
        yield from results
        offset += len(results)


def asks_again_at_once(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        for _ in range(4):
            answer = client.get(base + ENTITIES, params={"limit": LIMIT, "offset": offset}, timeout=TIMEOUT_S)
            if answer.status_code not in (429, 503):
                break
        answer.raise_for_status()
        page = answer.json()
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


def asks_again_for_ever(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        answer = client.get(base + ENTITIES, params={"limit": LIMIT, "offset": offset}, timeout=TIMEOUT_S)
        wait = _wait(answer)
        if wait is not None:
            time.sleep(min(wait, 0.01) if "Retry-After" not in answer.headers else wait)
            continue
        answer.raise_for_status()
        page = answer.json()
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


def deletes_while_it_pages(base: str, token: str) -> Items:
    client, offset = session(token), 0
    while results := get(client, base + ENTITIES, limit=25, offset=offset)["results"]:
        for one in results:
            client.delete(f"{base}{ENTITIES}{one['id']}/", timeout=TIMEOUT_S).raise_for_status()
        yield from results
        offset += len(results)


def sends_its_token_anywhere(base: str, token: str) -> Items:
    client, address, seen = session(token), f"{base}{ENTITIES}?limit={LIMIT}", set[str]()
    while address and address not in seen:
        seen.add(address)
        page = get(client, address)
        yield from page["results"]
        address = page["next"]


def brings_its_token_along(base: str, token: str) -> Items:
    offset, count = 0, 1
    while offset < count:
        # urllib.request takes every header along to where a redirect leads.
        asked = urllib.request.Request(
            f"{base}{ENTITIES}?limit={LIMIT}&offset={offset}", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(asked, timeout=TIMEOUT_S) as answer:
            page = json.load(answer)
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


def writes_its_token_into_the_log(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=offset)
        logging.getLogger("client").warning("asked %s with %s", base, dict(client.headers))
        if not page["results"]:
            return
        count = page["count"]
        yield from page["results"]
        offset += len(page["results"])


def writes_its_token_into_the_address(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=offset, access_token=token)
        if not page["results"]:
            return
        count = page["count"]
        yield from page["results"]
        offset += len(page["results"])


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


def waits_for_ever(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        answer = client.get(base + ENTITIES, params={"limit": LIMIT, "offset": offset})
        answer.raise_for_status()
        page = answer.json()
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


def believes_in_json_by_its_label(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        answer = client.get(base + ENTITIES, params={"limit": LIMIT, "offset": offset}, timeout=TIMEOUT_S)
        answer.raise_for_status()
        label = answer.headers["Content-Type"]
        page = answer.json() if label.startswith("application/json") else {"count": 0, "results": []}
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


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


def fails_at_an_empty_page(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = get(client, base + ENTITIES, limit=LIMIT, offset=offset)
        count = page["count"]
        if count and not page["results"]:
            raise Wrong("a page without items")
        yield from page["results"]
        offset += max(1, len(page["results"]))


@dataclass
class TakesAbsenceForDeletion:
    """Keeps a copy, and forgets what a run did not meet, also where that run was cut short."""

    copy: dict[int, Any] = field(default_factory=dict)

    def __call__(self, base: str, token: str) -> Items:
        met: dict[int, Any] = {}
        try:
            for one in walks_by_offset(base, token):
                met[one["id"]] = one
        except (requests.RequestException, Wrong):
            if not self.copy:
                raise
        self.copy = met
        return list(self.copy.values())


# Without one


class Wrong(Exception):
    """The server gave something that is no page, or leads elsewhere."""


def patient(client: requests.Session, address: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Get a page, waiting where the server says so. Raises where there is none."""
    for _ in range(4):
        answer = client.get(address, params=params, timeout=TIMEOUT_S, allow_redirects=False)
        wait = _wait(answer)
        if wait is None:
            break
        time.sleep(wait)
    if answer.status_code != 200:
        raise Wrong(f"status {answer.status_code}")
    page = answer.json()
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise Wrong("no page")
    return page


def _wait(answer: requests.Response) -> float | None:
    if answer.status_code not in (429, 503):
        return None
    text = answer.headers.get("Retry-After", "")
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time()) + 0.05
    except (TypeError, ValueError):
        return 0.2


def walks_by_offset(base: str, token: str) -> Items:
    """Advance by what arrived, until the count is reached or a page is empty."""
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = patient(client, base + ENTITIES, {"limit": LIMIT, "offset": offset})
        count = page["count"]
        if not page["results"]:
            return
        yield from page["results"]
        offset += len(page["results"])


def walks_by_links(base: str, token: str) -> Items:
    """Follow the links as they come, on this host, each once."""
    client, address, seen = session(token), f"{base}{WORKSPACES}?limit={LIMIT}&visibility=PRIVATE", set[str]()
    while address:
        if address in seen:
            raise Wrong("a link leads back to a page that was read")
        if urlsplit(address)[:2] != urlsplit(base)[:2]:
            raise Wrong("a link leads to another host")
        seen.add(address)
        page = patient(client, address)
        yield from page["results"]
        address = page["next"]


def reads_pages_side_by_side(base: str, token: str) -> Items:
    """Ask for the first page, then for the rest at once, by the size that it had."""
    client = session(token)
    first = patient(client, base + ENTITIES, {"limit": LIMIT, "offset": 0})
    stride, count = len(first["results"]), first["count"]
    if not stride:
        return []

    def stretch(start: int) -> list[Any]:
        return list(_stretch(client, base, start, min(start + stride, count)))

    with ThreadPoolExecutor(3) as pool:
        rest = list(pool.map(stretch, range(stride, count, stride)))
    return [*first["results"], *(one for part in rest for one in part)]


def _stretch(client: requests.Session, base: str, start: int, end: int) -> Iterator[Any]:
    while start < end:
        results = patient(client, base + ENTITIES, {"limit": end - start, "offset": start})["results"]
        if not results:
            return
        yield from results
        start += len(results)


BUGS: dict[str, tuple[FetchAll, str]] = {
    one.__name__: (one, law)
    for one, law in (
        (strides_by_the_limit_asked_for, "reads-everything"),
        (stops_at_a_short_page, "short-page-is-not-the-end"),
        (looks_one_item_ahead, "reads-everything"),
        (keeps_one_of_each_name, "reads-everything"),
        (compares_with_another_page_size, "reads-everything"),
        (steps_one_item_short, "reads-everything"),
        (deletes_while_it_pages, "reads-everything"),
        (drops_its_filter_on_page_two, "keeps-its-filters"),
        (sends_its_parameters_twice, "keeps-its-filters"),
        (asks_for_everything_at_last, "keeps-its-page-size"),
        (asks_for_the_rest_at_once, "keeps-its-page-size"),
        (stops_at_a_thousand, "a-long-list"),
        (takes_not_found_for_the_end, "fails-loudly"),
        (follows_a_link_for_ever, "stops"),
        (follows_links_in_a_circle, "stops"),
        (believes_the_count, "stops"),
        (walks_until_an_empty_page, "stops"),
        (swallows_errors, "fails-loudly"),
        (takes_a_failure_for_an_empty_page, "fails-loudly"),
        (asks_again_at_once, "waits"),
        (asks_again_for_ever, "gives-up"),
        (sends_its_token_anywhere, "keeps-its-token"),
        (brings_its_token_along, "keeps-its-token"),
        (writes_its_token_into_the_log, "keeps-its-token"),
        (writes_its_token_into_the_address, "keeps-its-token"),
        (insists_on_the_first_count, "survives-drift"),
        (believes_in_json_by_its_label, "fails-loudly"),
        (waits_for_ever, "has-a-time-out"),
        (takes_one_item_for_the_last, "a-page-of-one"),
        (strides_by_the_first_page, "a-short-page-in-the-middle"),
        (fails_at_an_empty_page, "an-empty-last-page"),
    )
}
"""The clients with a bug, and the law that names it."""
BUGS["takes_absence_for_deletion"] = (TakesAbsenceForDeletion(), "absence-is-no-deletion")
BUGS["remembers_the_page_size"] = (RemembersThePageSize(), "the-cap-is-lowered")

CORRECT: tuple[FetchAll, ...] = (walks_by_offset, walks_by_links, reads_pages_side_by_side)
