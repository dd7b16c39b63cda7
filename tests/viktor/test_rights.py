"""Who may do what: everybody with a good token, against every kind of operation and of workspace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from apitwin.contracts import Contract
from apitwin.mock_server.viktor.builder import added
from tests.viktor import roles
from tests.viktor.roles import (
    ALL,
    EDITOR,
    IN_EDITOR,
    INTERNAL,
    INVALID,
    INVITED,
    NONE,
    OF_ALL,
    PEOPLE,
    PUBLIC,
    READS,
    SIMPLE,
    STARTS,
    TREE,
    VALID,
    WRITES,
    Act,
    Office,
    allowed,
    everything,
)
from tests.viktor.worlds import running

FORBIDDEN = {"detail": "You do not have permission to perform this action."}
ROWS = [*everything(), *OF_ALL]
ACTS = {name: act for name, act, _ in everything()}


@pytest.fixture(scope="module")
def started(viktor: Contract) -> Iterator[Office]:
    world, tokens = roles.built(viktor)
    with running(world) as site:
        yield Office(site, tokens)


@pytest.fixture
def office(started: Office) -> Office:
    started.site.reset()
    return started


@pytest.mark.parametrize(("name", "act", "who"), ROWS, ids=[f"{name}" for name, _, _ in ROWS])
def test_those_may_who_have_the_right_and_all_others_get_403(
    office: Office, name: str, act: Act, who: frozenset[str]
) -> None:
    assert office.statuses(act) == allowed(act, who)


@pytest.mark.parametrize(("name", "act", "who"), ROWS, ids=[f"{name}" for name, _, _ in ROWS])
def test_who_has_no_good_token_gets_401_whatever_it_is(
    office: Office, name: str, act: Act, who: frozenset[str]
) -> None:
    assert {who: office.does(who, act) for who in INVALID} == dict.fromkeys(INVALID, 401)


def test_a_refusal_has_one_message_and_a_401_a_challenge(office: Office) -> None:
    forbidden = office.ask("outsider", "GET", "workspaces/1/entities/")
    unknown = office.ask("expired", "GET", "workspaces/1/entities/")

    assert (forbidden.json(), "WWW-Authenticate" in forbidden.headers) == (FORBIDDEN, False)
    assert (unknown.json(), unknown.headers["WWW-Authenticate"]) == ({"detail": "Invalid token."}, 'Bearer realm="api"')


@pytest.mark.parametrize("name", ["parent", "new child"])
@pytest.mark.parametrize("workspace", [SIMPLE, EDITOR], ids=["simple", "editor"])
def test_only_an_app_of_type_tree_has_parents_and_children(office: Office, name: str, workspace: int) -> None:
    assert office.statuses(ACTS[name], workspace) == allowed(ACTS[name], NONE)


@pytest.mark.parametrize("name", ["upload", "groups"])
def test_an_app_of_type_editor_has_neither_uploads_nor_groups(office: Office, name: str) -> None:
    act, who = ACTS[name], {"upload": INVITED, "groups": PEOPLE}[name]

    assert office.statuses(act, EDITOR) == allowed(act, NONE)
    assert office.statuses(act, SIMPLE) == allowed(act, who)


@pytest.mark.parametrize("name", ["entity", "roots", "patch", "delete", "new root", "job", "session"])
@pytest.mark.parametrize("workspace", [SIMPLE, EDITOR], ids=["simple", "editor"])
def test_everything_else_is_the_same_whatever_the_type_of_the_app(office: Office, name: str, workspace: int) -> None:
    assert office.statuses(ACTS[name], workspace) == office.statuses(ACTS[name], TREE)


@pytest.mark.parametrize("name", ["workspace", "entity", "roots", "types", "parent", "patch", "new child", "job"])
def test_an_internal_workspace_is_open_to_all_but_external_users(office: Office, name: str) -> None:
    assert office.statuses(ACTS[name], INTERNAL) == allowed(ACTS[name], ALL - {"guest"})


@pytest.mark.parametrize("name", [*READS, *STARTS])
def test_a_public_workspace_is_read_by_everybody(office: Office, name: str) -> None:
    assert office.statuses(ACTS[name], PUBLIC) == allowed(ACTS[name], ALL)


@pytest.mark.parametrize("name", IN_EDITOR)
def test_a_public_workspace_opens_its_editor_to_all_but_apps(office: Office, name: str) -> None:
    assert office.statuses(ACTS[name], PUBLIC) == allowed(ACTS[name], ALL - {"robot"})


@pytest.mark.parametrize("name", [*WRITES, "new root", "new child", "upload", "parent"])
def test_a_public_workspace_is_written_by_those_alone_who_may_enter_it(office: Office, name: str) -> None:
    assert office.statuses(ACTS[name], PUBLIC) == allowed(ACTS[name], roles.ADMIN)


def test_the_list_of_workspaces_holds_what_each_may_enter_and_what_is_public(office: Office) -> None:
    seen = {who: [workspace["id"] for workspace in office.ask(who, "GET", "workspaces/").json()] for who in VALID}

    assert seen == {
        "admin": [TREE, SIMPLE, EDITOR, INTERNAL, PUBLIC],
        "boss": [TREE, SIMPLE, EDITOR, INTERNAL, PUBLIC],
        "member": [TREE, SIMPLE, EDITOR, INTERNAL, PUBLIC],
        "guest": [TREE, SIMPLE, EDITOR, PUBLIC],
        "outsider": [INTERNAL, PUBLIC],
        "robot": [TREE, SIMPLE, EDITOR, INTERNAL, PUBLIC],
    }


@pytest.mark.parametrize("who", VALID)
def test_every_workspace_that_is_listed_can_be_read(office: Office, who: str) -> None:
    listed = office.ask(who, "GET", "workspaces/?limit=100&offset=0").json()["results"]

    assert {
        workspace["id"]: office.ask(who, "GET", f"workspaces/{workspace['id']}/").status_code for workspace in listed
    } == {workspace["id"]: 200 for workspace in listed}


@pytest.mark.parametrize("value", ["False", "false", "FALSE", "f", "0", "no", "off"])
def test_no_archived_ones_may_be_asked_for_by_everybody(office: Office, value: str) -> None:
    for path in (f"workspaces/?include_archived={value}", f"apps/?include_archived={value}"):
        assert {office.ask(who, "GET", path).status_code for who in VALID} == {200}


@pytest.mark.parametrize("value", ["True", "true", "TRUE", "t", "1", "yes", "on"])
def test_archived_ones_may_be_asked_for_by_organisation_administrators_alone(office: Office, value: str) -> None:
    for path in (f"workspaces/?include_archived={value}", f"apps/?include_archived={value}&limit=1"):
        assert {who: office.ask(who, "GET", path).status_code for who in VALID} == {
            who: 200 if who == "admin" else 403 for who in VALID
        }


def started_job(office: Office, who: str) -> str:
    answer = office.ask(who, "POST", "workspaces/1/entities/1/jobs/", {"method_name": "slow"})
    return f"jobs/{answer.json()['uid']}/"


@pytest.mark.parametrize("owner", ["member", "admin", "robot", "guest"])
def test_a_job_is_read_and_cancelled_by_who_started_it_alone(office: Office, owner: str) -> None:
    job = started_job(office, owner)
    others = [who for who in VALID if who != owner]

    for method in ("GET", "DELETE"):
        assert {who: office.ask(who, method, job).status_code for who in others} == dict.fromkeys(others, 403)
        assert {who: office.ask(who, method, job).status_code for who in INVALID} == dict.fromkeys(INVALID, 401)
    assert office.ask(owner, "GET", job).json()["status"] == "running"
    assert office.ask(owner, "DELETE", job).status_code == 204
    assert office.ask(owner, "GET", job).json()["status"] == "cancelled"


def test_the_users_of_a_workspace_are_shown_to_its_administrators_and_to_others_of_the_same_group(
    office: Office,
) -> None:
    def seen() -> dict[str, Any]:
        who = ("admin", "boss", "member", "guest")
        return {name: [user["id"] for user in office.ask(name, "GET", "workspaces/1/users/").json()] for name in who}

    assert seen() == {"admin": [2, 3, 5, 6], "boss": [2, 3, 5, 6], "member": [2], "guest": [5]}

    world = office.site.world.world
    added(world, "groups", {"name": "Two", "workspace": 1, "members": [2, 5, 4]})
    assert seen() == {"admin": [2, 3, 5, 6], "boss": [2, 3, 5, 6], "member": [2, 5], "guest": [2, 5]}


def test_a_bought_token_has_the_rights_of_its_owner_for_fifteen_minutes(office: Office) -> None:
    form = {"grant_type": "password", "client_id": "c", "username": "user2@example.test", "password": "twin-password"}
    bought = requests.post(f"{office.site.url}/api/o/token/", data=form, timeout=10).json()
    short = Office(office.site, {"member": bought["access_token"]})
    statuses = []

    for seconds in (0, 899, 1):
        office.site.world.world.clock.advance(timedelta(seconds=seconds).total_seconds())
        statuses.append([short.does("member", ACTS["entity"]), short.does("member", OF_ALL[7][1])])

    assert statuses == [[200, 403], [200, 403], [401, 401]]


def test_a_revoked_token_opens_nothing_any_more(office: Office) -> None:
    assert office.does("member", ACTS["entity"]) == 200

    body = {"client_id": "c", "token": office.tokens["member"]}
    assert requests.post(f"{office.site.url}/api/o/revoke_token/", json=body, timeout=10).status_code == 200

    assert office.does("member", ACTS["entity"]) == 401
    assert office.does("boss", ACTS["entity"]) == 200
