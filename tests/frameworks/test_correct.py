"""Correct servers are not accused, and what is said of them is so; more by `python -m tests.frameworks`."""

from __future__ import annotations

import pytest

from tests.frameworks.judging import check, served
from tests.frameworks.known import SERVERS

LAWS = ("partition", "past-the-end", "sort", "search", "filter", "bad-token", "not-found", "schema")
"""Those that a plain document has misled, or that hold much of the others."""


@pytest.mark.parametrize("name", ["bookshop", "ninja"])
def test_nothing_is_broken_that_is_not_known(name: str) -> None:
    server = SERVERS[name]
    with served(server.module, *server.arguments) as said:
        report = check(said, "--examples", "2", *(word for law in LAWS for word in ("--law", law)))

    broken = {finding: reason for finding, reason in report.of("broken").items() if finding not in server.broken}
    assert broken == {}
    assert len(report.of("holds")) > 20
