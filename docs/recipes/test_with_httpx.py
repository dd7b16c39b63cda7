"""A client written with httpx that follows the links, tested against a twin on a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx

from apitwin import check_client


def workspaces(base: str, token: str) -> Iterator[dict[str, Any]]:
    """Yield every workspace: the client under test."""
    address, seen = f"{base}/api/workspaces/?limit=100", set[str]()
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=20) as client:
        while address:
            if address in seen or urlsplit(address)[:2] != urlsplit(base)[:2]:
                raise ValueError(f"a link leads astray: {address}")
            seen.add(address)
            answer = client.get(address)
            answer.raise_for_status()
            if answer.status_code != 200:
                raise ValueError(f"no page, but status {answer.status_code}")
            page = answer.json()
            yield from page["results"]
            address = page["next"]


def test_it_reads_every_workspace(twin: Any) -> None:
    assert len(list(workspaces(twin.url, twin.token))) == 121


def test_it_obeys_the_laws_of_a_client_but_for_waiting() -> None:
    check_client(workspaces, laws=["reads-everything", "stops", "keeps-its-filters", "fails-loudly", "keeps-its-token"])
