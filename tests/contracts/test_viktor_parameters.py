"""The parameters of VIKTOR's contract against their tables, and its world."""

from __future__ import annotations

import pytest

from apitwin.mock_server import create_app
from tests.contracts.viktor_facts import (
    APP_SORT,
    CONTRACT,
    ENTITY_SORT,
    EVENT_TYPES,
    NAMES,
    OWN_LIMIT_OF_ONE,
    QUERY_PARAMETERS,
    REQUIRED,
    SCHEMA_OF_PARAMETER,
    SEED,
    WORKSPACE_SORT,
    judge,
)


@pytest.mark.parametrize("operation", NAMES)
def test_an_operation_has_the_documented_query_parameters(operation: str) -> None:
    names = {parameter.name for parameter in CONTRACT.operation(operation).query_parameters()}

    assert names == QUERY_PARAMETERS[operation]


@pytest.mark.parametrize("operation", NAMES)
def test_a_query_parameter_has_the_documented_type(operation: str) -> None:
    for parameter in CONTRACT.operation(operation).query_parameters():
        if parameter.name == "limit":
            minimum = {"minimum": 1} if operation in OWN_LIMIT_OF_ONE else {}
            assert parameter.schema == {"type": "integer", **minimum}
        elif parameter.name != "sort":
            assert parameter.schema == SCHEMA_OF_PARAMETER[parameter.name], parameter.name
        assert parameter.required == ((operation, parameter.name) in REQUIRED), parameter.name


def test_a_parameter_that_cannot_be_left_out_has_an_example_that_is_valid() -> None:
    required = {
        (operation.id, parameter.name): parameter
        for operation in CONTRACT.operations
        for parameter in operation.query_parameters()
    }
    for key in sorted(REQUIRED):
        assert list(judge(required[key].schema).iter_errors(required[key].example)) == [], key


def test_a_path_parameter_comes_from_a_list_or_has_an_example() -> None:
    for operation in CONTRACT.operations:
        for parameter in operation.path_parameters():
            assert (parameter.drawn_from is None) == isinstance(parameter.example, int), (
                f"{operation.id} {parameter.name}"
            )


@pytest.mark.parametrize(
    ("operation", "collection"),
    [("workspaces_files_read", "files"), ("jobs_read", "jobs"), ("workspaces_entities_download", "entities")],
)
def test_the_example_of_a_path_parameter_is_there_in_a_new_twin(operation: str, collection: str) -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world
    parameter = CONTRACT.operation(operation).parameter("id")

    assert parameter is not None
    assert world.tables[collection].get(str(parameter.example)) is not None


def test_an_asset_of_the_seed_is_the_example_of_its_parameter() -> None:
    parameter = CONTRACT.operation("workspaces_assets").parameter("path")

    assert parameter is not None
    assert parameter.example in [asset["path"] for asset in SEED["collections"]["assets"]]


def test_every_file_that_the_seed_says_is_stored_is_stored() -> None:
    collections = SEED["collections"]
    named = [entity["file"] for entity in collections["entities"] if entity.get("file") is not None]
    named += [asset["key"] for asset in collections["assets"]]
    named += [file["key"] for file in collections["files"] if file["uploaded"]]

    assert sorted(named) == sorted(SEED["storage"])
    for file in collections["files"]:
        stored = SEED["storage"].get(file["key"])
        assert file["file_size"] == (None if stored is None else len(stored["text"].encode()))


def test_the_first_tokens_of_the_seed_are_those_of_an_admin_and_of_a_member() -> None:
    valid = [token for token in SEED["tokens"] if token.get("state", "valid") == "valid"]

    assert next(token["user"] for token in valid if token.get("roles")) == 1
    assert next(token["user"] for token in valid if not token.get("roles")) == 2


@pytest.mark.parametrize("collection", ["users", "groups", "revisions", "user_logins", "developer_logins"])
def test_a_collection_that_is_listed_fills_more_than_a_page(collection: str) -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world

    assert len(world.tables[collection].records) > 100


def test_events_of_one_type_fill_more_than_a_page_and_there_is_one_of_each_type() -> None:
    world = create_app(CONTRACT).extensions["apitwin"].world
    types = [record.values["event_type"] for record in world.tables["audit_events"].records]
    parameter = CONTRACT.operation("statistics_details_audit_events").parameter("event_type")

    assert len(EVENT_TYPES) == 36
    assert set(types) == set(EVENT_TYPES)
    assert parameter is not None and types.count(parameter.example) > 100


@pytest.mark.parametrize(
    ("operation", "keys", "directions", "several"),
    [
        ("workspaces_list", WORKSPACE_SORT, True, False),
        ("apps_list", APP_SORT, True, True),
        ("workspaces_entities_list", ENTITY_SORT, False, True),
        ("workspaces_entities_entities_read", ENTITY_SORT, False, True),
        ("workspaces_entities_siblings", ENTITY_SORT, False, True),
        ("workspaces_entity_types_entities_read", ENTITY_SORT, False, True),
        ("workspaces_groups_list", ["name"], True, False),
        ("statistics_details_audit_events", ["timestamp"], True, False),
    ],
    ids=["workspaces", "apps", "roots", "children", "siblings", "by-type", "groups", "audit-events"],
)
def test_a_list_sorts_by_the_documented_words(operation: str, keys: list[str], directions: bool, several: bool) -> None:
    described = CONTRACT.operation(operation)
    words = [key + suffix for key in keys for suffix in (("", ":asc", ":desc") if directions else ("",))]
    parameter = described.parameter("sort")

    assert described.sort is not None and parameter is not None
    assert list(described.sort.keys) == keys
    assert described.sort.directions == ("suffix" if directions else "none")
    assert described.sort.several == several == parameter.several
    assert parameter.item_schema == {"enum": words}


def test_a_list_without_a_documented_sort_has_none() -> None:
    unsorted = {
        operation.id for operation in CONTRACT.operations if operation.sort is None and operation.pagination is not None
    }

    assert unsorted == {
        "workspaces_entity_types_list",
        "workspaces_entity_types_entity_types",
        "workspaces_users_list",
        "workspaces_entities_revisions",
        "statistics_details_daily_developer_logins",
        "statistics_details_daily_user_logins",
    }
