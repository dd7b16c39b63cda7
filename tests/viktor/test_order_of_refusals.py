"""Which of several refusals is told, and that what was refused changed nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from apitwin.contracts import Contract
from tests.viktor import roles
from tests.viktor.roles import IN_EDITOR, INVALID, PUBLIC, STARTS, TREE, VALID, WRITES, Act, Office, everything
from tests.viktor.worlds import running

ACTS = {name: act for name, act, _ in everything()}
WRITING = [*WRITES, *STARTS, *IN_EDITOR, "new root", "new child", "upload"]
GONE = 99999


@pytest.fixture(scope="module")
def started(viktor: Contract) -> Iterator[Office]:
    world, tokens = roles.built(viktor)
    with running(world) as site:
        yield Office(site, tokens)


@pytest.fixture
def office(started: Office) -> Office:
    started.site.reset()
    return started


BAD: list[tuple[str, str, Any]] = [
    ("GET", "workspaces/{w}/entities/{e}/?properties=maybe", None),
    ("GET", "workspaces/{w}/entities/{e}/entities/?limit=0", None),
    ("GET", "workspaces/{w}/entities/{e}/entities/?sort=colour", None),
    ("GET", "workspaces/{w}/entities/{e}/siblings/?created_by=me", None),
    ("GET", "workspaces/{w}/entities/{e}/revisions/?param_types=maybe", None),
    ("GET", "workspaces/{w}/entities/{e}/parent/?param_types=maybe", None),
    ("GET", "workspaces/{w}/entity_types/{e}/entities/?limit=abc", None),
    ("GET", "workspaces/{w}/files/{e}/download/?redirect=maybe", None),
    ("PATCH", "workspaces/{w}/entities/{e}/", {"properties": [1]}),
    ("PUT", "workspaces/{w}/entities/{e}/", {"name": ""}),
    ("POST", "workspaces/{w}/entities/{e}/rename/", {}),
    ("POST", "workspaces/{w}/entities/{e}/entities/", {"name": "x" * 129}),
    ("POST", "workspaces/{w}/entities/{e}/jobs/", {"timeout": 0}),
    ("DELETE", "workspaces/{w}/entities/{e}/?privileged=maybe", None),
]
"""Requests that are not valid, each about one thing `{e}` of a workspace."""
IDS = [f"{method} {path.rpartition('{e}')[2]}" for method, path, _ in BAD]
MALFORMED = b'{"name": '


@pytest.mark.parametrize(("method", "path", "body"), BAD, ids=IDS)
def test_the_requests_themselves_are_not_valid(office: Office, method: str, path: str, body: Any) -> None:
    number = 1 if "/files/" in path or "/entity_types/" in path else 2

    assert office.ask("member", method, path.format(w=TREE, e=number), body).status_code == 400


@pytest.mark.parametrize(("method", "path", "body"), BAD, ids=IDS)
@pytest.mark.parametrize("who", INVALID)
def test_401_comes_before_everything(office: Office, who: str, method: str, path: str, body: Any) -> None:
    for workspace in (TREE, GONE):
        assert office.ask(who, method, path.format(w=workspace, e=GONE), body).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("DELETE", "workspaces/1/"), ("PUT", "apps/"), ("GET", "jobs/x/")])
def test_401_comes_before_a_method_or_a_number_that_is_not_there(office: Office, method: str, path: str) -> None:
    assert office.ask("stranger", method, path).status_code == 401
    assert office.ask("admin", method, path).status_code in (404, 405)


@pytest.mark.parametrize(("method", "path", "body"), BAD, ids=IDS)
def test_403_comes_before_404_and_before_400(office: Office, method: str, path: str, body: Any) -> None:
    for number in (2, GONE):
        assert office.ask("outsider", method, path.format(w=TREE, e=number), body).status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), BAD, ids=IDS)
def test_in_an_unknown_workspace_403_comes_before_400(office: Office, method: str, path: str, body: Any) -> None:
    assert office.ask("member", method, path.format(w=GONE, e=1), body).status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), BAD, ids=IDS)
def test_404_comes_before_400(office: Office, method: str, path: str, body: Any) -> None:
    assert office.ask("member", method, path.format(w=TREE, e=GONE), body).status_code == 404


@pytest.mark.parametrize("path", ["workspaces/99999/assets/", "workspaces/99999/statistics/?start=yesterday"])
def test_of_an_unknown_workspace_404_comes_before_400(office: Office, path: str) -> None:
    assert office.ask("admin", "GET", path.replace("99999", "1")).status_code == 400
    assert office.ask("admin", "GET", path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "workspaces/?include_archived=True&detail_level=all",
        "workspaces/?include_development=True&project=0",
        "apps/?include_archived=True&sort=colour",
        "statistics/",
        "statistics/details/audit_events/?event_type=NOTHING",
    ],
)
def test_what_is_for_administrators_is_refused_to_others_before_it_is_judged(office: Office, path: str) -> None:
    assert office.ask("admin", "GET", path).status_code == 400
    assert office.ask("member", "GET", path).status_code == 403


def test_a_body_that_is_no_json_is_judged_after_the_rights(office: Office) -> None:
    def send(who: str, workspace: int) -> int:
        headers = {"Authorization": f"Bearer {office.tokens[who]}", "Content-Type": "application/json"}
        address = f"{office.site.url}/api/workspaces/{workspace}/entities/2/rename/"
        return requests.post(address, data=MALFORMED, headers=headers, timeout=10).status_code

    assert [send("stranger", TREE), send("outsider", TREE), send("member", GONE), send("member", TREE)] == [
        401,
        403,
        403,
        400,
    ]


def test_a_job_of_somebody_else_is_403_and_an_unknown_one_404(office: Office) -> None:
    office.ask("member", "POST", "workspaces/1/entities/1/jobs/", {"method_name": "slow"})

    assert [
        office.ask("boss", method, f"jobs/{uid}/").status_code for method in ("GET", "DELETE") for uid in (1, 2)
    ] == [
        403,
        404,
        403,
        404,
    ]


@pytest.mark.parametrize("name", WRITING)
def test_what_is_written_without_the_right_changes_nothing(office: Office, name: str) -> None:
    act: Act = ACTS[name]
    before = office.picture()

    private = [office.does(who, act) for who in ("outsider", *INVALID)]
    public = [office.does(who, act, PUBLIC) for who in INVALID]

    assert private + public == [403] + [401] * 8
    assert office.picture() == before


@pytest.mark.parametrize("name", [*WRITES, "new root", "new child", "upload"])
def test_what_is_written_to_a_public_workspace_without_the_right_changes_nothing(office: Office, name: str) -> None:
    before = office.picture()

    statuses = [office.does(who, ACTS[name], PUBLIC) for who in VALID if who != "admin"]

    assert statuses == [403] * 5
    assert office.picture() == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        *((method, path, body) for method, path, body in BAD if method != "GET"),
        ("POST", "workspaces/{w}/entities/", {"entity_type": GONE, "properties": {}}),
        ("POST", "workspaces/{w}/entities/", {"entity_type": 3, "properties": {}}),
        ("POST", "workspaces/{w}/entities/", {"entity_type": 2}),
        ("POST", "workspaces/{w}/entities/", {"entity_type": 1, "properties": {}, "filename": "never/sent"}),
        ("POST", "workspaces/{w}/entities/{e}/jobs/", {}),
        ("POST", "workspaces/{w}/files/", {"scope": "entity", "entity_id": GONE, "filename": "f"}),
        ("POST", "workspaces/{w}/entity_types/2/upload/", None),
    ],
)
def test_what_is_written_and_not_valid_changes_nothing(office: Office, method: str, path: str, body: Any) -> None:
    before = office.picture()

    assert office.ask("member", method, path.format(w=TREE, e=2), body).status_code == 400
    assert office.picture() == before


def test_a_picture_shows_each_of_the_writes(office: Office) -> None:
    unseen = {"session", "upload", "parametrization", "uploaded"}
    seen = []
    for name in WRITING:
        office.site.reset()
        before = office.picture()
        office.does("member", ACTS[name])
        seen += [name] if office.picture() != before else []

    assert seen == [name for name in WRITING if name not in unseen]
