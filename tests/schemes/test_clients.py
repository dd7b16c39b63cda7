"""Clients of other schemes than Bearer: what they are given, and who is told that a secret got out."""

from __future__ import annotations

import base64
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin import check_client
from apitwin.testkit.clients import ClientBroken
from tests.schemes.kinds import ENCODED, KEY, KINDS, PASSWORD, SECRETS, TOKEN, write

Show = Callable[[str], dict[str, Any]]
"""What a request shows for a credential, as keywords of requests."""
SHOWS: Mapping[str, Show] = {
    "key-in-header": lambda token: {"headers": {"X-Api-Key": token}},
    "key-in-query": lambda token: {"params": {"api_key": token}},
    "key-in-cookie": lambda token: {"headers": {"Cookie": f"session={token}"}},
    "basic": lambda token: {"auth": tuple(token.split(":", 1))},
}


def pages(base: str, shown: dict[str, Any], home_only: bool = True) -> Iterator[Any]:
    """Read every page by its links; home_only: not those that lead elsewhere."""
    link: str | None = f"{base}/things/?limit=10"
    while link is not None and (link.startswith(base) or not home_only):
        answer = requests.get(link, timeout=5, allow_redirects=not home_only, **shown)
        if answer.status_code != 200:
            raise OSError(f"status {answer.status_code}")
        yield from answer.json()["results"]
        link = answer.json()["next"]
    if link is not None:
        raise OSError("a link leads elsewhere")


@pytest.mark.parametrize("name", SHOWS)
def test_a_client_that_keeps_its_credential_to_itself_passes(name: str, tmp_path: Path) -> None:
    show, path = SHOWS[name], str(write(tmp_path, KINDS[name]))
    for law in ("reads-everything", "keeps-its-token"):
        check_client(lambda base, token: pages(base, show(token)), contract=path, laws=[law], examples=4)


@pytest.mark.parametrize("name", SHOWS)
def test_a_client_that_takes_its_credential_anywhere_is_told(name: str, tmp_path: Path) -> None:
    show, path = SHOWS[name], str(write(tmp_path, KINDS[name]))
    with pytest.raises(ClientBroken) as caught:
        check_client(lambda base, token: pages(base, show(token), False), contract=path, laws=["keeps-its-token"])
    text = str(caught.value)
    assert "it sends the token to another host" in text
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("told", [PASSWORD, ENCODED])
def test_a_client_that_logs_its_password_is_told_in_whatever_spelling(told: str, tmp_path: Path) -> None:
    def client(base: str, token: str) -> Iterator[Any]:
        spelt = {PASSWORD: token.partition(":")[2], ENCODED: base64.b64encode(token.encode()).decode()}
        logging.getLogger("client").warning("asking with %s", spelt[told])
        return pages(base, SHOWS["basic"](token))

    with pytest.raises(ClientBroken) as caught:
        check_client(client, contract=str(write(tmp_path, KINDS["basic"])), laws=["keeps-its-token"])
    assert "asking with $TOKEN" in str(caught.value) and told not in str(caught.value)


def test_a_key_in_an_address_is_told_where_the_contract_has_it_in_a_header(tmp_path: Path) -> None:
    def client(base: str, token: str) -> Iterator[Any]:
        requests.get(f"{base}/things/", params={"X-Api-Key": token}, timeout=5)
        return pages(base, SHOWS["key-in-header"](token))

    with pytest.raises(ClientBroken, match="it writes the token into an address"):
        check_client(client, contract=str(write(tmp_path, KINDS["key-in-header"])), laws=["keeps-its-token"])


COMMAND = """
import json, os, urllib.request
expected = {expected!r}
assert {{name: os.environ.get(name) for name in expected}} == expected
link = os.environ["APITWIN_URL"] + "/things/?limit=10"
while link:
    request = urllib.request.Request(link, headers={headers!r})
    page = json.load(urllib.request.urlopen(request, timeout=5))
    print(*(thing["id"] for thing in page["results"]), sep="\\n")
    link = page["next"]
"""


@pytest.mark.parametrize("name", ["basic", "key-and-token"])
def test_a_command_finds_its_credentials_in_its_environment(name: str, tmp_path: Path) -> None:
    from apitwin.testkit.clients.client import CommandClient
    from apitwin.testkit.clients.judge import judged
    from apitwin.testkit.clients.settings import Settings

    kind = KINDS[name]
    script = tmp_path / "client.py"
    script.write_text(COMMAND.format(expected=dict(kind.environment), headers=dict(kind.headers)), encoding="utf-8")
    settings = Settings(contract=str(write(tmp_path, kind)), laws=("reads-everything",), examples=2)
    report = judged(CommandClient(f"{sys.executable} {script}", 20.0), settings)
    assert not report.broken, str(report)
    assert KEY not in str(report) and TOKEN not in str(report)
