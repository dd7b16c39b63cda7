"""What the official client writes to entities: each request, its one good status, and what can be read afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from apitwin.mock_server.viktor.builder import Entity as Stored
from tests.viktor.client import Client, Entity
from tests.viktor.refusals import EntityNotFoundError
from tests.viktor.worlds import Bridges, Site

TYPES = "GET workspaces/1/entity_types/?limit=100&offset=0"


def test_a_child_is_created_with_the_number_of_its_type_and_answered_200_with_one_object(
    client: Client, root: Entity
) -> None:
    child = root.create_child("Section", "Span 251", {"length": 30})

    assert client.asked == [TYPES, "POST workspaces/1/entities/1/entities/?privileged=false"]
    assert client.sent[-1].body == b'{"name": "Span 251", "entity_type": 2, "properties": {"length": 30}}'
    assert client.sent[-1].status == 200
    assert (child.id, child.name, child.last_saved_params) == (255, "Span 251", {"length": 30})
    assert child.entity_type == {"id": 2, "class_name": "Section"}
    assert len(client.asked) == 2, "everything was in the answer"


def test_a_child_without_input_is_sent_with_an_empty_one(client: Client, root: Entity) -> None:
    child = root.create_child("Section", "Empty")

    assert client.sent[-1].body == b'{"name": "Empty", "entity_type": 2, "properties": {}}'
    assert client.get_entity(1, child.id).last_saved_params == {}


def test_a_new_child_is_in_every_list_it_belongs_to(client: Client, root: Entity) -> None:
    child = root.create_child("Section", "Span 251")

    assert [entity.id for entity in root.children() if entity.name == "Span 251"] == [child.id]
    assert child.id in [sibling.id for sibling in client.get_entity(1, 2).siblings()]
    assert child.id in [entity.id for entity in client.get_entities_by_type(1, "Section")]
    assert child.id not in [entity.id for entity in client.get_root_entities(1)]
    assert client.get_entity(1, child.id).parent().name == "Rhine"
    assert len(child.revisions()) == 1


def test_a_child_may_have_children(client: Client, root: Entity) -> None:
    deeper = root.create_child("Section", "Field").create_child("Section", "Beam")

    assert deeper.parent().name == "Field"
    assert deeper.parent().parent().name == "Rhine"


def test_who_creates_is_the_author(client: Client, root: Entity, bridges: Bridges) -> None:
    values: Any = client.get("entity", f"workspaces/1/entities/{root.create_child('Section', 'Mine').id}/")

    assert (values["created_by"], values["last_updated_by"]) == (bridges.member.id, bridges.member.id)


def test_input_is_changed_with_patch_and_answered_200_with_the_entity(client: Client, root: Entity) -> None:
    root.set_params({"geometry": {"width": 3}})

    assert client.asked == ["PATCH workspaces/1/entities/1/?privileged=false"]
    assert client.sent[0].body == b'{"properties": {"geometry": {"width": 3}}}'
    assert client.sent[0].status == 200
    assert client.get_entity(1, 1).last_saved_params == {"geometry": {"width": 3}}
    assert client.get_entity(1, 1).name == "Rhine"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "", {"name": "Rhein", "properties": {"a": 1}}),
        ("PATCH", "", {"properties": {"a": 1}}),
        ("POST", "rename/", {"name": "Rhein"}),
    ],
    ids=["put", "patch", "rename"],
)
def test_the_answer_to_a_change_is_the_entity_as_it_is_read_afterwards(
    client: Client, method: str, path: str, body: Any
) -> None:
    answer = client.send(method, f"workspaces/1/entities/1/{path}", [("privileged", "false")], body)

    assert answer.status_code == 200
    assert answer.json().items() >= body.items()
    assert answer.json() == client.get("entity", "workspaces/1/entities/1/", [("privileged", "false")])


@pytest.mark.parametrize("path", ["entities/", "entities/1/entities/"], ids=["root", "child"])
def test_the_answer_to_a_new_entity_is_the_entity_as_it_is_read_afterwards(client: Client, path: str) -> None:
    body = {"name": "New", "entity_type": 2, "properties": {"a": 1}}
    answer = client.send("POST", f"workspaces/1/{path}", [("privileged", "false")], body)

    assert answer.status_code == 200
    assert answer.json().items() >= body.items()
    assert answer.json() == client.get("entity", f"workspaces/1/entities/{answer.json()['id']}/")


def test_dates_are_sent_as_texts(client: Client, root: Entity) -> None:
    root.set_params({"built": date(1928, 5, 4), "steps": {"paid": date(1930, 1, 1)}})

    assert client.sent[0].body == b'{"properties": {"built": "1928-05-04", "steps": {"paid": "1930-01-01"}}}'


@pytest.fixture
def dated(site: Site, bridges: Bridges) -> Stored:
    """An entity with an input that the app calls a date."""
    properties = {"steps": {"built": "1928-05-04"}}
    return bridges.folder.entity("Dated", properties=properties, param_types={"steps.built": {"type": "date"}})


def test_a_date_is_read_as_one(client: Client, dated: Stored) -> None:
    assert client.get_entity(1, dated.id).last_saved_params == {"steps": {"built": date(1928, 5, 4)}}


def test_a_date_that_was_changed_is_still_read_as_one(client: Client, dated: Stored) -> None:
    entity = client.get_entity(1, dated.id)

    entity.set_params({"steps": {"built": date(1930, 1, 1)}})

    assert client.get_entity(1, dated.id).last_saved_params == {"steps": {"built": date(1930, 1, 1)}}


def test_a_name_is_changed_with_post_and_answered_200(client: Client, root: Entity) -> None:
    root.rename("Rhein bei Köln")

    assert client.asked == ["POST workspaces/1/entities/1/rename/?privileged=false"]
    assert (client.sent[0].status, client.sent[0].body) == (200, b'{"name": "Rhein bei K\\u00f6ln"}')
    assert root.name == "Rhein bei Köln"
    assert root.last_saved_params == {"geometry": {"width": 2.5, "lanes": 2}}


def test_a_deletion_is_answered_204_without_a_body(client: Client, bridges: Bridges) -> None:
    client.get_entity(1, bridges.deck.id).delete()

    assert client.asked == ["DELETE workspaces/1/entities/252/?privileged=false"]
    assert (client.sent[0].status, client.sent[0].body) == (204, None)
    with pytest.raises(EntityNotFoundError):
        _ = client.get_entity(1, bridges.deck.id).name
    assert client.sent[-1].status == 404


def test_a_deletion_takes_what_stands_below_with_it(client: Client, root: Entity, bridges: Bridges) -> None:
    root.delete()

    for gone in (root.id, bridges.spans[249].id, bridges.deck.id):
        assert client.send("GET", f"workspaces/1/entities/{gone}/").status_code == 404
    assert len(client.get_root_entities(1)) == 0
    assert len(client.get_entities_by_type(1, "Section")) == 0


def test_a_number_that_was_deleted_is_not_given_again(client: Client, root: Entity) -> None:
    first = root.create_child("Section", "First")
    first.delete()

    assert root.create_child("Section", "Second").id == first.id + 1


def test_what_was_deleted_is_refused_to_every_write(client: Client, root: Entity) -> None:
    child = root.create_child("Section", "Short-lived")
    child.delete()

    for method, path, body in (
        ("DELETE", "", None),
        ("PATCH", "", {"properties": {}}),
        ("POST", "rename/", {"name": "x"}),
        ("POST", "entities/", {"name": "x", "entity_type": 2, "properties": {}}),
        ("POST", "jobs/", {"params": {}, "method_name": "x"}),
    ):
        assert client.send(method, f"workspaces/1/entities/{child.id}/{path}", body=body).status_code == 404


def test_each_write_leaves_a_revision_with_a_time_that_the_client_can_read(
    site: Site, client: Client, root: Entity
) -> None:
    for seconds, length in ((1, 30), (2.000001, 31)):
        site.world.world.clock.advance(seconds)
        root.set_params({"length": length})
    client.sent.clear()

    revisions = [revision for revision in root.revisions()]

    assert client.asked == [
        "GET workspaces/1/entities/1/revisions/?param_types=true&limit=100&offset=0&privileged=false"
    ]
    assert [revision["properties"] for revision in revisions] == [
        {"geometry": {"width": 2.5, "lanes": 2}},
        {"length": 30},
        {"length": 31},
    ]
    start = datetime(2026, 5, 4, 8, 30, 0, 250)
    assert [revision["created_at"] - start for revision in revisions] == [
        timedelta(0),
        timedelta(seconds=1),
        timedelta(seconds=3, microseconds=1),
    ]
    assert [revision["previous_revision_id"] for revision in revisions] == [
        None,
        *(revision["id"] for revision in revisions[:2]),
    ]
    assert [revision["param_types"] for revision in revisions[1:]] == [{"length": {"type": "integer"}}] * 2


def test_a_time_on_a_full_second_has_a_fraction_too(site: Site, client: Client, root: Entity) -> None:
    site.world.world.clock.advance(0.99975)
    root.set_params({})

    page = client.get("entity", "workspaces/1/entities/1/revisions/", [("limit", 1), ("offset", 1)])

    assert page["results"][0]["created_at"] == "2026-05-04T08:30:01.000000Z"
    assert root.revisions()[1]["created_at"] == datetime(2026, 5, 4, 8, 30, 1)


def test_more_than_a_page_of_revisions_is_read_in_order(client: Client, bridges: Bridges) -> None:
    deck = client.get_entity(1, bridges.deck.id)
    for number in range(104):
        deck.set_params({"n": number})
    client.sent.clear()

    met = [revision["properties"] for revision in deck.revisions()]

    assert met == [None, *({"n": number} for number in range(104))]
    assert len(client.asked) == 2
    assert deck.revisions()[-1]["properties"] == {"n": 103}


def test_a_reset_takes_back_what_the_client_wrote(site: Site, client: Client, root: Entity) -> None:
    child = root.create_child("Section", "Span 251")
    root.rename("Rhein")

    site.reset()

    assert client.get_entity(1, 1).name == "Rhine"
    assert client.send("GET", f"workspaces/1/entities/{child.id}/").status_code == 404
    assert len(root.revisions()) == 1
