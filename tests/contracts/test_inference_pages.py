"""Pages by type and relation: what a parameter is decides, not what it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contracts.plain_documents import (
    BOOK,
    MOMENT,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    array,
    books,
    get,
    holding,
    loaded,
    query,
)

BOOKS = array(BOOK)
PAGE = holding(results=BOOKS)


def asked(folder: Path, answer: Any, headers: Any = None, **parameters: Any) -> str:
    """Return how pages are asked for: the style and its parameters."""
    rule = books(folder, answer, headers, **parameters).pagination
    return "none" if rule is None else f"{rule.style.word} {'/'.join(rule.parameters)}".strip()


@pytest.mark.parametrize(
    ("parameters", "answer", "expected"),
    [
        ({"limit": WHOLE, "offset": WHOLE}, PAGE, "limit-offset limit/offset"),
        ({"limit": WHOLE, "offset": (TEXT, "Offset token of the previous response.")}, PAGE, "none"),
        (
            {"limit": WHOLE, "offset": (TEXT, "Offset token of the previous response.")},
            holding(data=BOOKS, next_page=holding(offset=TEXT, uri={"type": "string", "format": "uri"})),
            "cursor limit/offset",
        ),
        ({"limit": WHOLE, "from": {"type": "string", "format": "date"}}, PAGE, "none"),
        ({"limit": WHOLE, "start": (WHOLE, "Start of the time range, seconds since the epoch.")}, PAGE, "none"),
        ({"limit": WHOLE, "start": WHOLE, "end": WHOLE}, PAGE, "none"),
        ({"limit": WHOLE, "start": WHOLE}, PAGE, "limit-offset limit/start"),
        ({"count": WHOLE, "startIndex": {"type": "integer", "minimum": 1}}, PAGE, "start-index count/startIndex"),
        ({"pageSize": WHOLE, "pageNumber": WHOLE}, PAGE, "page-number pageSize/pageNumber"),
        ({"page[size]": WHOLE, "page[number]": WHOLE}, PAGE, "page-number page[size]/page[number]"),
        ({"size": {"enum": ["small", "large"]}, "page": WHOLE}, PAGE, "page-number page"),
        ({"page": {"type": "string", "format": "uuid"}}, PAGE, "none"),
        (
            {"page_size": WHOLE, "page_number": WHOLE, "next_page_token": TEXT},
            holding(books=BOOKS, next_page_token=TEXT, page_number=WHOLE),
            "cursor page_size/next_page_token",
        ),
        ({"maxItems": WHOLE, "NextToken": TEXT}, holding(Books=BOOKS, NextToken=TEXT), "cursor maxItems/NextToken"),
        ({"token": (TEXT, "Authentication token."), "limit": WHOLE}, holding(books=BOOKS, next_token=TEXT), "none"),
        ({"limit": WHOLE, "after": MOMENT}, holding(books=BOOKS, after=TEXT), "none"),
        ({}, PAGE, "none"),
        ({"limit": WHOLE}, PAGE, "none"),
        ({}, holding(books=BOOKS, links=holding(next=TEXT)), "cursor"),
        ({}, holding(books=BOOKS, meta=holding(next_page=WHOLE)), "none"),
    ],
)
def test_the_style_goes_by_types_and_by_what_the_answer_states(
    tmp_path: Path, parameters: dict[str, Any], answer: Any, expected: str
) -> None:
    assert asked(tmp_path, answer, **parameters) == expected


def test_links_in_a_header_are_enough(tmp_path: Path) -> None:
    headers = {"Link": {"schema": TEXT}, "X-Total-Count": {"schema": WHOLE}}
    rule = books(tmp_path, BOOKS, headers, per_page=WHOLE).pagination

    assert rule is not None
    assert (rule.style.word, rule.parameters) == ("cursor", ("per_page",))
    assert (rule.envelope.next, rule.envelope.count) == ("header:Link", "header:X-Total-Count")


OPTIONAL = {"limit": {"type": "integer", "maximum": 20}, "offset": WHOLE}


@pytest.mark.parametrize("word", ["anyOf", "oneOf"])
def test_what_may_be_null_is_read_as_what_it_is(tmp_path: Path, word: str) -> None:
    """FastAPI writes `Optional[int]` so, and a page that is typed plainly is the same page."""

    def optional(schema: Any) -> Any:
        return {word: [schema, {"type": "null"}]}

    (tmp_path / "plain").mkdir()
    plain = books(tmp_path / "plain", holding(count=WHOLE, next=TEXT, results=BOOKS), **OPTIONAL).pagination
    answer = holding(count=optional(WHOLE), next=optional(TEXT), results=optional(BOOKS))
    rule = books(tmp_path, answer, **{name: optional(schema) for name, schema in OPTIONAL.items()}).pagination

    assert plain is not None and rule is not None
    assert (rule.limit, rule.style) == (plain.limit, plain.style)
    assert (rule.envelope.count, rule.envelope.next, rule.limit.maximum) == ("/count", "/next", 20)
    assert rule.envelope.count_nullable


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (BOOKS, ""),
        (holding(books=BOOKS, errors=array(TEXT)), "/books"),
        (holding(books=BOOKS, shelves=array(TEXT)), "/books"),
        (holding(data=BOOKS, included=BOOKS), "/data"),
        (holding(data=holding(items=BOOKS, total=WHOLE)), "/data/items"),
        (holding(_embedded=holding(books=BOOKS)), "/_embedded/books"),
        (holding(list=holding(entry=array(BOOK))), "/list/entry"),
        ({"allOf": [holding(total=WHOLE), holding(books=BOOKS)]}, "/books"),
    ],
)
def test_the_items_stand_where_the_answer_has_them(tmp_path: Path, answer: Any, expected: str) -> None:
    rule = books(tmp_path, answer, limit=WHOLE, offset=WHOLE).pagination

    assert rule is not None and rule.envelope.results == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"total": WHOLE, "count": WHOLE}, "/total"),
        ({"count": {"type": "integer", "description": "How many are returned in this page."}}, None),
        ({"total": {"type": "integer", "description": "The number of pages."}}, None),
        ({"total_pages": WHOLE}, None),
        ({"total": TEXT}, None),
        ({"meta": holding(pagination=holding(total_entries=WHOLE))}, "/meta/pagination/total_entries"),
        ({"numberMatched": WHOLE, "numberReturned": WHOLE}, "/numberMatched"),
        ({"size": {"type": "integer", "description": "The total number of items."}}, "/size"),
        ({"books_total": WHOLE}, "/books_total"),
    ],
)
def test_the_count_is_one_of_all_items(tmp_path: Path, members: dict[str, Any], expected: str | None) -> None:
    rule = books(tmp_path, holding(books=BOOKS, **members), limit=WHOLE, offset=WHOLE).pagination

    assert rule is not None and rule.envelope.count == expected


@pytest.mark.parametrize(
    ("members", "following", "before"),
    [
        ({"next": TEXT, "prev": TEXT}, "/next", "/prev"),
        ({"links": holding(next=TEXT, previous=TEXT)}, "/links/next", "/links/previous"),
        (
            {"_links": holding(next=holding(href=TEXT), prev=holding(href=TEXT))},
            "/_links/next/href",
            "/_links/prev/href",
        ),
        ({"paging": holding(next_page_url=TEXT)}, "/paging/next_page_url", None),
        ({"@odata.nextLink": TEXT}, "/@odata.nextLink", None),
        ({"next": WHOLE}, None, None),
    ],
)
def test_links_are_found_where_they_stand(
    tmp_path: Path, members: dict[str, Any], following: str | None, before: str | None
) -> None:
    rule = books(tmp_path, holding(books=BOOKS, **members), page=WHOLE, per_page=WHOLE).pagination

    assert rule is not None and (rule.envelope.next, rule.envelope.previous) == (following, before)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "maximum": 99.0}, 99),
        ({"type": "integer", "exclusiveMaximum": 101}, 100),
        ({"type": "integer", "enum": [10, 20, 50]}, 50),
        (({"type": "integer"}, "How many items a page has, 200 at most. Maximum: 200."), 200),
        (({"type": "integer"}, "The number of results per page (max 100)."), 100),
        (({"type": "integer"}, "Between 1 and 1,000."), 1000),
        (({"type": "integer"}, "The size of a page."), None),
        ({"type": "integer", "maximum": 2147483647}, None),
    ],
)
def test_the_maximum_is_what_the_document_says(tmp_path: Path, schema: Any, expected: int | None) -> None:
    rule = books(tmp_path, PAGE, limit=schema, offset=WHOLE).pagination

    assert rule is not None and rule.limit.maximum == expected


def test_what_is_in_words_only_is_less_certain_than_what_is_in_the_schema(tmp_path: Path) -> None:
    certainty = {}
    for name, schema in (("words", (WHOLE, "Maximum 50.")), ("schema", {"type": "integer", "maximum": 50})):
        (tmp_path / name).mkdir()
        contract = loaded(tmp_path / name, {"/books": {"get": get(PAGE, query(limit=schema, offset=WHOLE))}})
        rule = contract.operations[0].pagination
        assert rule is not None
        evidence = contract.evidence_for(f"{rule.pointer}/limit/maximum")
        assert evidence is not None and evidence.status == "inferred"
        certainty[name] = evidence.certainty

    assert certainty == {"words": "likely", "schema": "certain"}


def test_what_looks_like_nothing_is_no_list(tmp_path: Path) -> None:
    operation = books(tmp_path, holding(id=WHOLE, price=NUMBER, sold=TRUTH), verbose=TRUTH)

    assert (operation.pagination, operation.collection, operation.behaviour) == (None, None, "example")
