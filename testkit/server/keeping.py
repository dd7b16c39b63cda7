"""What is kept of a conversation until the reports are written: all of it, or of very long answers their beginnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from apitwin.testkit.transport.exchange import Exchange

MOST_KEPT = 2**20
"""Bytes of all answers of one verdict that are kept as they came (assumed: more than anybody reads)."""
BEGINNING = 2_000
"""Bytes that are kept of each answer where all of them are more."""


def kept(
    conversation: Sequence[Exchange], shown: Sequence[Exchange]
) -> tuple[tuple[Exchange, ...], tuple[Exchange, ...]]:
    """Return a conversation, and the exchanges that a report shows, as they are kept: a run has many verdicts."""
    size = sum(len(exchange.response.body) for exchange in conversation)
    if size <= MOST_KEPT:
        return tuple(conversation), tuple(shown)
    return tuple(map(_shortened, conversation)), tuple(map(_shortened, shown))


def _shortened(exchange: Exchange) -> Exchange:
    body = exchange.response.body
    if len(body) <= BEGINNING:
        return exchange
    words = f" ... ({len(body)} bytes in all)".encode()
    return Exchange(exchange.request, replace(exchange.response, body=body[:BEGINNING] + words))
