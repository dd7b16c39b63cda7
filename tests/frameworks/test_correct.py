"""Correct servers are not accused, and what is said of them is so; more by `python -m tests.frameworks`."""

from __future__ import annotations

import pytest

from tests.frameworks.judging import check, served
from tests.frameworks.known import SERVERS

BOOKS, NOTES = "list_books_books_get", "list_notes_shelves__shelf_id__notes_get"


@pytest.mark.parametrize(
    ("name", "operations", "laws", "options"),
    [
        (
            "bookshop",
            (BOOKS, NOTES),
            ("sort", "search", "past-the-end", "not-found", "state"),
            ("--sandbox", "shelf_id=1"),
        ),
        ("drf", ("drf_beds_list", "drf_plants_list"), ("search", "filter", "schema", "bad-token"), ()),
    ],
)
def test_nothing_is_broken_that_is_not_known(
    name: str, operations: tuple[str, ...], laws: tuple[str, ...], options: tuple[str, ...]
) -> None:
    server = SERVERS[name]
    words = [word for operation in operations for word in ("--operation", operation)]
    words += [word for law in laws for word in ("--law", law)]
    with served(server.module, *server.arguments) as said:
        report = check(said, *words, *options, "--examples", "3")

    broken = report.of("broken")
    assert {finding: reason for finding, reason in broken.items() if finding not in server.broken} == {}
    assert {finding for finding in server.broken if finding[0] in operations and finding[1] in laws} <= set(broken)
    assert len(report.of("holds")) >= 6, report.text
