"""What a twin is asked, as a value, before any web framework is involved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mock_server.pagination import Query


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    headers: lower-case names; query: decoded pairs; base: scheme, host and path, for links; body: its bytes.
    """

    method: str
    path: str
    query: Query
    headers: Mapping[str, str]
    base: str
    body: bytes = b""
