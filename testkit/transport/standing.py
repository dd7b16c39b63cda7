"""Whether the credential of a run still opens what it opened before: tokens end, also in the middle of a run.

A server that refuses the same request that it answered a moment ago is not broken. Every law would say so all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from apitwin.testkit.transport.credentials import Credential
from apitwin.testkit.transport.exchange import Exchange, Request

REFUSALS = (401, 403)
"""Statuses that refuse a credential: RFC 9110 sections 15.5.2 and 15.5.4."""
MOST_REMEMBERED = 64
"""Addresses whose last good request is remembered (assumed: as many as a run asks within a minute)."""


@dataclass
class Standing:
    """The last request to each path that the right credential opened, the latest last."""

    _opened: dict[str, Request] = field(default_factory=dict)

    def witness(self, exchange: Exchange, right: Credential | None) -> Request | None:
        """Return a request to ask again, where a refusal makes the credential doubtful; None where nothing does.

        right: the credential that a request to the same operation shows, None where it shows none.
        """
        request = exchange.request
        if right is None or request.credential is not right or request.method != "GET":
            return None
        if exchange.response.status < 400:
            self._opened.pop(request.path, None)
            self._opened[request.path] = request
            if len(self._opened) > MOST_REMEMBERED:
                del self._opened[next(iter(self._opened))]
            return None
        if exchange.response.status not in REFUSALS or not self._opened:
            return None
        return self._opened.get(request.path) or next(reversed(self._opened.values()))
