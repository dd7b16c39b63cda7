"""How the official client counts, indexes and walks a list, and what becomes of it where a twin pages otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from apitwin.contracts import Contract
from apitwin.contracts.page_maximum import with_page_maximum
from tests.viktor.client import Client, Entity
from tests.viktor.wire import Pages
from tests.viktor.worlds import Bridges, Site, built, running

Listing = Callable[[Client], Pages[Any]]
ROOT = "workspaces/1/entities/1/"
LISTS: dict[str, tuple[Listing, str, int]] = {
    "workspaces": (lambda api: api.get_workspaces(), "workspaces/?{}&include_archived=False", 122),
    "types": (lambda api: api.get_entity_types(1), "workspaces/1/entity_types/?{}", 3),
    "roots": (lambda api: api.get_root_entities(1), "workspaces/1/entities/?F&{}&privileged=false", 1),
    "children": (lambda api: api.get_entity(1, 1).children(), f"{ROOT}entities/?F&{{}}&privileged=false", 251),
    "siblings": (
        lambda api: api.get_entity(1, 2).siblings(),
        "workspaces/1/entities/2/siblings/?F&{}&privileged=false",
        250,
    ),
    "revisions": (
        lambda api: api.get_entity(1, 1).revisions(),
        f"{ROOT}revisions/?param_types=true&{{}}&privileged=false",
        1,
    ),
}
"""For each list: how it is asked for, the request with its paging left out, and how many rows there are."""


def request(path: str, limit: int, offset: int) -> str:
    flags = "properties=true&param_types=true"
    return "GET " + path.replace("?F", f"?{flags}").format(f"limit={limit}&offset={offset}")


def names(item: Any) -> Any:
    return item.id if isinstance(item, Entity) else item["id"]


@pytest.mark.parametrize("name", LISTS)
def test_a_length_is_the_count_of_a_page_of_one(client: Client, name: str) -> None:
    listed, path, count = LISTS[name]

    assert len(listed(client)) == count
    counted = path.replace("param_types=true", "param_types=false") if name == "revisions" else path
    assert client.asked == [request(counted, 1, 0)]


@pytest.mark.parametrize("name", LISTS)
def test_an_index_is_a_page_of_one_at_that_offset(client: Client, name: str) -> None:
    listed, path, count = LISTS[name]
    everything = [names(item) for item in listed(client)]
    client.sent.clear()

    assert names(listed(client)[count - 1]) == everything[-1]
    assert client.asked == [request(path, 1, count - 1)]
    assert names(listed(client)[0]) == everything[0]


@pytest.mark.parametrize("name", LISTS)
def test_a_negative_index_counts_first(client: Client, name: str) -> None:
    listed, path, count = LISTS[name]
    last = names(listed(client)[count - 1])
    client.sent.clear()

    assert names(listed(client)[-1]) == last
    assert len(client.asked) == 2
    assert client.asked[1] == request(path, 1, count - 1)


@pytest.mark.parametrize("name", LISTS)
def test_an_index_past_the_end_is_one_request_and_an_index_error(client: Client, name: str) -> None:
    listed, path, count = LISTS[name]

    with pytest.raises(IndexError):
        listed(client)[count]
    assert client.asked == [request(path, 1, count)]
    assert client.sent[0].status == 200


@pytest.mark.parametrize("name", LISTS)
def test_an_index_before_the_start_only_counts(client: Client, name: str) -> None:
    listed, _, count = LISTS[name]

    with pytest.raises(IndexError):
        listed(client)[-count - 1]
    assert len(client.asked) == 1
    assert "limit=1&offset=0" in client.asked[0]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_made_at_once_counts_before_it_reads(client: Client, name: str) -> None:
    listed, path, count = LISTS[name]

    assert len(list(listed(client))) == count
    assert "limit=1&offset=0" in client.asked[0]
    assert client.asked[1:] == [request(path, 100, offset) for offset in range(0, count, 100)]


@pytest.mark.parametrize("name", LISTS)
def test_walking_meets_each_row_once(client: Client, name: str) -> None:
    listed, _, count = LISTS[name]

    met = [names(item) for item in listed(client)]

    assert len(met) == len(set(met)) == count


def test_a_list_without_rows_is_one_request(client: Client, bridges: Bridges) -> None:
    assert [child for child in client.get_entity(1, bridges.deck.id).children()] == []
    assert len(client.asked) == 1


@pytest.mark.parametrize("rows", [99, 100, 101, 200])
def test_the_client_stops_where_the_count_is_reached(client: Client, bridges: Bridges, rows: int) -> None:
    bridges.deck.entities("Bolt {n}", bridges.folder, count=rows)

    assert sum(1 for _ in client.get_entity(1, bridges.deck.id).children()) == rows
    assert len(client.asked) == -(-rows // 100)


ARRAYS = [
    "workspaces/",
    "workspaces/1/entity_types/",
    "workspaces/1/entities/",
    f"{ROOT}entities/",
    "workspaces/1/entities/2/siblings/",
    "workspaces/1/entity_types/2/entities/",
    f"{ROOT}revisions/",
]


@pytest.mark.parametrize("path", ARRAYS)
def test_a_list_without_a_limit_is_an_array_of_all_rows(client: Client, path: str) -> None:
    everything = client.get("entity", path, [("privileged", "false")])
    page = client.get("entity", path, [("limit", 1), ("offset", 0), ("privileged", "false")])

    assert isinstance(everything, list)
    assert len(everything) == page["count"]
    assert everything[:1] == page["results"]


@pytest.mark.parametrize("path", ARRAYS)
def test_links_of_a_page_are_absolute_and_lead_to_every_row_as_they_are(client: Client, path: str) -> None:
    more = [("search", "1")] if path.endswith("entities/") else []
    everything = client.get("entity", path, more)
    met: list[Any] = []
    link: str | None = f"{client.url}/api/{path}?limit=60" + ("&search=1" if more else "")
    while link is not None:
        assert link.startswith(f"{client.url}/api/{path}?")
        assert dict(parse_qsl(urlsplit(link).query)).items() >= dict(more).items()
        page = client.get("entity", link.removeprefix(f"{client.url}/api/"))
        met += page["results"]
        link = page["next"]

    assert met == everything
    assert not more or len(everything) < 250


@pytest.fixture(scope="module")
def capped(viktor: Contract) -> Iterator[tuple[Site, Bridges]]:
    """The same world behind a twin that gives at most 50 rows a page."""
    world, bridges = built(viktor)
    with running(world, with_page_maximum(viktor, 50)) as site:
        yield site, bridges


def test_a_maximum_of_fifty_loses_a_hundred_of_250_rows_without_a_word(capped: tuple[Site, Bridges]) -> None:
    site, bridges = capped
    client = site.client(bridges.member)
    children = client.get_entity(1, bridges.root.id).children(types=["Section"])

    met = [child.name for child in children]

    assert len(children) == 250
    assert len(met) == 150
    assert met == [f"Span {number}" for number in range(1, 251) if (number - 1) % 100 < 50]
    assert {exchange.status for exchange in client.sent} == {200}


def test_who_follows_the_links_loses_nothing_to_a_maximum_of_fifty(capped: tuple[Site, Bridges]) -> None:
    site, bridges = capped
    client = site.client(bridges.member)
    met: list[Any] = []
    link = f"{ROOT}entities/?entity_type=Section&limit=100"
    while link:
        page = client.get("entity", link)
        met += [item["name"] for item in page["results"]]
        link = (page["next"] or "").removeprefix(f"{client.url}/api/")

    assert met == [f"Span {number}" for number in range(1, 251)]
    assert len(client.sent) == 5


def test_a_maximum_of_a_hundred_is_the_least_that_loses_nothing(viktor: Contract) -> None:
    world, bridges = built(viktor)
    with running(world, with_page_maximum(viktor, 99)) as site:
        met = sum(1 for _ in site.client(bridges.member).get_entity(1, bridges.root.id).children(types=["Section"]))
    assert met == 248

    with running(world, with_page_maximum(viktor, 100)) as site:
        met = sum(1 for _ in site.client(bridges.member).get_entity(1, bridges.root.id).children(types=["Section"]))
    assert met == 250
