"""What all clients share: the lists that they read, and a plain way to ask for a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

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
