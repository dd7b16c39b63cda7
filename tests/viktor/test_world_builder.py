"""A world said in code: what each line of it gives, what it refuses, and what becomes of it while a twin runs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from apitwin.contracts import Contract
from apitwin.mock_server.viktor.builder import ADMIN_TOKEN, Entity, WorldBuilder
from apitwin.mock_server.viktor.jobs import UserError
from apitwin.mock_server.world.clock import Clock
from tests.viktor.worlds import START, Site, running

NOW = "2026-05-04T08:30:00.000250Z"


@pytest.fixture(scope="module")
def started(viktor: Contract) -> Iterator[Site]:
    """A twin of a world in which there is nobody but the administrator."""
    with running(WorldBuilder(viktor, Clock(START))) as site:
        yield site


@pytest.fixture
def site(started: Site) -> Site:
    started.reset()
    return started


@pytest.fixture
def world(site: Site) -> WorldBuilder:
    return site.world


def ask(site: Site, path: str, token: str = ADMIN_TOKEN, body: Any = None) -> Any:
    """Return the JSON of a request that has to work."""
    method = "GET" if body is None else "POST"
    headers = {"Authorization": f"Bearer {token}"}
    response = requests.request(method, f"{site.url}/api/{path}", headers=headers, json=body, timeout=10)
    assert response.status_code in (200, 201), response.text
    return response.json()


def test_a_new_world_holds_an_administrator_and_nothing_else(site: Site) -> None:
    assert ask(site, "users/current/") == {
        "id": 1,
        "first_name": "Ada",
        "last_name": "Test",
        "email": "user1@example.test",
        "job_title": None,
    }
    assert ask(site, "workspaces/?include_archived=true") == []
    assert ask(site, "apps/") == []


def test_the_example_of_the_builder_works_as_it_stands(site: Site, world: WorldBuilder) -> None:
    bridges = world.workspace("Bridges")
    section = bridges.entity_type("Section")
    root = section.entity("Rhine", properties={"width": 2.5})
    root.entities("Span {n}", section, count=250)
    world.method("calculate", lambda params: {"data": {"area": params["width"] * 2}})

    page = ask(site, f"workspaces/{bridges.id}/entities/{root.id}/entities/?limit=100&offset=200")
    job = ask(site, f"workspaces/1/entities/{root.id}/jobs/", body={"method_name": "calculate", "params": {"width": 4}})

    assert (page["count"], page["results"][-1]["name"]) == (250, "Span 250")
    assert ask(site, f"jobs/{job['uid']}/")["result"] == {"data": {"area": 8}}


def test_a_user_has_a_token_that_looks_like_a_personal_one(site: Site, world: WorldBuilder) -> None:
    users = [world.user(name) for name in ("Zoë", "Max")]

    assert [user.id for user in users] == [2, 3]
    for owner in (*users, world.admin):
        assert re.fullmatch(r"vktrpat_[A-Za-z0-9]{14}_[A-Za-z0-9]{26}", owner.token)
        assert ask(site, "users/current/", owner.token)["id"] == owner.id
    assert users[0].token != users[1].token


def test_a_user_may_be_told_in_every_field(site: Site, world: WorldBuilder) -> None:
    user = world.user("Zoë", token="vktrpat_mine", last_name="Kovács", email="zoe@example.test", job_title="Engineer")

    assert ask(site, "users/current/", "vktrpat_mine") == {
        "id": user.id,
        "first_name": "Zoë",
        "last_name": "Kovács",
        "email": "zoe@example.test",
        "job_title": "Engineer",
    }


def test_a_workspace_has_what_a_new_one_has(site: Site, world: WorldBuilder) -> None:
    made = world.workspace("Bridges")

    shown = ask(site, f"workspaces/{made.id}/")

    assert (
        shown.items()
        >= {
            "id": 1,
            "name": "Bridges",
            "description": "",
            "visibility": "PRIVATE",
            "type": "PROJECT",
            "created_at": NOW,
            "updated_at": NOW,
            "is_archived": False,
            "is_dev": False,
            "nr_views": 0,
            "labels": [],
        }.items()
    )
    assert (shown["app_version"]["app_type"], shown["app_version"]["status"]) == ("tree", "PUBLISHED")
    assert not {"members", "admins"} & shown.keys()


def test_the_app_of_a_workspace_is_an_app_that_can_be_found(site: Site, world: WorldBuilder) -> None:
    made = world.workspace("Bridges")
    app = ask(site, f"workspaces/{made.id}/")["app"]

    apps = ask(site, f"apps/?search={app['name']}&limit=100")["results"]

    assert [(item["id"], item["name"]) for item in apps] == [(app["id"], app["name"])]


def test_an_app_has_no_workspaces_that_run_another(site: Site, world: WorldBuilder) -> None:
    world.workspace("Bridges")
    piles = world.app("piles")

    assert ask(site, f"workspaces/?app={piles}") == []


@pytest.mark.parametrize("app_type", ["tree", "simple", "editor"])
def test_the_type_of_the_app_stands_in_its_version_and_in_the_settings(
    site: Site, world: WorldBuilder, app_type: str
) -> None:
    made = world.workspace("Bridges", app_type=app_type)

    assert ask(site, f"workspaces/{made.id}/")["app_version"]["app_type"] == app_type
    assert ask(site, f"workspaces/{made.id}/settings/")["app_type"] == app_type


def test_members_and_administrators_are_those_that_were_named(site: Site, world: WorldBuilder) -> None:
    member, boss, other = world.user("Max"), world.user("Wanda"), world.user("Otto")
    made = world.workspace("Bridges", members=[member], admins=[boss])

    assert [ask(site, "workspaces/", user.token) != [] for user in (member, boss, other)] == [True, True, False]
    assert [(user["id"], user["is_workspace_admin"]) for user in ask(site, f"workspaces/{made.id}/users/")] == [
        (member.id, False),
        (boss.id, True),
    ]


def test_a_field_of_a_workspace_may_be_told(site: Site, world: WorldBuilder) -> None:
    label = {"id": 1, "name": "L", "description": "", "color": "#3366cc"}
    made = world.workspace("Bridges", visibility="PUBLIC", is_archived=True, labels=[label], app=None, app_version=None)

    shown = ask(site, f"workspaces/{made.id}/")

    assert (shown["visibility"], shown["is_archived"], shown["labels"]) == ("PUBLIC", True, [label])
    assert (shown["app"], shown["app_version"]) == (None, None)


def test_an_app_has_what_a_new_one_has(site: Site, world: WorldBuilder) -> None:
    number = world.app("piles", readable_name="Piles and more")

    assert ask(site, f"apps/{number}/") == {
        "id": number,
        "name": "piles",
        "readable_name": "Piles and more",
        "description": "",
        "maintainers": [],
        "labels": [],
        "is_verified": False,
        "is_public": False,
        "is_published": True,
        "created_from": "scratch",
        "created_at": NOW,
    }
    assert ask(site, f"apps/{world.app('plain')}/")["readable_name"] == "plain"


def test_an_entity_type_has_what_a_new_one_has(site: Site, world: WorldBuilder) -> None:
    made = world.workspace("Bridges").entity_type("Section")

    shown = ask(site, f"workspaces/1/entity_types/{made.id}/")

    assert (
        shown.items()
        >= {
            "id": 1,
            "name": "Section",
            "class_name": "Section",
            "is_file": False,
            "show_children_as": "None",
            "actions": ["read", "read-basic", "read-nav", "update", "rename", "create", "delete"],
            "child_entity_type_ids": [],
            "file_constraints": {"max_size": 50000000, "file_types": None},
            "allow_saving": True,
        }.items()
    )


def test_a_type_below_another_is_the_only_kind_of_child_there(site: Site, world: WorldBuilder) -> None:
    made = world.workspace("Bridges")
    folder = made.entity_type("Folder")
    section, beam = made.entity_type("Section", below=folder), made.entity_type("Beam", below=folder)

    assert ask(site, f"workspaces/1/entity_types/{folder.id}/")["child_entity_type_ids"] == [section.id, beam.id]
    assert [kind["id"] for kind in ask(site, f"workspaces/1/entity_types/{folder.id}/entity_types/")] == [2, 3]
    refused = requests.post(
        f"{site.url}/api/workspaces/1/entities/{folder.entity('Top').id}/entities/",
        headers={"Authorization": f"Bearer {ADMIN_TOKEN}"},
        json={"entity_type": folder.id, "properties": {}},
        timeout=10,
    )
    assert (refused.status_code, list(refused.json())) == (400, ["entity_type"])


def test_an_entity_has_what_a_new_one_has(site: Site, world: WorldBuilder) -> None:
    made = world.workspace("Bridges").entity_type("Section").entity("Rhine")

    assert ask(site, f"workspaces/1/entities/{made.id}/") == {
        "id": 1,
        "name": "Rhine",
        "properties": None,
        "param_types": None,
        "summary": {},
        "summary_status": "finished",
        "summary_updated_at": None,
        "deleted": False,
        "locked": False,
        "locked_by": None,
        "entity_type": 1,
        "entity_type_name": "Section",
        "created_at": NOW,
        "updated_at": NOW,
        "created_by": None,
        "last_updated_by": None,
        "parent_count": 0,
        "path": [1],
        "actions": ["read", "read-basic", "read-nav", "update", "rename", "create", "delete"],
        "show_on_dashboard": False,
    }
    assert [revision["id"] for revision in ask(site, f"workspaces/1/entities/{made.id}/revisions/")] == [1]


def test_entities_stand_where_they_were_put(site: Site, world: WorldBuilder) -> None:
    kind = world.workspace("Bridges").entity_type("Section")
    top = kind.entities("Top {n}", count=2)
    middle = top[1].entity("Middle", kind)
    leaves = middle.entities("Leaf {n} of {n}", kind, count=2, properties={"length": 3})

    assert [entity["name"] for entity in ask(site, "workspaces/1/entities/")] == ["Top 1", "Top 2"]
    assert [entity["name"] for entity in ask(site, f"workspaces/1/entities/{middle.id}/entities/")] == [
        "Leaf 1 of 1",
        "Leaf 2 of 2",
    ]
    leaf = ask(site, f"workspaces/1/entities/{leaves[1].id}/")
    assert (leaf["path"], leaf["parent_count"]) == ([top[1].id, middle.id, leaves[1].id], 2)
    assert (leaf["properties"], leaf["param_types"]) == ({"length": 3}, {"length": {"type": "integer"}})


def test_a_file_is_fetched_as_it_was_stored(site: Site, world: WorldBuilder) -> None:
    kind = world.workspace("Bridges").entity_type("Survey", is_file=True)
    named = kind.entity("A", file=world.file("a/b.gef", b"\x00\xff", "Bohrung ½.gef"))
    plain = kind.entity("B", file=world.file("a/c.gef", b""))

    fetched = [
        requests.get(ask(site, f"workspaces/1/entities/{entity.id}/download/")["temporary_download_url"], timeout=10)
        for entity in (named, plain)
    ]

    assert [response.content for response in fetched] == [b"\x00\xff", b""]
    assert fetched[0].headers["Content-Disposition"].endswith("Bohrung%20%C2%BD.gef")
    assert fetched[1].headers["Content-Disposition"].endswith("c.gef")


@pytest.fixture
def entity(world: WorldBuilder) -> Entity:
    return world.workspace("Bridges").entity_type("Section").entity("Rhine")


def ended(site: Site, entity: Entity, name: str, params: Any = None) -> Any:
    job = ask(site, f"workspaces/1/entities/{entity.id}/jobs/", body={"method_name": name, "params": params or {}})
    return ask(site, f"jobs/{job['uid']}/")


def test_a_method_is_a_result_a_function_or_an_error(site: Site, world: WorldBuilder, entity: Entity) -> None:
    def refuse(params: Any) -> Any:
        raise UserError("too wide", {"width": "at most 3"})

    world.method("fixed", {"data": {"x": 1}})
    world.method("doubled", lambda params: {"data": {"x": params["x"] * 2}})
    world.method("refusing", refuse)
    world.method("failing", error={"type": "error_code", "message": "boom"})

    assert ended(site, entity, "fixed")["result"] == {"data": {"x": 1}}
    assert ended(site, entity, "doubled", {"x": 4})["result"] == {"data": {"x": 8}}
    refused, failed = ended(site, entity, "refusing")["error"], ended(site, entity, "failing")["error"]
    assert (refused["type"], refused["invalid_fields"]) == ("error_user", {"width": "at most 3"})
    assert (failed["type"], failed["message"]) == ("error_code", "boom")


def test_a_method_takes_the_seconds_that_were_said(site: Site, world: WorldBuilder, entity: Entity) -> None:
    world.method("slow", {}, seconds=2.5, progress=[{"after": 1, "message": "half", "percentage": 50}])
    job = ended(site, entity, "slow")
    assert (job["status"], job["message"]["message"]) == ("running", "Queued")

    world.world.clock.advance(1)
    assert ask(site, f"jobs/{job['uid']}/")["message"]["percentage"] == 50
    world.world.clock.advance(1.5)
    assert ask(site, f"jobs/{job['uid']}/")["status"] == "success"


def test_250_entities_are_made_in_a_moment(world: WorldBuilder) -> None:
    kind = world.workspace("Bridges").entity_type("Section")
    root = kind.entity("Rhine")
    begun = time.perf_counter()

    made = root.entities("Span {n}", kind, count=250, properties={"length": 3})

    assert time.perf_counter() - begun < 0.5
    assert len({entity.id for entity in made}) == 250
