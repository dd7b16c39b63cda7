"""Generated worlds: how many things, how they look, what they refer to, and that they are the same each time."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from apitwin.mock_server import TwinError
from apitwin.mock_server.world.state import LaterState
from apitwin.mock_server.world.table import Table
from tests.generated.asking import DOCUMENTS, Client, document


def _all(client: Client, path: str, results: str) -> list[Any]:
    found: list[Any] = []
    while page := client.get(f"{path}?limit=20&offset={len(found)}")[results]:
        found += page
    return found


def test_a_list_fills_more_than_two_of_its_longest_pages() -> None:
    client = Client(document("typed"))

    page = client.get("/products?limit=50")

    assert len(page["items"]) == 50
    assert page["total"] == 105
    assert len(Client(document("mixed")).twin.world.tables["parcels"].records) == 195  # of pages of 100


def test_a_list_has_as_many_things_as_are_asked_for() -> None:
    assert Client(document("typed"), items=7).get("/products")["total"] == 7
    assert Client(document("typed"), items=0).get("/products")["items"] == []
    with pytest.raises(TwinError, match="items=-1: expected 0 or more"):
        Client(document("typed"), items=-1)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_things_are_counted_without_being_made(name: str) -> None:
    """Else asking whether a twin is well would make every thing of a document with hundreds of collections."""
    twin = Client(document(name), items=7).twin
    counted = {table: len(held.records) for table, held in twin.world.tables.items()}
    states = [held.state for held in twin.world.tables.values() if isinstance(held, Table)]
    assert states and not any(state.is_made for state in states if isinstance(state, LaterState))
    assert counted == {table: len(list(held.records)) for table, held in twin.world.tables.items()}


def test_identities_are_unique_and_lead_to_their_things() -> None:
    client = Client(document("typed"), items=40)
    products = _all(client, "/products", "items")

    assert max(Counter(product["id"] for product in products).values()) == 1
    assert client.get(f"/products/{products[17]['id']}") == products[17]


def test_values_look_like_their_names() -> None:
    client = Client(document("typed"), items=30)
    orders = [order for page in (1, 2, 3) for order in client.get(f"/orders?page={page}")["items"]]
    buyers = [order["buyer"] for order in orders]

    assert len(orders) == 30
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+@example\.com", buyer["email"]) for buyer in buyers)
    assert all(re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", buyer["name"]) for buyer in buyers)
    assert len({buyer["city"] for buyer in buyers}) > 5
    assert all(1 <= order["amount"] <= 400 for order in orders)


def test_a_thing_refers_to_things_that_are_there() -> None:
    client = Client(document("typed"), items=25)
    known = {product["id"] for product in _all(client, "/products", "items")}
    referred = {order["product_id"] for order in client.get("/orders?size=30")["items"]}

    assert referred <= known
    assert len(referred) > 5


def test_a_parent_has_its_own_things_and_no_other() -> None:
    client = Client(document("served"), items=12)
    first = client.get("/api/books/1/reviews/")

    assert len(first) == 12
    assert {review["book"] for review in first} == {1}
    assert len(client.get("/api/books/2/reviews/")) == 1
    assert client.get("/api/books/3/reviews/") == []
    assert client.ask("GET", f"/api/books/2/reviews/{first[0]['id']}/").status_code == 404
    assert client.ask("GET", "/api/books/999/reviews/").status_code == 404


def test_a_number_makes_a_world_and_another_number_another_one() -> None:
    worlds = [Client(document("typed"), random_seed=seed).get("/products") for seed in (0, 0, 1)]

    assert worlds[0] == worlds[1]
    assert worlds[0] != worlds[2]


def test_the_order_of_asking_changes_nothing() -> None:
    there, back = Client(document("typed")), Client(document("typed"))
    orders, products = there.get("/orders"), there.get("/products")

    assert back.get("/products") == products
    assert back.get("/orders") == orders


def test_a_reset_brings_the_world_back() -> None:
    client = Client(document("typed"))
    before = client.get("/products?limit=3")
    client.ask("DELETE", f"/products/{before['items'][0]['id']}")
    assert client.get("/products?limit=3") != before

    client.twin.reset()

    assert client.get("/products?limit=3") == before


def test_a_world_that_somebody_wrote_has_nothing_else(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text(
        "tokens: [{token: secret-1, roles: [any]}]\ncollections: {accounts: [{username: ada, email: ada@example.com}]}"
    )
    client = Client(document("served"), world=world)

    assert client.get("/api/accounts/") == [{"username": "ada", "email": "ada@example.com"}]
    assert client.get("/api/books/")["results"] == []


def test_a_circle_of_schemas_comes_to_an_end() -> None:
    client = Client(document("mixed"), items=5)
    identity = client.get("/v1/parcels?limit=1")["data"][0]["id"]

    parcel = client.get(f"/v1/parcels/{identity}")["data"]

    assert parcel["id"] == identity
    assert "inside" not in parcel["inside"]


def test_a_list_shows_no_more_than_its_own_schema_has() -> None:
    parcels = Client(document("mixed"), items=5).get("/v1/parcels")["data"]

    assert len(parcels) == 5
    assert all(parcel.keys() == {"id", "weight"} for parcel in parcels)


def test_what_nobody_shows_is_not_in_the_world() -> None:
    accounts = Client(document("served"), items=5).get("/api/accounts/")

    assert len(accounts) == 5
    assert all("password" not in account for account in accounts)


def test_a_list_of_names_is_one_list_whatever_page_is_asked_for() -> None:
    client = Client(document("mixed"), items=23)

    pages = [client.get(f"/v1/tags?limit=10&offset={offset}") for offset in (0, 10, 20, 30)]

    assert [len(page["tags"]) for page in pages] == [10, 10, 3, 0]
    assert [page["total"] for page in pages] == [23] * 4
    assert len({name for page in pages for name in page["tags"]}) == 23
    assert client.get("/v1/tags?limit=20&offset=0")["tags"] == [*pages[0]["tags"], *pages[1]["tags"]]
