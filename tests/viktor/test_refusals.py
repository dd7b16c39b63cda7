"""What the twin refuses, with which status, and which exception that is to who uses the official client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from apitwin.mock_server.world.world import Token
from tests.viktor.client import Client, Entity
from tests.viktor.refusals import (
    ComputeError,
    EntityCreateError,
    EntityDeleteError,
    EntityNotFoundError,
    EntityReviseError,
    InternalError,
    PermissionDeniedError,
    ResourceNotFoundError,
)
from tests.viktor.worlds import Bridges, Site

UNKNOWN = 99999
Act = Callable[[Entity], Any]
ACTS: dict[str, tuple[Act, type[Exception], type[Exception]]] = {
    "read": (lambda entity: entity.name, EntityNotFoundError, EntityNotFoundError),
    "params": (lambda entity: entity.last_saved_params, EntityNotFoundError, EntityNotFoundError),
    "children": (lambda entity: list(iter(entity.children())), EntityNotFoundError, EntityNotFoundError),
    "siblings": (lambda entity: entity.siblings()[0], EntityNotFoundError, EntityNotFoundError),
    "revisions": (lambda entity: len(entity.revisions()), EntityNotFoundError, EntityNotFoundError),
    "parent": (lambda entity: entity.parent().name, EntityNotFoundError, EntityNotFoundError),
    "set params": (lambda entity: entity.set_params({}), EntityReviseError, EntityReviseError),
    "rename": (lambda entity: entity.rename("x"), EntityReviseError, EntityReviseError),
    "delete": (lambda entity: entity.delete(), EntityDeleteError, EntityDeleteError),
    "get file": (lambda entity: entity.get_file(), ValueError, ValueError),
    "compute": (lambda entity: entity.compute("x", {}), ComputeError, ComputeError),
}
"""For each thing to do with an entity: what is raised for 403 and for 404."""


@pytest.mark.parametrize("name", ACTS)
def test_an_entity_of_a_workspace_out_of_reach_is_403(client: Client, bridges: Bridges, name: str) -> None:
    act, forbidden, _ = ACTS[name]

    with pytest.raises(forbidden):
        act(client.get_entity(bridges.secret.id, bridges.secret_root.id))
    assert [exchange.status for exchange in client.sent] == [403]


@pytest.mark.parametrize("name", ACTS)
def test_an_entity_that_is_not_there_is_404(client: Client, name: str) -> None:
    act, _, missing = ACTS[name]

    with pytest.raises(missing):
        act(client.get_entity(1, UNKNOWN))
    assert [exchange.status for exchange in client.sent] == [404]


@pytest.mark.parametrize("name", ACTS)
def test_an_entity_of_another_workspace_is_404(client: Client, bridges: Bridges, name: str) -> None:
    act, _, missing = ACTS[name]

    with pytest.raises(missing):
        act(client.get_entity(1, bridges.secret_root.id))
    assert [exchange.status for exchange in client.sent] == [404]


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("token", [None, "vktrpat_Wrong000000001_abcdefghijklmnopqrstuvwxyz"], ids=["none", "wrong"])
def test_without_a_good_token_everything_is_401_and_an_error_without_a_word(
    site: Site, token: str | None, name: str
) -> None:
    stranger = site.client(token)
    raised = {"get file": ValueError, "compute": ComputeError}.get(name, InternalError)

    with pytest.raises(raised) as caught:
        ACTS[name][0](stranger.get_entity(1, 1))
    assert [exchange.status for exchange in stranger.sent] == [401]
    assert raised is not InternalError or str(caught.value) == ""


LISTS: dict[str, tuple[Callable[[Client, int], Any], type[Exception]]] = {
    "workspace": (lambda api, workspace: api.get_workspace(workspace), ResourceNotFoundError),
    "roots": (lambda api, workspace: len(api.get_root_entities(workspace)), EntityNotFoundError),
    "types": (lambda api, workspace: len(api.get_entity_types(workspace)), InternalError),
    "type": (lambda api, workspace: api.get_entity_type(workspace, 1), ResourceNotFoundError),
    "by type": (lambda api, workspace: api.get_entities_by_type(workspace, "Folder"), InternalError),
    "upload": (lambda api, workspace: api.generate_upload_url(workspace, "Folder"), InternalError),
    "file": (lambda api, workspace: api.read_file(workspace, 1), FileNotFoundError),
    "content": (lambda api, workspace: api.open_file(workspace, 1), FileNotFoundError),
}
"""What is asked of a workspace, and what is raised for 403."""


@pytest.mark.parametrize("name", LISTS)
def test_a_workspace_out_of_reach_is_403(client: Client, bridges: Bridges, name: str) -> None:
    ask, raised = LISTS[name]

    with pytest.raises(raised):
        ask(client, bridges.secret.id)
    assert [exchange.status for exchange in client.sent] == [403]


@pytest.mark.parametrize("name", LISTS)
def test_a_workspace_without_a_good_token_is_401(site: Site, name: str) -> None:
    stranger = site.client("nobody")

    with pytest.raises(FileNotFoundError if name in ("file", "content") else InternalError) as caught:
        LISTS[name][0](stranger, 1)
    assert [exchange.status for exchange in stranger.sent] == [401]
    assert str(caught.value) == ""


def test_a_workspace_that_is_not_there_is_404(client: Client) -> None:
    with pytest.raises(ResourceNotFoundError):
        client.get_workspace(UNKNOWN)

    assert client.sent[0].status == 404


def test_a_type_or_a_file_that_is_not_there_is_404(client: Client) -> None:
    with pytest.raises(ResourceNotFoundError):
        client.get_entity_type(1, UNKNOWN)
    with pytest.raises(FileNotFoundError):
        client.read_file(1, UNKNOWN)

    assert [exchange.status for exchange in client.sent] == [404, 404]


@pytest.mark.parametrize("path", ["entity_types/99999/entities/", "entity_types/99999/upload/"])
def test_what_belongs_to_a_type_that_is_not_there_is_404(client: Client, path: str) -> None:
    method, kind = ("POST", "upload") if path.endswith("upload/") else ("GET", "by type")

    with pytest.raises(InternalError):
        client.ask(kind, method, f"workspaces/1/{path}", [("privileged", "false")])
    assert client.sent[0].status == 404


def test_the_current_user_of_no_good_token_cannot_be_retrieved(site: Site) -> None:
    for token in (None, "nobody"):
        stranger = site.client(token)
        with pytest.raises(ValueError, match=r"^Could not retrieve current user\.$"):
            stranger.get_current_user()
        assert stranger.sent[0].status == 401


def test_lists_of_workspaces_and_apps_need_a_token(site: Site) -> None:
    for listed in (lambda api: len(api.get_workspaces()), lambda api: api.get_workspaces(app_name="piles")):
        stranger = site.client("nobody")
        with pytest.raises(InternalError):
            listed(stranger)
        assert [exchange.status for exchange in stranger.sent] == [401]


def test_archived_workspaces_are_denied_to_who_is_no_administrator(client: Client) -> None:
    with pytest.raises(PermissionDeniedError):
        len(client.get_workspaces(include_archived=True))

    assert client.sent[0].status == 403
    assert len(client.get_workspaces(include_archived=False)) == 122


@pytest.mark.parametrize("app_type", ["simple", "editor"])
def test_in_an_app_without_a_tree_there_is_no_parent_and_no_child(
    site: Site, client: Client, bridges: Bridges, app_type: str
) -> None:
    flat = site.world.workspace("Flat", members=[bridges.member], app_type=app_type)
    entity = client.get_entity(flat.id, flat.entity_type("Section").entity("One").id)

    with pytest.raises(EntityNotFoundError, match=r"^Not permitted"):
        _ = entity.parent().name
    with pytest.raises(EntityCreateError):
        entity.create_child("Section", "Two")
    assert [exchange.status for exchange in client.sent] == [403, 200, 403]


def test_the_parent_of_what_is_not_there_is_told_from_one_that_does_not_exist(client: Client, root: Entity) -> None:
    with pytest.raises(EntityNotFoundError, match=f"^Entity {UNKNOWN} not found$"):
        _ = client.get_entity(1, UNKNOWN).parent().name
    with pytest.raises(EntityNotFoundError, match=r"^Entity 1 has no parent$"):
        _ = root.parent().name

    assert [exchange.status for exchange in client.sent] == [404, 204]


def test_a_child_of_what_is_not_there_is_404(client: Client) -> None:
    with pytest.raises(EntityCreateError):
        client.get_entity(1, UNKNOWN).create_child("Section", "x")

    assert [exchange.status for exchange in client.sent] == [200, 404]


@pytest.mark.parametrize(
    ("act", "member"),
    [
        (lambda root: root.create_child("Section", "x" * 129), "name"),
        (lambda root: root.create_child("Section", ""), "name"),
        (lambda root: root.create_child("Section", "x", groups="all"), "groups"),
        (lambda root: root.create_child("Section", "x", filename=""), "filename"),
        (lambda root: root.rename(""), "name"),
        (lambda root: root.set_params([1]), "properties"),
        (lambda root: len(root.children(types=[""])), "entity_type"),
    ],
    ids=["long-name", "no-name", "groups", "no-filename", "rename", "params", "types"],
)
def test_what_is_not_valid_is_400_and_an_error_without_the_words_of_the_server(
    client: Client, root: Entity, act: Act, member: str
) -> None:
    answers: list[Any] = []
    send = client.send

    def kept(*arguments: Any, **more: Any) -> Any:
        answers.append(send(*arguments, **more))
        return answers[-1]

    client.send = kept  # type: ignore[method-assign]
    with pytest.raises(InternalError) as caught:
        act(root)

    assert (answers[-1].status_code, list(answers[-1].json())) == (400, [member])
    assert str(caught.value) == ""


def details(entity: Entity, method: str = "x", timeout: int | None = None) -> str:
    """Return what the client says of a job that was not created."""
    with pytest.raises(ComputeError) as caught:
        entity.compute(method, {}, timeout)
    return str(caught.value).partition("(details: ")[2].removesuffix(")")


def test_of_a_refused_job_the_client_shows_the_detail(site: Site, client: Client, bridges: Bridges) -> None:
    assert details(site.client("nobody").get_entity(1, 1)) == "Invalid token."
    assert details(site.client(None).get_entity(1, 1)) == "Authentication credentials were not provided."
    assert details(client.get_entity(1, UNKNOWN)) == "Not found."
    out_of_reach = client.get_entity(bridges.secret.id, bridges.secret_root.id)
    assert details(out_of_reach) == "You do not have permission to perform this action."


def test_of_a_job_that_is_not_valid_the_client_shows_none_for_the_words_stand_under_the_member(
    client: Client, root: Entity
) -> None:
    assert details(root, timeout=86401) == "None"
    assert details(root, method="") == "None"

    assert [exchange.status for exchange in client.sent] == [400, 400]


def test_a_job_of_nobody_or_of_somebody_else_is_not_found(site: Site, client: Client, root: Entity) -> None:
    site.world.method("quick", {})
    root.compute("quick", {})
    for asking, uid, status in ((client, UNKNOWN, 404), (site.client(site.world.admin), 1, 403)):
        with pytest.raises(ResourceNotFoundError):
            asking.get("job", f"jobs/{uid}/")
        assert asking.sent[-1].status == status


def test_a_token_that_runs_out_between_two_looks_at_a_job_is_401(site: Site, client: Client, root: Entity) -> None:
    world = site.world.world
    site.world.method("slow", {}, seconds=10)
    ends = world.clock.now() + timedelta(seconds=3)
    world.tokens = tuple(
        replace(token, expires=ends) if token.secret == client.token else token for token in world.tokens
    )

    with pytest.raises(InternalError):
        root.compute("slow", {})

    assert [exchange.status for exchange in client.sent] == [201, 200, 200, 200, 401]


@pytest.mark.parametrize("why", [{"state": "expired"}, {"state": "revoked"}, {"kind": "refresh"}], ids=str)
def test_a_token_that_opens_nothing_is_401(site: Site, bridges: Bridges, why: dict[str, Any]) -> None:
    world = site.world.world
    world.tokens = (*world.tokens, Token("vktrpat_old", user=str(bridges.member.id), **why))

    with pytest.raises(InternalError):
        len(site.client("vktrpat_old").get_workspaces())
