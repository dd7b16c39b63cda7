"""Files as the official client sends and reads them, through addresses that open without its token."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.viktor.client import Client, Entity, FileResource
from tests.viktor.refusals import InternalError
from tests.viktor.worlds import Bridges, Site

CONTENT = bytes(range(256)) * 20
TYPES = "GET workspaces/1/entity_types/?limit=100&offset=0"


def post(target: Any, content: bytes, name: str = "bore.gef", kind: str = "text/plain") -> requests.Response:
    """Send a file as a browser's form does, without a token."""
    return requests.post(target["url"], data=target["fields"], files={"file": (name, content, kind)}, timeout=10)


def test_a_file_makes_its_way_into_an_entity_and_back(client: Client, root: Entity) -> None:
    target = client.generate_upload_url(1, "Survey")
    assert client.asked == [TYPES, "POST workspaces/1/entity_types/3/upload/?privileged=false"]
    assert (client.sent[-1].status, client.sent[-1].body) == (200, None)

    stored = post(target, CONTENT)
    assert (stored.status_code, stored.content) == (204, b"")

    made = root.create_child("Survey", "Borehole 8", filename=target["fields"]["key"])
    assert client.sent[-1].status == 200
    assert list(json.loads(client.sent[-1].body or "null")) == ["name", "entity_type", "properties", "filename"]

    client.sent.clear()
    fetch = made.get_file()
    assert client.asked == [f"GET workspaces/1/entities/{made.id}/download/?privileged=false"]
    fetched = fetch()
    assert "Authorization" not in fetched.request.headers
    assert (fetched.status_code, fetched.content) == (200, CONTENT)


def test_a_key_among_the_properties_is_as_good_as_one_beside_them(site: Site, client: Client) -> None:
    """As a command line tool of 2024 sends it."""
    target = client.generate_upload_url(1, "Survey")
    post(target, CONTENT)
    key = target["fields"]["key"]
    body = {"name": "Borehole 9", "entity_type": 3, "properties": {"filename": key}}

    made = requests.post(
        f"{site.url}/api/workspaces/1/entities/1/entities/", json=body, headers=headers(site), timeout=10
    )

    assert (made.status_code, made.json()["properties"]) == (200, {"filename": key})
    assert client.get_entity(1, made.json()["id"]).get_file()().content == CONTENT


@pytest.mark.parametrize(
    "properties", [{"filename": "temporary/nothing"}, {"filename": 7}, {"filename": None}, {}, None]
)
def test_a_key_among_the_properties_must_be_one_that_was_uploaded(site: Site, properties: Any) -> None:
    body = {"name": "Borehole 9", "entity_type": 3, "properties": properties}

    answer = requests.post(
        f"{site.url}/api/workspaces/1/entities/1/entities/", json=body, headers=headers(site), timeout=10
    )

    assert (answer.status_code, list(answer.json())) == (400, ["filename"])


def headers(site: Site) -> dict[str, str]:
    return {"Authorization": f"Bearer {site.world.admin.token}"}


def test_the_address_of_an_entitys_file_has_the_name_that_the_client_reads(client: Client, bridges: Bridges) -> None:
    answer = client.get("download", f"workspaces/1/entities/{bridges.report.id}/download/")

    assert list(answer) == ["temporary_download_url"]
    assert answer["temporary_download_url"].startswith(client.url)
    assert client.get_entity(1, bridges.report.id).get_file()().content == b"#GEFID= 1, 1, 0\r\n"


def test_an_address_that_was_changed_opens_nothing(client: Client, bridges: Bridges) -> None:
    address = client.get("download", f"workspaces/1/entities/{bridges.report.id}/download/")["temporary_download_url"]
    target = client.generate_upload_url(1, "Survey")
    forged = {**target, "fields": {**target["fields"], "key": "stored/bore.gef"}}

    assert requests.get(address, timeout=10).status_code == 200
    assert requests.get(address[:-1] + ("0" if address[-1] != "0" else "1"), timeout=10).status_code == 403
    assert requests.get(address.replace("bore", "other"), timeout=10).status_code == 403
    assert post(forged, b"overwritten").status_code == 403
    assert requests.get(address, timeout=10).content == b"#GEFID= 1, 1, 0\r\n"


def test_an_entity_of_a_type_with_files_needs_one_that_was_sent(client: Client, root: Entity) -> None:
    target = client.generate_upload_url(1, "Survey")

    for more in ({}, {"filename": target["fields"]["key"]}, {"filename": "tmp/nothing"}):
        with pytest.raises(InternalError):
            root.create_child("Survey", "Borehole 8", **more)
        assert client.sent[-1].status == 400
    assert len(root.children(types=["Survey"])) == 1


def test_a_file_larger_than_its_type_allows_is_not_stored(
    site: Site, client: Client, root: Entity, bridges: Bridges
) -> None:
    bridges.home.entity_type(
        "Note", below=bridges.folder, is_file=True, file_constraints={"max_size": 10, "file_types": None}
    )
    target = client.generate_upload_url(1, "Note")

    assert post(target, b"x" * 11).status_code == 400
    with pytest.raises(InternalError):
        root.create_child("Note", "Too large", filename=target["fields"]["key"])
    assert post(target, b"x" * 10).status_code == 204
    assert root.create_child("Note", "Just right", filename=target["fields"]["key"]).get_file()().content == b"x" * 10


def test_a_type_without_files_has_nowhere_to_send_one(client: Client) -> None:
    with pytest.raises(InternalError):
        client.generate_upload_url(1, "Section")

    assert client.sent[-1].status == 400


def test_an_entity_without_a_file_does_not_have_one(client: Client, root: Entity) -> None:
    with pytest.raises(ValueError, match=r"^Entity 1 does not have a file$"):
        root.get_file()

    assert client.asked == ["GET workspaces/1/entities/1/download/?privileged=false"]
    assert client.sent[0].status == 404


def test_an_entity_whose_file_is_gone_from_the_storage_does_not_have_one_either(
    site: Site, client: Client, bridges: Bridges
) -> None:
    site.world.world.storage.state = {}

    with pytest.raises(ValueError, match=r"does not have a file$"):
        client.get_entity(1, bridges.report.id).get_file()

    assert client.sent[0].status == 404


@pytest.fixture
def announced(client: Client) -> Any:
    """A file of a file field, announced and not sent yet."""
    body = {"scope": "entity", "entity_id": 1, "filename": "Lastfälle ½.csv"}
    answer = client.send("POST", "workspaces/1/files/", body=body)
    assert answer.status_code == 201
    client.sent.clear()
    return answer.json()


def test_a_file_of_a_field_is_announced_sent_and_confirmed(client: Client, announced: Any) -> None:
    target = {"url": announced["temp_upload_url"], "fields": announced["temp_upload_data"]}
    path = f"workspaces/1/files/{announced['id']}/"
    assert client.send("POST", f"{path}uploaded/").status_code == 405

    assert post(target, CONTENT, "Lastfälle ½.csv").status_code == 204
    confirmed = client.send("POST", f"{path}uploaded/")

    assert (confirmed.status_code, confirmed.json()["file_size"]) == (200, len(CONTENT))
    assert client.get("file", f"{path}download/", [("redirect", "false")]).keys() == {"temp_download_url"}
    assert client.sent[-1].status == 200


def test_a_file_resource_reads_its_name_and_follows_the_way_to_its_content(client: Client, announced: Any) -> None:
    post({"url": announced["temp_upload_url"], "fields": announced["temp_upload_data"]}, CONTENT)
    resource = FileResource(client, 1, announced["id"])
    assert client.asked == []

    assert resource.filename == "Lastfälle ½.csv"
    assert client.asked == ["GET workspaces/1/files/1/"]

    assert resource.open_binary() == CONTENT
    assert client.asked[1] == "GET workspaces/1/files/1/download/"
    assert [exchange.status for exchange in client.sent] == [200, 302, 200]
    assert client.sent[2].path.startswith("/__twin__/storage/")


def test_an_input_that_is_a_file_becomes_a_resource_of_that_file(
    client: Client, announced: Any, bridges: Bridges
) -> None:
    post({"url": announced["temp_upload_url"], "fields": announced["temp_upload_data"]}, CONTENT)
    types = {"loads.table": {"type": "file"}}
    entity = bridges.folder.entity("With file", properties={"loads": {"table": announced["id"]}}, param_types=types)

    resource = client.get_entity(1, entity.id).last_saved_params["loads"]["table"]

    assert resource.open_binary() == CONTENT


@pytest.mark.parametrize("number", [1, 2])
def test_a_file_that_was_not_sent_or_is_not_known_is_not_found(client: Client, announced: Any, number: int) -> None:
    with pytest.raises(FileNotFoundError):
        client.open_file(1, number)

    assert client.sent[-1].status == 404


def test_a_reset_takes_stored_files_away(site: Site, client: Client, root: Entity) -> None:
    target = client.generate_upload_url(1, "Survey")
    post(target, CONTENT)
    made = root.create_child("Survey", "Borehole 8", filename=target["fields"]["key"])
    fetch = made.get_file()
    assert fetch().status_code == 200

    site.reset()

    assert fetch().status_code == 404


def test_two_uploads_never_share_a_key(client: Client) -> None:
    keys = [client.generate_upload_url(1, "Survey")["fields"]["key"] for _ in range(3)]

    assert len(set(keys)) == 3
    assert all(len(key) <= 128 for key in keys), "longer ones do not fit into the body of a new entity"


def test_names_of_files_survive_the_way(client: Client, root: Entity, bridges: Bridges) -> None:
    bridges.home.entity_type("Drawing", below=bridges.folder, is_file=True)
    target = client.generate_upload_url(1, "Drawing")
    post(target, b"x", "Plan ½ – Süd.dwg")

    fetched = root.create_child("Drawing", "Plan", filename=target["fields"]["key"]).get_file()()

    assert "Plan%20%C2%BD%20%E2%80%93%20S%C3%BCd.dwg" in fetched.headers["Content-Disposition"]
