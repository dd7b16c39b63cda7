"""A twin of each kind: the right credential opens it, a wrong one does not, and none of it comes out again."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin import Twin
from apitwin.contracts import load
from apitwin.mock_server import TwinError
from tests.schemes.kinds import COUNT, ENCODED, KEY, KINDS, OLD, PASSWORD, SECRETS, TOKEN, USERNAME, Kind, write

BEARER_KEY = {"headers": {"Authorization": f"Bearer {KEY}"}}


def basic(username: str, password: str, word: str = "Basic") -> dict[str, Any]:
    text = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"headers": {"Authorization": f"{word} {text}"}}


WRONG: Mapping[str, list[dict[str, Any]]] = {
    "key-in-header": [
        BEARER_KEY,
        {"headers": {"X-Api-Key": f"Bearer {KEY}"}},
        {"headers": {"X-Api-Key": KEY[:-1]}},
        {"headers": {"X-Api-Key": KEY.lower()}},
        {"headers": {"X-Api-Key": f"{KEY}, {KEY}"}},
        {"headers": {"X-Api-Key": ""}},
        {"headers": {"X-Api-Key": OLD["expired"]}},
        {"headers": {"Cookie": f"X-Api-Key={KEY}"}},
        {"params": {"X-Api-Key": KEY}},
    ],
    "key-in-query": [
        BEARER_KEY,
        {"params": {"API_KEY": KEY}},
        {"params": {"api_key": f"{KEY}x"}},
        {"params": {"api_key": ""}},
        {"params": [("api_key", KEY), ("api_key", "x")]},
        {"headers": {"api_key": KEY}},
        {"headers": {"Cookie": f"api_key={KEY}"}},
    ],
    "key-in-cookie": [
        BEARER_KEY,
        {"headers": {"Cookie": f"Session={KEY}"}},
        {"headers": {"Cookie": f"session={KEY.swapcase()}"}},
        {"headers": {"Cookie": "session"}},
        {"headers": {"session": KEY}},
        {"params": {"session": KEY}},
    ],
    "basic": [
        {"headers": {"Authorization": f"Bearer {PASSWORD}"}},
        {"headers": {"Authorization": f"Bearer {ENCODED}"}},
        {"headers": {"Authorization": f"Basic {USERNAME}:{PASSWORD}"}},
        {"headers": {"Authorization": f"Basic {base64.b64encode(PASSWORD.encode()).decode()}"}},
        {"headers": {"Authorization": "Basic"}},
        {"headers": {"Authorization": f"Basic {ENCODED} {ENCODED}"}},
        basic(USERNAME, ""),
        basic("", PASSWORD),
        basic(PASSWORD, USERNAME),
        basic("other", PASSWORD),
        basic(USERNAME, PASSWORD.lower()),
        basic(USERNAME, OLD["revoked"]),
        basic(USERNAME, PASSWORD, "Basics"),
    ],
    "oauth2": [
        {"headers": {"Authorization": f"Basic {TOKEN}"}},
        {"headers": {"Authorization": TOKEN}},
        {"headers": {"X-Api-Key": TOKEN}},
        {"params": {"access_token": TOKEN}},
    ],
    "connect": [{"headers": {"Authorization": f"Token {TOKEN}"}}, {"headers": {"Authorization": f"Bearer {TOKEN}x"}}],
    "token": [
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"headers": {"Authorization": f"Token {TOKEN[:-1]}"}},
        {"headers": {"Authorization": f"Tokens {TOKEN}"}},
        {"headers": {"Authorization": f"Token {TOKEN} {TOKEN}"}},
        {"headers": {"Authorization": f"Token {OLD['expired']}"}},
        {"headers": {"Authorization": TOKEN}},
        {"params": {"token": TOKEN}},
    ],
    "basic-or-token": [
        basic(USERNAME, "x"),
        {"headers": {"Authorization": f"Bearer {PASSWORD}"}},
        {"headers": {"Authorization": f"Basic {TOKEN}"}},
    ],
    "key-and-token": [
        {"headers": {"X-Api-Key": KEY}},
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
        {"headers": {"X-Api-Key": TOKEN, "Authorization": f"Bearer {KEY}"}},
        {"headers": {"X-Api-Key": KEY, "Authorization": f"Bearer {TOKEN}x"}},
    ],
}


@pytest.fixture(scope="module", params=KINDS)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Twin]]:
    path = write(tmp_path_factory.mktemp("things"), KINDS[request.param])
    with Twin(path, check_answers=True) as twin:
        yield request.param, twin


def ask(twin: Twin, path: str = "/things/", **shown: Any) -> requests.Response:
    return requests.get(f"{twin.url}{path}", timeout=10, **shown)


def right(kind: Kind) -> dict[str, Any]:
    return {"headers": dict(kind.headers), "cookies": dict(kind.cookies), "params": dict(kind.query)}


def test_the_right_credential_is_let_in(served: tuple[str, Twin]) -> None:
    name, twin = served
    answer = ask(twin, **right(KINDS[name]))
    assert (answer.status_code, answer.json()["count"]) == (200, COUNT)
    assert ask(twin, "/things/7/", **right(KINDS[name])).json() == {"id": 7, "name": "Thing 7"}


def test_nothing_and_everything_wrong_is_401_with_a_challenge(served: tuple[str, Twin]) -> None:
    name, twin = served
    for shown in ({}, *WRONG[name]):
        answer = ask(twin, **shown)
        assert answer.status_code == 401, shown
        assert answer.headers["WWW-Authenticate"].split(" ")[0] in ("Key", "Basic", "Bearer", "Token")
        assert not [secret for secret in SECRETS if secret in answer.text]


def test_no_link_and_no_journal_holds_a_credential(served: tuple[str, Twin]) -> None:
    name, twin = served
    kind = KINDS[name]
    shown = right(kind)
    page = ask(twin, "/things/", **{**shown, "params": {**shown["params"], "limit": 5}}).json()
    assert page["next"] == f"{twin.url}/things/?limit=5&offset=5"
    for wrong in WRONG[name]:
        ask(twin, **wrong)
    journal = requests.get(f"{twin.url}/__twin__/journal?bodies=true", timeout=10).text
    assert not [secret for secret in SECRETS if secret in journal or secret in str(twin.journal.entries())]


def test_a_redirect_of_a_fault_takes_no_key_along(served: tuple[str, Twin]) -> None:
    name, twin = served
    twin.fault("redirect-elsewhere", times=1)
    answer = ask(twin, allow_redirects=False, **right(KINDS[name]))
    assert answer.status_code == 302 and not [text for text in SECRETS if text in answer.headers["Location"]]


def test_a_header_is_read_in_any_case_of_its_name(tmp_path: Path) -> None:
    with Twin(write(tmp_path, KINDS["key-in-header"])) as twin:
        assert ask(twin, headers={"x-aPI-kEY": KEY}).status_code == 200


@pytest.mark.parametrize("word", ["basic", "BASIC"])
def test_the_scheme_of_basic_is_read_in_any_case_as_the_contract_says(word: str, tmp_path: Path) -> None:
    with Twin(write(tmp_path, KINDS["basic"])) as twin:
        assert ask(twin, **basic(USERNAME, PASSWORD, word)).status_code == 200


def test_either_alternative_opens(tmp_path: Path) -> None:
    with Twin(write(tmp_path, KINDS["basic-or-token"])) as twin:
        assert ask(twin, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert ask(twin, **basic(USERNAME, PASSWORD)).status_code == 200


def test_the_refusal_is_that_of_the_wrong_credential(tmp_path: Path) -> None:
    with Twin(write(tmp_path, KINDS["basic-or-token"])) as twin:
        assert ask(twin, headers={"Authorization": "Bearer x"}).headers["WWW-Authenticate"] == "Bearer"
        assert ask(twin).headers["WWW-Authenticate"].startswith("Basic")
    with Twin(write(tmp_path, KINDS["key-and-token"])) as twin:
        assert ask(twin, headers={"X-Api-Key": KEY}).headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "name, token",
    [
        ("key-in-query", KEY),
        ("basic", f"{USERNAME}:{PASSWORD}"),
        ("oauth2", TOKEN),
        ("key-and-token", f'{{"app-key": "{KEY}", "oauth": "{TOKEN}"}}'),
    ],
)
def test_a_twin_hands_its_credential_out_as_one_text(name: str, token: str, tmp_path: Path) -> None:
    assert Twin(write(tmp_path, KINDS[name])).token == token


def test_without_a_world_there_is_a_credential_of_each_kind(tmp_path: Path) -> None:
    contract = load(write(tmp_path, KINDS["basic-or-token"]))
    object.__setattr__(contract, "world", None)
    assert Twin(contract).token == "apitwin:apitwin-password"


@pytest.mark.parametrize(
    "token, problem",
    [
        ({"username": "a:b"}, "/username: found 'a:b'; expected an ASCII text without a colon"),
        ({"scheme": "logn"}, "/scheme: found 'logn'; allowed: login; did you mean 'login'?"),
        ({"username": None}, "no valid token with a role and a username for the scheme 'login'"),
    ],
)
def test_a_token_that_cannot_be_used_is_refused_in_one_line(
    token: dict[str, Any], problem: str, tmp_path: Path
) -> None:
    path = write(tmp_path, KINDS["basic"])
    text = (tmp_path / "world.json").read_text("utf-8")
    own = {"token": "x", "roles": ["any"], **{key: value for key, value in token.items() if value is not None}}
    (tmp_path / "world.json").write_text(json.dumps({**json.loads(text), "tokens": [own]}), encoding="utf-8")
    with pytest.raises(TwinError) as caught:
        Twin(path)
    assert problem in str(caught.value) and "\n" not in str(caught.value)
