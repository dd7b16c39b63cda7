"""Which law notices which fault. The page of faults says it, and test_faults_noticed.py shows it."""

from __future__ import annotations

from tests.clients import zoo

NOTICED: dict[str, tuple[str, zoo.FetchAll]] = {
    "latency": ("has-a-time-out", zoo.waits_for_ever),
    "too-many-requests": ("waits", zoo.asks_again_at_once),
    "unavailable": ("waits", zoo.asks_again_at_once),
    "server-error": ("fails-loudly", zoo.swallows_errors),
    "expired-token": ("fails-loudly", zoo.swallows_errors),
    "redirect-elsewhere": ("keeps-its-token", zoo.brings_its_token_along),
    "dropped-connection": ("fails-loudly", zoo.swallows_errors),
    "dropped-in-body": ("fails-loudly", zoo.swallows_errors),
    "cut-off-body": ("fails-loudly", zoo.swallows_errors),
    "broken-json": ("fails-loudly", zoo.swallows_errors),
    "html-page": ("fails-loudly", zoo.swallows_errors),
    "empty-body": ("fails-loudly", zoo.swallows_errors),
    "empty-page": ("an-empty-page-in-the-middle", zoo.takes_an_empty_page_for_the_end),
    "wrong-content-type": ("fails-loudly", zoo.believes_in_json_by_its_label),
    "smaller-page-maximum": ("a-short-page-in-the-middle", zoo.strides_by_the_limit_asked_for),
    "lying-count": ("stops", zoo.believes_the_count),
    "self-pointing-next": ("stops", zoo.follows_a_link_for_ever),
    "next-elsewhere": ("keeps-its-token", zoo.sends_its_token_anywhere),
    "clamped-past-end": ("stops", zoo.walks_until_an_empty_page),
    "insert-between-pages": ("survives-drift", zoo.insists_on_the_first_count),
    "delete-between-pages": ("survives-drift", zoo.insists_on_the_first_count),
}
"""For each fault the law of a client that notices it, and a client that takes it badly."""
ON_SERVERS: dict[str, str] = {
    "unavailable": "status",
    "server-error": "status",
    "expired-token": "status",
    "redirect-elsewhere": "status",
    "cut-off-body": "schema",
    "broken-json": "schema",
    "html-page": "content-type",
    "wrong-content-type": "content-type",
    "smaller-page-maximum": "page-size",
    "lying-count": "count",
    "self-pointing-next": "next-links",
    "next-elsewhere": "link-address",
    "clamped-past-end": "past-the-end",
    "delete-between-pages": "partition",
}
"""For some, the law of a server that notices a server which always does it."""
