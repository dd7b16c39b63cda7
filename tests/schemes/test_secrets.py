"""No secret of any scheme is in anything that is printed, written, or shown of a value."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from apitwin.contracts import load
from apitwin.contracts.security.spellings import Spellings
from apitwin.mock_server.world.world import Token
from apitwin.testkit.errors import TargetError, UsageError
from apitwin.testkit.transport.credentials import Secret
from apitwin.testkit.transport.environment import keyring
from apitwin.testkit.transport.exchange import Request, Response, redacted
from apitwin.testkit.transport.target import live_target
from apitwin.testkit.transport.twins import Twin, client_key
from tests.schemes.kinds import ENCODED, KEY, KINDS, PASSWORD, SECRETS, TOKEN, USERNAME, write
from tests.schemes.test_laws import framework

CURL = {
    "key-in-header": '-H "X-Api-Key: $APITWIN_TOKEN"',
    "key-in-query": "?api_key='\"$APITWIN_TOKEN\"'",
    "key-in-cookie": '--cookie "session=$APITWIN_TOKEN"',
    "basic": '-u "$APITWIN_USERNAME:$APITWIN_PASSWORD"',
    "oauth2": '-H "Authorization: Bearer $APITWIN_TOKEN"',
    "connect": '-H "Authorization: Bearer $APITWIN_TOKEN"',
    "token": '-H "Authorization: Token $APITWIN_TOKEN"',
    "basic-or-token": '-u "$APITWIN_USERNAME:$APITWIN_PASSWORD"',
    "key-and-token": '-H "X-Api-Key: $APITWIN_CREDENTIAL_APP_KEY" -H "Authorization: Bearer $APITWIN_CREDENTIAL_OAUTH"',
}


def told(text: str) -> list[str]:
    return [secret for secret in (*SECRETS, *(quote(secret, safe="") for secret in SECRETS)) if secret in text]


@pytest.mark.parametrize("name", KINDS)
def test_a_request_is_shown_with_variables_and_a_target_shows_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, text in KINDS[name].environment.items():
        monkeypatch.setenv(variable, text)
    contract = load(write(tmp_path, KINDS[name]))
    target = live_target("http://127.0.0.1:9", None, contract=contract)
    request = Request("GET", "/things/", (), target.credential(contract.operation("things").security))
    line = request.curl(target.base)
    assert CURL[name] in line
    with pytest.raises(TargetError) as caught:
        target.send(request)
    shown = [line, repr(request), repr(target), repr(target.keys), str(caught.value), repr(vars(target))]
    assert told("".join(shown)) == []
    twin = Twin(contract)
    assert told(repr(client_key(twin)) + repr(twin.world.tokens) + repr(Secret(KEY))) == []


@pytest.mark.parametrize("spelt", [PASSWORD, quote(PASSWORD, safe=""), ENCODED, quote(ENCODED, safe="")])
def test_a_password_is_taken_out_of_an_answer_in_every_spelling(spelt: str) -> None:
    secret = Secret(PASSWORD, USERNAME)
    answer = redacted(
        Response(200, {"x": spelt, "set-cookie": f"a={spelt}"}, spelt.encode()), Spellings.of(secret.texts)
    )
    assert told(answer.text + repr(answer.headers)) == [] and answer.echoed is not None
    assert told(repr(Token(PASSWORD, username=USERNAME))) == []


def test_a_spoilt_credential_is_taken_out_of_an_answer_too() -> None:
    body = b"you sent Basic d2FyZGVueDpQYTU1K3dvcmQ= to me"
    answer = redacted(Response(401, {}, body), Spellings.of([]), ["Basic d2FyZGVueDpQYTU1K3dvcmQ="])
    assert answer.text == "you sent Basic $TOKEN to me" and answer.echoed is None


@pytest.mark.parametrize("sabotage, name", [("echoing", "basic"), ("key-stays-in-links", "key-in-query")])
def test_pytest_with_locals_and_junit_tells_no_secret(
    sabotage: str, name: str, tmp_path: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, text in KINDS[name].environment.items():
        monkeypatch.setenv(variable, text)
    contract = str(write(tmp_path, KINDS[name]))
    options = ["--apitwin-contract", contract, "--apitwin-law", "not-echoed", "--apitwin-operation", "things"]
    report = tmp_path / "junit.xml"
    with framework(name, sabotage) as url:
        ended = pytester.runpytest_subprocess(
            "-l", "-vv", "-p", "no:cacheprovider", f"--junitxml={report}", *options,
            "--apitwin-target", url, "--apitwin-rate", "0", "--apitwin-examples", "20",
        )  # fmt: skip
    ended.assert_outcomes(failed=1)
    assert told(ended.stdout.str() + ended.stderr.str() + report.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "name, environment, problem",
    [
        ("basic", {"APITWIN_USERNAME": USERNAME}, "APITWIN_PASSWORD is not set"),
        ("basic", {"APITWIN_PASSWORD": PASSWORD}, "APITWIN_USERNAME is not set"),
        ("basic", {"APITWIN_USERNAME": "a:b", "APITWIN_PASSWORD": PASSWORD}, "a user name of HTTP Basic has no colon"),
        ("basic", {"APITWIN_CREDENTIAL_LOGIN": PASSWORD[:4]}, "expected username:password"),
        ("oauth2", {"APITWIN_TOKEN": f"{TOKEN}é"}, "APITWIN_TOKEN holds characters that no token has"),
    ],
)
def test_a_credential_that_cannot_be_used_is_one_line_without_it(
    name: str, environment: dict[str, str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, text in environment.items():
        monkeypatch.setenv(variable, text)
    with pytest.raises(UsageError, match=problem) as caught:
        keyring(load(write(tmp_path, KINDS[name])), None)
    assert "\n" not in str(caught.value) and told(str(caught.value)) == []


def test_a_token_is_of_no_use_where_only_a_password_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    with pytest.raises(UsageError, match="no scheme of this contract takes one token alone"):
        keyring(load(write(tmp_path, KINDS["basic"])), "MY_TOKEN")


def test_of_several_that_are_required_together_each_has_its_own_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = load(write(tmp_path, KINDS["key-and-token"]))
    monkeypatch.setenv("APITWIN_TOKEN", TOKEN)
    security = contract.operation("things").security
    assert keyring(contract, None).alternatives(security) == ()
    monkeypatch.setenv("APITWIN_CREDENTIAL_APP_KEY", KEY)
    monkeypatch.setenv("APITWIN_CREDENTIAL_OAUTH", TOKEN)
    assert len(keyring(contract, None).alternatives(security)) == 1
