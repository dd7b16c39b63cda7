"""A client written with requests, tested against a twin: what it reads, whether it waits, and its laws."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from apitwin import check_client


def entities(base: str, token: str, workspace: int = 1) -> Iterator[dict[str, Any]]:
    """Yield every root entity of a workspace: the client under test."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    offset, count = 0, 1
    while offset < count:
        page = _page(session, f"{base}/api/workspaces/{workspace}/entities/", {"limit": 100, "offset": offset})
        count = page["count"]
        if not page["results"] and page["next"] is None:
            return
        yield from page["results"]
        offset += len(page["results"])  # by what came, not by what was asked for


def _page(session: requests.Session, address: str, params: dict[str, int]) -> dict[str, Any]:
    for _ in range(4):
        answer = session.get(address, params=params, timeout=20)
        if answer.status_code not in (429, 503):
            break
        time.sleep(_wait(answer.headers.get("Retry-After", "1")))
    answer.raise_for_status()
    page: dict[str, Any] = answer.json()
    return page


def _wait(text: str) -> float:
    return float(text) if text.isdigit() else max(0.0, parsedate_to_datetime(text).timestamp() - time.time()) + 0.05


def test_it_reads_every_entity(twin: Any) -> None:
    assert len(list(entities(twin.url, twin.token))) == 123


def test_it_waits_for_a_busy_server(twin: Any) -> None:
    twin.fault("unavailable", operation="workspaces_entities_list", nth=2, retry_after=1)
    assert len(list(entities(twin.url, twin.token))) == 123
    twin.journal.expect("workspaces_entities_list", times=3)


def test_it_obeys_the_laws_of_a_client() -> None:
    check_client(entities, harsh=True)
