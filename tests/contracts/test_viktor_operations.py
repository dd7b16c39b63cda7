"""The operations of VIKTOR's contract against the tables they were written from."""

from __future__ import annotations

import re

import pytest

from tests.contracts.viktor_facts import (
    BODIES,
    CONTRACT,
    EFFECTS,
    FOLDER,
    NAMES,
    OPERATIONS,
    PERMISSIONS,
    WITHOUT_TOKEN,
    W,
)


def test_the_operations_are_these() -> None:
    assert {
        (operation.method, operation.path): (operation.id, operation.documented) for operation in CONTRACT.operations
    } == OPERATIONS


def test_thirty_six_operations_have_a_page_and_nine_are_known_otherwise() -> None:
    paged = [name for name, documented in OPERATIONS.values() if documented and name != "o_token"]

    assert len(paged) == 36
    assert len(OPERATIONS) - len(paged) == 9


def test_every_operation_stands_in_the_table_of_sources() -> None:
    text = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([A-Z]+) `([^`]+)` \|", text, re.MULTILINE)

    assert {(method, "/api" + path.replace("…", W.removeprefix("/api"))): name for name, method, path in rows} == {
        key: name for key, (name, _) in OPERATIONS.items()
    }


def test_every_path_is_under_the_documented_base_and_ends_in_a_slash() -> None:
    for operation in CONTRACT.operations:
        assert operation.path.startswith("/api/")
        assert operation.path.endswith("/")


@pytest.mark.parametrize("operation", NAMES)
def test_an_operation_lists_what_may_be_answered_to_anyone(operation: str) -> None:
    described = CONTRACT.operation(operation)
    expected = {"401"} if described.secured else set()
    expected |= {"403"} if described.permission else set()
    expected |= {"404"} if "id" in [parameter.name for parameter in described.path_parameters()] else set()
    expected |= {"400"} if described.query_parameters() or described.body is not None else set()
    expected |= {"413", "415"} if described.body is not None else set()

    assert described.secured == (operation not in WITHOUT_TOKEN)
    assert expected <= described.responses.keys()
    assert [response for response in described.responses if response.startswith("2")]


def test_the_operations_that_take_a_body_are_these() -> None:
    assert {operation.id for operation in CONTRACT.operations if operation.body is not None} == BODIES


@pytest.mark.parametrize("operation", sorted(BODIES))
def test_a_complaint_about_a_body_is_one_message_or_a_list_for_each_member(operation: str) -> None:
    schema = CONTRACT.operation(operation).responses["400"].schema

    assert schema is not None
    assert schema.accepts({"detail": "JSON parse error - Expecting value: line 1 column 1 (char 0)"})
    assert schema.accepts({"name": ["This field is required."]})
    assert schema.accepts({"error": "invalid_grant"}) == (operation in WITHOUT_TOKEN)
    assert not schema.accepts({})


def test_what_is_written_is_this() -> None:
    assert {
        operation.id: (operation.effect, operation.collection.name if operation.collection else None)
        for operation in CONTRACT.operations
        if operation.effect is not None
    } == EFFECTS


def test_who_may_is_said_of_every_operation() -> None:
    assert {operation.id: operation.permission for operation in CONTRACT.operations} == PERMISSIONS


def test_only_one_operation_ignores_a_body_that_cannot_be_read() -> None:
    ignoring = [
        operation.id
        for operation in CONTRACT.operations
        if operation.body is not None and operation.body.when_unreadable == "ignore"
    ]

    assert ignoring == ["workspaces_files_uploaded"]


@pytest.mark.parametrize("operation", sorted(WITHOUT_TOKEN))
def test_a_token_is_asked_for_as_json_or_as_a_form(operation: str) -> None:
    body = CONTRACT.operation(operation).body

    assert body is not None
    assert list(body.schemas) == ["application/json", "application/x-www-form-urlencoded"]
    assert len(set(body.schemas.values())) == 1
