"""Deliberate faults: each function breaks one of the servers in a way that servers of its kind are known for."""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.core.paginator import Paginator
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from . import cursors
from .cursors import DrawingList, LetterList, PrintList
from .lists import Row, shown
from .models import Drawing
from .page_numbers import BookList, BookPagination, LoanList, ReaderList, RoomList

# Page numbers


def past_the_end_is_the_last_page() -> None:
    """Django's `get_page` instead of `page`: whatever is no page is the first or the last."""

    class Lenient(Paginator):
        def page(self, number: Any) -> Any:
            return super().page(min(int(number), self.num_pages) if str(number).isdigit() else number)

    BookPagination.django_paginator_class = Lenient


def no_maximum() -> None:
    """Any `page_size` is served in full."""
    BookPagination.max_page_size = None


def next_drops_filters() -> None:
    """`next` carries only the number of the page and its size."""
    stock = BookPagination.get_next_link

    def get_next_link(self: BookPagination) -> str | None:
        if stock(self) is None:
            return None
        url = self.request.build_absolute_uri(self.request.path)
        if size := self.request.query_params.get("page_size"):
            url = replace_query_param(url, "page_size", size)
        return replace_query_param(url, "page", self.page.next_page_number())

    BookPagination.get_next_link = get_next_link


def ties_in_random_order() -> None:
    """With `ordering`, equal books change places from one request to the next."""
    BookList.orderings = {word: (term, "?") for word, (term, _) in BookList.orderings.items()}


def text_page_crashes() -> None:
    """A page that is no number makes the view raise."""
    BookPagination.get_page_number = lambda self, request, paginator: int(request.query_params.get("page") or 1)


def total_pages_rounded_down() -> None:
    """`totalPages` leaves a last page out that is not full."""
    LoanList.body = with_member(LoanList.body, "totalPages", lambda body: body["totalElements"] // body["size"])


def page_zero_is_page_one() -> None:
    """Numbers are taken to begin at 1, also here, where they begin at 0."""
    stock = LoanList.number
    LoanList.number = lambda self, request, rows: max(0, stock(self, request, rows) - 1)


def size_is_forgotten_after_the_first_page() -> None:
    """Pages but the first have the usual size, whatever was asked for."""
    stock = LoanList.size
    LoanList.size = lambda self, request: stock(self, request) if self.number(request, None) == 0 else 10


def next_on_the_last_page() -> None:
    """The last page links to one behind it."""
    stock = ReaderList.links

    def links(self: ReaderList, request: Request, number: int, last: int) -> dict[str, str]:
        return {**stock(self, request, number, last), "next": self.address(request, number + 1)}

    ReaderList.links = links


def last_page_is_missing() -> None:
    """A last page that is not full is not given."""
    stock = RoomList.page

    def page(self: RoomList, request: Request, rows: QuerySet) -> Response:
        response = stock(self, request, rows)
        if len(response.data["data"]) < self.size or self.number(request) * self.size >= rows.count():
            response.data["data"] = []
        return response

    RoomList.page = page


def has_more_on_the_last_page() -> None:
    """`has_more` is true wherever a page is full."""
    RoomList.meta = with_member(RoomList.meta, "has_more", lambda meta: meta["current_page"] <= meta["last_page"])


# Cursors


def border_is_repeated() -> None:
    """A page begins with the last item of the page before."""
    DrawingList.rest = lambda self, rows, after: rows.filter(pk__gte=after.pk)


def more_where_a_page_is_full() -> None:
    """`has_more` is true wherever a page is full."""
    DrawingList.more = lambda self, items, size: len(items) >= size


def unknown_item_begins_anew() -> None:
    """An item that is not there is taken for none."""

    def after(self: DrawingList, request: Request) -> Drawing | None:
        return Drawing.objects.filter(pk=request.query_params.get("starting_after", "")).first()

    DrawingList.after = after


def cursor_of_other_filters_is_taken() -> None:
    """A cursor goes with any filters."""
    PrintList.scope = lambda self, request: {}


def filter_is_lost_behind_a_cursor() -> None:
    """Only the first page is filtered."""
    stock = PrintList.narrowed

    def narrowed(self: PrintList, rows: QuerySet, wanted: Row) -> QuerySet:
        return rows if "cursor" in self.request.query_params else stock(self, rows, wanted)

    PrintList.narrowed = narrowed


def bad_cursor_begins_anew() -> None:
    """A cursor whose signature is wrong is taken for none."""
    stock = signing.loads

    def loads(text: str, **more: Any) -> Any:
        try:
            return stock(text, **more)
        except signing.BadSignature:
            return "behind", 0, {}

    cursors.signing.loads = loads
    PrintList.scope = lambda self, request: {}


def next_cursor_on_the_last_page() -> None:
    """The last page has a cursor, too."""
    PrintList.body = with_cursor(PrintList.body)


def with_cursor(stock: Callable[..., Row]) -> Callable[..., Row]:
    """A page that always says where to go on."""

    def body(self: PrintList, request: Request, rows: QuerySet, items: list[Row]) -> Row:
        page = stock(self, request, rows, items)
        if items:
            page["next_cursor"] = self.sealed(request, "behind", items[-1]["id"])
        return page

    return body


def link_drops_filters() -> None:
    """The link carries only the token."""

    def link(self: LetterList, request: Request, key: int) -> str:
        return request.build_absolute_uri(f"{request.path}?%24skiptoken={key}")

    LetterList.link = link


def link_skips_one() -> None:
    """The link leads behind the item that was fetched to look ahead."""
    stock = LetterList.link
    LetterList.link = lambda self, request, key: stock(self, request, key + 1)


def cursor_is_an_unsteady_offset() -> None:
    """A cursor that holds how many pages came before, counted in pages of the usual size."""

    def behind(self: PrintList, rows: QuerySet, key: int, size: int) -> list[Row]:
        start = rows.filter(pk__lte=key).count() // 10 * 10 if key else 0
        return shown(rows[start : start + size])

    PrintList.behind = behind


def with_member(stock: Callable[..., Row], name: str, change: Callable[[Row], Any]) -> Callable[..., Row]:
    """What makes a body, with one member that is made in another way."""

    def body(*given: Any) -> Row:
        right = stock(*given)
        return {**right, name: change(right)}

    return body


SABOTAGES: dict[str, Callable[[], None]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        past_the_end_is_the_last_page,
        no_maximum,
        next_drops_filters,
        ties_in_random_order,
        text_page_crashes,
        total_pages_rounded_down,
        page_zero_is_page_one,
        size_is_forgotten_after_the_first_page,
        next_on_the_last_page,
        last_page_is_missing,
        has_more_on_the_last_page,
        border_is_repeated,
        more_where_a_page_is_full,
        unknown_item_begins_anew,
        cursor_of_other_filters_is_taken,
        filter_is_lost_behind_a_cursor,
        bad_cursor_begins_anew,
        next_cursor_on_the_last_page,
        link_drops_filters,
        link_skips_one,
        cursor_is_an_unsteady_offset,
    )
}
