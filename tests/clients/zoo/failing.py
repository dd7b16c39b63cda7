"""Clients that take a failure, or a server that is busy, in the wrong way."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.clients.zoo.asking import ENTITIES, LIMIT, TIMEOUT_S, Items, get, session
from tests.clients.zoo.correct import Wrong, waiting, walks_by_offset


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
        wait = waiting(answer)
        if wait is not None:
            time.sleep(min(wait, 0.01) if "Retry-After" not in answer.headers else wait)
            continue
        answer.raise_for_status()
        page = answer.json()
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


def waits_for_ever(base: str, token: str) -> Items:
    client, offset, count = session(token), 0, 1
    while offset < count:
        answer = client.get(base + ENTITIES, params={"limit": LIMIT, "offset": offset})
        answer.raise_for_status()
        page = answer.json()
        count = page["count"]
        yield from page["results"]
        offset += max(1, len(page["results"]))


@dataclass
class TakesAbsenceForDeletion:
    """Keeps a copy, and forgets what a run did not meet, also where that run was cut short."""

    copy: dict[int, Any] = field(default_factory=dict)

    def __call__(self, base: str, token: str) -> Items:
        met: dict[int, Any] = {}
        try:
            for item in walks_by_offset(base, token):
                met[item["id"]] = item
        except (requests.RequestException, Wrong):
            if not self.copy:
                raise
        self.copy = met
        return list(self.copy.values())
