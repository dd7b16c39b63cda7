"""The journal shows no secret that a client posted, under whatever name, and all its bodies have one budget."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping

import pytest
import requests

from apitwin.contracts.secret_names import is_secret, without_secret_members
from apitwin.mock_server import Twin

SECRET = "s3cr3t-of-somebody"
NAMES = [
    "client_secret", "clientSecret", "CLIENT-SECRET", "password", "new_password", "token", "access_token",
    "refreshToken", "api_key", "X-Api-Key", "Authorization", "secret", "id_token", "passphrase", "private_key",
]  # fmt: skip
PLACES = [
    "page_token",
    "next_token",
    "nextPageToken",
    "continuation-token",
    "token_type",
    "secretary",
    "keys",
    "author",
]


@pytest.fixture(scope="module")
def running() -> Iterator[Twin]:
    with Twin("viktor") as made:
        yield made


@pytest.fixture
def twin(running: Twin) -> Twin:
    running.reset()
    return running


def seen(twin: Twin) -> str:
    said = requests.get(f"{twin.url}/__twin__/journal", params={"bodies": "true"}, timeout=10).text
    return said + repr(twin.journal.entries())


@pytest.mark.parametrize("name", NAMES)
def test_what_a_secret_member_holds_is_shown_nowhere(twin: Twin, name: str) -> None:
    url = f"{twin.url}/api/o/token/"
    value = {"name": "kept", name: SECRET, "deep": [{name: {"inner": SECRET}}]}
    requests.post(url, json=value, timeout=10)
    requests.post(url, data={"name": "kept", name: SECRET}, timeout=10)
    requests.post(url, data={"name": "kept", name: SECRET}, files={"file": b"x"}, timeout=10)
    requests.post(url, data=json.dumps(value, indent=2)[:-9], timeout=10)
    requests.post(url, data='{"' + "".join(f"\\u{ord(sign):04x}" for sign in name) + f'": "{SECRET}", ', timeout=10)
    requests.get(url, params={"name": "kept", name: SECRET}, timeout=10)
    assert len(twin.journal.entries()) == 6
    assert SECRET not in seen(twin) and "kept" in seen(twin)


def test_the_answer_hides_what_the_request_hides(twin: Twin) -> None:
    made = requests.post(
        f"{twin.url}/api/o/token/", data={"grant_type": "refresh_token", "refresh_token": "nobody's"}, timeout=10
    )
    assert made.status_code < 500
    assert "nobody's" not in seen(twin)


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: "".join(f"%{ord(sign):02x}" for sign in text),
    "escapes": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "references": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_token_of_the_world_is_shown_in_no_spelling(twin: Twin, name: str) -> None:
    spelt = SPELLINGS[name](twin.token)
    requests.post(f"{twin.url}/api/{spelt}/", data=f"name=kept {spelt}", params={"text": spelt}, timeout=10)
    assert spelt not in seen(twin) and twin.token not in seen(twin)
    assert seen(twin).count("kept") == 2


@pytest.mark.parametrize("name", PLACES)
def test_a_word_that_only_looks_like_one_is_kept(name: str) -> None:
    text = json.dumps({name: "value"})
    assert not is_secret(name) and without_secret_members(text) == text
    assert without_secret_members(f"{name}=value&a=b") == f"{name}=value&a=b"


@pytest.mark.parametrize(
    "text", ["", "{}", '{"a": 1.50, "b" :  [ ]}', "a=b&c=%20", "plain token text", '{"token": null}', "["]
)
def test_a_text_without_a_secret_comes_back_as_it_is(text: str) -> None:
    assert without_secret_members(text) == text


def test_all_bodies_have_one_budget_and_the_oldest_go_first(twin: Twin) -> None:
    body = json.dumps({"name": "x" * 250_000})
    for number in range(150):
        requests.post(f"{twin.url}/api/large/{number}/", data=body, timeout=10)
    entries = twin.journal.entries()
    assert [entry.path for entry in entries] == [f"/api/large/{number}/" for number in range(150)], "each is told"
    kept = [entry.bodies_left_out for entry in entries]
    assert kept == sorted(kept, reverse=True) and 10 < kept.count(True) < 25, "32 MiB hold about 130 of them"
    assert entries[0].body == "" and len(entries[-1].body) == len(body)
    told = requests.get(f"{twin.url}/__twin__/journal", params={"bodies": "true"}, timeout=30).json()
    assert told[0]["bodies_left_out"] is True and "bodies_left_out" not in told[-1]
    twin.reset()
    assert twin.journal.entries() == ()
