"""What the official client reads, request by request, with what it takes from each answer."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.viktor.client import Client, Entity
from tests.viktor.wire import HEADERS
from tests.viktor.worlds import LABEL, Bridges, Site

FLAGS = "properties=true&param_types=true"
NO_FLAGS = "properties=false&param_types=false"
NOW = "2026-05-04T08:30:00.000250Z"


def test_every_request_has_the_headers_of_the_client(client: Client, bridges: Bridges) -> None:
    client.get_current_user()
    client.get_entity(1, bridges.root.id).rename("Rhein")
    client.get_entity(1, bridges.deck.id).delete()

    for exchange in client.sent:
        assert exchange.headers.items() >= {**HEADERS, "Authorization": f"Bearer {bridges.member.token}"}.items()
    assert [exchange.status for exchange in client.sent] == [200, 200, 204]


def test_the_twin_receives_what_the_client_sent_in_the_same_order(site: Site, client: Client, root: Entity) -> None:
    _ = [child.name for child in root.children(types=["Section", "Survey"])]
    root.set_params({"width": 3})

    journal = requests.get(f"{site.url}/__twin__/journal", timeout=10).json()
    received = [f"{entry['method']} {entry['path']}?{'&'.join(map('='.join, entry['query']))}" for entry in journal]

    assert received == [f"{exchange.method} {exchange.path}" for exchange in client.sent]
    assert len(received) == 4


def test_the_current_user_is_read_once(client: Client) -> None:
    assert client.get_current_user() == {
        "id": 2,
        "first_name": "Max",
        "last_name": "Bauer",
        "email": "user2@example.test",
        "job_title": "Engineer",
    }
    assert client.asked == ["GET users/current/"]


def test_a_workspace_has_everything_that_the_client_reads_of_it(client: Client) -> None:
    workspace = client.get_workspace(1)

    assert client.asked == ["GET workspaces/1/"]
    assert workspace == {
        "id": 1,
        "name": "Bridges",
        "description": "Over the Rhine",
        "visibility": "PRIVATE",
        "created_at": NOW,
        "updated_at": NOW,
        "is_archived": False,
        "app": {"id": 900, "name": "bridge-design"},
        "app_version": {
            "id": 1,
            "tag": "v1.0.0",
            "status": "PUBLISHED",
            "app_type": "tree",
            "sdk_version": "14.0.0",
            "python_version": "3.11",
            "created_at": NOW,
        },
        "labels": [{**LABEL, "color": bytes.fromhex("3366cc")}],
    }


def test_a_workspace_without_version_and_labels_is_read_too(client: Client) -> None:
    piles = next(workspace for workspace in client.get_workspaces() if workspace["name"] == "Piles")

    assert (piles["app_version"], piles["labels"]) == (None, [])


def test_all_workspaces_come_in_two_pages_without_archived_and_without_private_ones(client: Client) -> None:
    names = [workspace["name"] for workspace in client.get_workspaces()]

    assert client.asked == [
        "GET workspaces/?limit=100&offset=0&include_archived=False",
        "GET workspaces/?limit=100&offset=100&include_archived=False",
    ]
    assert names == ["Bridges", *(f"Site {number}" for number in range(1, 121)), "Piles"]


def test_an_administrator_reads_archived_workspaces_on_request(site: Site) -> None:
    admin = site.client(site.world.admin)

    names = [workspace["name"] for workspace in admin.get_workspaces(include_archived=True)]

    assert admin.asked[0] == "GET workspaces/?limit=100&offset=0&include_archived=True"
    assert {"Old site", "Secret", "Bridges"} <= set(names)
    assert "Old site" not in [workspace["name"] for workspace in admin.get_workspaces()]


def test_workspaces_of_an_app_are_found_by_its_exact_name_however_many_apps_resemble_it(client: Client) -> None:
    names = [workspace["name"] for workspace in client.get_workspaces(app_name="piles")]

    assert names == ["Piles"]
    assert client.asked == [
        "GET apps/?limit=100&offset=0&search=piles",
        "GET apps/?limit=100&offset=100&search=piles",
        "GET workspaces/?limit=100&offset=0&include_archived=False&app=2000",
    ]


@pytest.mark.parametrize("name", ["pile", "Piles", "no such app"])
def test_an_app_of_another_name_does_not_exist(client: Client, name: str) -> None:
    with pytest.raises(ValueError, match=r"does not exist$"):
        client.get_workspaces(app_name=name)

    assert {exchange.status for exchange in client.sent} == {200}
    assert all(request.startswith("GET apps/?limit=100&offset=") for request in client.asked)


def test_nothing_is_asked_of_an_entity_until_an_attribute_is_read(client: Client, root: Entity) -> None:
    assert root.id == 1
    assert client.asked == []

    assert root.name == "Rhine"
    assert root.entity_type == {"id": 1, "class_name": "Folder"}
    assert root.last_saved_summary == {"mass": {"value": 18.4}}
    assert client.asked == [f"GET workspaces/1/entities/1/?{NO_FLAGS}&privileged=false"]

    assert root.last_saved_params == {"geometry": {"width": 2.5, "lanes": 2}}
    assert client.asked[1:] == [f"GET workspaces/1/entities/1/?{FLAGS}&privileged=false"]


def test_the_flags_decide_whether_input_and_its_types_are_there(client: Client) -> None:
    with_input = client.get("entity", "workspaces/1/entities/1/", [("properties", "true"), ("param_types", "true")])
    without = client.get("entity", "workspaces/1/entities/1/", [("properties", "false"), ("param_types", "false")])

    assert with_input["param_types"] == {"geometry.width": {"type": "number"}, "geometry.lanes": {"type": "integer"}}
    assert with_input.keys() - without.keys() == {"properties", "param_types"}


def test_an_entity_has_the_types_of_recorded_answers_and_not_those_of_the_documentation(client: Client) -> None:
    values: Any = client.get("entity", "workspaces/1/entities/1/")

    assert {
        name: values[name] for name in ("deleted", "locked", "locked_by", "path", "parent_count", "created_at")
    } == {
        "deleted": False,
        "locked": False,
        "locked_by": None,
        "path": [1],
        "parent_count": 0,
        "created_at": NOW,
    }
    assert values["summary"] == {"mass": {"value": 18.4}}
    assert values["param_types"]["geometry.width"] == {"type": "number"}
    assert values["actions"] == ["read", "read-basic", "read-nav", "update", "rename", "create", "delete"]
    assert "summary_types" not in values


def test_an_entity_without_input_has_no_params_to_read(client: Client, bridges: Bridges) -> None:
    deck = client.get_entity(1, bridges.deck.id)

    assert (deck.name, deck.last_saved_summary) == ("Deck", {})
    with pytest.raises(AttributeError):
        _ = deck.last_saved_params


def test_parents_are_resolved_one_by_one_until_there_is_none(client: Client, bridges: Bridges) -> None:
    deck = client.get_entity(1, bridges.deck.id)
    span, rhine = deck.parent(), deck.parent().parent()
    assert client.asked == []

    assert (span.name, span.id) == ("Span 1", 2)
    assert client.asked == [f"GET workspaces/1/entities/252/parent/?{NO_FLAGS}&privileged=false"]
    assert (rhine.last_saved_params["geometry"]["lanes"], rhine.id) == (2, 1)
    assert client.asked[1:] == [
        f"GET workspaces/1/entities/252/parent/?{NO_FLAGS}&privileged=false",
        f"GET workspaces/1/entities/2/parent/?{FLAGS}&privileged=false",
    ]
    with pytest.raises(Exception, match=r"^Entity 1 has no parent$"):
        _ = rhine.parent().name
    assert client.sent[-1].status == 204


def test_the_array_of_all_parents_shows_each_as_it_is_read_alone(client: Client, bridges: Bridges) -> None:
    above = client.get("entity", f"workspaces/1/entities/{bridges.deck.id}/parents/")

    assert [parent["name"] for parent in above] == ["Span 1", "Rhine"], "the nearest first"
    assert above == [client.get("entity", f"workspaces/1/entities/{parent['id']}/") for parent in above]
    assert client.get("entity", "workspaces/1/entities/1/parents/") == []


def test_children_come_in_three_pages_with_their_input(client: Client, root: Entity) -> None:
    children = [(child.name, child.last_saved_params) for child in root.children(types=["Section"])]

    assert children == [(f"Span {number}", {"length": 24.5}) for number in range(1, 251)]
    assert client.asked == [
        f"GET workspaces/1/entities/1/entities/?{FLAGS}&entity_type=Section&limit=100&offset={offset}&privileged=false"
        for offset in (0, 100, 200)
    ]


def test_children_of_several_types_are_asked_for_with_a_repeated_key(client: Client, root: Entity) -> None:
    names = [child.name for child in root.children(types=["Survey", "Section"], include_params=False)]

    assert len(names) == 251 and names[-1] == "Borehole 7"
    assert client.asked[0] == (
        f"GET workspaces/1/entities/1/entities/?{NO_FLAGS}&entity_type=Survey&entity_type=Section"
        "&limit=100&offset=0&privileged=false"
    )
    assert [child.name for child in root.children(types=["Survey"])] == ["Borehole 7"]
    assert [child.name for child in root.children(types=["Folder"])] == []


def test_siblings_are_all_children_of_the_parent_but_the_entity_itself(client: Client, bridges: Bridges) -> None:
    span = client.get_entity(1, bridges.spans[6].id)

    names = [sibling.name for sibling in span.siblings()]

    assert names == [*(f"Span {number}" for number in range(1, 251) if number != 7), "Borehole 7"]
    assert client.asked[0] == (f"GET workspaces/1/entities/8/siblings/?{FLAGS}&limit=100&offset=0&privileged=false")


def test_root_entities_are_those_without_a_parent(client: Client) -> None:
    assert [entity.name for entity in client.get_root_entities(1)] == ["Rhine"]
    assert client.asked == [f"GET workspaces/1/entities/?{FLAGS}&limit=100&offset=0&privileged=false"]


def test_entities_of_a_type_are_found_by_the_name_of_the_type(client: Client) -> None:
    names = [entity.name for entity in client.get_entities_by_type(1, "Section", include_params=False)]

    assert names == [*(f"Span {number}" for number in range(1, 251)), "Deck"]
    assert client.asked == [
        "GET workspaces/1/entity_types/?limit=100&offset=0",
        *(
            f"GET workspaces/1/entity_types/2/entities/?{NO_FLAGS}&limit=100&offset={offset}&privileged=false"
            for offset in (0, 100, 200)
        ),
    ]


def test_a_type_on_the_second_page_is_found(site: Site, client: Client, bridges: Bridges) -> None:
    for number in range(110):
        kind = bridges.home.entity_type(f"Kind{number}")
    kind.entity("Lost and found")

    assert [entity.name for entity in client.get_entities_by_type(1, "Kind109")] == ["Lost and found"]
    assert client.asked[:2] == [f"GET workspaces/1/entity_types/?limit=100&offset={offset}" for offset in (0, 100)]


def test_a_type_that_no_page_has_does_not_exist(client: Client) -> None:
    with pytest.raises(ValueError, match=r"does not exist$"):
        client.get_entities_by_type(1, "section")

    assert client.asked == ["GET workspaces/1/entity_types/?limit=100&offset=0"]


def test_entity_types_are_read_by_pages_and_one_by_one(client: Client) -> None:
    types = list(iter(client.get_entity_types(1)))

    assert [entity_type["class_name"] for entity_type in types] == ["Folder", "Section", "Survey"]
    assert [client.get_entity_type(1, entity_type["id"]) for entity_type in types] == types
    assert client.asked[1:] == [f"GET workspaces/1/entity_types/{number}/" for number in (1, 2, 3)]


def test_what_is_not_imitated_says_so(client: Client) -> None:
    response = client.send("GET", "workspaces/1/entities/1/chatfield_exchanges/", [("limit", 100), ("offset", 0)])

    assert response.status_code == 404
    assert response.json()["detail"].startswith("apitwin: viktor has no /api/workspaces/1/entities/1/chatfield")
