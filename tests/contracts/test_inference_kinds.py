"""Kinds of pages that published documents have, each as a small document of its own: what is read of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contracts.plain_documents import AUTHOR, BOOK, TEXT, WHOLE, array, books, get, holding, loaded, query

BOOKS = array(BOOK)
PAGE = holding(results=BOOKS)


def said(folder: Path, answer: Any, headers: Any = None, **parameters: Any) -> tuple[str, str | None, str | None]:
    """Return how pages are asked for, where their items stand and where all are counted."""
    rule = books(folder, answer, headers, **parameters).pagination
    if rule is None:
        return "none", None, None
    asked = f"{rule.style.word} {'/'.join(rule.parameters)}".strip()
    return asked, rule.envelope.results, rule.envelope.count


@pytest.mark.parametrize(
    ("parameters", "answer", "expected"),
    [
        (
            {"limit": (TEXT, "The maximum number of items."), "offset": (TEXT, "The number of items to skip.")},
            holding(books=BOOKS, next=TEXT),
            "limit-offset limit/offset",
        ),
        (
            {"count": (TEXT, "Number of books to return."), "offset": {"type": "string", "default": "0"}},
            PAGE,
            "limit-offset count/offset",
        ),
        ({"limit": WHOLE, "marker": (WHOLE, "Offset in the result list")}, PAGE, "limit-offset limit/marker"),
        (
            {"limit": WHOLE, "offset": WHOLE, "cursor": (TEXT, "An empty string for the first page, then what came.")},
            holding(books=BOOKS, next_cursor=TEXT),
            "limit-offset limit/offset",
        ),
        (
            {"limit": WHOLE, "offset": WHOLE, "cursor": (TEXT, "Where to go on.")},
            holding(books=BOOKS, next_cursor=TEXT),
            "cursor limit/cursor",
        ),
        ({"max": (WHOLE, "Maximum results size"), "first": WHOLE}, PAGE, "limit-offset max/first"),
        ({"rows": WHOLE, "start": (WHOLE, "Page number to fetch.")}, PAGE, "page-number rows/start"),
        ({"size": WHOLE, "offset": (WHOLE, "Page number of books to return")}, PAGE, "page-number size/offset"),
        ({"page": (TEXT, "Page of results to fetch. Defaults to page 1.")}, PAGE, "page-number page"),
        ({"page": WHOLE, "per_page": WHOLE, "offset": WHOLE}, PAGE, "page-number per_page/page"),
        ({"page": WHOLE, "limit": WHOLE, "offset": WHOLE}, PAGE, "limit-offset limit/offset"),
        ({"query.page": WHOLE, "query.pageSize": WHOLE}, PAGE, "page-number query.pageSize/query.page"),
        (
            {"criteria[pageSize]": WHOLE, "criteria[currentPage]": WHOLE},
            PAGE,
            "page-number criteria[pageSize]/criteria[currentPage]",
        ),
        ({"paginate_limit": WHOLE, "paginate_page": WHOLE}, PAGE, "page-number paginate_limit/paginate_page"),
        ({"parameters.skip": WHOLE, "parameters.take": WHOLE}, PAGE, "limit-offset parameters.take/parameters.skip"),
        (
            {"page": WHOLE, "display_size": (TEXT, "Number of results to be shown per page.")},
            PAGE,
            "page-number display_size/page",
        ),
        (
            {"max": (WHOLE, "The maximum number of results"), "first": (WHOLE, "The first result")},
            PAGE,
            "limit-offset max/first",
        ),
        ({"filter[limit]": WHOLE, "filter[offset]": WHOLE}, PAGE, "none"),
        (
            {"limit": WHOLE, "iterator": TEXT},
            holding(data=BOOKS, iterator=TEXT, done={"type": "boolean"}),
            "cursor limit/iterator",
        ),
        ({"batch": TEXT, "limit": WHOLE}, holding(books=BOOKS, next_batch=TEXT), "cursor limit/batch"),
        ({"genre": TEXT, "limit": WHOLE}, holding(books=BOOKS, genre=TEXT), "none"),
        (
            {"pointer": TEXT, "limit": WHOLE},
            holding(books=BOOKS, pointer=TEXT, hasMore={"type": "boolean"}),
            "cursor limit/pointer",
        ),
        (
            {"limit": WHOLE, "ref_id": TEXT},
            holding(result=BOOKS, details=holding(pagination=holding(ref_id=TEXT, has_more={"type": "boolean"}))),
            "cursor limit/ref_id",
        ),
        ({"limit": (TEXT, "Limit of books."), "offset": (TEXT, "Offset of books.")}, PAGE, "limit-offset limit/offset"),
        ({"maxResults": TEXT, "nextToken": TEXT}, holding(books=BOOKS, nextToken=TEXT), "cursor maxResults/nextToken"),
        ({"pagination_id": TEXT}, holding(books=BOOKS, pagination_id=TEXT), "cursor pagination_id"),
        (
            {"max_like_id": TEXT, "count": (WHOLE, "Count of books to return.")},
            holding(data=BOOKS, pagination=holding(next_max_id=TEXT)),
            "cursor count/max_like_id",
        ),
        ({"numberToRead": WHOLE, "skipRecords": WHOLE}, PAGE, "limit-offset numberToRead/skipRecords"),
        (
            {"limit": WHOLE, "resume_at": (TEXT, "Cursor when the list is long.")},
            holding(books=BOOKS, _links=holding(next=holding(href=TEXT))),
            "cursor limit/resume_at",
        ),
        ({"PageSize": WHOLE, "SkipPages": WHOLE}, PAGE, "page-number PageSize/SkipPages"),
        ({"page": TEXT}, PAGE, "page-number page"),
        (
            {"start": WHOLE, "count": (WHOLE, "The book amount that has to be retrieved.")},
            PAGE,
            "limit-offset count/start",
        ),
        ({"page": WHOLE, "n": (WHOLE, "The number of shelves to show.")}, PAGE, "page-number n/page"),
        ({"page": WHOLE, "year_from": (WHOLE, "Limits the results to those from a year.")}, PAGE, "page-number page"),
        ({"limit": WHOLE, "limitstart": WHOLE}, PAGE, "limit-offset limit/limitstart"),
        ({"limit": TEXT, "offset": TEXT}, PAGE, "limit-offset limit/offset"),
        ({"offset": WHOLE}, PAGE, "limit-offset offset"),
        ({"from": WHOLE}, PAGE, "none"),
        (
            {"limit": WHOLE, "offset": (WHOLE, "Position of the first item, starting from 1")},
            PAGE,
            "start-index limit/offset",
        ),
        ({"limit": WHOLE, "pn": (WHOLE, "Page number")}, PAGE, "page-number limit/pn"),
        ({"count": TEXT, "page": TEXT}, PAGE, "page-number page"),
        (
            {"limit": WHOLE, "continueFrom": (TEXT, "An ID returned by a previous query, see lastId.")},
            holding(books=array(TEXT), lastId=TEXT),
            "cursor limit/continueFrom",
        ),
        (
            {"start_key": (TEXT, "Start key value for the pagination.")},
            holding(books=BOOKS, next={"type": "string", "description": "Next page path"}),
            "cursor start_key",
        ),
    ],
)
def test_what_parameters_are_said_to_be_decides(
    tmp_path: Path, parameters: dict[str, Any], answer: Any, expected: str
) -> None:
    assert said(tmp_path, answer, **parameters)[0] == expected


THING = {"id": WHOLE, "name": TEXT, "city": TEXT, "state": TEXT}
"""The values of one thing."""


@pytest.mark.parametrize(
    ("answer", "results", "count"),
    [
        (holding(bookList=BOOKS, years=array(WHOLE)), "/bookList", None),
        (holding(novels=BOOKS, years=array(WHOLE)), "/novels", None),
        (holding(headings=BOOKS, rows=array(array(TEXT)), kind=TEXT), "/rows", None),
        (holding(novels=BOOKS, readers=BOOKS), None, None),
        (holding(searchResponse=holding(novels=BOOKS)), "/searchResponse/novels", None),
        ({"type": "array", "items": BOOK, "properties": {"links": array(TEXT)}}, "", None),
        (
            holding(message=holding(body=holding(novel_list=BOOKS), header=holding(status=WHOLE))),
            "/message/body/novel_list",
            None,
        ),
        (holding(messages=BOOKS, links=array(AUTHOR), totalPages=WHOLE), "/messages", None),
        (holding(errors=BOOKS), None, None),
        (holding(dataList=BOOKS, extras=BOOKS), "/dataList", None),
        (holding(**THING, novels=BOOKS), None, None),
        (holding(**THING, novels=BOOKS, total=WHOLE), "/novels", "/total"),
        (holding(**THING, novels=BOOKS, num_novels=WHOLE), "/novels", "/num_novels"),
        (holding(properties=holding(nextLink=TEXT, sheets=BOOKS), name=TEXT), "/properties/sheets", None),
        (holding(Results=holding(Volumes=BOOKS, Message=TEXT)), "/Results/Volumes", None),
        (
            holding(novels=BOOKS, paging_result=holding(totalEntryCount=WHOLE)),
            "/novels",
            "/paging_result/totalEntryCount",
        ),
        (
            holding(bookList=BOOKS, numberOf={"type": "integer", "description": "The total count of books."}),
            "/bookList",
            "/numberOf",
        ),
        (
            holding(bookList=BOOKS, numberOf={"type": "integer", "description": "The total count of pages."}),
            "/bookList",
            None,
        ),
        (holding(novels=BOOKS, total_num_novels=WHOLE), "/novels", "/total_num_novels"),
        (holding(novels=BOOKS, range=holding(limit=WHOLE, offset=WHOLE, total=WHOLE)), "/novels", "/range/total"),
        (holding(novels=BOOKS, sum={"type": "integer", "description": "Total sum of items."}), "/novels", "/sum"),
        (
            holding(
                novels=BOOKS,
                known={"type": "integer", "description": "The total number of items in the database."},
                found={"type": "string"},
                chosen={"type": "integer", "description": "The total number of items for the query."},
            ),
            "/novels",
            "/chosen",
        ),
    ],
)
def test_items_and_their_count_stand_around_a_list_and_not_in_a_thing(
    tmp_path: Path, answer: Any, results: str | None, count: str | None
) -> None:
    assert said(tmp_path, answer, page=WHOLE, per_page=WHOLE)[1:] == (results, count)


@pytest.mark.parametrize(
    ("header", "is_count"),
    [
        ("totalrecordcount", True),
        ("X-Paging-TotalResults", True),
        ("X-Pagination-Total", True),
        ("X-Total-Pages", False),
        ("X-RateLimit-Total", False),
    ],
)
def test_a_header_may_count_all_items(tmp_path: Path, header: str, is_count: bool) -> None:
    count = said(tmp_path, BOOKS, {header: {"schema": WHOLE}}, skip=WHOLE, take=WHOLE)[2]

    assert count == (f"header:{header}" if is_count else None)


def test_what_a_member_of_a_thing_links_to_is_not_its_next_page(tmp_path: Path) -> None:
    album = holding(**THING, tracks=holding(items=BOOKS, total=WHOLE, next={"type": "string", "format": "uri"}))
    named = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    contract = loaded(tmp_path, {"/albums/{id}": {"get": get(album, [named])}})

    assert contract.operations[0].pagination is None


@pytest.mark.parametrize(("status", "is_list"), [("200", True), ("2XX", True), ("206", False)])
def test_a_list_answers_with_200_or_with_any_success(tmp_path: Path, status: str, is_list: bool) -> None:
    operation = get(PAGE, query(limit=WHOLE, offset=WHOLE))
    operation["responses"] = {status: operation["responses"]["200"]}
    contract = loaded(tmp_path, {"/books": {"get": operation}})

    assert (contract.operations[0].pagination is not None) == is_list


@pytest.mark.parametrize(
    ("parameters", "certainty"), [({"limit": WHOLE, "offset": WHOLE}, "certain"), ({"offset": WHOLE}, "likely")]
)
def test_without_a_size_it_is_only_likely(tmp_path: Path, parameters: dict[str, Any], certainty: str) -> None:
    contract = loaded(tmp_path, {"/books": {"get": get(PAGE, query(**parameters))}})
    rule = contract.operations[0].pagination
    assert rule is not None
    evidence = contract.evidence_for(rule.pointer)

    assert evidence is not None and evidence.certainty == certainty


def test_a_default_is_no_maximum(tmp_path: Path) -> None:
    sizes = {
        "Maximum results size (defaults to 100)": None,
        "How many books are on a page (50 max) (default: 10)": 50,
    }
    for number, (text, expected) in enumerate(sizes.items()):
        (tmp_path / str(number)).mkdir()
        rule = books(tmp_path / str(number), PAGE, limit=(WHOLE, text), offset=WHOLE).pagination
        assert rule is not None and rule.limit.maximum == expected


@pytest.mark.parametrize(
    ("title", "results"), [("searchBooks", "/books"), ("searchReaders", "/readers"), ("search", None)]
)
def test_what_an_operation_is_called_decides_between_two_arrays(
    tmp_path: Path, title: str, results: str | None
) -> None:
    answer = holding(books=BOOKS, readers=BOOKS)
    operation = {**get(answer, query(limit=WHOLE, offset=WHOLE)), "operationId": title}
    rule = loaded(tmp_path, {"/search": {"get": operation}}).operations[0].pagination

    assert (rule and rule.envelope.results) == results


QUERY = {"type": "object", "properties": {"page": WHOLE, "page_size": WHOLE, "filter": TEXT}}


@pytest.mark.parametrize(
    ("parameter", "told"),
    [
        ({"name": "q", "in": "query", "schema": QUERY}, "looks like page_size/page in the value of q (page-number)"),
        (
            {"name": "q", "in": "query", "content": {"application/json": {"schema": QUERY}}},
            "looks like page_size/page in the value of q (page-number)",
        ),
        ({"name": "q", "in": "query", "schema": {"type": "object", "properties": {"filter": TEXT}}}, None),
    ],
)
def test_pages_asked_for_inside_a_value_are_told_and_not_walked(
    tmp_path: Path, parameter: dict[str, Any], told: str | None
) -> None:
    contract = loaded(tmp_path, {"/books": {"get": {"operationId": "list", **get(PAGE, [parameter])}}})
    lines = [] if told is None else [f"list: {told}, which no rule can say: not paginated"]

    assert (contract.operations[0].pagination, list(contract.inferred)) == (None, lines)


def test_pages_asked_for_in_headers_are_told_and_not_walked(tmp_path: Path) -> None:
    headers = [{"name": name, "in": "header", "schema": TEXT} for name in ("Accept", "X-Next-Token", "X-Limit")]
    contract = loaded(tmp_path, {"/books": {"get": {"operationId": "list", **get(PAGE, headers)}}})

    assert contract.operations[0].pagination is None
    assert contract.inferred == (
        "list: looks like Limit/Next-Token in headers (cursor), which no rule can say: not paginated",
    )


def test_the_only_id_of_a_thing_is_what_its_path_names(tmp_path: Path) -> None:
    entity = {"type": "object", "properties": {"entity_id": TEXT, "kind": TEXT}}
    named = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    paths = {"/entities": {"get": get(array(entity))}, "/entities/{id}": {"get": get(entity, [named])}}
    contract = loaded(tmp_path, paths)

    assert contract.collections["entities"].identity == "/entity_id"


@pytest.mark.parametrize(
    ("path", "parameter", "member"),
    [
        ("/real-estate-assets", "id", "realEstateAssetId"),
        ("/orders", "orderNumbers", "orderNumber"),
        ("/orders", "order_id", "id"),
        ("/comments", "comment", "id"),
    ],
)
def test_an_identity_may_be_called_after_all_the_words_of_the_path(
    tmp_path: Path, path: str, parameter: str, member: str
) -> None:
    thing = {"type": "object", "properties": {member: TEXT, "kind": TEXT, "other_id": TEXT}}
    named = {"name": parameter, "in": "path", "required": True, "schema": TEXT}
    paths = {path: {"get": get(array(thing))}, f"{path}/{{{parameter}}}": {"get": get(thing, [named])}}
    contract = loaded(tmp_path, paths)

    assert [collection.identity for collection in contract.collections.values()] == [f"/{member}"]
