"""VIKTOR's contract against the specifications it is written in, and against the tables it was written from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
import yaml
from openapi_spec_validator.readers import read_from_filename
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from contracts import load, pointers
from contracts.validation import FORMATS
from mock_server import create_app

CONTRACT = load("viktor")
FOLDER = CONTRACT.path.parent
SCHEMAS = sorted((FOLDER / "schemas").glob("*.json"))
SEED = yaml.safe_load((FOLDER / "seed.yaml").read_text(encoding="utf-8"))

OPERATIONS = {
    "users_current",
    "apps_list",
    "apps_read",
    "workspaces_list",
    "workspaces_read",
    "workspaces_entity_types_list",
    "workspaces_entity_types_read",
    "workspaces_entity_types_entity_types",
    "workspaces_entities_list",
    "workspaces_entity_types_entities_read",
    "workspaces_entities_read",
    "workspaces_entities_entities_read",
    "workspaces_entities_siblings",
    "workspaces_entities_parent",
}
ONE_ENTITY = {"privileged", "properties", "clean_params", "param_types", "summary_types"}
MANY_ENTITIES = {
    *ONE_ENTITY,
    "limit",
    "offset",
    "entity_type",
    "sort",
    "name",
    "search",
    "only_name",
    "created_by",
    "last_updated_by",
    "created_at_min",
    "created_at_max",
    "updated_at_min",
    "updated_at_max",
}
QUERY_PARAMETERS: Mapping[str, set[str]] = {
    "users_current": set(),
    "apps_list": {
        "limit",
        "offset",
        "detail_level",
        "maintainer",
        "label",
        "sort",
        "search",
        "is_published",
        "include_archived",
        "is_verified",
        "is_public",
    },
    "apps_read": set(),
    "workspaces_list": {
        "limit",
        "offset",
        "detail_level",
        "include_development",
        "include_archived",
        "visibility",
        "is_dev",
        "archived",
        "app",
        "label",
        "project",
        "sort",
        "search",
    },
    "workspaces_read": set(),
    "workspaces_entity_types_list": {"limit", "offset"},
    "workspaces_entity_types_read": set(),
    "workspaces_entity_types_entity_types": {"limit", "offset"},
    "workspaces_entities_list": MANY_ENTITIES,
    "workspaces_entity_types_entities_read": MANY_ENTITIES,
    "workspaces_entities_read": ONE_ENTITY,
    "workspaces_entities_entities_read": MANY_ENTITIES,
    "workspaces_entities_siblings": MANY_ENTITIES,
    "workspaces_entities_parent": ONE_ENTITY,
}
"""What the documentation's pages print under "Query Parameters"."""
SCHEMA_OF_PARAMETER: Mapping[str, dict[str, Any]] = {
    "detail_level": {"enum": ["minimal", "basic", "full"]},
    "visibility": {"type": "array", "items": {"enum": ["INTERNAL", "PRIVATE", "DEVELOPMENT", "PUBLIC"]}},
    "app": {"type": "array", "items": {"type": "integer"}},
    "label": {"type": "array", "items": {"type": "integer"}},
    "maintainer": {"type": "array", "items": {"type": "integer"}},
    "project": {"type": "integer", "minimum": 1},
    "entity_type": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "name": {"type": "string", "minLength": 1},
    "search": {"type": "string", "minLength": 1},
    "created_by": {"type": "array", "items": {"type": "integer"}},
    "last_updated_by": {"type": "array", "items": {"type": "integer"}},
    "offset": {"type": "integer"},
    **{
        name: {"type": "string", "format": "date-time"}
        for name in sorted(MANY_ENTITIES)
        if name.endswith(("min", "max"))
    },
    **{
        name: {"type": "boolean"}
        for name in (
            "privileged",
            "properties",
            "clean_params",
            "param_types",
            "summary_types",
            "only_name",
            "is_published",
            "is_verified",
            "is_public",
            "include_archived",
            "include_development",
            "is_dev",
            "archived",
        )
    },
}
WORKSPACE_SORT = ["name", "created_at", "views", "views_last_30_days", "user_last_visit"]
APP_SORT = ["is_verified", "created_at", "readable_name", "name", "views", "views_last_30_days", "dev_connect"]
ENTITY_SORT = ["name", "updated_at", "summary_updated_at", "summary"]
OWN_LIMIT_OF_ONE = {
    "workspaces_entity_types_entity_types",
    "workspaces_entity_types_entities_read",
    "workspaces_entities_entities_read",
}
"""The lists whose page prints a minimum of 1 for the limit."""
FACTS = ("sort", "search", "filters", "projection", "restricted", "within", "where", "unspecified", "identified-by")
SHARED_FACTS = ("auth", "errors", "parameters", "pagination", "collections")


def leaves(value: Any, pointer: str) -> Iterator[str]:
    """Give the pointer of every value that holds no other."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from leaves(one, pointer + pointers.join([key]))
    else:
        yield pointer


def stated_facts() -> Iterator[str]:
    root = CONTRACT.document["x-apitwin"]
    for name in SHARED_FACTS:
        yield from leaves(root[name], f"/x-apitwin/{name}")
    for operation in CONTRACT.operations:
        rules = pointers.follow(CONTRACT.document, f"{operation.pointer}/x-apitwin")
        for name in FACTS:
            if name in rules:
                yield f"{operation.pointer}/x-apitwin/{name}"
                yield from leaves(rules[name], f"{operation.pointer}/x-apitwin/{name}")
        if rules.get("behaviour") == "own":
            yield f"{operation.pointer}/x-apitwin/behaviour"


def judge(schema: Any) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


def schema_file(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def schema_of(collection: str) -> Any:
    name = CONTRACT.document["x-apitwin"]["collections"][collection]["schema"]["$ref"]
    return schema_file(FOLDER / name)


def private(collection: str) -> tuple[str, ...]:
    return CONTRACT.collections[collection].private


def seed_objects() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give every object that stands in the seed: a name for it, its collection, its members."""
    for collection, values in SEED["defaults"].items():
        yield f"{collection}-defaults", collection, values
    for collection, items in SEED["collections"].items():
        for index, item in enumerate(items):
            yield f"{collection}-{index}", collection, item.get("item", item)


def test_the_document_is_valid_openapi() -> None:
    document, base = read_from_filename(str(CONTRACT.path))

    openapi_spec_validator.validate(document, base_uri=base)


def test_the_validator_of_openapi_would_notice_a_mistake() -> None:
    document, base = read_from_filename(str(CONTRACT.path))
    del document["paths"]["/api/apps/"]["get"]["responses"]["401"]["$ref"]

    with pytest.raises(OpenAPIValidationError):
        openapi_spec_validator.validate(document, base_uri=base)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_is_json_schema_2020_12(path: Path) -> None:
    schema = schema_file(path)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_has_examples_and_each_matches_it(path: Path) -> None:
    schema = schema_file(path)

    assert schema["examples"]
    for example in schema["examples"]:
        assert [error.message for error in judge(schema).iter_errors(example)] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_needs_no_other_file(path: Path) -> None:
    references = [one for key, one in members(schema_file(path)) if key == "$ref"]

    assert [one for one in references if not one.startswith("#/")] == []


def members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield key, one
            yield from members(one)
    elif isinstance(value, list):
        for one in value:
            yield from members(one)


def test_every_example_of_a_response_matches_its_schema() -> None:
    examples = [
        (operation.id, status, response)
        for operation in CONTRACT.operations
        for status, response in operation.responses.items()
        if response.example is not None
    ]

    assert {status for _, status, _ in examples} == {"400", "401", "403", "404"}
    for operation, status, response in examples:
        assert response.schema is not None, f"{operation} {status} has an example and no schema"
        assert response.schema.violations(response.example) == [], f"{operation} {status}"


@pytest.mark.parametrize(
    ("collection", "values"), [one[1:] for one in seed_objects()], ids=[name for name, _, _ in seed_objects()]
)
def test_an_object_in_the_seed_has_only_members_that_its_schema_describes(
    collection: str, values: Mapping[str, Any]
) -> None:
    schema = schema_of(collection)
    for name, value in values.items():
        if name in private(collection):
            continue
        assert name in schema["properties"], f"{name} is no member of {collection}"
        if "{n}" in json.dumps(value) or "{each}" in json.dumps(value):
            continue  # a template; the finished records are judged below
        alone = {**schema, "required": [name]}
        # Judged alone: its own schema, with the definitions of the whole.
        assert [error.message for error in judge(alone).iter_errors({name: value})] == [], name


def test_every_record_of_a_new_twin_matches_the_schema_of_its_collection() -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world
    for name, table in world.tables.items():
        validator = judge(schema_of(name))
        assert table.records, name
        for record in table.records:
            shown = {key: value for key, value in record.values.items() if key not in private(name)}
            assert [error.message for error in validator.iter_errors(shown)] == [], f"{name} {record.values['id']}"


def test_the_operations_are_these_fourteen() -> None:
    assert len(CONTRACT.operations) == 14
    assert {one.id for one in CONTRACT.operations} == OPERATIONS


def test_every_operation_reads_under_the_documented_base_and_ends_in_a_slash() -> None:
    for operation in CONTRACT.operations:
        assert operation.method == "GET"
        assert operation.path.startswith("/api/")
        assert operation.path.endswith("/")
        assert operation.secured


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_an_operation_has_the_documented_query_parameters(operation: str) -> None:
    assert {one.name for one in CONTRACT.operation(operation).query_parameters()} == QUERY_PARAMETERS[operation]


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_a_query_parameter_has_the_documented_type(operation: str) -> None:
    for parameter in CONTRACT.operation(operation).query_parameters():
        if parameter.name == "limit":
            minimum = {"minimum": 1} if operation in OWN_LIMIT_OF_ONE else {}
            assert parameter.schema == {"type": "integer", **minimum}
        elif parameter.name != "sort":
            assert parameter.schema == SCHEMA_OF_PARAMETER[parameter.name], parameter.name
        assert not parameter.required


@pytest.mark.parametrize(
    ("operation", "keys", "directions", "several"),
    [
        ("workspaces_list", WORKSPACE_SORT, True, False),
        ("apps_list", APP_SORT, True, True),
        ("workspaces_entities_list", ENTITY_SORT, False, True),
        ("workspaces_entities_entities_read", ENTITY_SORT, False, True),
        ("workspaces_entities_siblings", ENTITY_SORT, False, True),
        ("workspaces_entity_types_entities_read", ENTITY_SORT, False, True),
    ],
    ids=["workspaces", "apps", "roots", "children", "siblings", "by-type"],
)
def test_a_list_sorts_by_the_documented_words(operation: str, keys: list[str], directions: bool, several: bool) -> None:
    found = CONTRACT.operation(operation)
    words = [key + suffix for key in keys for suffix in (("", ":asc", ":desc") if directions else ("",))]
    parameter = found.parameter("sort")

    assert found.sort is not None and parameter is not None
    assert list(found.sort.keys) == keys
    assert found.sort.directions == ("suffix" if directions else "none")
    assert found.sort.several == several == parameter.several
    assert parameter.item_schema == {"enum": words}


def test_a_list_without_a_documented_sort_has_none() -> None:
    unsorted = {one.id for one in CONTRACT.operations if one.sort is None and one.pagination is not None}

    assert unsorted == {"workspaces_entity_types_list", "workspaces_entity_types_entity_types"}


def test_every_paginated_operation_follows_the_rule_of_its_page() -> None:
    followed = {one.id: one.pagination.name for one in CONTRACT.operations if one.pagination is not None}

    assert followed == {
        "apps_list": "standard",
        "workspaces_list": "standard",
        "workspaces_entity_types_list": "standard",
        "workspaces_entities_list": "standard",
        "workspaces_entities_siblings": "standard",
        **dict.fromkeys(OWN_LIMIT_OF_ONE, "positive"),
    }


def test_there_are_facts_to_ask_evidence_for() -> None:
    facts = list(stated_facts())

    assert len(facts) > 200
    assert "/x-apitwin/pagination/standard/limit/maximum" in facts
    assert "/x-apitwin/pagination/positive/limit/when-empty" in facts
    assert "/x-apitwin/auth/challenge" in facts
    assert "/paths/~1api~1workspaces~1/get/x-apitwin/restricted/include_archived/to" in facts


@pytest.mark.parametrize("pointer", sorted(stated_facts()))
def test_a_fact_has_evidence(pointer: str) -> None:
    evidence = CONTRACT.evidence_for(pointer)

    assert evidence is not None
    assert evidence.status in {"documented", "observed", "assumed"}
    assert evidence.source.strip()
