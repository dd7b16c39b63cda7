"""Lists of any length: just the items that a client is shown, in their order, or one clear error."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from apitwin.mock_server import Twin, TwinError
from apitwin.mock_server.messages import Request
from apitwin.mock_server.population import populate
from apitwin.mock_server.viktor.builder import WorldBuilder

HARBOUR = "tests/harbour/openapi.yaml"


def listed(twin: Twin, path: str, query: tuple[tuple[str, str], ...], results: str = "results") -> list[Any]:
    headers = {"authorization": f"Bearer {twin.token}"}
    asked = (*query, ("limit", "100"))
    answer = twin.backend.answer(Request("GET", path, asked, headers, f"http://twin{path}", b""))
    assert answer.status == 200, (path, urlencode(asked), answer.body)
    return list(json.loads(answer.body)[results])


LISTS = [
    ("apps_list", {}, ()),
    ("workspaces_list", {}, ()),
    ("workspaces_entities_list", {"workspace_id": "1"}, ()),
    ("workspaces_entities_siblings", {"workspace_id": "1", "id": "1"}, ()),
]


@pytest.mark.parametrize("size", [0, 1, 40])
@pytest.mark.parametrize(("operation", "path", "query"), LISTS)
def test_a_list_has_just_the_items_that_were_made(operation: str, path: dict[str, str], query: Any, size: int) -> None:
    twin = Twin("viktor", check_answers=True)
    chosen = twin.contract.operation(operation)
    made = populate(twin.backend, chosen, path, size, query)
    shown = listed(twin, chosen.path.format(**path), query)
    assert tuple(str(item["id"]) for item in shown) == made
    assert len(made) == size
    assert [item["name"] for item in shown] == [f"Item {number // 2}" for number in range(2, size + 2)]


def test_the_identities_come_in_the_order_of_the_collection_also_as_texts() -> None:
    twin = Twin(HARBOUR)
    twin.world.tables["ships"].add([{**twin.world.tables["ships"].records[0].values, "number": "9980"}])
    made = populate(twin.backend, twin.contract.operation("listShips"), {}, 30)
    table = twin.world.tables["ships"]
    assert made == tuple(table.identity(record.values) for record in table.records) and len(set(made)) == 30
    assert made[0].endswith("10000") and made[-1].endswith("9999"), "they are texts"


def test_items_keep_their_name_where_the_query_is_about_names() -> None:
    world = WorldBuilder()
    for name in ("One", "Other"):
        world.workspace(name)
    twin = Twin(world.contract, world=world.world)
    chosen = twin.contract.operation("workspaces_list")
    query = (("search", "Other"),) if chosen.search is not None else (("name", "Other"),)
    made = populate(twin.backend, chosen, {}, 7, query)
    shown = listed(twin, chosen.path, query)
    assert tuple(str(item["id"]) for item in shown) == made and len(made) == 7
    assert {item["name"] for item in shown} == {"Other"}


def test_a_list_that_cannot_have_several_items_is_one_error_and_stays() -> None:
    twin = Twin("viktor")
    before = twin.world.snapshot()
    users = twin.contract.operation("workspaces_users_list")
    with pytest.raises(TwinError, match=r"^workspaces_users_list: \{\} does not show 3 copies of an item; [^\n]+$"):
        populate(twin.backend, users, {"workspace_id": "1"}, 3)
    assert twin.world.snapshot() == before


def test_there_must_be_an_item_to_copy() -> None:
    twin = Twin("viktor")
    chosen = twin.contract.operation("workspaces_list")
    twin.world.tables["workspaces"].remove(*twin.world.tables["workspaces"].state.by_identity)
    with pytest.raises(TwinError, match="there is no item to copy"):
        populate(twin.backend, chosen, {}, 3)


@pytest.mark.parametrize("name", ["insert-between-pages", "delete-between-pages"])
def test_somebody_else_writes_as_often_as_pages_are_asked_for(name: str) -> None:
    for contract, operation, results in (("viktor", "workspaces_list", "results"), (HARBOUR, "listShips", "items")):
        twin = Twin(contract, check_answers=True)
        chosen = twin.contract.operation(operation)
        assert chosen.collection is not None
        table = twin.world.tables[chosen.collection.name]
        before = len(table.records)
        twin.fault(name)
        for _ in range(5):
            assert listed(twin, chosen.path, (), results)
        assert len(table.records) == before + (5 if name.startswith("insert") else -5)


def test_an_inserted_entity_stands_where_it_says() -> None:
    twin = Twin("viktor", check_answers=True)
    made = populate(twin.backend, twin.contract.operation("workspaces_entities_list"), {"workspace_id": "1"}, 5)
    twin.fault("insert-between-pages")
    first = listed(twin, "/api/workspaces/1/entities/", ())[0]
    record = twin.world.tables["entities"].get(str(first["id"]))
    assert first["id"] == int(made[0]) - 1
    assert record is not None and record.values["path"] == [first["id"]]


def test_a_page_under_drift_asks_for_one_honest_item(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = Twin("viktor")
    limits: list[Any] = []
    cut = twin.backend.steps.cut

    def counted(items: Any, seen: Any) -> Any:
        limits.append(seen.limit)
        return cut(items, seen)

    monkeypatch.setattr(twin.backend, "steps", twin.backend.steps.__class__(cut=counted))
    twin.fault("delete-between-pages")
    listed(twin, "/api/workspaces/", ())
    assert limits == [1, 100]
