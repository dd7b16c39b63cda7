"""What can be broken in the bookshop, as people break it: each function puts one step in the place of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import HTTPException
from fastapi_pagination import resolve_params
from fastapi_pagination.ext import sqlalchemy as paging
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from . import access, pages, selecting, writing
from .models import Base, Book

RIGHT_PAGE, RIGHT_ONE, RIGHT_ORDER = pages.paged, selecting.one, selecting.ordered
RIGHT_NARROWED, RIGHT_CREATE = selecting.narrowed, writing.create

Page = Any
Params = Any


def with_page(change: Callable[[Page], None]) -> None:
    """Change each page before it is sent."""

    def paged(db: Session, query: Select[Any]) -> Page:
        page = RIGHT_PAGE(db, query)
        change(page)
        return page

    pages.paged = paged


def with_parameters(change: Callable[[Params], dict[str, Any]]) -> None:
    """Read other parameters of a page than came."""

    def paged(db: Session, query: Select[Any]) -> Page:
        params = resolve_params()
        return paging.paginate(db, query, params=params.model_copy(update=change(params)))

    pages.paged = paged


# The seven


def unknown_id_answers_200() -> None:
    """An id that nothing has gets the first row."""
    selecting.one = lambda session, model, number: RIGHT_ONE(session, model, number) or RIGHT_ONE(session, model, 1)


def filter_ignored() -> None:
    """`genre`, `country` and `channel` change nothing."""
    kept = ("author_id", "alive")
    selecting.narrowed = lambda query, model, wanted: RIGHT_NARROWED(
        query, model, {name: value for name, value in wanted.items() if name in kept}
    )


def search_ignored() -> None:
    """`q` changes nothing."""
    selecting.searched = lambda query, text: query


def filter_after_slicing() -> None:
    """A page is cut from all rows, and what does not fit is taken out of it then."""

    def narrowed(query: Select[Any], model: type[Base], wanted: dict[str, Any]) -> Select[Any]:
        return query.execution_options(wanted=wanted)

    def paged(db: Session, query: Select[Any]) -> Page:
        page = RIGHT_PAGE(db, query)
        wanted = query.get_execution_options().get("wanted", {})
        page.items = [
            item
            for item in page.items
            if all(value is None or getattr(item, name) == value for name, value in wanted.items())
        ]
        return page

    selecting.narrowed, pages.paged = narrowed, paged


def nested_list_shows_all() -> None:
    """The books of an author are all books."""
    selecting.books_of = lambda author: select(Book)


def detail_shows_another() -> None:
    """A book alone is the one after it."""

    def one(session: Session, model: type[Base], number: int) -> Any:
        return RIGHT_ONE(session, model, number % 130 + 1 if model is Book else number)

    selecting.one = one


def delete_does_nothing() -> None:
    """A note is not deleted."""
    writing.delete = lambda db, row: None


# Pages


def offset_skips_one() -> None:
    """Every offset but 0 is one too large."""
    with_parameters(lambda params: {"offset": params.offset + 1} if getattr(params, "offset", 0) else {})


def page_repeats_the_border() -> None:
    """Every page but the first begins with the last row of the one before."""
    with_parameters(lambda params: {"offset": params.offset - 1} if getattr(params, "offset", 0) else {})


def total_is_of_the_page() -> None:
    """`total` says how many rows the page has."""
    with_page(lambda page: setattr(page, "total", len(page.items)))


def total_ignores_filters() -> None:
    """`total` counts all rows of the table."""

    def paged(db: Session, query: Select[Any]) -> Page:
        page = RIGHT_PAGE(db, query)
        model = query.column_descriptions[0]["entity"]
        page.total = db.scalar(select(func.count()).select_from(model))
        return page

    pages.paged = paged


def pages_rounded_down() -> None:
    """`pages` leaves out a last page that is not full."""

    def change(page: Page) -> None:
        if hasattr(page, "pages"):
            page.pages = page.total // page.size

    with_page(change)


def limit_ignored() -> None:
    """Every page has up to 50 rows."""
    with_parameters(lambda params: {"limit": 50} if hasattr(params, "limit") else {"size": 50})


def last_row_missing() -> None:
    """The last row of the list is never shown, and counted."""

    def change(page: Page) -> None:
        place = getattr(page, "offset", None)
        start = place if place is not None else (page.page - 1) * page.size if hasattr(page, "page") else None
        if start is not None and page.items and start + len(page.items) == page.total:
            page.items = page.items[:-1]

    with_page(change)


def one_row_too_many() -> None:
    """A page has a row more than was asked for."""
    with_parameters(
        lambda params: {"limit": params.limit + 1} if hasattr(params, "limit") else {"size": params.size + 1}
    )


def past_the_end_is_the_last_page() -> None:
    """A page beyond the end shows the last rows again."""

    def paged(db: Session, query: Select[Any]) -> Page:
        params = resolve_params()
        total = db.scalar(select(func.count()).select_from(query.subquery()))
        if hasattr(params, "offset") and params.offset >= total:
            params = params.model_copy(update={"offset": max(0, total - params.limit)})
        elif hasattr(params, "page") and (params.page - 1) * params.size >= total:
            params = params.model_copy(update={"page": max(1, -(-total // params.size))})
        return paging.paginate(db, query, params=params)

    pages.paged = paged


def random_order() -> None:
    """No order: each request may have another."""
    selecting.ordered = lambda query, model, word: query.order_by(func.random())


def ties_in_random_order() -> None:
    """Sorted rows that are equal change places."""

    def ordered(query: Select[Any], model: type[Base], word: str | None) -> Select[Any]:
        if word is None:
            return RIGHT_ORDER(query, model, word)
        column = getattr(model, word.removeprefix("-"))
        return query.order_by(column.desc() if word.startswith("-") else column, func.random())

    selecting.ordered = ordered


def cursor_repeats_the_border() -> None:
    """A page by a cursor begins with the last row of the one before."""
    with_cursor(lambda items, last: [*last[-1:], *items[:-1]])


def with_cursor(change: Callable[[list[Any], list[Any]], list[Any]]) -> None:
    """Change the rows of a page by a cursor; `last` is what the pages before it ended with."""
    seen: list[Any] = []

    def paged(db: Session, query: Select[Any]) -> Page:
        params, page = resolve_params(), RIGHT_PAGE(db, query)
        if hasattr(params, "cursor"):
            right = list(page.items)
            if params.cursor and seen:
                page.items = change(right, list(seen))
            seen[:] = right
        return page

    pages.paged = paged


def cursor_skips_a_row() -> None:
    """The first row behind a cursor is left out."""
    with_cursor(lambda items, last: items[1:])


def cursor_of(params: Params) -> str | None:
    """The cursor of a request, None where it has none."""
    return getattr(params, "cursor", None)


def cursor_never_ends() -> None:
    """The last page leads to itself again."""

    def change(page: Page) -> None:
        if hasattr(page, "next_page") and page.next_page is None:
            page.next_page = page.current_page

    with_page(change)


def cursor_ends_early() -> None:
    """The second page says that it is the last."""

    def change(page: Page) -> None:
        if hasattr(page, "next_page") and page.previous_page is not None:
            page.next_page = None

    with_page(change)


def cursor_loses_the_filter() -> None:
    """Only the first page by cursor is filtered."""

    def paged(db: Session, query: Select[Any]) -> Page:
        model = query.column_descriptions[0]["entity"]
        return RIGHT_PAGE(db, RIGHT_ORDER(select(model), model, None) if cursor_of(resolve_params()) else query)

    pages.paged = paged


def page_counts_from_zero() -> None:
    """Page 1 is the second one."""
    with_parameters(lambda params: {"page": params.page + 1} if hasattr(params, "page") else {})


def page_says_another_number() -> None:
    """`page` and `offset` are always those of the first page."""

    def change(page: Page) -> None:
        if hasattr(page, "page"):
            page.page = 1
        if hasattr(page, "offset"):
            page.offset = 0

    with_page(change)


def maximum_is_fifty() -> None:
    """No page has more than 50 rows, whatever the document says of 100."""
    with_parameters(
        lambda params: {"limit": min(params.limit, 50)} if hasattr(params, "limit") else {"size": min(params.size, 50)}
    )


def empty_is_null() -> None:
    """A page without rows has null in the place of the list."""

    def change(page: Page) -> None:
        if not page.items:
            page.items = None

    with_page(change)


def total_is_text() -> None:
    """`total` is a text."""
    with_page(lambda page: setattr(page, "total", str(page.total)))


def empty_page_fails() -> None:
    """A page without rows makes the server fail."""
    with_page(lambda page: page.items[0])


# Order and filters


def sort_ignored() -> None:
    """`sort` changes nothing."""
    selecting.ordered = lambda query, model, word: RIGHT_ORDER(query, model, None)


def minus_ignored() -> None:
    """`-title` sorts as `title` does."""
    selecting.ordered = lambda query, model, word: RIGHT_ORDER(query, model, word and word.removeprefix("-"))


def each_page_sorted_by_itself() -> None:
    """The rows of a page are sorted after it was cut out."""

    def ordered(query: Select[Any], model: type[Base], word: str | None) -> Select[Any]:
        return RIGHT_ORDER(query, model, None).execution_options(word=word)

    def paged(db: Session, query: Select[Any]) -> Page:
        page = RIGHT_PAGE(db, query)
        word = query.get_execution_options().get("word")
        if word:
            name = word.removeprefix("-")
            valued = [item for item in page.items if getattr(item, name) is not None]
            page.items = sorted(valued, key=lambda item: getattr(item, name), reverse=word.startswith("-")) + [
                item for item in page.items if getattr(item, name) is None
            ]
        return page

    selecting.ordered, pages.paged = ordered, paged


def price_excludes_its_ends() -> None:
    """`price_gte` is read as more than."""

    def priced(query: Select[Any], least: int | None, most: int | None) -> Select[Any]:
        if least is not None:
            query = query.where(Book.price > least)
        return query if most is None else query.where(Book.price < most)

    selecting.priced = priced


def false_is_no_filter() -> None:
    """`alive=false` is taken for no filter: `if alive:`."""
    selecting.narrowed = lambda query, model, wanted: RIGHT_NARROWED(
        query, model, {name: value or None for name, value in wanted.items()}
    )


def filters_are_joined_by_or() -> None:
    """Of two filters one is enough."""

    def narrowed(query: Select[Any], model: type[Base], wanted: dict[str, Any]) -> Select[Any]:
        asked = [(name, value) for name, value in wanted.items() if value is not None]
        return RIGHT_NARROWED(query, model, dict(asked[-1:]))

    selecting.narrowed = narrowed


# Who may read


def no_token_needed() -> None:
    """Everybody is let in."""
    access.admits = lambda request, token: True


def any_token_is_good() -> None:
    """Every token is let in."""
    access.admits = lambda request, token: token is not None


def beginning_is_enough() -> None:
    """A token is good if it begins as the right one does."""
    access.admits = lambda request, token: token is not None and access.TOKEN.startswith(token[:8])


def rest_is_not_looked_at() -> None:
    """A token is good if the right one is its beginning."""
    access.admits = lambda request, token: token is not None and token.startswith(access.TOKEN)


def case_of_a_token_is_ignored() -> None:
    """A token is compared without its case."""
    access.admits = lambda request, token: token is not None and token.lower() == access.TOKEN.lower()


def any_scheme_is_good() -> None:
    """The token is taken behind every word, such as Basic."""
    access.admits = lambda request, token: request.headers.get("authorization", "").split(" ")[-1] == access.TOKEN


def no_token_fails() -> None:
    """A request without a token makes the server fail."""
    access.admits = lambda request, token: request.headers["authorization"] == f"Bearer {access.TOKEN}"


def details_are_open() -> None:
    """Only lists ask for a token."""
    access.admits = lambda request, token: bool(request.path_params) or token == access.TOKEN


def head_of_the_shop_is_open() -> None:
    """One list asks for no token: somebody forgot it."""
    access.admits = lambda request, token: request.url.path == "/shelves" or token == access.TOKEN


def token_of_a_cookie_is_good() -> None:
    """The token is also taken from a cookie that another site's page can send."""
    access.admits = lambda request, token: access.TOKEN in (token, request.cookies.get("token"))


def good_token_is_refused_on_details() -> None:
    """Nobody may read one thing, whatever token is shown."""
    access.admits = lambda request, token: token == access.TOKEN and not request.path_params


def refusal_is_200() -> None:
    """A wrong token is told in the body of a success."""
    access.refusal = lambda token: HTTPException(200, "Invalid token")


def refusal_shows_the_token() -> None:
    """The token that came stands in the refusal."""
    access.refusal = lambda token: HTTPException(401, f"Invalid token {token}", {"WWW-Authenticate": "Bearer"})


def refusal_fails() -> None:
    """A wrong token makes the server fail."""
    access.refusal = lambda token: RuntimeError("no such token")


# Writing


def update_does_nothing() -> None:
    """A note is not changed."""
    writing.update = lambda db, row, values: row


def create_loses_a_member() -> None:
    """A new note has no stars."""

    def create(db: Session, row: Any) -> Any:
        row.stars = None
        return RIGHT_CREATE(db, row)

    writing.create = create


def create_is_not_kept() -> None:
    """A new note is answered, and gone."""

    def create(db: Session, row: Any) -> Any:
        RIGHT_CREATE(db, row)
        db.delete(row)
        db.commit()
        return row

    writing.create = create


def delete_takes_the_oldest() -> None:
    """Deleting a note deletes the oldest one of its shelf."""

    def delete(db: Session, row: Any) -> None:
        model = type(row)
        oldest = db.scalars(select(model).where(model.shelf_id == row.shelf_id).order_by(model.id)).first()
        db.delete(oldest)
        db.commit()

    writing.delete = delete


SEVEN = (
    unknown_id_answers_200,
    filter_ignored,
    search_ignored,
    filter_after_slicing,
    nested_list_shows_all,
    detail_shows_another,
    delete_does_nothing,
)
OTHERS = (
    offset_skips_one,
    page_repeats_the_border,
    total_is_of_the_page,
    total_ignores_filters,
    pages_rounded_down,
    limit_ignored,
    last_row_missing,
    one_row_too_many,
    past_the_end_is_the_last_page,
    random_order,
    ties_in_random_order,
    cursor_repeats_the_border,
    cursor_skips_a_row,
    cursor_never_ends,
    cursor_ends_early,
    cursor_loses_the_filter,
    page_counts_from_zero,
    page_says_another_number,
    maximum_is_fifty,
    empty_is_null,
    total_is_text,
    empty_page_fails,
    sort_ignored,
    minus_ignored,
    each_page_sorted_by_itself,
    price_excludes_its_ends,
    false_is_no_filter,
    filters_are_joined_by_or,
    no_token_needed,
    any_token_is_good,
    beginning_is_enough,
    rest_is_not_looked_at,
    case_of_a_token_is_ignored,
    any_scheme_is_good,
    no_token_fails,
    details_are_open,
    head_of_the_shop_is_open,
    token_of_a_cookie_is_good,
    good_token_is_refused_on_details,
    refusal_is_200,
    refusal_shows_the_token,
    refusal_fails,
    update_does_nothing,
    create_loses_a_member,
    create_is_not_kept,
    delete_takes_the_oldest,
)
DEFECTS: dict[str, Callable[[], None]] = {defect.__name__.replace("_", "-"): defect for defect in (*SEVEN, *OTHERS)}
