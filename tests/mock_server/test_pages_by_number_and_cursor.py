"""What numbered pages and cursors of a twin mean, where no law can tell it from a literal value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from apitwin.mock_server import Twin
from tests.sabotage.constants import LIBRARY, MUSEUM


@pytest.fixture(scope="module")
def twins() -> Iterator[dict[str, Twin]]:
    with Twin(LIBRARY) as library, Twin(MUSEUM) as museum:
        yield {LIBRARY: library, MUSEUM: museum}


def ask(twin: Twin, path: str, **query: Any) -> Any:
    username, colon, password = str(twin.token).partition(":")
    auth = (username, password) if colon else None
    headers = {} if colon else {"X-Api-Key": twin.token}
    return requests.get(f"{twin.url}{path}", params=query, headers=headers, auth=auth, timeout=10).json()


@pytest.mark.parametrize(
    ("page", "number", "items"),
    [("2147483647", 2**31 - 1, 0), ("2147483648", 0, 10), ("9" * 40, 0, 10), ("8", 8, 3), ("9", 9, 0)],
)
def test_a_number_beyond_the_largest_is_no_number(twins: dict[str, Twin], page: str, number: int, items: int) -> None:
    answered = ask(twins[LIBRARY], "/loans/", page=page)

    assert (answered["number"], len(answered["content"])) == (number, items)


@pytest.mark.parametrize(("size", "items"), [("2147483647", 40), ("2147483648", 10)])
def test_a_size_beyond_the_largest_is_no_size(twins: dict[str, Twin], size: str, items: int) -> None:
    assert len(ask(twins[LIBRARY], "/loans/", size=size)["content"]) == items


def test_from_the_second_page_a_cursor_leads_back_to_the_first(twins: dict[str, Twin]) -> None:
    first = ask(twins[MUSEUM], "/prints/", limit=5)
    second = ask(twins[MUSEUM], "/prints/", limit=5, cursor=first["next_cursor"])
    back = ask(twins[MUSEUM], "/prints/", limit=5, cursor=second["previous_cursor"])

    assert first["previous_cursor"] is None
    assert back == first
