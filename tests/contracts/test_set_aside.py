"""What is not understood of a plain document is left out and listed with its place; the rest works; strict refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract, ContractError, load, pointers

OPERATION = "/paths/~1cats~1{id}/get"
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
SCHEMA = f"{OPERATION}/responses/200/content/application~1json/schema"


def document() -> dict[str, Any]:
    """Return a plain document of which everything is understood."""
    content = {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}
    parameters = [
        ID,
        {"name": "colour", "in": "query", "schema": {"type": "string"}},
    ]
    responses = {"200": {"description": "", "content": content}}
    plain = {"operationId": "cat", "parameters": parameters, "responses": responses}
    other = {"operationId": "dogs", "responses": {"200": {"description": ""}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cats", "version": "1"},
        "paths": {"/cats/{id}": {"get": plain}, "/dogs": {"get": other}},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def written(folder: Path, at: str, value: Any) -> Path:
    """Write the document with another value at a pointer, and return its file."""
    whole = document()
    pointers.put(whole, at, value)
    path = folder / "cats.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def schema(contract: Contract) -> Any:
    """Return the schema of the answer, which is looked at."""
    found = contract.operation("cat").responses["200"].schema
    assert found is not None
    return found.schema


@dataclass(frozen=True)
class Change:
    """A value that is not understood, and what is listed of it. named: the end of the place, where it is not `at`."""

    at: str
    value: Any
    says: str
    named: str | None = None


CHANGES = {
    "remote-reference": Change(SCHEMA, {"$ref": "https://a.example/cat.json"}, "--refs-from a.example"),
    "reference-to-nowhere": Change(SCHEMA, {"$ref": "#/components/schemas/Cat"}, "names nothing"),
    "reference-to-no-file": Change(SCHEMA, {"$ref": "cat.json"}, "there is no such file"),
    "reference-out-of-the-folder": Change(SCHEMA, {"$ref": "../../cat.json"}, "leads out of the folder"),
    "reference-in-a-circle": Change(
        "/components/schemas", {"Cat": {"$ref": "#/components/schemas/Cat"}}, "in a circle", "/components/schemas/Cat"
    ),
    "parameter-to-nowhere": Change(f"{OPERATION}/parameters", [ID, {"$ref": "#/no"}], "names nothing", "/parameters/1"),
    "response-elsewhere": Change(
        f"{OPERATION}/responses/200", {"$ref": "https://a.example/cat.json"}, "--refs-from a.example"
    ),
    "pattern": Change(f"{SCHEMA}/pattern", "(", "is none of ECMA-262 that is understood here"),
    "type": Change(f"{SCHEMA}/type", "any", "found 'any'; expected one of array, boolean"),
    "minimum": Change(f"{SCHEMA}/minimum", "0", "found '0'; expected a number"),
    "required": Change(f"{SCHEMA}/required", True, "found True; expected a list of names"),
    "properties": Change(f"{SCHEMA}/properties", [], "found []; expected an object"),
    "all-of-nothing": Change(f"{SCHEMA}/allOf", [], "found []; expected a list of schemas"),
    "items-of-text": Change(f"{SCHEMA}/items", "string", "found 'string'; expected a schema"),
    "a-schema-in-a-schema": Change(f"{SCHEMA}/properties/name", "text", "found 'text'; expected an object"),
    "dynamic-reference": Change(f"{SCHEMA}/$dynamicRef", "#cat", "$dynamicRef is not supported", SCHEMA),
    "operation-id-twice": Change("/paths/~1dogs/get/operationId", "cat", "is also that of", "/paths/~1dogs/get"),
    "parameter-without-a-schema": Change(
        f"{OPERATION}/parameters", [{"name": "id", "in": "path", "required": True}], "has no schema", "/parameters/0"
    ),
    "parameter-nowhere": Change(
        f"{OPERATION}/parameters", [ID, {"name": "a", "in": "body"}], "expected a parameter with", "/parameters/1"
    ),
    "path-parameter-undeclared": Change(f"{OPERATION}/parameters", [], "no parameter says what it is"),
    "path-parameter-too-many": Change(
        "/paths/~1dogs/get/parameters",
        [{"name": "id", "in": "path", "required": True, "schema": {}}],
        "the path has no {id}",
    ),
    "security-scheme": Change(f"{OPERATION}/security", [{"nobody": []}], "no security scheme", "/security/0"),
    "security-kind": Change(
        "/components/securitySchemes/token", {"type": "mutualTLS"}, "is not understood", "/securitySchemes/token"
    ),
    "responses": Change(f"{OPERATION}/responses", {}, "no response is documented"),
    "status": Change(f"{OPERATION}/responses/okay", {"description": ""}, "expected a status such as 200"),
    "path-without-a-slash": Change("/paths/birds", {"get": {}}, "does not start with '/'"),
    "path-with-a-query": Change("/paths/~1birds?big=1", {"get": {}}, "the path has a query"),
    "path-with-a-brace": Change("/paths/~1birds~1{id", {"get": {}}, "a brace that is not closed"),
    "path-item": Change("/paths/~1birds", "none", "found 'none'; expected an object"),
    "operation": Change("/paths/~1dogs/post", "none", "found 'none'; expected an object"),
    "parameters": Change("/paths/~1dogs/get/parameters", {}, "found {}; expected a list"),
    "body": Change("/paths/~1dogs/get/requestBody", {"content": {}}, "at least one media type", "requestBody/content"),
    "server": Change("/servers", ["/v1"], "found '/v1'; expected an object with a url", "/servers/0"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_is_left_out_and_listed_and_the_rest_works(tmp_path: Path, name: str) -> None:
    change = CHANGES[name]
    whole = document()
    if name == "security-kind":
        whole["security"] = [{"token": []}]
    pointers.put(whole, change.at, change.value)
    path = tmp_path / "cats.json"
    path.write_text(json.dumps(whole), encoding="utf-8")

    contract = load(path)

    told = list(contract.set_aside)
    assert len(told) == 1, list(map(str, told))
    assert change.says in told[0].reason
    assert told[0].place.endswith(change.at if change.named is None else change.named)
    assert {operation.path for operation in contract.operations} >= {"/cats/{id}", "/dogs"}
    assert contract.set_aside.lines()[0] == "1 thing in this document is not understood, and left out:"
    with pytest.raises(ContractError):
        load(path, strict=True)


def test_the_plain_document_is_understood(tmp_path: Path) -> None:
    path = written(tmp_path, "/info/title", "Cats")

    assert list(load(path).set_aside) == []
    assert load(path, strict=True).title == "Cats"


@pytest.mark.parametrize("name", ["type", "minimum", "required", "pattern", "properties", "remote-reference"])
def test_what_is_left_of_a_schema_judges(tmp_path: Path, name: str) -> None:
    change = CHANGES[name]
    contract = load(written(tmp_path, change.at, change.value))

    found = contract.operation("cat").responses["200"].schema

    assert found is not None
    keeps_name = name in ("type", "minimum", "required", "pattern")
    assert found.accepts({"name": "a"})
    assert found.accepts({"name": 1}) is not keeps_name


def test_a_response_that_stands_elsewhere_is_documented_all_the_same(tmp_path: Path) -> None:
    contract = load(written(tmp_path, f"{OPERATION}/responses/200", {"$ref": "https://a.example/cat.json"}))

    found = contract.operation("cat").responses["200"]

    assert found.schema is None


def test_an_operation_id_that_is_there_twice_is_told_apart(tmp_path: Path) -> None:
    contract = load(written(tmp_path, "/paths/~1dogs/get/operationId", "cat"))

    assert [operation.id for operation in contract.operations] == ["cat", "get /dogs"]


def test_many_things_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, f"{SCHEMA}/properties", {f"a{number}": {"type": "any"} for number in range(20)})

    lines = load(path).set_aside.lines()

    assert lines[0] == "20 things in this document are not understood, and left out:"
    assert len(lines) == 5
    assert lines[-1] == "  and 17 others"


def test_a_document_with_an_extension_is_strict_unless_it_is_said_otherwise(tmp_path: Path) -> None:
    path = written(tmp_path, SCHEMA, {"$ref": "#/nowhere"})
    whole = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**whole, "x-apitwin": {}}), encoding="utf-8")

    with pytest.raises(ContractError, match="names nothing"):
        load(path)
    assert len(load(path, strict=False).set_aside) == 1


def test_a_mistake_in_an_extension_is_never_set_aside(tmp_path: Path) -> None:
    path = written(tmp_path, f"{OPERATION}/x-apitwin", {"colection": "cats"})

    with pytest.raises(ContractError, match="unknown key 'colection'"):
        load(path)


def test_a_schema_is_compiled_when_it_is_first_needed_and_says_so_then(tmp_path: Path) -> None:
    branches = {"anyOf": [{"$ref": f"#/components/schemas/A{number % 40}"} for number in range(80)]}
    whole = document()
    whole["components"]["schemas"] = {
        f"A{number}": {"anyOf": [{"$ref": f"#/components/schemas/A{number + 1}"}] * 20}
        if number < 39
        else {"type": "null"}
        for number in range(40)
    }
    pointers.put(whole, SCHEMA, branches)
    path = tmp_path / "cats.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    contract = load(path)
    assert list(contract.set_aside) == []

    found = contract.operation("cat").responses["200"].schema

    assert found is not None
    assert found.accepts(1)  # it leads to too many schemas to be judged by
    assert "lead to more than" in str(contract.set_aside[0])


@pytest.mark.parametrize(
    ("kind", "listed", "read"),
    [
        ("integer", ["1", "2"], [1, 2]),
        ("string", [1, 2], ["1", "2"]),
        ("string", [True, None], ["true", None]),
        ("boolean", ["true", "false"], [True, False]),
        (["integer", "null"], ["1", None], [1, None]),
        ("integer", [1, "two"], [1, "two"]),
        ("integer", ["0 (Slow)", "1 (Fast)"], None),
        ("string", [], []),
    ],
)
def test_an_enum_that_contradicts_its_type_is_read_as_it_is_meant(
    tmp_path: Path, kind: Any, listed: list[Any], read: list[Any] | None
) -> None:
    contract = load(written(tmp_path, f"{SCHEMA}/properties/name", {"type": kind, "enum": listed}))
    assert schema(contract)["properties"]["name"].get("enum") == read
    assert len(contract.set_aside) == (read is None)
