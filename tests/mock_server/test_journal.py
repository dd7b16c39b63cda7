"""What a twin was asked: kept, filtered, expected; and never a token in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from apitwin.mock_server import Twin, TwinError
from apitwin.mock_server.journal import Entry, Journal, Unexpected


@pytest.fixture(scope="module")
def running() -> Iterator[Twin]:
    with Twin("viktor") as twin:
        yield twin


@pytest.fixture
def twin(running: Twin) -> Twin:
    running.reset()
    return running


def get(twin: Twin, path: str, **params: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {twin.token}"}
    return requests.get(f"{twin.url}{path}", params=params, headers=headers, timeout=10)  # type: ignore[arg-type]


def test_what_was_expected_is_given_back(twin: Twin) -> None:
    for offset in (0, 100):
        get(twin, "/api/workspaces/", limit=100, offset=offset)
    get(twin, "/api/apps/", limit=5)
    entries = twin.journal.expect("workspaces_list", times=2, query={"limit": "100"}, status=200)
    assert [dict(entry.query)["offset"] for entry in entries] == ["0", "100"]
    assert len(twin.journal.expect(method="GET")) == 3
    assert twin.journal.expect("apps_read", times=0) == ()
    assert [entry.operation for entry in twin.journal.entries(path="/api/apps/")] == ["apps_list"]


def test_the_nearest_miss_is_shown(twin: Twin) -> None:
    get(twin, "/api/apps/")
    get(twin, "/api/workspaces/", limit=50)
    with pytest.raises(Unexpected) as failed:
        twin.journal.expect("workspaces_list", times=3, query={"limit": "100"})
    assert str(failed.value).splitlines() == [
        "expected 3 exchanges with operation 'workspaces_list', query limit '100'; there were 0",
        "  nearest: GET /api/workspaces/?limit=50 -> 200",
        "           but query limit was '50'",
        "  what came:",
        "      GET /api/apps/ -> 200",
        "      GET /api/workspaces/?limit=50 -> 200",
    ]


def test_too_many_are_shown_with_a_mark(twin: Twin) -> None:
    for _ in range(2):
        get(twin, "/api/apps/")
    with pytest.raises(AssertionError, match=r"expected 1 exchange with operation 'apps_list'; there were 2") as failed:
        twin.journal.expect("apps_list", times=1)
    assert str(failed.value).count("    * GET /api/apps/ -> 200") == 2


def test_that_nothing_was_asked_is_said(twin: Twin) -> None:
    with pytest.raises(Unexpected, match="nothing was asked at all"):
        twin.journal.expect()


def test_only_the_last_ones_are_shown_and_kept() -> None:
    journal = Journal(most=50)
    for number in range(80):
        journal.add(Entry("GET", f"/{number}", (), None, 404))
    assert [entry.path for entry in journal.entries()] == [f"/{number}" for number in range(30, 80)]
    with pytest.raises(Unexpected, match="what came, the last 12 of 50:"):
        journal.expect("x")


def test_what_matched_no_operation_is_known(twin: Twin) -> None:
    get(twin, "/api/nowhere/")
    get(twin, "/api/apps/")
    assert [entry.path for entry in twin.journal.unmatched()] == ["/api/nowhere/"]


def test_no_token_is_anywhere_in_it(twin: Twin) -> None:
    secret = twin.token
    get(twin, f"/api/{secret}/", token=secret)
    requests.post(f"{twin.url}/api/o/revoke_token/", json={"token": secret[:-1] + "x", "note": secret}, timeout=10)
    made = requests.post(
        f"{twin.url}/api/o/token/",
        json={"grant_type": "password", "username": "ada@example.test", "password": "twin-password"},
        timeout=10,
    ).json()
    secrets = [secret, made["access_token"], made["refresh_token"]]
    shown = [repr(twin.journal.entries()), str(twin.journal.entries()[0])]
    shown += [
        requests.get(f"{twin.url}/__twin__/journal", params={"bodies": bodies}, timeout=10).text
        for bodies in ("", "true")
    ]
    with pytest.raises(Unexpected) as failed:
        twin.journal.expect("apps_list")
    shown.append(str(failed.value))
    for text in shown:
        assert not [secret for secret in secrets if secret in text]
    assert "$TOKEN" in shown[0]


def test_bodies_are_told_where_they_are_asked_for(twin: Twin) -> None:
    headers = {"Authorization": f"Bearer {twin.token}"}
    address = f"{twin.url}/api/workspaces/2/entities/2004/rename/"
    requests.post(address, json={"name": "Größe"}, headers=headers, timeout=10)
    plain, whole = (
        requests.get(f"{twin.url}/__twin__/journal", params=params, timeout=10).json()[0]
        for params in ({}, {"bodies": "true"})
    )
    assert "body" not in plain and plain["operation"] == "workspaces_entities_rename"
    assert json.loads(whole["body"]) == {"name": "Größe"}
    assert json.loads(whole["answer"])["name"] == "Größe"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"operation": "workspaces_lst"}, "no operation 'workspaces_lst'; did you mean workspaces_list"),
        ({"status": "200"}, "found status='200'; expected a number"),
        ({"times": -1}, "found times=-1; expected a whole number, 0 or more"),
        ({"times": True}, "found times=True"),
    ],
    ids=str,
)
def test_what_nothing_could_ever_fit_is_refused(twin: Twin, words: dict[str, Any], said: str) -> None:
    with pytest.raises(TwinError, match=re.escape(said)):
        twin.journal.expect(**{"times": 0, **words})


def test_a_parameter_may_be_expected_several_times_or_not_at_all(twin: Twin) -> None:
    get(twin, "/api/apps/?limit=3&limit=5")
    twin.journal.expect("apps_list", query={"limit": ["3", "5"], "offset": None}, times=1)
    twin.journal.expect("apps_list", query={"limit": "5"}, times=1)
    for wrong in ({"limit": ["5", "3"]}, {"limit": ["3"] * 2}, {"limit": None}):
        with pytest.raises(Unexpected):
            twin.journal.expect("apps_list", query=wrong)


def test_what_is_no_longer_kept_is_said_to_be_gone() -> None:
    journal = Journal(most=3)
    for _ in range(5):
        journal.add(Entry("GET", "/", (), None, 200))
    with pytest.raises(Unexpected, match=r"there were 3 \(only the last 3 exchanges are kept\)"):
        journal.expect(times=5)
