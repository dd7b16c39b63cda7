"""OpenAPI 3.0 and Swagger 2.0 mean what their authors wrote, once they are read; others are told what they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract, ContractError, load


def read(folder: Path, document: Any, name: str = "document.json") -> Contract:
    """Write a document and load it, with nothing of it left out."""
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    contract = load(path)
    assert list(map(str, contract.set_aside)) == []
    return contract


def of_schema(folder: Path, schema: Any, **others: Any) -> Any:
    """Return the schema of the one answer of a 3.0 document that has it."""
    content = {"application/json": {"schema": schema}}
    operation = {"operationId": "read", "responses": {"200": {"description": "", "content": content}}}
    document = {"openapi": "3.0.3", "info": {}, "paths": {"/": {"get": operation}}, **others}
    found = read(folder, document).operation("read").responses["200"].schema
    assert found is not None
    return found


CAT = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


@pytest.mark.parametrize(
    ("schema", "accepted", "refused"),
    [
        ({"type": "string", "nullable": True}, ["a", None], [1]),
        ({"type": "string"}, ["a"], [None]),
        ({"type": "string", "nullable": False}, ["a"], [None]),
        ({"type": "string", "enum": ["a", "b"], "nullable": True}, ["a", None], ["c"]),
        ({"type": "string", "enum": ["a", None], "nullable": True}, ["a", None], ["c"]),
        ({"$ref": "#/components/schemas/Cat", "nullable": True}, [{"name": "a"}, None], [{}, 1]),
        ({"$ref": "#/components/schemas/Cat", "maxProperties": 0}, [{"name": "a"}], [{}]),
        ({"allOf": [{"$ref": "#/components/schemas/Cat"}], "nullable": True}, [{"name": "a"}, None], [{}]),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True}, ["a", 1, None], [1.5]),
        ({"nullable": True}, [None, 1], []),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": True}, [1], [0]),
        ({"type": "integer", "minimum": 0, "exclusiveMinimum": False}, [0], [-1]),
        ({"type": "integer", "maximum": 9, "exclusiveMaximum": True}, [8], [9]),
        ({"type": "integer", "exclusiveMaximum": True}, [9], ["9"]),
        ({"type": "array", "items": {"type": "string", "nullable": True}}, [[None]], [[1]]),
        ({"properties": {"nullable": {"type": "boolean"}}}, [{"nullable": True}], [{"nullable": 1}]),
        ({"enum": [{"nullable": True}]}, [{"nullable": True}], [{}]),
        ({"type": "string", "pattern": "/^[a-z]$/i"}, ["A"], ["AB"]),
        ({"type": "string", "pattern": r"^[\w-.]+$"}, ["a-b."], ["a b"]),
        ({"type": "string", "pattern": r"\A[ab]\Z"}, ["a"], ["ab"]),
    ],
)
def test_a_schema_of_3_0_accepts_what_it_says(
    tmp_path: Path, schema: Any, accepted: list[Any], refused: list[Any]
) -> None:
    found = of_schema(tmp_path, schema, components={"schemas": {"Cat": CAT}})

    assert [value for value in accepted if not found.accepts(value)] == []
    assert [value for value in refused if found.accepts(value)] == []


def test_an_example_of_a_schema_of_3_0_is_one_of_its_examples(tmp_path: Path) -> None:
    assert of_schema(tmp_path, {"type": "string", "example": "a"}).schema["examples"] == ["a"]


def test_a_schema_in_a_file_of_its_own_is_of_the_version_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "cat.json").write_text(json.dumps({"type": "string", "nullable": True}), encoding="utf-8")

    assert of_schema(tmp_path, {"$ref": "cat.json"}).accepts(None)


def swagger(**operation: Any) -> dict[str, Any]:
    """Return a document of Swagger 2.0 with one operation."""
    return {
        "swagger": "2.0",
        "info": {"title": "Cats"},
        "host": "cats.example",
        "basePath": "/v1/",
        "schemes": ["https", "http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {
            "/cats/{id}": {"post": {"operationId": "cat", "responses": {"200": {"description": ""}}, **operation}}
        },
        "definitions": {"Cat": CAT},
        "parameters": {
            "Cat": {"name": "cat", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Cat"}},
            "Id": {"name": "id", "in": "path", "required": True, "type": "integer"},
        },
        "responses": {"Cat": {"description": "A cat", "schema": {"$ref": "#/definitions/Cat"}}},
        "securityDefinitions": {
            "simple": {"type": "basic"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "flow": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "/a", "tokenUrl": "/t", "scopes": {}},
        },
    }


ID = {"$ref": "#/parameters/Id"}


def test_swagger_2_0_has_its_address_bodies_and_answers(tmp_path: Path) -> None:
    given = swagger(parameters=[ID, {"$ref": "#/parameters/Cat"}], responses={"200": {"$ref": "#/responses/Cat"}})

    contract = read(tmp_path, given)

    operation = contract.operation("cat")
    assert contract.servers == ("https://cats.example/v1", "http://cats.example/v1")
    assert operation.path == "/v1/cats/{id}"
    assert [(parameter.name, parameter.schema["type"]) for parameter in operation.parameters] == [("id", "integer")]
    assert operation.body is not None
    assert operation.body.required
    body, answer = operation.body.schemas["application/json"], operation.responses["200"].bodies["application/json"]
    for schema in (body, answer):
        assert schema is not None
        assert schema.accepts({"name": "a"})
        assert not schema.accepts({})


def test_the_fields_of_a_form_are_one_body(tmp_path: Path) -> None:
    field = {"name": "name", "in": "formData", "type": "string", "required": True}
    given = swagger(parameters=[ID, field, {"name": "picture", "in": "formData", "type": "file"}])

    operation = read(tmp_path, given).operation("cat")

    assert operation.body is not None
    assert list(operation.body.schemas) == ["multipart/form-data"]
    assert operation.body.schema is not None
    assert operation.body.schema.accepts({"name": "a", "picture": "b"})
    assert not operation.body.schema.accepts({"picture": "b"})


@pytest.mark.parametrize(
    ("said", "style", "explode"),
    [("csv", "form", False), ("multi", "form", True), ("pipes", "pipeDelimited", False), (None, "form", False)],
)
def test_a_collection_format_is_a_style(tmp_path: Path, said: str | None, style: str, explode: bool) -> None:
    query = {"name": "colour", "in": "query", "type": "array", "items": {"type": "string"}}
    given = swagger(parameters=[ID, query if said is None else {**query, "collectionFormat": said}])

    parameter = read(tmp_path, given).operation("cat").parameter("colour")

    assert parameter is not None
    assert (parameter.style, parameter.explode, parameter.several) == (style, explode, True)


@pytest.mark.parametrize(
    ("name", "place", "parameter"),
    [("simple", "header", "Authorization"), ("key", "header", "X-Key"), ("flow", "header", "Authorization")],
)
def test_security_definitions_are_security_schemes(tmp_path: Path, name: str, place: str, parameter: str) -> None:
    given = swagger(parameters=[ID], security=[{name: []}])

    security = read(tmp_path, given).operation("cat").security

    assert [(scheme.place, scheme.parameter) for scheme in security.schemes] == [(place, parameter)]
    assert security.is_required


def test_yaml_reads_a_version_that_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "document.yaml"
    path.write_text("swagger: 2.0\npaths: {/a: {get: {responses: {200: {description: x}}}}}\n", encoding="utf-8")

    contract = load(path)

    assert [operation.id for operation in contract.operations] == ["get /a"]
    assert "found 2.0; expected a text" in str(contract.set_aside[0])


COLOURS = {"enum": ["red", "blue"], "type": "string"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"anyOf": [{"type": "integer", "maximum": 9}, {"type": "null"}], "default": 5},
            {"type": "integer", "maximum": 9},
        ),
        ({"oneOf": [{"type": "null"}, {"type": "integer"}]}, {"type": "integer"}),
        ({"$ref": "#/components/schemas/Colour"}, COLOURS),
        ({"allOf": [{"$ref": "#/components/schemas/Colour"}], "default": "red"}, {**COLOURS, "default": "red"}),
        ({"anyOf": [{"$ref": "#/components/schemas/Colour"}, {"type": "null"}]}, COLOURS),
        ({"type": ["integer", "null"]}, {"type": "integer"}),
        ({"type": "integer", "nullable": True}, {"type": "integer", "nullable": None}),
        ({"type": ["string", "null"], "enum": ["red", "blue", None]}, COLOURS),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}, {"anyOf": 3}),
        ({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]}, {"type": "array"}),
    ],
)
def test_a_parameter_is_what_it_is_beside_null(tmp_path: Path, schema: Any, expected: dict[str, Any]) -> None:
    whole = {
        "openapi": "3.1.0",
        "paths": {
            "/": {
                "get": {
                    "operationId": "read",
                    "parameters": [{"name": "value", "in": "query", "schema": schema}],
                    "responses": {"200": {"description": ""}},
                }
            }
        },
        "components": {"schemas": {"Colour": COLOURS}},
    }

    parameter = read(tmp_path, whole).operation("read").parameter("value")

    assert parameter is not None
    found = {word: parameter.schema.get(word) for word in expected}
    assert {word: len(value) if word == "anyOf" else value for word, value in found.items()} == expected
    assert parameter.several is (expected.get("type") == "array")


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize(("nullable", "is_valid"), [(True, True), (False, False)])
def test_nullable_is_read_in_every_version(tmp_path: Path, version: str, nullable: bool, is_valid: bool) -> None:
    link = {"type": "object", "properties": {"next": {"type": "string", "format": "uri", "nullable": nullable}}}
    answer = {"200": {"description": "", "content": {"application/json": {"schema": link}}}}
    whole = {"openapi": version, "paths": {"/": {"get": {"operationId": "read", "responses": answer}}}}

    schema = read(tmp_path, whole).operation("read").responses["200"].schema

    assert schema is not None
    assert (schema.violations({"next": None}) == []) is is_valid


OTHERS = {
    "asyncapi": ({"asyncapi": "2.6.0", "channels": {}}, "an AsyncAPI document"),
    "postman": ({"info": {"schema": "https://schema.getpostman.com/v2.1.0/collection.json"}, "item": []}, "Postman"),
    "swagger-1": ({"swaggerVersion": "1.2", "apis": []}, "Swagger 1.x"),
    "json-schema": ({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}, "a JSON Schema"),
    "graphql": ("type Query {\n  cats: [Cat]\n}\n", "a GraphQL schema"),
    "introspection": ({"data": {"__schema": {}}}, "a GraphQL schema"),
    "html": ("<!DOCTYPE html><html><body>docs</body></html>", "an HTML page"),
    "raml": ("#%RAML 1.0\ntitle: Cats\n/cats:\n  get:\n", "RAML"),
    "xml": ('<?xml version="1.0"?><application/>', "XML"),
    "archive": ({"log": {"entries": []}}, "HAR"),
    "discovery": ({"discoveryVersion": "v1", "kind": "discovery#restDescription"}, "Google API Discovery"),
    "no-version": ({"paths": {"/": {}}}, "no `openapi` that says the version"),
    "version-1": ({"openapi": "1.0.0", "paths": {}}, "found '1.0.0'"),
    "swagger-3": ({"swagger": "3.0", "paths": {}}, "found '3.0'"),
    "list": ([1], "is no object"),
    "text": ("just words", "is no object"),
    "nothing": ("", "is no object"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_kind_of_document_is_told_what_it_is(tmp_path: Path, name: str) -> None:
    document, says = OTHERS[name]
    path = tmp_path / ("it.json" if not isinstance(document, str) else "it.yaml")
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")

    with pytest.raises(ContractError) as caught:
        load(path)

    assert says in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert str(caught.value).isprintable()
