"""Faults of pages in lists by page number and by cursor, seen over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from apitwin.mock_server import Twin
from apitwin.mock_server.errors import TwinError
from tests.sabotage.constants import (
    BOOKS,
    DRAWINGS,
    LETTERS,
    LIBRARY,
    LOANS,
    MUSEUM,
    PAINTINGS,
    PRINTS,
    READERS,
    ROOMS,
)

LISTS = (BOOKS, LOANS, READERS, ROOMS, PAINTINGS, DRAWINGS, PRINTS, LETTERS)


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, Twin]]:
    with Twin(LIBRARY) as library, Twin(MUSEUM) as museum:
        yield {**dict.fromkeys(LISTS[:4], library), **dict.fromkeys(LISTS[4:], museum)}


@pytest.fixture
def twins(running: dict[str, Twin]) -> dict[str, Twin]:
    """The twin of each list, as it started."""
    for twin in {id(twin): twin for twin in running.values()}.values():
        twin.reset()
    return running


def ask(twin: Twin, operation: str, **query: Any) -> requests.Response:
    """Ask for a page of a list. A path is called as its operation is."""
    return ask_at(twin, f"{twin.url}/{operation.removesuffix('_list')}/", **query)


def ask_at(twin: Twin, address: str, **query: Any) -> requests.Response:
    session = requests.Session()
    username, colon, password = str(twin.token).partition(":")
    if colon:
        session.auth = (username, password)
    else:
        session.headers["X-Api-Key"] = str(twin.token)
    return session.get(address, params=query, timeout=10)


def ids(page: Any) -> list[Any]:
    """The identities of the items of a page."""
    items = page if isinstance(page, list) else next(value for value in page.values() if isinstance(value, list))
    return [item.get("id", item.get("code")) for item in items]


@pytest.mark.parametrize(
    ("operation", "query", "last"),
    [
        (BOOKS, {"page": 99, "page_size": 50}, list(range(101, 131))),
        (LOANS, {"page": 99, "size": 40}, [81, 82, 83]),
        (READERS, {"page": 99, "per_page": 30}, list(range(61, 91))),
        (ROOMS, {"page": 99}, None),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_past_the_end_comes_the_last_page(
    operation: str, query: dict[str, int], last: list[int] | None, twins: dict[str, Twin]
) -> None:
    twin = twins[operation]
    last = ids(ask(twin, operation, page=3).json()) if last is None else last
    twin.fault("clamped-past-end", operation=operation)

    past, within = ask(twin, operation, **query), ask(twin, operation, **{**query, "page": 1})

    assert (past.status_code, ids(past.json())) == (200, last)
    assert ids(within.json()) != last
    assert [entry.fault for entry in twin.journal.entries()][-2:] == ["clamped-past-end", None]


@pytest.mark.parametrize("page", ["same", "first"])
@pytest.mark.parametrize("operation", [BOOKS, READERS, PAINTINGS, LETTERS])
def test_the_next_link_leads_back(operation: str, page: str, twins: dict[str, Twin]) -> None:
    twin = twins[operation]
    first = ask(twin, operation)
    second = ask_at(twin, link_of(first))
    twin.fault("self-pointing-next", operation=operation, page=page)

    spoilt = ask_at(twin, link_of(first))

    led_to = ids(ask_at(twin, link_of(spoilt)).json())
    assert led_to == ids((second if page == "same" else first).json())


def link_of(answer: requests.Response) -> str:
    """The next link of a page, wherever it is."""
    if "next" in answer.links:
        return answer.links["next"]["url"]
    page = answer.json()
    link: str = page.get("next") or page.get("@odata.nextLink")
    return link


@pytest.mark.parametrize("page", ["same", "first"])
def test_the_next_cursor_leads_back(page: str, twins: dict[str, Twin]) -> None:
    twin = twins[PRINTS]
    first = ask(twin, PRINTS, limit=5).json()
    twin.fault("self-pointing-next", operation=PRINTS, page=page)

    second = ask(twin, PRINTS, limit=5, cursor=first["next_cursor"]).json()
    third = ask(twin, PRINTS, limit=5, cursor=second["next_cursor"]).json()

    assert ids(second) == [6, 7, 8, 9, 10]
    assert ids(third) == (ids(second) if page == "same" else ids(first))


@pytest.mark.parametrize("page", ["same", "first"])
def test_the_next_number_leads_back(page: str, twins: dict[str, Twin]) -> None:
    twins[ROOMS].fault("self-pointing-next", operation=ROOMS, page=page)

    assert ask(twins[ROOMS], ROOMS, page=2).json()["meta"]["next_page"] == {"same": 2, "first": 1}[page]
    assert ask(twins[ROOMS], ROOMS, page=3).json()["meta"]["next_page"] is None


@pytest.mark.parametrize(
    ("operation", "count"),
    [(BOOKS, ("count", 130)), (LOANS, ("totalElements", 83)), (ROOMS, ("total", 45)), (PRINTS, ("total", 97))],
)
def test_the_count_lies(operation: str, count: tuple[str, int], twins: dict[str, Twin]) -> None:
    name, right = count
    twins[operation].fault("lying-count", operation=operation, by=4)

    page = ask(twins[operation], operation).json()

    assert page.get("meta", page)[name] == right + 4


@pytest.mark.parametrize("operation", [READERS, PAINTINGS, DRAWINGS, LETTERS])
def test_where_no_count_is_none_can_lie(operation: str, twins: dict[str, Twin]) -> None:
    with pytest.raises(TwinError, match=f"{operation} has no count"):
        twins[operation].fault("lying-count", operation=operation)


@pytest.mark.parametrize("operation", [PAINTINGS, PRINTS, LETTERS])
def test_where_no_cursor_leads_past_the_end_none_is_clamped(operation: str, twins: dict[str, Twin]) -> None:
    with pytest.raises(TwinError, match=f"{operation} has no pages past the end"):
        twins[operation].fault("clamped-past-end", operation=operation)


def test_a_numbered_page_misses_what_moved_up(twins: dict[str, Twin]) -> None:
    twins[BOOKS].fault("delete-between-pages", operation=BOOKS, nth=2)

    met = [*ids(ask(twins[BOOKS], BOOKS).json()), *ids(ask(twins[BOOKS], BOOKS, page=2).json())]

    assert 21 not in met and 22 in met


def test_a_numbered_page_shows_again_what_moved_down(twins: dict[str, Twin]) -> None:
    twin = twins[BOOKS]
    twin.world.tables["books"].remove("1")
    twin.fault("insert-between-pages", operation=BOOKS, nth=2)

    met = [*ids(ask(twin, BOOKS).json()), *ids(ask(twin, BOOKS, page=2).json())]

    assert [identity for identity in met if met.count(identity) > 1] == [21, 21]


@pytest.mark.parametrize("name", ["insert-between-pages", "delete-between-pages"])
@pytest.mark.parametrize("operation", [PAINTINGS, PRINTS, LETTERS])
def test_a_cursor_stands_where_it_stood_whatever_comes_and_goes(
    operation: str, name: str, twins: dict[str, Twin]
) -> None:
    twin = twins[operation]
    if name.startswith("insert"):
        twin.world.tables[operation.removesuffix("_list")].remove("1")
    first = ask(twin, operation)
    twin.fault(name, operation=operation)

    page = first.json()
    second = ask(twin, operation, cursor=page["next_cursor"]) if "next_cursor" in page else ask_at(twin, link_of(first))

    assert ids(second.json())[0] == ids(page)[-1] + 1
    assert twin.journal.entries()[-1].fault == name


def test_behind_the_last_drawing_it_goes_on_though_the_first_is_gone(twins: dict[str, Twin]) -> None:
    twin = twins[DRAWINGS]
    first = ids(ask(twin, DRAWINGS, limit=10).json())
    rest = ids(ask(twin, DRAWINGS, limit=10, starting_after=first[-1]).json())
    twin.fault("delete-between-pages", operation=DRAWINGS)

    assert ids(ask(twin, DRAWINGS, limit=10, starting_after=first[-1]).json()) == rest


@pytest.mark.parametrize("operation", LISTS)
def test_a_page_is_cut_smaller(operation: str, twins: dict[str, Twin]) -> None:
    twins[operation].fault("smaller-page-maximum", operation=operation, maximum=3)

    assert len(ids(ask(twins[operation], operation).json())) == 3
