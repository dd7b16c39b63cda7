"""Clients without a bug, and how they ask for a page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.clients.zoo.asking import ENTITIES, LIMIT, TIMEOUT_S, WORKSPACES, Items, session


class Wrong(Exception):
    """The server gave something that is no page, or leads elsewhere."""


def patient(client: requests.Session, address: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Get a page, waiting where the server says so. Raises where there is none."""
    for _ in range(4):
        answer = client.get(address, params=params, timeout=TIMEOUT_S, allow_redirects=False)
        wait = waiting(answer)
        if wait is None:
            break
        time.sleep(wait)
    if answer.status_code != 200:
        raise Wrong(f"status {answer.status_code}")
    page = answer.json()
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise Wrong("no page")
    return page


def waiting(answer: requests.Response) -> float | None:
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
    """Advance by what arrived, until the count is reached, or a page is empty and does not lead on."""
    client, offset, count = session(token), 0, 1
    while offset < count:
        page = patient(client, base + ENTITIES, {"limit": LIMIT, "offset": offset})
        count = page["count"]
        if not page["results"] and page["next"] is None:
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
    if not stride and first["next"] is None:
        return []
    if not stride:
        raise Wrong("a page without items leads on")

    def stretch(start: int) -> list[Any]:
        return list(_stretch(client, base, start, min(start + stride, count)))

    with ThreadPoolExecutor(3) as pool:
        rest = list(pool.map(stretch, range(stride, count, stride)))
    return [*first["results"], *(item for part in rest for item in part)]


def _stretch(client: requests.Session, base: str, start: int, end: int) -> Iterator[Any]:
    while start < end:
        page = patient(client, base + ENTITIES, {"limit": end - start, "offset": start})
        if not page["results"] and page["next"] is None:
            return
        yield from page["results"]
        start += len(page["results"])
