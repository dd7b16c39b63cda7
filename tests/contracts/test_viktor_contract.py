"""VIKTOR's contract against the specifications it is written in, and the evidence for its facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
from openapi_spec_validator.readers import read_from_filename
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from apitwin.mock_server import create_app
from tests.contracts.viktor_facts import (
    CONTRACT,
    OWN_LIMIT_OF_ONE,
    SCHEMAS,
    judge,
    private,
    schema_file,
    schema_of,
    seed_objects,
    stated_facts,
)


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
    references = [reference for key, reference in members(schema_file(path)) if key == "$ref"]

    assert [reference for reference in references if not reference.startswith("#/")] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_a_schema_file_describes_every_member(path: Path) -> None:
    silent = [name for name, schema in properties(schema_file(path)) if not {"description", "$ref"} & schema.keys()]

    assert silent == []


def properties(schema: Any) -> Iterator[tuple[str, Any]]:
    """Give every member that a schema names, with its own schema."""
    for name, part in schema.get("properties", {}).items():
        yield name, part
        yield from properties(part)
    for part in (*schema.get("$defs", {}).values(), *([schema["items"]] if "items" in schema else [])):
        yield from properties(part)


def members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from members(item)
    elif isinstance(value, list):
        for item in value:
            yield from members(item)


def test_every_example_of_a_response_matches_its_schema() -> None:
    examples = [
        (operation.id, status, response)
        for operation in CONTRACT.operations
        for status, response in operation.responses.items()
        if response.example is not None
    ]

    assert {status for _, status, _ in examples} == {"400", "401", "403", "404", "405", "413", "415", "504"}
    for operation, status, response in examples:
        assert response.schema is not None, f"{operation} {status} has an example and no schema"
        assert response.schema.violations(response.example) == [], f"{operation} {status}"


@pytest.mark.parametrize(
    ("collection", "values"),
    [row[1:] for row in seed_objects()],
    ids=[name for name, _, _ in seed_objects()],
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
        # Judged alone: its own schema, with the definitions of the whole.
        alone = {"$defs": schema.get("$defs", {}), **schema["properties"][name]}
        assert [error.message for error in judge(alone).iter_errors(value)] == [], name


def test_every_record_of_a_new_twin_matches_the_schema_of_its_collection() -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world
    for name, table in world.tables.items():
        validator = judge(schema_of(name))
        assert table.records, name
        for record in table.records:
            shown = {key: value for key, value in record.values.items() if key not in private(name)}
            assert [error.message for error in validator.iter_errors(shown)] == [], (
                f"{name} {table.identity(record.values)}"
            )


def test_every_paginated_operation_follows_the_rule_of_its_page() -> None:
    followed = {
        operation.id: operation.pagination.name for operation in CONTRACT.operations if operation.pagination is not None
    }

    assert followed == {
        "apps_list": "standard",
        "workspaces_list": "standard",
        "workspaces_entity_types_list": "standard",
        "workspaces_entities_list": "standard",
        "workspaces_entities_siblings": "standard",
        "workspaces_users_list": "standard",
        "workspaces_groups_list": "standard",
        "workspaces_entities_revisions": "standard",
        "statistics_details_audit_events": "standard",
        "statistics_details_daily_developer_logins": "standard",
        "statistics_details_daily_user_logins": "standard",
        **dict.fromkeys(OWN_LIMIT_OF_ONE, "positive"),
    }


def test_there_are_facts_to_ask_evidence_for() -> None:
    facts = list(stated_facts())

    assert len(facts) > 400
    assert "/x-apitwin/pagination/standard/limit/maximum" in facts
    assert "/x-apitwin/pagination/positive/limit/when-empty" in facts
    assert "/x-apitwin/auth/challenge" in facts
    assert "/paths/~1api~1workspaces~1/get/x-apitwin/restricted/include_archived/to" in facts
    assert "/paths/~1api~1jobs~1{id}~1/delete/x-apitwin/permission" in facts
    assert "/paths/~1api~1jobs~1{id}~1/delete/x-apitwin/effect" in facts


@pytest.mark.parametrize("pointer", sorted(stated_facts()))
def test_a_fact_has_evidence(pointer: str) -> None:
    evidence = CONTRACT.evidence_for(pointer)

    assert evidence is not None
    assert evidence.status in {"documented", "observed", "assumed"}
    assert evidence.source.strip()
