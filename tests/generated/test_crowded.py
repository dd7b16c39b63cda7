"""What large published documents have that small ones have not, on their twins."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from apitwin.contracts import load
from apitwin.contracts.pagination.cursor import Cursor
from apitwin.testkit.transport.credentials import NOTHING
from apitwin.testkit.transport.exchange import Request
from apitwin.testkit.transport.twins import twin_target
from tests.generated.asking import Client, document

LAWS = ("not-found", "read-agrees-with-list", "repeatable", "undocumented-method", "partition", "schema")
"""Those that such a document had broken, or that could not be judged."""
ASKED = ("usage", "gists", "journal", "search", "sightings")


@pytest.fixture(scope="module")
def client() -> Client:
    return Client(load(document("crowded")), items=45)


def test_a_path_under_two_names_has_the_operations_of_both(client: Client) -> None:
    allowed = client.ask("PATCH", "/ships/1").headers["Allow"]

    assert allowed == "DELETE, GET, HEAD"
    assert client.ask("DELETE", "/ships/1").status_code == 204
    assert client.get("/ships/2")["name"]


@pytest.mark.parametrize("path", ["/sightings", "/moorings"])
def test_a_cursor_that_must_be_a_number_leads_to_the_next_page(client: Client, path: str) -> None:
    first = client.get(f"{path}?limit=20")
    second = client.get(f"{path}?limit=20&marker={first['next_marker']}")
    last = client.get(f"{path}?limit=20&marker={second['next_marker']}")

    seen = [*first["entries"], *second["entries"], *last["entries"]]
    assert first["next_marker"] == 20
    assert len(seen) == 45
    assert "next_marker" not in last
    assert client.ask("GET", f"{path}?marker=1000").status_code == 400


def test_a_cursor_that_pages_state_is_no_identity_whatever_it_is_called() -> None:
    rule = load(document("crowded")).operation("sightings").pagination

    assert rule is not None
    assert isinstance(rule.style, Cursor)
    assert rule.style.value == "opaque"


def test_things_without_an_identity_look_different(client: Client) -> None:
    things = [json.dumps(thing) for thing in client.get("/search?limit=45")["entries"]]

    assert len(set(things)) == 45


def test_a_thing_says_which_one_it_is_also_where_a_list_has_no_place_for_its_kind(client: Client) -> None:
    listed = client.get("/tools?limit=45")

    assert {tool["object"] for tool in listed} <= {"bolt", "label"}
    assert len({tool["id"] for tool in listed}) == 45


def test_things_are_of_the_kinds_that_their_list_has_a_place_for(client: Client) -> None:
    listed = client.get("/parts?limit=45")

    assert [client.get(f"/parts/{part['id']}") for part in listed] == listed


def test_a_page_that_meets_two_alternatives_is_an_answer(client: Client) -> None:
    assert client.get("/search")["total_count"] == 45
    assert client.get("/search?offset=1000")["entries"] == []


def test_a_thing_with_an_array_in_it_is_no_list(client: Client) -> None:
    assert client.twin.backend.contract.operation("landing").behaviour == "example"


def test_of_many_alternatives_the_one_that_stands_out_is_made(client: Client) -> None:
    payloads = [event["payload"] for event in client.get("/events?per_page=5")]

    assert [set(payload) for payload in payloads] == [{"b"}] * 5


def test_what_is_below_a_thing_that_is_not_there_is_not_there_either(client: Client) -> None:
    harbour = client.get("/harbours?per_page=1")[0]["id"]

    assert client.get(f"/harbours/{harbour}/usage")["used"]
    assert client.get("/harbours/987654321/usage", 404)["code"]


def test_no_law_accuses_the_twin() -> None:
    command = [sys.executable, "-m", "apitwin", "check", str(document("crowded")), "--examples", "2"]
    laws = [word for law in LAWS for word in ("--law", law)]
    asked = [word for operation in ASKED for word in ("--operation", operation)]
    done = subprocess.run([*command, *laws, *asked], capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stdout
    assert "inside apitwin" not in done.stdout


def test_a_world_that_a_check_walks_through_is_no_longer_than_a_walk() -> None:
    target = twin_target(load(document("crowded")))

    page = target.send(Request("GET", "/sightings", (("limit", "1000"),), NOTHING))

    assert len(page.value["entries"]) == 195
