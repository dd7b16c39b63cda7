"""Pages by number, as four frameworks have them."""

import re
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .access import ApiKey, KeyHolder
from .lists import Filters, ListView, Refused, digits, shown, text
from .models import Book, Loan, Reader, Room

LARGEST_INT = 2**31 - 1
LARGEST_LONG = 2**63 - 1


class LibraryList(ListView):
    """A list of the library, behind a key."""

    authentication_classes = (ApiKey,)
    permission_classes = (KeyHolder,)


def pages_of(count: int, size: int) -> int:
    """How many pages a list has."""
    return -(-count // size)


# Django REST framework


class BookPagination(PageNumberPagination):
    """The stock paginator, with the sizes of this API."""

    page_size = 20
    max_page_size = 50
    page_size_query_param = "page_size"


class BookList(LibraryList):
    """GET /books/"""

    model = Book
    filters: ClassVar[Filters] = {"language": text()}
    orderings: ClassVar[dict[str, tuple[Any, str]]] = {
        f"{name}{end}": (term, "pk")
        for name in ("title", "year")
        for end, term in (("", F(name).asc()), (":asc", F(name).asc()), (":desc", F(name).desc()))
    }

    def ordered(self, rows: QuerySet, request: Request) -> QuerySet:
        if "ordering" not in request.query_params:
            return super().ordered(rows, request)
        asked = request.query_params["ordering"]
        if asked not in self.orderings:
            raise Refused("ordering", f"{asked!r} is not a valid choice.")
        return rows.order_by(*self.orderings[asked])

    def page(self, request: Request, rows: QuerySet) -> Response:
        paginator = BookPagination()
        return paginator.get_paginated_response(shown(paginator.paginate_queryset(rows, request, self)))


class BookRead(APIView):
    """GET /books/{id}/"""

    authentication_classes = (ApiKey,)
    permission_classes = (KeyHolder,)

    def get(self, request: Request, id: str) -> Response:
        """Answers a book."""
        number = digits(id)
        if number is None or number > LARGEST_LONG:
            raise NotFound
        rows = shown(Book.objects.filter(pk=number))
        if not rows:
            raise NotFound
        return Response(rows[0])


# Spring Data


class LoanList(LibraryList):
    """GET /loans/, as PageableHandlerMethodArgumentResolver reads a query and PagedModel writes a page."""

    model = Loan
    filters: ClassVar[Filters] = {"overdue": serializers.BooleanField()}
    default_size = 10
    maximum_size = 40

    def narrowed(self, rows: QuerySet, wanted: dict[str, bool]) -> QuerySet:
        return rows.filter(overdue=True) if wanted.get("overdue") else rows

    def size(self, request: Request) -> int:
        """The size of the page: anything below 1 counts as none, and anything above the maximum as the maximum."""
        asked = java_integer(request.query_params.get("size", ""))
        return min(asked, self.maximum_size) if asked else self.default_size

    def number(self, request: Request, rows: QuerySet) -> int:
        """The number of the page, from 0."""
        return java_integer(request.query_params.get("page", ""))

    def page(self, request: Request, rows: QuerySet) -> Response:
        size, number, count = self.size(request), self.number(request, rows), rows.count()
        return Response(self.body(rows, size, number, count))

    def body(self, rows: QuerySet, size: int, number: int, count: int) -> dict[str, object]:
        """The page as JSON."""
        return {
            "content": shown(rows[number * size : (number + 1) * size]),
            "number": number,
            "size": size,
            "totalElements": count,
            "totalPages": pages_of(count, size),
        }


def java_integer(text: str) -> int:
    """A number as Java's Integer.parseInt reads it, and 0 where it throws, or where the number is below 0."""
    if not re.fullmatch(r"[+-]?\d+", text) or len(text) > 12:
        return 0
    number = int(text)
    return number if 0 < number <= LARGEST_INT else 0


# GitHub


class ReaderList(LibraryList):
    """GET /readers/: a bare array, and where to go on in the Link header."""

    model = Reader
    filters: ClassVar[Filters] = {"town": text()}
    default_size = 10
    maximum_size = 30

    def size(self, request: Request) -> int:
        """The size of the page: what is no number, or 0, counts as none."""
        asked = digits(request.query_params.get("per_page", ""))
        return min(asked, self.maximum_size) if asked else self.default_size

    def number(self, request: Request) -> int:
        """The number of the page: what is none counts as 1."""
        return digits(request.query_params.get("page", "")) or 1

    def page(self, request: Request, rows: QuerySet) -> Response:
        size, number = self.size(request), self.number(request)
        last = max(1, pages_of(rows.count(), size))
        start = (number - 1) * size
        items = shown(rows[start : start + size]) if number <= last else []
        links = self.links(request, number, last)
        return Response(items, headers={"Link": self.header(links)} if links else None)

    def links(self, request: Request, number: int, last: int) -> dict[str, str]:
        """The addresses of other pages by their relation."""
        numbers: dict[str, int] = {}
        if number > 1:
            numbers["prev"] = min(number - 1, last)
        if number < last:
            numbers |= {"next": number + 1, "last": last}
        if number > 1:
            numbers["first"] = 1
        return {relation: self.address(request, page) for relation, page in numbers.items()}

    def address(self, request: Request, number: int) -> str:
        """The address of a page of the same list."""
        kept = [(name, value) for name, values in request.query_params.lists() for value in values if name != "page"]
        return request.build_absolute_uri(f"{request.path}?{urlencode([*kept, ('page', number)])}")

    def header(self, links: dict[str, str]) -> str:
        """The value of the Link header."""
        return ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())


# Laravel


class RoomList(LibraryList):
    """GET /rooms/, as LengthAwarePaginator has it: one size."""

    model = Room
    size = 15

    def number(self, request: Request) -> int:
        """The number of the page: what PHP's FILTER_VALIDATE_INT refuses, or is below 1, counts as 1."""
        text = request.query_params.get("page", "").strip(" \t\n\r\v\0")
        number = int(text) if re.fullmatch(r"\+?[1-9][0-9]{0,18}", text) else 1
        return number if number <= LARGEST_LONG else 1

    def page(self, request: Request, rows: QuerySet) -> Response:
        number, count = self.number(request), rows.count()
        start = (number - 1) * self.size
        items = shown(rows[start : start + self.size]) if start < count else []
        return Response({"data": items, "meta": self.meta(number, count)})

    def meta(self, number: int, count: int) -> dict[str, object]:
        """What the page says of itself."""
        last = max(1, pages_of(count, self.size))
        return {
            "total": count,
            "current_page": number,
            "last_page": last,
            "per_page": self.size,
            "next_page": number + 1 if number < last else None,
            "prev_page": number - 1 if number > 1 else None,
            "has_more": number < last,
        }
