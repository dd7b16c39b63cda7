"""Documents that say nothing about paging: what is guessed from them, what is not, and the line that tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract, load
from apitwin.contracts.pagination.cursor import Cursor
from apitwin.contracts.pagination.limit_offset import LimitOffset
from apitwin.contracts.pagination.page_number import PageNumber
from apitwin.contracts.pagination.rules import EnvelopeRule, LinkRule, Pagination

ITEMS = {"type": "array", "items": {"type": "object"}}
COUNT = {"type": "integer"}
LINK = {"type": ["string", "null"]}
COUNTED = {"type": "object", "properties": {"count": COUNT, "results": ITEMS}}
ENVELOPE = {"type": "object", "properties": {"count": COUNT, "next": LINK, "previous": LINK, "results": ITEMS}}


def contract(
    folder: Path,
    schema: Any,
    limit: str | None = "limit",
    offset: str | None = "offset",
    *,
    limit_schema: Any = None,
    more: dict[str, Any] | None = None,
    extension: Any = None,
    status: str = "200",
    method: str = "get",
) -> Contract:
    """Load a document of one operation. schema: of the body; limit, offset: names of parameters, None for none."""
    names = {name: {"type": "integer"} for name in (limit, offset) if name is not None}
    if limit is not None and limit_schema is not None:
        names[limit] = limit_schema
    operation: dict[str, Any] = {
        "operationId": "crates_list",
        "parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in names.items()],
        "responses": {status: {"description": "", "content": {"application/json": {"schema": schema}}}},
    }
    if extension is not None:
        operation["x-apitwin"] = extension
    document = {"openapi": "3.1.0", "paths": {"/crates": {method: operation}}, **(more or {})}
    path = folder / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(path)


def rule(contract: Contract) -> Pagination:
    guessed = contract.operations[0].pagination
    assert guessed is not None
    return guessed


def offsets(contract: Contract) -> LimitOffset:
    style = rule(contract).style
    assert isinstance(style, LimitOffset)
    return style


@pytest.mark.parametrize(
    "limit",
    ["limit", "per_page", "page_size", "pageSize", "size", "max_results", "maxResults", "perPage", "_limit", "top"],
)
def test_a_limit_is_known_by_its_common_names(tmp_path: Path, limit: str) -> None:
    assert rule(contract(tmp_path, ENVELOPE, limit=limit)).limit.parameter == limit


@pytest.mark.parametrize(
    "offset", ["offset", "start", "skip", "startAt", "start_index", "startIndex", "_start", "from", "first_result"]
)
def test_an_offset_is_known_by_its_common_names(tmp_path: Path, offset: str) -> None:
    assert offsets(contract(tmp_path, ENVELOPE, offset=offset)).parameter == offset


@pytest.mark.parametrize("name", ["results", "items", "data", "objects", "values", "entries", "records", "rows"])
def test_the_results_are_known_by_their_common_names(tmp_path: Path, name: str) -> None:
    schema = {"type": "object", "properties": {"links": {"type": "array"}, name: ITEMS}}

    assert rule(contract(tmp_path, schema)).envelope.results == f"/{name}"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"count": COUNT}, "/count"),
        ({"total": COUNT}, "/total"),
        ({"total_count": COUNT}, "/total_count"),
        ({"totalCount": {"type": "number"}}, "/totalCount"),
        ({"count": {"type": "string"}}, None),
        ({"number": COUNT}, None),
        ({}, None),
        ({"meta": {"type": "object", "properties": {"total": COUNT}}}, "/meta/total"),
        ({"pagination": {"properties": {"total": COUNT}}}, "/pagination/total"),
        ({"paging": {"properties": {"count": COUNT}}}, "/paging/count"),
        ({"meta": {"properties": {"total": COUNT}}, "count": COUNT}, "/count"),
    ],
    ids=[
        "count",
        "total",
        "total_count",
        "number",
        "text",
        "uncommon-name",
        "none",
        "meta-total",
        "pagination-total",
        "paging-count",
        "the-outer-one-first",
    ],
)
def test_the_count_is_found_where_servers_put_it(
    tmp_path: Path, properties: dict[str, Any], expected: str | None
) -> None:
    schema = {"type": "object", "properties": {**properties, "items": ITEMS}}

    assert rule(contract(tmp_path, schema)).envelope.count == expected


def test_a_count_that_may_be_null_is_told_apart(tmp_path: Path) -> None:
    schema = {"properties": {"count": {"type": ["integer", "null"]}, "items": ITEMS}}

    assert rule(contract(tmp_path, schema)).envelope.count_nullable is True
    assert rule(contract(tmp_path, ENVELOPE)).envelope.count_nullable is False


def test_a_bare_array_is_a_page_without_count_and_links(tmp_path: Path) -> None:
    inferred = contract(tmp_path, ITEMS)

    assert rule(inferred).envelope == EnvelopeRule("", None, None, None, False)
    assert rule(inferred).links is None
    assert inferred.inferred == (
        "crates_list: inferred limit/offset (limit-offset), results at the whole body, count at nowhere, "
        "maximum unknown",
    )


def test_the_only_array_is_the_results_whatever_its_name(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"crates": ITEMS, "total": COUNT}}

    assert rule(contract(tmp_path, schema)).envelope.results == "/crates"


def test_links_are_known_by_their_common_names(tmp_path: Path) -> None:
    pagination = rule(contract(tmp_path, ENVELOPE))

    assert (pagination.envelope.next, pagination.envelope.previous) == ("/next", "/previous")
    assert pagination.links == LinkRule("unspecified", "unspecified")


def test_a_schema_is_seen_through_references_and_all_of(tmp_path: Path) -> None:
    parts = {
        "Page": {"allOf": [{"$ref": "#/components/schemas/Counted"}, {"properties": {"items": ITEMS}}]},
        "Counted": {"properties": {"meta": {"$ref": "#/components/schemas/Meta"}}},
        "Meta": {"properties": {"total": COUNT}},
    }
    inferred = contract(
        tmp_path, {"$ref": "#/components/schemas/Page"}, "size", "start", more={"components": {"schemas": parts}}
    )

    assert rule(inferred).envelope == EnvelopeRule("/items", "/meta/total", None, None, False)
    assert inferred.inferred == (
        "crates_list: inferred size/start (limit-offset), results at /items, count at /meta/total, maximum unknown",
    )


@pytest.mark.parametrize(
    ("schema", "maximum", "default", "when_absent"),
    [
        ({"type": "integer", "maximum": 50, "default": 10}, 50, 10, "default"),
        ({"type": "integer", "maximum": 50}, 50, None, "unspecified"),
        ({"type": "integer", "default": 10}, None, 10, "default"),
        ({"type": "integer"}, None, None, "unspecified"),
        ({"type": "integer", "maximum": 50.5, "default": "10"}, None, None, "unspecified"),
    ],
    ids=["both", "maximum", "default", "neither", "no-integers"],
)
def test_the_numbers_of_the_limit_are_read_from_its_schema(
    tmp_path: Path, schema: Any, maximum: int | None, default: int | None, when_absent: str
) -> None:
    limit = rule(contract(tmp_path, ENVELOPE, limit_schema=schema)).limit

    assert (limit.maximum, limit.default, limit.when_absent) == (maximum, default, when_absent)


def test_what_a_document_does_not_show_stays_unspecified(tmp_path: Path) -> None:
    loaded = contract(tmp_path, ENVELOPE)
    pagination, style = rule(loaded), offsets(loaded)

    words = {name: word for name, word in vars(pagination.limit).items() if name.startswith("when_")}
    assert set(words.values()) == {"unspecified"}
    assert (pagination.limit.over_maximum, pagination.limit.spelling) == ("unspecified", "unspecified")
    assert {
        style.when_negative,
        style.when_text,
        style.when_empty,
        style.when_fraction,
    } == {"unspecified"}


def test_the_line_tells_what_was_guessed(tmp_path: Path) -> None:
    inferred = contract(tmp_path, ENVELOPE, limit_schema={"type": "integer", "maximum": 50})

    assert inferred.inferred == (
        "crates_list: inferred limit/offset (limit-offset), results at /results, count at /count, maximum 50",
    )
    assert rule(inferred).name == "inferred-crates_list"


@pytest.mark.parametrize(
    ("schema", "limit", "offset"),
    [
        (COUNTED, None, "first_result"),
        (COUNTED, "limit", None),
        (COUNTED, "amount", "start_at_row"),
    ],
    ids=[
        "no-limit",
        "no-offset",
        "uncommon-limit",
    ],
)
def test_where_nothing_can_be_seen_nothing_is_guessed(
    tmp_path: Path, schema: Any, limit: str | None, offset: str | None
) -> None:
    inferred = contract(tmp_path, schema, limit, offset)

    assert inferred.operations[0].pagination is None
    assert inferred.inferred == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"count": COUNT}},
        {"type": "object", "properties": {"boxes": ITEMS, "lids": ITEMS}},
        {"type": "string"},
        True,
        {},
    ],
    ids=["no-array", "two-arrays", "text", "anything", "nothing"],
)
def test_where_items_are_not_described_that_is_told(tmp_path: Path, schema: Any) -> None:
    inferred = contract(tmp_path, schema)

    assert inferred.operations[0].pagination is None
    assert inferred.inferred == (
        "crates_list: inferred limit/offset (limit-offset), but where its items stand is not described: not paginated",
    )


def test_pages_that_are_linked_need_no_parameter(tmp_path: Path) -> None:
    inferred = contract(tmp_path, ENVELOPE, offset=None)

    assert isinstance(rule(inferred).style, Cursor)
    assert rule(inferred).style.parameters == ()
    assert (rule(inferred).limit.parameter, rule(inferred).envelope.next) == ("limit", "/next")


@pytest.mark.parametrize(("schema", "first"), [({}, 1), ({"minimum": 0}, 0), ({"default": 0}, 0), ({"minimum": 1}, 1)])
@pytest.mark.parametrize("name", ["page", "page_number", "pageNumber", "page_num", "pageNum", "pageNo"])
def test_a_page_number_is_known_by_its_common_names(tmp_path: Path, name: str, schema: Any, first: int) -> None:
    loaded = contract(tmp_path, ENVELOPE, limit=name, offset="per_page", limit_schema={"type": "integer", **schema})
    style = rule(loaded).style

    assert isinstance(style, PageNumber)
    assert (style.parameter, style.first, style.past_end) == (name, first, "unspecified")
    assert rule(loaded).limit.parameter == "per_page"


def test_pages_by_number_need_no_limit(tmp_path: Path) -> None:
    schema = {"properties": {"items": ITEMS, "meta": {"properties": {"total_pages": COUNT, "current_page": COUNT}}}}
    guessed = rule(contract(tmp_path, schema, limit=None, offset="page"))

    assert guessed.limit.parameter is None
    assert guessed.envelope.members == {"pages": "/meta/total_pages", "page": "/meta/current_page"}


@pytest.mark.parametrize(
    ("name", "states", "value"),
    [
        ("cursor", True, "opaque"),
        ("page_token", True, "opaque"),
        ("$skiptoken", True, "opaque"),
        ("starting_after", True, "opaque"),  # what a page states is passed on as it is
        ("starting_after", False, "identity"),
    ],
)
def test_a_cursor_is_known_by_its_common_names(tmp_path: Path, name: str, states: bool, value: str) -> None:
    stated = {"next_cursor": {"type": ["string", "null"]}} if states else {}
    properties = {"items": ITEMS, "has_more": {"type": "boolean"}, **stated}
    guessed = rule(contract(tmp_path, {"properties": properties}, offset=name))
    style = guessed.style

    assert isinstance(style, Cursor)
    assert (style.parameter, style.value) == (name, value)
    assert guessed.envelope.members == ({"next-cursor": "/next_cursor"} if states else {})
    assert guessed.envelope.more == "/has_more"


@pytest.mark.parametrize("name", ["starting_after", "startingAfter"])
def test_a_cursor_that_no_page_states_is_the_identity_of_an_item(tmp_path: Path, name: str) -> None:
    properties = {"items": ITEMS, "has_more": {"type": "boolean"}}
    style = rule(contract(tmp_path, {"properties": properties}, offset=name)).style

    assert isinstance(style, Cursor)
    assert (style.parameter, style.value) == (name, "identity")


def test_a_cursor_that_no_page_gives_out_is_told_and_not_guessed(tmp_path: Path) -> None:
    inferred = contract(tmp_path, {"properties": {"items": ITEMS}}, offset="cursor")

    assert inferred.operations[0].pagination is None
    assert inferred.inferred == (
        "crates_list: inferred limit/cursor (cursor), but its pages do not say how to go on: not paginated",
    )


@pytest.mark.parametrize("extension", [{"pagination": None}, {"documented": True}], ids=["no-paging", "other-rule"])
def test_where_the_contract_speaks_for_itself_nothing_is_guessed(tmp_path: Path, extension: Any) -> None:
    inferred = contract(tmp_path, ENVELOPE, extension=extension)

    assert inferred.operations[0].pagination is None
    assert inferred.inferred == ()


@pytest.mark.parametrize(("method", "status"), [("post", "200"), ("get", "201")])
def test_only_an_answer_to_a_reading_request_is_guessed_about(tmp_path: Path, method: str, status: str) -> None:
    inferred = contract(tmp_path, ENVELOPE, method=method, status=status)

    assert inferred.operations[0].pagination is None


def test_a_parameter_in_the_path_or_a_header_is_no_limit(tmp_path: Path) -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/crates/{limit}": {
                "get": {
                    "parameters": [
                        {"name": "limit", "in": "path", "required": True},
                        {"name": "offset", "in": "header"},
                    ],
                    "responses": {"200": {"content": {"application/json": {"schema": COUNTED}}}},
                }
            }
        },
    }
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    assert load(path).operations[0].pagination is None


def test_parameters_beside_the_methods_of_a_path_count_too(tmp_path: Path) -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {
            "/crates": {
                "parameters": [{"name": name, "in": "query"} for name in ("limit", "offset")],
                "get": {"responses": {"200": {"content": {"application/json": {"schema": ENVELOPE}}}}},
            }
        },
    }
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    inferred = load(path)

    assert rule(inferred).limit.parameter == "limit"
    assert inferred.operations[0].id == "get /crates"
    assert inferred.inferred[0].startswith("get /crates: inferred limit/offset")


def test_a_contract_with_its_own_rules_has_nothing_inferred() -> None:
    assert load("viktor").inferred == ()
