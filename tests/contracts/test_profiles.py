"""Profiles as files: each is whole, and what is wrong with one is one line that names the file and the key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import ContractError, load
from apitwin.contracts.documents import read
from apitwin.contracts.profile import HERE, profiles
from tests.contracts.minimal import document, write


def contract(folder: Path, **said: Any) -> Path:
    value = document()
    value["x-apitwin"].update(said)
    return write(folder, value)


@pytest.mark.parametrize("name", profiles())
def test_a_bundled_profile_says_every_error_and_every_message(name: str) -> None:
    """A profile that forgot one would fall back on the words of another framework."""
    whole, own = read(HERE / "plain.yaml"), read(HERE / f"{name}.yaml")

    assert whole["errors"].keys() <= own["errors"].keys()
    assert whole["parameters"]["messages"].keys() <= own["parameters"]["messages"].keys()
    assert own["title"] and own["source"]


@pytest.mark.parametrize("name", profiles())
def test_a_contract_may_choose_each(name: str, tmp_path: Path) -> None:
    loaded = load(contract(tmp_path, profile=name))

    assert loaded.errors["not-found"].body == {"detail": "No crate."}  # its own
    assert loaded.errors["forbidden"].body == read(HERE / f"{name}.yaml")["errors"]["forbidden"]["body"]
    assert loaded.parameters.messages["integer"] == "No integer."
    assert loaded.document["x-apitwin"]["errors"]["forbidden"]["status"] == 403


MISORDERED = ["method", "path", "permission", "auth", "things", "restrictions", "query", "body"]
MISTAKES = {
    "unknown key": ("mistakes: {}", "{profile}#: unknown key 'mistakes'; allowed: title, source, profile, errors"),
    "unknown word": (
        "requests: {empty-text: kept}",
        '{profile}#/requests/empty-text: found "kept"; expected one of left-out, value',
    ),
    "no status": (
        "errors: {gone: {body: {}}}",
        "{profile}#/errors/gone: the key 'status' is missing, and no profile says it",
    ),
    "status of a success": ("errors: {not-found: {status: 200}}", "{profile}#/errors/not-found/status: found 200"),
    "unknown message": (
        "parameters: {messages: {intger: x}}",
        "{profile}#/parameters/messages: unknown key 'intger'; allowed: integer, minimum",
    ),
    "half an order": ("requests: {order: [auth]}", '{profile}#/requests/order: found ["auth"]'),
    "itself": ("profile: own.yaml", "{profile}#/profile: found 'own.yaml', which this profile is itself a ground of"),
    "unknown ground": ("profile: djngo", "{profile}#/profile: found 'djngo', no bundled profile (there is: django,"),
    "no object": ("[]", "{profile}#: found []"),
    "no yaml": ("a: [", "{profile}:"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_a_profile_is_one_line(case: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[case]
    profile = tmp_path / "own.yaml"
    profile.write_text(text, encoding="utf-8")

    with pytest.raises(ContractError) as raised:
        load(contract(tmp_path, profile="own.yaml"))

    assert str(raised.value).startswith(expected.replace("{profile}", str(profile))), raised.value
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            {"profile": "fast-api"},
            "/profile: found 'fast-api', no bundled profile (there is: django, fastapi, json-api, laravel, plain, "
            "problem-details; did you mean 'fastapi'?), and there is no file ",
        ),
        ({"profile": "no/such.yaml"}, "/profile: found 'no/such.yaml'"),
        ({"profile": 7}, "/profile: found 7"),
        ({"errors": {"mine": {"status": 400}}}, "/errors/mine: the key 'body' is missing, and no profile says it"),
        (
            {
                "requests": {
                    "order": ["method", "path", "permission", "auth", "things", "restrictions", "query", "body"]
                }
            },
            "/requests/order: 'permission' stands before 'auth'; expected 'auth' before it",
        ),
    ],
)
def test_a_mistake_in_a_contract_is_one_line(said: dict[str, Any], expected: str, tmp_path: Path) -> None:
    path = contract(tmp_path, **said)

    with pytest.raises(ContractError) as raised:
        load(path)

    assert str(raised.value).startswith(f"{path}#/x-apitwin{expected}"), raised.value
