"""What a contract says of its security: each scheme is understood, or refused or left out in one line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import ContractError, load
from apitwin.contracts.security.api_key import ApiKey
from apitwin.contracts.security.basic import Basic
from apitwin.contracts.security.bearer import Bearer
from apitwin.contracts.security.token import Token
from tests.schemes.kinds import BASIC, COOKIE, HEADER, KINDS, OAUTH2, QUERY, document, write

DIGEST = {"type": "http", "scheme": "digest"}
NOT_UNDERSTOOD = {
    "mutual TLS": ({"type": "mutualTLS"}, "mutualTLS"),
    "digest": (DIGEST, "http digest"),
    "hoba": ({"type": "http", "scheme": "HOBA"}, "http hoba"),
    "oauth1": ({"type": "oauth1"}, "oauth1"),
    "no type": ({"scheme": "bearer"}, "None"),
}


def loaded(folder: Path, schemes: dict[str, Any], security: Any) -> Any:
    value = document(schemes, security)
    del value["x-apitwin"]["world"]
    path = folder / "openapi.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return load(path)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_read_with_its_place_and_its_rule(name: str, tmp_path: Path) -> None:
    contract = load(write(tmp_path, KINDS[name]))
    kinds = {"apiKey": ApiKey, "Basic": Basic, "Token": Token, "oauth2": Bearer, "openIdConnect": Bearer}
    for key, declared in KINDS[name].schemes.items():
        scheme = contract.schemes[key]
        assert type(scheme) is kinds[declared.get("scheme", declared["type"])]
        assert (scheme.place, scheme.parameter) == (declared.get("in", "header"), declared.get("name", "Authorization"))
        own = declared.get("x-apitwin", {})
        assert scheme.rule.challenge == own.get("challenge", "Bearer")
        assert scheme.fact == (f"/components/securitySchemes/{key}/x-apitwin" if own else "/x-apitwin/auth")
    assert contract.inferred == ()


def test_alternatives_and_what_is_required_together_are_kept_apart(tmp_path: Path) -> None:
    schemes = {"a": HEADER, "b": OAUTH2, "c": BASIC}
    security = loaded(tmp_path, schemes, [{"a": [], "b": []}, {"c": []}, {}]).operations[0].security
    assert [[scheme.name for scheme in alternative] for alternative in security.alternatives] == [["a", "b"], ["c"]]
    assert security.optional and not security.is_required


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    scheme, kind = NOT_UNDERSTOOD[name]
    with pytest.raises(ContractError) as caught:
        loaded(tmp_path, {"odd": scheme}, [{"odd": []}])
    text = str(caught.value)
    assert "\n" not in text and f"{tmp_path / 'openapi.json'}#/components/securitySchemes/odd: " in text
    assert f"found the kind {kind!r}" in text and "expected one of http bearer, http basic, http token, apiKey" in text


def test_beside_an_alternative_that_is_understood_it_is_left_out_and_told(tmp_path: Path) -> None:
    contract = loaded(tmp_path, {"odd": DIGEST, "key": HEADER}, [{"odd": []}, {"key": []}])
    assert [scheme.name for scheme in contract.operations[0].security.schemes] == ["key"]
    assert contract.inferred[0].startswith("things: left out the alternative 'odd' of its security: found the kind")
    told = subprocess.run(
        [sys.executable, "-m", "apitwin", "check", str(contract.path), "--law", "envelope", "--operation", "things"],
        capture_output=True,
        text=True,
    )
    assert "left out the alternative 'odd'" in told.stderr


@pytest.mark.parametrize(
    "schemes, security, place, problem",
    [
        (
            {"key": HEADER},
            [{"kye": []}],
            "/security/0",
            "no security scheme of this document; there is: key; did you mean",
        ),
        ({}, [{"key": []}], "/security/0", "found 'key', no security scheme of this document; there is: none"),
        ({"key": HEADER}, {"key": []}, "/security", "expected an array of security requirements"),
        ({"key": HEADER}, ["key"], "/security/0", "expected an object of security schemes"),
        ({"key": HEADER}, [{"key": "read"}], "/security/0/key", "expected an array of scopes"),
        ({"key": {**HEADER, "in": "body"}}, [{"key": []}], "/key/in", "found 'body'; expected one of header, query"),
        ({"key": {"type": "apiKey", "in": "query"}}, [{"key": []}], "/key/name", "found None; expected a text"),
        ({"key": {**COOKIE, "name": "a;b"}}, [{"key": []}], "/key/name", "expected the name of a cookie"),
        ({"key": "secret"}, [{"key": []}], "/securitySchemes/key", "expected a security scheme object"),
        ({"key": {**HEADER, "x-apitwin": {"missing": "nix"}}}, [{"key": []}], "/x-apitwin/missing", "no error"),
        (
            {"key": {**HEADER, "x-apitwin": {"chalenge": "X"}}},
            [{"key": []}],
            "/key/x-apitwin",
            "unknown key 'chalenge'",
        ),
    ],
)
def test_a_mistake_is_one_line_with_its_place(
    schemes: dict[str, Any], security: Any, place: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(ContractError) as caught:
        loaded(tmp_path, schemes, security)
    text = str(caught.value)
    assert "\n" not in text and f"{place}: " in text and problem in text


def test_a_parameter_that_carries_the_key_is_none_of_the_operation(tmp_path: Path) -> None:
    value = document({"key": QUERY}, [{"key": []}])
    del value["x-apitwin"]["world"]
    parameter = {"name": "api_key", "in": "query", "required": True, "schema": {"type": "string"}}
    value["paths"]["/things/"]["get"]["parameters"].append(parameter)
    (tmp_path / "openapi.json").write_text(json.dumps(value), encoding="utf-8")
    operation = load(tmp_path / "openapi.json").operation("things")
    assert [known.name for known in operation.query_parameters()] == ["limit", "offset"]
