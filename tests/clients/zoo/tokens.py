"""Clients that let others see their token."""

from __future__ import annotations

import json
import logging
import urllib.request

from tests.clients.zoo.asking import ENTITIES, LIMIT, TIMEOUT_S, Items, get, session


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
