"""Collections, things, parents, filters and orders: what the paths and the answers of a document have to do with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract, load
from apitwin.contracts.model import DrawnFrom, Within
from tests.contracts.plain_documents import (
    AUTHOR,
    BOOK,
    MOMENT,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    array,
    get,
    holding,
    loaded,
    query,
    writing,
)

PAGES = query(limit=WHOLE, offset=WHOLE)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    author, book = {"$ref": "#/components/schemas/Author"}, {"$ref": "#/components/schemas/Book"}
    gone = {"responses": {"204": {"description": ""}}}
    paths: dict[str, Any] = {
        "/authors": {"get": get(holding(authors=array(author)), PAGES), "post": writing(author, author)},
        "/authors/{author_id}": {
            "get": get(author),
            "patch": writing(author, author, "200"),
            "delete": gone,
        },
        "/authors/{author_id}/books": {"get": get(array(book), PAGES), "post": writing(book, holding(data=book))},
        "/authors/{author_id}/retire": {"post": writing(holding(on=MOMENT), author)},
        "/labels/{label_name}": {"get": get(holding(name=TEXT))},
    }
    return loaded(tmp_path_factory.mktemp("shop"), paths, Author=AUTHOR, Book=BOOK)


@pytest.mark.parametrize(
    ("operation", "behaviour", "collection", "effect", "identified_by"),
    [
        ("get /authors", "list", "authors", None, None),
        ("post /authors", "create", "authors", "create", None),
        ("get /authors/{author_id}", "read", "authors", None, "author_id"),
        ("patch /authors/{author_id}", "update", "authors", "update", "author_id"),
        ("delete /authors/{author_id}", "delete", "authors", "delete", "author_id"),
        ("get /authors/{author_id}/books", "list", "authors-books", None, None),
        ("post /authors/{author_id}/retire", "example", None, None, None),
        ("get /labels/{label_name}", "example", None, None, None),
    ],
)
def test_an_operation_is_what_its_method_and_its_path_say(
    shop: Contract,
    operation: str,
    behaviour: str,
    collection: str | None,
    effect: str | None,
    identified_by: str | None,
) -> None:
    found = shop.operation(operation)
    name = found.collection and found.collection.name

    assert (found.behaviour, name, found.effect, found.identified_by) == (behaviour, collection, effect, identified_by)


def test_what_answers_something_around_the_thing_is_not_taken_for_it(shop: Contract) -> None:
    assert shop.operation("post /authors/{author_id}/books").effect is None


def test_things_below_others_name_their_parent(shop: Contract) -> None:
    books = shop.operation("get /authors/{author_id}/books")

    assert books.within == (Within("author_id", "author_id", "authors", "not-found"),)


def test_values_for_paths_come_from_the_lists(shop: Contract) -> None:
    for name in ("get /authors/{author_id}/books", "post /authors/{author_id}/retire"):
        assert shop.operation(name).path_parameters()[0].drawn_from == DrawnFrom("get /authors", "/id")
    assert shop.operation("get /labels/{label_name}").path_parameters()[0].drawn_from is None


@pytest.mark.parametrize(
    ("parameter", "member", "certainty"),
    [
        ("author_id", "id", "certain"),
        ("authorId", "id", "certain"),
        ("id", "id", "certain"),
        ("author_slug", "slug", "likely"),
        ("slug", "slug", "certain"),
        ("author", "id", "likely"),
        ("authorname", "name", "likely"),
    ],
)
def test_the_identity_is_what_the_path_calls_a_thing(
    tmp_path: Path, parameter: str, member: str, certainty: str
) -> None:
    thing = holding(id=WHOLE if parameter.endswith("d") else TEXT, slug=TEXT, name=TEXT, price=NUMBER)
    one = f"/authors/{{{parameter}}}"
    contract = loaded(tmp_path, {"/authors": {"get": get(array(thing), PAGES)}, one: {"get": get(thing)}})
    read = contract.operation(f"get {one}")
    evidence = contract.evidence_for(f"{read.pointer}/x-apitwin/identified-by")

    assert contract.collections["authors"].identity == f"/{member}"
    assert evidence is not None and evidence.certainty == certainty


@pytest.mark.parametrize(
    ("said", "identity", "kind", "member", "certainty"),
    [
        ("Database name", TEXT, TEXT, "name", "certain"),
        ("The database's slug.", TEXT, TEXT, "slug", "certain"),
        ("Which database", TEXT, TEXT, "id", "likely"),
        ("Database ID", TEXT, TEXT, "id", "certain"),
        ("Database name", WHOLE, WHOLE, "id", "certain"),
        ("", WHOLE, TEXT, "id", "unsure"),
    ],
)
def test_a_path_that_calls_a_thing_by_what_it_is_may_mean_its_name(
    tmp_path: Path, said: str, identity: Any, kind: Any, member: str, certainty: str
) -> None:
    thing = holding(id=identity, name=TEXT, slug=TEXT)
    parameter = {"name": "database", "in": "path", "required": True, "schema": kind, "description": said}
    one = "/databases/{database}"
    paths = {"/databases": {"get": get(array(thing), PAGES)}, one: {"get": get(thing, [parameter])}}
    contract = loaded(tmp_path, paths)
    evidence = contract.evidence_for(f"{contract.operation(f'get {one}').pointer}/x-apitwin/identified-by")

    assert contract.collections["databases"].identity == f"/{member}"
    assert evidence is not None and evidence.certainty == certainty


def selection(folder: Path, **parameters: Any) -> Contract:
    paths = {"/books": {"get": get(array(BOOK), [*PAGES, *query(**parameters)])}, "/books/{id}": {"get": get(BOOK)}}
    return loaded(folder, paths)


@pytest.mark.parametrize(
    ("name", "schema", "match", "field", "certainty"),
    [
        ("genre", {"enum": ["crime", "poetry"]}, "equals", "/genre", "certain"),
        ("genre", {"enum": ["crime", "all"]}, "equals", "/genre", "likely"),
        ("genre", {"enum": ["crime"], "default": "crime"}, "equals", "/genre", "likely"),
        ("genre", array({"enum": ["crime", "poetry"]}), "any-of", "/genre", "likely"),
        ("in_print", TRUTH, "equals", "/in_print", "certain"),
        ("author_id", {"anyOf": [WHOLE, {"type": "null"}]}, "equals", "/author_id", "certain"),
        ("title", TEXT, "equals", "/title", "likely"),
        ("labels", TEXT, "any-of", "/labels/*", "likely"),
        ("filter[genre]", {"enum": ["crime"]}, "equals", "/genre", "likely"),
        ("price_gte", NUMBER, "at-least", "/price", "certain"),
        ("price[lte]", NUMBER, "at-most", "/price", "certain"),
        ("max_price", NUMBER, "at-most", "/price", "certain"),
        ("created_after", MOMENT, "at-least", "/created_at", "likely"),
        ("createdBefore", MOMENT, "at-most", "/created_at", "likely"),
    ],
)
def test_a_filter_is_a_member_of_the_item(
    tmp_path: Path, name: str, schema: Any, match: str, field: str, certainty: str
) -> None:
    contract = selection(tmp_path, **{name: schema})
    (found,) = contract.operation("get /books").filters
    place = f"/paths/~1books/get/x-apitwin/filters/{name}"

    assert (found.parameter, found.match, found.fields) == (name, match, (field,))
    assert contract.evidence[place].certainty == certainty


@pytest.mark.parametrize(
    ("name", "schema"),
    [("price", TRUTH), ("in_print", TEXT), ("colour", TEXT), ("title_after", TEXT), ("max_title", WHOLE)],
)
def test_what_is_no_member_of_its_type_is_not_known(tmp_path: Path, name: str, schema: Any) -> None:
    operation = selection(tmp_path, **{name: schema}).operation("get /books")

    assert operation.filters == ()
    assert operation.unspecified == (name,)


@pytest.mark.parametrize(
    ("parameters", "keys", "certainty"),
    [
        ({"sort": {"enum": ["title", "-title"]}}, {"title": "/title", "-title": "-/title"}, "certain"),
        (
            {"ordering": {"enum": ["title:asc", "title:desc"]}},
            {"title:asc": "/title", "title:desc": "-/title"},
            "certain",
        ),
        ({"sort_by": {"enum": ["title", "created_at"]}}, {"title": "/title", "created_at": "/created_at"}, "likely"),
        ({"sort": {"enum": ["title"]}, "direction": {"enum": ["asc", "desc"]}}, {"title": "/title"}, "likely"),
        (
            {"order": {"enum": ["asc", "desc"]}, "sort": {"enum": ["hot", "title"]}},
            {"hot": None, "title": "/title"},
            "likely",
        ),
    ],
)
def test_the_words_of_a_sort_are_members_of_the_item(
    tmp_path: Path, parameters: dict[str, Any], keys: dict[str, str | None], certainty: str
) -> None:
    contract = selection(tmp_path, **parameters)
    operation = contract.operation("get /books")

    assert operation.sort is not None and operation.sort.keys == keys
    assert contract.evidence["/paths/~1books/get/x-apitwin/sort"].certainty == certainty
    assert operation.unspecified == ()


def test_a_sort_without_words_is_not_known(tmp_path: Path) -> None:
    assert selection(tmp_path, sort=TEXT).operation("get /books").sort is None


def test_a_search_is_over_the_texts_of_an_item_and_never_certain(tmp_path: Path) -> None:
    contract = selection(tmp_path, q=TEXT)
    operation = contract.operation("get /books")

    assert operation.search is not None and operation.search.fields == ("/title",)
    assert contract.evidence["/paths/~1books/get/x-apitwin/search"].certainty == "likely"


@pytest.mark.parametrize("name", ["viktor", "tests/harbour/openapi.yaml"])
def test_of_a_contract_that_speaks_nothing_is_inferred(name: str) -> None:
    contract = load(name if name == "viktor" else Path(__file__).parent.parent.parent / name)

    assert [pointer for pointer, evidence in contract.evidence.items() if evidence.status == "inferred"] == []
