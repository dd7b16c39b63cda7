"""A twin on a real socket, asked by plain `requests`: what a client of VIKTOR's API would see."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import flask
import pytest
import requests

from apitwin.contracts import Contract
from apitwin.mock_server import STEPS, RunningTwin, TwinError, World, create_app
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.http.control import CONTROLS
from apitwin.mock_server.journal import Entry


@dataclass(frozen=True)
class Api:
    """A running twin, and what it takes to ask it."""

    application: flask.Flask
    base: str
    port: int

    @property
    def world(self) -> World:
        world: World = self.application.extensions["apitwin"].world
        return world

    def headers(self, state: str = "valid", restricted: bool = False) -> dict[str, str]:
        secret = self.world.token(state) if not restricted else self.world.token(restricted=True)
        return {"Authorization": f"Bearer {secret}"}

    def get(self, path: str, **more: Any) -> requests.Response:
        """Ask as an administrator. path: with its query, or a whole link."""
        address = path if path.startswith("http") else self.base + path
        return requests.get(address, **{"headers": self.headers(), "timeout": 10, **more})


@pytest.fixture(scope="module")
def started(viktor: Contract) -> Iterator[Api]:
    application = create_app(viktor, steps=checked(STEPS))
    with RunningTwin(application) as twin:
        yield Api(application, twin.url, twin.port)


@pytest.fixture
def api(started: Api) -> Api:
    """The running twin, as it was at its start."""
    started.application.extensions["apitwin"].reset()
    return started


ROOTS = "/api/workspaces/1/entities/"
CHILDREN = "/api/workspaces/1/entities/1/entities/"


def test_the_documented_quick_start_gives_all_workspaces_as_an_array(api: Api) -> None:
    base, token = api.base, api.world.token()

    response = requests.get(f"{base}/api/workspaces/", headers={"Authorization": f"Bearer {token}"})
    response.raise_for_status()
    workspaces = response.json()

    assert isinstance(workspaces, list)
    assert len(workspaces) == 121
    assert workspaces[0]["name"] == "Bridges"
    assert workspaces[3]["name"] == "Brücke über den Fluß"
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "count", "link"),
    [
        (ROOTS, 123, "?limit=100&offset=100"),
        (CHILDREN, 200, "?limit=100&offset=100"),
        (
            "/api/workspaces/?visibility=PRIVATE&visibility=INTERNAL&sort=name:desc",
            121,
            "?limit=100&offset=100&sort=name%3Adesc&visibility=PRIVATE&visibility=INTERNAL",
        ),
    ],
    ids=["roots", "children", "filtered-and-sorted"],
)
def test_a_limit_of_a_thousand_is_answered_with_a_hundred_and_a_link_that_says_so(
    api: Api, path: str, count: int, link: str
) -> None:
    page = api.get(path + ("&" if "?" in path else "?") + "limit=1000").json()

    assert page["count"] == count
    assert len(page["results"]) == 100
    assert page["next"] == api.base + path.partition("?")[0] + link
    assert page["previous"] is None


def everything(api: Api, path: str) -> list[int]:
    """Return the ids of a whole list in its order, from its answer without a limit."""
    return [item["id"] for item in api.get(path).json()]


LISTS = [
    ROOTS,
    CHILDREN,
    "/api/workspaces/?sort=views:desc&include_archived=true",
    "/api/apps/?sort=readable_name&sort=name:desc",
    "/api/workspaces/1/entity_types/2/entities/?sort=updated_at&search=s",
    "/api/workspaces/1/entities/7/siblings/",
    "/api/workspaces/1/entities/4/entities/",
    "/api/workspaces/1/entity_types/",
    "/api/workspaces/1/entity_types/1/entity_types/",
]


@pytest.mark.parametrize("limit", [100, 7, 1000])
@pytest.mark.parametrize("path", LISTS)
def test_following_next_meets_each_item_once(api: Api, path: str, limit: int) -> None:
    met: list[int] = []
    link: str | None = path + ("&" if "?" in path else "?") + f"limit={limit}"
    while link is not None:
        page = api.get(link).json()
        met += [item["id"] for item in page["results"]]
        link = page["next"]

    assert met == everything(api, path)
    assert len(met) == len(set(met)) == page["count"]


@pytest.mark.parametrize("limit", [100, 7, 1000])
@pytest.mark.parametrize("path", LISTS)
def test_adding_what_came_to_the_offset_meets_each_item_once(api: Api, path: str, limit: int) -> None:
    met: list[int] = []
    while True:
        paging = f"limit={limit}&offset={len(met)}"
        page = api.get(path + ("&" if "?" in path else "?") + paging).json()
        if not page["results"]:
            break
        met += [item["id"] for item in page["results"]]

    assert met == everything(api, path)


def test_previous_leads_back_to_the_start(api: Api) -> None:
    page = api.get(f"{CHILDREN}?limit=30&offset=90").json()

    backwards = []
    while page["previous"] is not None:
        backwards.append(page["previous"].removeprefix(api.base + CHILDREN))
        page = api.get(page["previous"]).json()

    assert backwards == ["?limit=30&offset=60", "?limit=30&offset=30", "?limit=30"]


NO_TOKEN = {"detail": "Authentication credentials were not provided."}
BAD_TOKEN = {"detail": "Invalid token."}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, NO_TOKEN),
        ({"Authorization": ""}, NO_TOKEN),
        ({"Authorization": "Bearer"}, NO_TOKEN),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, NO_TOKEN),
        ({"Authorization": "Token TOKEN"}, NO_TOKEN),
        ({"Authorization": "TOKEN"}, NO_TOKEN),
        ({"Authorization": "Bearer TOKEN TOKEN"}, NO_TOKEN),
        ({"Authorization": "Bearer wrong"}, BAD_TOKEN),
        ({"Authorization": "Bearer TOKENx"}, BAD_TOKEN),
        ({"X-Api-Key": "TOKEN"}, NO_TOKEN),
    ],
    ids=[
        "nothing",
        "empty",
        "no-token",
        "basic",
        "another-scheme",
        "no-scheme",
        "two-words",
        "wrong",
        "too-long",
        "another-header",
    ],
)
def test_who_shows_no_valid_token_gets_401_and_a_challenge(
    api: Api, headers: dict[str, str], body: dict[str, str]
) -> None:
    secret = api.world.token() or ""
    sent = {name: value.replace("TOKEN", secret) for name, value in headers.items()}

    response = requests.get(f"{api.base}/api/workspaces/", headers=sent)

    assert response.status_code == 401
    assert response.json() == body
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_an_expired_or_revoked_token_is_a_wrong_one(api: Api, state: str) -> None:
    response = api.get("/api/workspaces/", headers=api.headers(state))

    assert (response.status_code, response.json()) == (401, BAD_TOKEN)


def test_the_scheme_may_be_written_in_any_case(api: Api) -> None:
    assert api.get("/api/apps/1/", headers={"Authorization": f"bEARER {api.world.token()}"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/workspaces/?include_archived=true",
        "/api/workspaces/?include_development=True",
        "/api/apps/?include_archived=1&limit=5",
    ],
)
def test_who_is_no_administrator_is_forbidden_what_is_theirs(api: Api, path: str) -> None:
    refused = api.get(path, headers=api.headers(restricted=True))
    harmless = api.get(path.partition("=")[0] + "=False", headers=api.headers(restricted=True))

    assert refused.status_code == 403
    assert refused.json() == {"detail": "You do not have permission to perform this action."}
    assert "WWW-Authenticate" not in refused.headers
    assert harmless.status_code == 200
    assert api.get(path).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/workspaces/999/", 404, "Not found."),
        ("/api/workspaces/abc/", 404, "Not found."),
        ("/api/workspaces/99999999999999999999999999/", 404, "Not found."),
        ("/api/apps/999/", 404, "Not found."),
        ("/api/workspaces/1/entities/99999/", 404, "Not found."),
        ("/api/workspaces/2/entities/1/", 404, "Not found."),
        ("/api/workspaces/1/entity_types/6/", 404, "Not found."),
        ("/api/workspaces/1/entities/99999/entities/", 404, "Not found."),
        ("/api/workspaces/1/entities/99999/parent/", 404, "Not found."),
        ("/api/workspaces/1/entities/99999/siblings/", 404, "Not found."),
        ("/api/workspaces/1/entity_types/99/entities/", 404, "Not found."),
        ("/api/workspaces/999/entities/", 403, "You do not have permission to perform this action."),
        ("/api/workspaces/999/entities/1/", 403, "You do not have permission to perform this action."),
        ("/api/workspaces/999/entity_types/", 403, "You do not have permission to perform this action."),
    ],
)
def test_what_is_not_there_is_said_in_the_documented_way(api: Api, path: str, status: int, detail: str) -> None:
    response = api.get(path)

    assert (response.status_code, response.json()) == (status, {"detail": detail})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{CHILDREN}?limit=0", {"limit": ["Ensure this value is greater than or equal to 1."]}),
        (f"{CHILDREN}?limit=-1", {"limit": ["Ensure this value is greater than or equal to 1."]}),
        (f"{CHILDREN}?limit=abc", {"limit": ["A valid integer is required."]}),
        (f"{CHILDREN}?limit=1.5", {"limit": ["A valid integer is required."]}),
        (f"{CHILDREN}?limit=5&sort=größe", {"sort": ['"größe" is not a valid choice.']}),
        (f"{CHILDREN}?limit=5&sort={{limit}}{{value}}", {"sort": ['"{limit}{value}" is not a valid choice.']}),
        (f"{CHILDREN}?limit=5&sort=name&sort=none", {"sort": ['"none" is not a valid choice.']}),
        (f"{CHILDREN}?limit=5&properties=maybe", {"properties": ["Must be a valid boolean."]}),
        (f"{CHILDREN}?limit=5&search=", {"search": ["This field may not be blank."]}),
        (f"{CHILDREN}?limit=5&name=%20", {"name": ["This field may not be blank."]}),
        (f"{CHILDREN}?limit=5&entity_type=", {"entity_type": ["This field may not be blank."]}),
        (f"{CHILDREN}?limit=5&created_by=me", {"created_by": ["A valid integer is required."]}),
        (
            f"{CHILDREN}?limit=5&created_at_min=yesterday",
            {
                "created_at_min": [
                    "Datetime has wrong format. Use one of these formats instead: "
                    "YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
                ]
            },
        ),
        ("/api/workspaces/?project=0", {"project": ["Ensure this value is greater than or equal to 1."]}),
        ("/api/workspaces/?detail_level=all", {"detail_level": ['"all" is not a valid choice.']}),
        ("/api/workspaces/?sort=name:up", {"sort": ['"name:up" is not a valid choice.']}),
        ("/api/apps/?is_public=ja", {"is_public": ["Must be a valid boolean."]}),
    ],
)
def test_a_parameter_that_is_not_valid_is_named_with_what_is_wrong(api: Api, path: str, body: Any) -> None:
    response = api.get(path)

    assert (response.status_code, response.json()) == (400, body)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-5", "limit=abc", "limit=1.5", "limit=", "limit=&offset=3", "offset=3"]
)
def test_a_limit_that_says_nothing_gives_the_whole_list_where_it_is_not_checked(api: Api, query: str) -> None:
    assert len(api.get(f"{ROOTS}?{query}").json()) == 123


@pytest.mark.parametrize("offset", ["-1", "abc", "", "1.5"])
def test_an_offset_that_says_nothing_is_the_start(api: Api, offset: str) -> None:
    assert api.get(f"{ROOTS}?limit=2&offset={offset}").json()["results"][0]["id"] == 1


@pytest.mark.parametrize("offset", [123, 124, 10**30])
def test_past_the_end_there_is_an_empty_page(api: Api, offset: int) -> None:
    page = api.get(f"{ROOTS}?limit=10&offset={offset}").json()

    assert (page["count"], page["results"], page["next"]) == (123, [], None)
    assert page["previous"] == f"{api.base}{ROOTS}?limit=10&offset={offset - 10}"


def test_of_a_repeated_limit_the_last_one_counts(api: Api) -> None:
    page = api.get(f"{ROOTS}?limit=5&limit=2&offset=9&offset=4").json()

    assert [item["id"] for item in page["results"]] == [5, 6]
    assert page["next"] == f"{api.base}{ROOTS}?limit=2&offset=6"


@pytest.mark.parametrize("name", ["é", "a+b", "100%", "x&y=z", "梁 #1", "a/b?c", "%2B+%20", "  two  "])
def test_links_keep_a_filter_with_an_odd_value(api: Api, name: str) -> None:
    values = dict(api.world.tables["entities"].records[0].values)
    added = [{**values, "id": 9000 + index, "parent": 4, "name": name} for index in range(3)]
    api.world.tables["entities"].add(added)
    path = "/api/workspaces/1/entities/4/entities/"

    page = api.get(path, params={"name": name, "limit": 1, "offset": 1}).json()

    assert [item["id"] for item in page["results"]] == [9001]
    assert dict(parse_qsl(urlsplit(page["next"]).query)) == {"name": name, "limit": "1", "offset": "2"}
    assert page["next"].isascii()
    assert [item["id"] for item in api.get(page["next"]).json()["results"]] == [9002]
    assert [item["id"] for item in api.get(page["previous"]).json()["results"]] == [9000]


def test_links_keep_every_value_of_a_repeated_filter_and_a_parameter_nobody_knows(api: Api) -> None:
    page = api.get(f"{ROOTS}?entity_type=Folder&entity_type=3&limit=2&who=1%2B1&who=%C3%A9+").json()

    assert page["next"] == (
        f"{api.base}{ROOTS}?entity_type=Folder&entity_type=3&limit=2&offset=2&who=1%2B1&who=%C3%A9+"
    )


def test_links_are_written_for_the_host_that_was_asked(api: Api) -> None:
    headers = {**api.headers(), "Host": "demo.viktor.example:8443"}

    page = api.get(f"{ROOTS}?limit=1", headers=headers).json()

    assert page["next"] == f"http://demo.viktor.example:8443{ROOTS}?limit=1&offset=1"


@pytest.mark.parametrize(
    "path", ["/api/workspaces/", "/api/workspaces/1/", "/api/workspaces/999/", f"{CHILDREN}?limit=0"]
)
def test_head_is_get_without_a_body(api: Api, path: str) -> None:
    got = api.get(path)

    head = requests.head(api.base + path, headers=api.headers())

    assert head.status_code == got.status_code
    assert head.content == b""
    assert head.headers["Content-Type"] == "application/json"
    # RFC 9110 section 8.6: the length of what GET would send, or none.
    assert head.headers.get("Content-Length") in (None, got.headers["Content-Length"])


def test_head_without_a_token_is_refused_too(api: Api) -> None:
    assert requests.head(f"{api.base}/api/workspaces/").status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_method_that_is_not_there_is_refused_with_those_that_are(api: Api, method: str) -> None:
    response = requests.request(method, f"{api.base}/api/workspaces/", headers=api.headers(), json={"name": "x"})

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert response.json() == {"detail": f'Method "{method}" not allowed.'}


def test_a_method_that_is_not_there_needs_a_token_all_the_same(api: Api) -> None:
    assert requests.post(f"{api.base}/api/workspaces/").status_code == 401


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/api/workspace/", "GET /api/workspaces/"),
        ("/api/workspaces", "GET /api/workspaces/"),
        ("/api/workspaces/1/entitys/", "GET /api/workspaces/{workspace_id}/entities/"),
        ("/api//workspaces/", "GET /api/workspaces/"),
        ("/api/workspaces/../workspaces/", "GET /api/workspaces/"),
    ],
)
def test_an_unknown_path_names_the_nearest_ones(api: Api, path: str, nearest: str) -> None:
    with socket.create_connection(("127.0.0.1", api.port), timeout=5) as connection:  # `requests` would tidy the path
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    assert received.startswith("HTTP/1.1 404 ")
    assert f"apitwin: viktor has no {path}. Nearest: " in received
    assert nearest in received


def test_a_parent_that_is_not_there_is_204_without_a_body(api: Api) -> None:
    response = api.get("/api/workspaces/1/entities/1/parent/")

    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers
    assert "Content-Length" not in response.headers
    assert api.get("/api/workspaces/1/entities/2002/parent/").json()["id"] == 2001


def test_siblings_leave_out_the_entity_itself_and_other_parents_children(api: Api) -> None:
    siblings = everything(api, "/api/workspaces/1/entities/7/siblings/")

    assert siblings == [entity for entity in everything(api, ROOTS) if entity != 7]
    assert everything(api, "/api/workspaces/1/entities/1001/siblings/") == []


def test_child_types_are_those_an_entity_type_names(api: Api) -> None:
    assert everything(api, "/api/workspaces/1/entity_types/1/entity_types/") == [1, 2, 3, 4]
    assert everything(api, "/api/workspaces/1/entity_types/3/entity_types/") == []


def test_the_current_user_is_the_owner_of_the_token(api: Api) -> None:
    assert api.get("/api/users/current/").json()["email"] == "ada@example.test"
    restricted = api.get("/api/users/current/", headers=api.headers(restricted=True))
    assert restricted.json()["email"] == "grace@example.test"


def test_private_fields_are_never_shown(api: Api) -> None:
    assert {"workspace", "parent"} & api.get("/api/workspaces/1/entities/2002/").json().keys() == set()
    assert "workspace" not in api.get("/api/workspaces/1/entity_types/1/").json()
    assert "archived" not in api.get("/api/apps/3/").json()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"properties": True, "param_types": True, "summary_types": False}),
        ("properties=false&param_types=false", {"properties": False, "param_types": False, "summary_types": False}),
        ("properties=False&summary_types=true", {"properties": False, "param_types": True, "summary_types": True}),
    ],
    ids=["plain", "without", "with"],
)
def test_flags_choose_the_blocks_of_an_entity(api: Api, query: str, shown: dict[str, bool]) -> None:
    alone = api.get(f"/api/workspaces/1/entities/2002/?{query}").json()
    listed = api.get(f"/api/workspaces/1/entities/2001/entities/?{query}").json()[0]

    assert {name: name in alone for name in shown} == shown
    assert alone == listed


def test_a_detail_level_chooses_the_members_of_a_workspace(api: Api) -> None:
    minimal = api.get("/api/workspaces/?limit=1&detail_level=minimal").json()
    full = api.get("/api/workspaces/?limit=1&detail_level=full").json()

    assert minimal["results"] == [{"id": 1, "name": "Bridges"}]
    assert full["results"] == [api.get("/api/workspaces/1/").json()]
    assert minimal["next"] == f"{api.base}/api/workspaces/?detail_level=minimal&limit=1&offset=1"


SDK = {
    "User-Agent": "viktor-sdk/14.36.2",
    "Content-Type": "application/json",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
}
"""What the official client sends with every call, GET too."""


@pytest.mark.parametrize(
    ("path", "count", "length"),
    [
        ("/api/workspaces/?limit=100&offset=0&include_archived=False", 121, 100),
        ("/api/workspaces/?limit=100&offset=100&include_archived=False", 121, 21),
        ("/api/workspaces/?limit=1&offset=0&include_archived=False", 121, 1),
        ("/api/workspaces/?limit=1&offset=120&include_archived=False", 121, 1),
        ("/api/workspaces/?limit=1&offset=121&include_archived=False", 121, 0),
        ("/api/apps/?limit=100&offset=0&search=bridge-design", 1, 1),
        ("/api/workspaces/?limit=100&offset=0&include_archived=False&app=2", 1, 1),
        ("/api/workspaces/1/entity_types/?limit=100&offset=0", 5, 5),
        (f"{ROOTS}?properties=true&param_types=true&limit=100&offset=0&privileged=false", 123, 100),
        (f"{ROOTS}?properties=true&param_types=true&limit=100&offset=100&privileged=false", 123, 23),
        (f"{ROOTS}?properties=false&param_types=false&limit=1&offset=0&privileged=false", 123, 1),
        (f"{CHILDREN}?properties=true&param_types=true&limit=100&offset=0&privileged=false", 200, 100),
        (f"{CHILDREN}?properties=true&param_types=true&limit=100&offset=200&privileged=false", 200, 0),
        (f"{CHILDREN}?entity_type=Beam&entity_type=Section&limit=100&offset=0&privileged=false", 200, 100),
        ("/api/workspaces/1/entities/7/siblings/?limit=100&offset=0&privileged=false", 122, 100),
        ("/api/workspaces/1/entity_types/3/entities/?limit=100&offset=0&privileged=false", 153, 100),
    ],
)
def test_the_lists_of_the_official_client_work_as_it_sends_them(api: Api, path: str, count: int, length: int) -> None:
    response = api.get(path, headers={**SDK, **api.headers(restricted=True)})

    assert response.status_code == 200
    assert response.json()["count"] == count
    assert len(response.json()["results"]) == length


def test_the_single_reads_of_the_official_client_work_as_it_sends_them(api: Api) -> None:
    for path in (
        "/api/users/current/",
        "/api/workspaces/1/",
        "/api/workspaces/1/entity_types/3/",
        "/api/workspaces/1/entities/2002/?properties=false&param_types=false&privileged=false",
        "/api/workspaces/1/entities/2002/parent/?properties=true&param_types=true&privileged=false",
    ):
        assert api.get(path, headers={**SDK, **api.headers(restricted=True)}).status_code == 200, path


def test_the_control_plane_tells_what_there_is(api: Api) -> None:
    health = requests.get(f"{api.base}/__twin__/health")

    assert health.status_code == 200
    summary = health.json()
    assert summary["contract"] == "viktor"
    assert summary["collections"].keys() == api.world.tables.keys()
    assert (summary["collections"]["apps"], summary["collections"]["workspaces"]) == (114, 132)


def test_the_journal_tells_what_was_asked(api: Api) -> None:
    api.get("/api/workspaces/?limit=2&search=%C3%A9+")
    api.get("/api/nowhere/")
    requests.post(f"{api.base}/api/apps/", headers=api.headers())

    assert requests.get(f"{api.base}/__twin__/journal").json() == [
        {
            "method": "GET",
            "path": "/api/workspaces/",
            "query": [["limit", "2"], ["search", "é "]],
            "operation": "workspaces_list",
            "status": 200,
            "fault": None,
        },
        {"method": "GET", "path": "/api/nowhere/", "query": [], "operation": None, "status": 404, "fault": None},
        {"method": "POST", "path": "/api/apps/", "query": [], "operation": None, "status": 405, "fault": None},
    ]


def test_the_journal_holds_no_token(api: Api) -> None:
    secret = api.world.token() or ""

    requests.get(f"{api.base}/api/workspaces/", params={"access_token": secret}, headers=api.headers())

    assert secret not in requests.get(f"{api.base}/__twin__/journal").text


def test_the_journal_keeps_the_last_thousand(api: Api) -> None:
    journal = api.application.extensions["apitwin"].journal
    for number in range(1010):
        journal.add(Entry("GET", f"/{number}", (), None, 404))

    kept = requests.get(f"{api.base}/__twin__/journal").json()

    assert [entry["path"] for entry in kept] == [f"/{number}" for number in range(10, 1010)]


def test_a_reset_forgets_what_was_changed_and_asked(api: Api) -> None:
    api.world.tables["apps"].remove("1")
    assert api.get("/api/apps/1/").status_code == 404

    reset = requests.post(f"{api.base}/__twin__/reset")

    assert (reset.status_code, reset.json()) == (200, {"reset": True})
    assert requests.get(f"{api.base}/__twin__/journal").json() == []
    assert api.get("/api/apps/1/").status_code == 200


@pytest.mark.parametrize(("method", "name"), [("GET", "reset"), ("POST", "health"), ("GET", "worlds"), ("DELETE", "")])
def test_the_control_plane_says_what_it_can_do(api: Api, method: str, name: str) -> None:
    response = requests.request(method, f"{api.base}/__twin__/{name}")

    assert response.status_code == 404
    there_is = "there is: " + ", ".join(" ".join(route) for route in CONTROLS)
    assert response.json()["detail"] == f"no {method} /__twin__/{name}; {there_is}"


def test_many_clients_at_once_see_the_same(api: Api) -> None:
    expected = everything(api, CHILDREN)

    def walk(limit: int) -> list[int]:
        met: list[int] = []
        with requests.Session() as session:
            link: str | None = f"{api.base}{CHILDREN}?limit={limit}"
            while link is not None:
                page = session.get(link, headers=api.headers(), timeout=10).json()
                met += [item["id"] for item in page["results"]]
                link = page["next"]
        return met

    with ThreadPoolExecutor(8) as pool:
        walks = list(pool.map(walk, range(20, 60, 2)))

    assert walks == [expected] * 20


def test_a_port_in_use_is_named(api: Api) -> None:
    with pytest.raises(TwinError, match=rf"^cannot listen on 127\.0\.0\.1:{api.port} \(Address already in use\); "):
        RunningTwin(api.application, port=api.port)


def test_a_host_that_is_not_ours_is_named(api: Api) -> None:
    with pytest.raises(TwinError, match=r"^cannot listen on 203\.0\.113\.7:0 \("):
        RunningTwin(api.application, host="203.0.113.7")


@pytest.mark.parametrize("port", [65536, 99999, -1])
def test_a_number_that_is_no_port_is_named(api: Api, port: int) -> None:
    with pytest.raises(TwinError, match=rf"^cannot listen on 127\.0\.0\.1:{port}"):
        RunningTwin(api.application, port=port)


def test_a_stopped_twin_gives_its_port_back(viktor: Contract) -> None:
    application = create_app(viktor, steps=checked(STEPS))
    with RunningTwin(application) as first:
        port = first.port

    with RunningTwin(application, port=port) as second:
        assert requests.get(f"{second.url}/__twin__/health").status_code == 200
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{second.url}/__twin__/health")
