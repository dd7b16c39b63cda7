"""What a world in code does not take, named by its field; and what is added while a twin runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from apitwin.contracts import Contract, load
from apitwin.mock_server import TwinError
from apitwin.mock_server.viktor.builder import EntityType, WorldBuilder
from apitwin.mock_server.world.clock import Clock
from tests.viktor.worlds import START, Site, running


@pytest.fixture(scope="module")
def started(viktor: Contract) -> Iterator[tuple[Site, EntityType]]:
    world = WorldBuilder(viktor, Clock(START))
    kind = world.workspace("Bridges").entity_type("Section")
    kind.entity("Rhine")
    world.method("calculate", {})
    with running(world) as site:
        yield site, kind


@pytest.fixture
def site(started: tuple[Site, EntityType]) -> Site:
    started[0].reset()
    return started[0]


@pytest.fixture
def kind(started: tuple[Site, EntityType]) -> EntityType:
    return started[1]


Attempt = Callable[[WorldBuilder, EntityType], Any]
UNKNOWN: dict[str, tuple[Attempt, str]] = {
    "user": (lambda world, kind: world.user("Max", emial="x"), r"users: .*'emial'.*did you mean 'email'\?"),
    "workspace": (
        lambda world, kind: world.workspace("B", visiblity="PUBLIC"),
        r"workspaces: .*'visiblity'.*'visibility'\?",
    ),
    "app": (lambda world, kind: world.app("a", read_name="x"), r"apps: .*'read_name'.*'readable_name'\?"),
    "type": (
        lambda world, kind: world.workspace("C").entity_type("S", is_flie=True),
        r"entity_types: .*'is_flie'.*'is_file'\?",
    ),
    "entity": (lambda world, kind: kind.entity("E", propertys={}), r"entities: .*'propertys'.*'properties'\?"),
    "entities": (lambda world, kind: kind.entities("E", count=3, sumary={}), r"entities: .*'sumary'.*'summary'\?"),
    "child": (lambda world, kind: kind.entity("E").entity("F", kind, colour="red"), r"entities: .*'colour'"),
}
WRONG: dict[str, tuple[Attempt, str]] = {
    "user": (lambda world, kind: world.user("Max", job_title=7), r"users .*/job_title: "),
    "first name": (lambda world, kind: world.user(7), r"users .*/first_name: "),  # type: ignore[arg-type]
    "workspace": (lambda world, kind: world.workspace("B", visibility="SECRET"), r"workspaces 'B'/visibility: "),
    "empty name": (lambda world, kind: world.workspace(""), r"workspaces ''/name: "),
    "app type": (lambda world, kind: world.workspace("B", app_type="forest"), r"workspaces 'B'/app_version/app_type: "),
    "label": (
        lambda world, kind: world.workspace("B", labels=[{"id": 1, "name": "L", "description": "", "color": "red"}]),
        r"workspaces 'B'/labels/0/color: ",
    ),
    "app": (lambda world, kind: world.app("a", is_verified="yes"), r"apps 'a'/is_verified: "),
    "type": (lambda world, kind: world.workspace("C").entity_type("S", is_file=1), r"entity_types 'S'/is_file: "),
    "entity": (lambda world, kind: kind.entity("E", properties=[1]), r"entities 'E'/properties: "),
    "summary": (lambda world, kind: kind.entity("E", summary={"mass": 3}), r"entities 'E'/summary/mass: "),
    "time": (lambda world, kind: kind.entity("E", created_at="2026-05-04"), r"entities 'E'/created_at: "),
    "entities": (lambda world, kind: kind.entities("E {n}", count=3, locked=1), r"entities 'E 1'/locked: "),
    "child": (lambda world, kind: kind.entity("E").entity("", kind), r"entities ''/name: "),
    "seconds": (lambda world, kind: world.method("m", {}, seconds=-1), r"methods 'm'/seconds: "),
    "result": (lambda world, kind: world.method("m", [1]), r"methods 'm'/result: "),  # type: ignore[arg-type]
    "error": (
        lambda world, kind: world.method("m", error={"type": "oops", "message": ""}),
        r"methods 'm'/error/type: ",
    ),
    "error text": (
        lambda world, kind: world.method("m", error={"type": "error_user"}),
        r"methods 'm'/error: .*message",
    ),
    "progress": (lambda world, kind: world.method("m", {}, progress=[{"message": "x"}]), r"methods 'm'/progress/0: "),
    "file": (lambda world, kind: kind.entity("E", file=7), r"file"),
}
TWICE: dict[str, Attempt] = {
    "method": lambda world, kind: world.method("calculate", {}),
    "app": lambda world, kind: [world.app(name, id=7) for name in "ab"],
    "entity": lambda world, kind: kind.entities("E {n}", count=2, id=7),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_field_that_no_schema_knows_is_refused_with_its_name_and_the_nearest(
    site: Site, kind: EntityType, name: str
) -> None:
    attempt, message = UNKNOWN[name]

    with pytest.raises(TwinError, match=message):
        attempt(site.world, kind)


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_does_not_fit_is_refused_with_the_name_of_its_field(
    site: Site, kind: EntityType, name: str
) -> None:
    attempt, message = WRONG[name]

    with pytest.raises(TwinError, match=message):
        attempt(site.world, kind)


@pytest.mark.parametrize("name", TWICE)
def test_what_is_there_already_is_refused(site: Site, kind: EntityType, name: str) -> None:
    with pytest.raises(TwinError, match=r"stands twice$"):
        TWICE[name](site.world, kind)


@pytest.mark.parametrize("name", ["user", "workspace", "app", "entity", "entities", "app type", "seconds"])
def test_what_is_refused_is_not_there(site: Site, kind: EntityType, name: str) -> None:
    before = sizes(site)
    tokens = site.world.world.tokens

    with pytest.raises(TwinError):
        WRONG[name][0](site.world, kind)

    assert sizes(site) == before
    assert site.world.world.tokens == tokens


def test_a_parent_of_another_workspace_is_refused(site: Site, kind: EntityType) -> None:
    elsewhere = site.world.workspace("Elsewhere").entity_type("Section")

    with pytest.raises(TwinError):
        kind.entity("Here").entity("There", elsewhere)


def sizes(site: Site) -> Any:
    return requests.get(f"{site.url}/__twin__/health", timeout=10).json()["collections"]


def get(site: Site, path: str, token: str | None = None) -> requests.Response:
    headers = {"Authorization": f"Bearer {token or site.world.admin.token}"}
    return requests.get(f"{site.url}/api/{path}", headers=headers, timeout=10)


def test_what_is_added_while_the_twin_runs_is_there_at_once(site: Site, kind: EntityType) -> None:
    user = site.world.user("Max")
    piles = site.world.workspace("Piles", members=[user])
    pile = piles.entity_type("Pile").entity("P1")

    assert [workspace["name"] for workspace in get(site, "workspaces/", user.token).json()] == ["Piles"]
    assert get(site, f"workspaces/{piles.id}/entities/{pile.id}/", user.token).json()["name"] == "P1"


def test_a_reset_takes_all_of_it_away_and_leaves_what_was_there_before(site: Site, kind: EntityType) -> None:
    before = sizes(site)
    user = site.world.user("Max")
    site.world.app("piles")
    site.world.method("m", {})
    site.world.workspace("Piles").entity_type("Pile", below=kind).entities("P{n}", count=5)
    kind.entity("Added", file=site.world.file("k", b"x"))
    assert sizes(site) != before

    assert requests.post(f"{site.url}/__twin__/reset", timeout=10).status_code == 200

    assert sizes(site) == before
    assert get(site, "verify/", user.token).status_code == 401
    assert site.world.world.storage.get("k") is None
    assert get(site, "workspaces/1/entity_types/1/").json()["child_entity_type_ids"] == []
    assert [entity["name"] for entity in get(site, "workspaces/1/entities/").json()] == ["Rhine"]


def test_after_a_reset_the_world_takes_things_as_before(site: Site, kind: EntityType) -> None:
    first = kind.entity("First")
    site.reset()

    second = kind.entity("Second")

    assert second.id == first.id
    assert get(site, f"workspaces/1/entities/{second.id}/").json()["name"] == "Second"


def test_what_is_added_later_comes_after_what_a_client_made(site: Site, kind: EntityType) -> None:
    headers = {"Authorization": f"Bearer {site.world.admin.token}"}
    body = {"name": "By a client", "entity_type": 1, "properties": {}}
    made = requests.post(f"{site.url}/api/workspaces/1/entities/", json=body, headers=headers, timeout=10).json()

    added = kind.entity("In code")

    assert added.id == made["id"] + 1


def test_things_may_be_added_while_clients_write(site: Site, kind: EntityType) -> None:
    headers = {"Authorization": f"Bearer {site.world.admin.token}"}
    body = {"name": "By a client", "entity_type": 1, "properties": {}}

    def write(_: int) -> int:
        return requests.post(
            f"{site.url}/api/workspaces/1/entities/", json=body, headers=headers, timeout=10
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = pool.map(write, range(60))
        for _ in range(200):
            kind.entity("In code")
        assert set(statuses) == {200}

    names = [entity["name"] for entity in get(site, "workspaces/1/entities/").json()]
    assert (names.count("By a client"), names.count("In code")) == (60, 200)
    assert len(get(site, "workspaces/1/entities/").json()) == 261


def test_worlds_share_nothing(viktor: Contract) -> None:
    first, other = WorldBuilder(viktor), WorldBuilder(viktor)

    first.workspace("Bridges")

    assert not other.world.tables["workspaces"].records
    assert other.workspace("Piles").id == 1


def test_a_world_without_a_contract_is_one_of_viktor(viktor: Contract) -> None:
    assert WorldBuilder().contract.name == load("viktor").name == viktor.name
