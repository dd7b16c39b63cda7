"""Pages by cursor, in four ways."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from .access import Basic, Visitor
from .lists import Filters, ListView, Refused, Row, century, digits, shown, text
from .models import Drawing, Letter, Painting, Print


class MuseumList(ListView):
    """A list of the museum, behind a name and a password."""

    authentication_classes = (Basic,)
    permission_classes = (Visitor,)


# Django REST framework


class PaintingPagination(CursorPagination):
    """The stock paginator, with the sizes of this API."""

    page_size = 20
    max_page_size = 50
    page_size_query_param = "page_size"
    ordering = "id"


class PaintingList(MuseumList):
    """GET /paintings/"""

    model = Painting
    filters: ClassVar[Filters] = {"century": century()}

    def page(self, request: Request, rows: QuerySet) -> Response:
        paginator = PaintingPagination()
        return paginator.get_paginated_response(shown(paginator.paginate_queryset(rows, request, self)))


# Stripe


class DrawingList(MuseumList):
    """GET /drawings/: a page begins after an item."""

    model = Drawing
    filters: ClassVar[Filters] = {"century": century()}

    def page(self, request: Request, rows: QuerySet) -> Response:
        size = self.size(request)
        after = self.after(request)
        if after is not None:
            rows = self.rest(rows, after)
        items = shown(rows[: size + 1])
        return Response({"data": items[:size], "has_more": self.more(items, size)})

    def size(self, request: Request) -> int:
        """The size of the page, from 1 to 40."""
        return size_within(request, 40)

    def after(self, request: Request) -> Drawing | None:
        """The drawing that the page comes after."""
        asked = request.query_params.get("starting_after")
        if asked is None:
            return None
        drawing = Drawing.objects.filter(pk=asked).first()
        if drawing is None:
            raise Refused("starting_after", f"No such drawing: {asked!r}")
        return drawing

    def rest(self, rows: QuerySet, after: Drawing) -> QuerySet:
        """The rows behind a drawing."""
        return rows.filter(pk__gt=after.pk)

    def more(self, items: list[Row], size: int) -> bool:
        """Whether there are more, from one item too many."""
        return len(items) > size


def size_within(request: Request, maximum: int | None) -> int:
    """The `limit` of a query, 10 where it says none; refused where it is no size. None: any."""
    if "limit" not in request.query_params:
        return 10
    size = digits(request.query_params["limit"])
    if not size or (maximum is not None and size > maximum):
        raise Refused("limit", "This is no size of a page.")
    return size


# A signed cursor in the body


class PrintList(MuseumList):
    """GET /prints/: the cursor is signed, and holds the filters that it is for."""

    model = Print
    filters: ClassVar[Filters] = {"century": century()}

    def page(self, request: Request, rows: QuerySet) -> Response:
        size = min(size_within(request, None), 40)
        side, key = self.opened(request)
        items = self.before(rows, key, size) if side == "before" else self.behind(rows, key, size)
        return Response(self.body(request, rows, items))

    def behind(self, rows: QuerySet, key: int, size: int) -> list[Row]:
        """The page behind a print."""
        return shown(rows.filter(pk__gt=key)[:size])

    def before(self, rows: QuerySet, key: int, size: int) -> list[Row]:
        """The page before a print."""
        return shown(reversed(rows.filter(pk__lt=key).reverse()[:size]))

    def body(self, request: Request, rows: QuerySet, items: list[Row]) -> dict[str, Any]:
        """The page as JSON."""
        first, last = (items[0]["id"], items[-1]["id"]) if items else (0, 0)
        following = bool(items) and rows.filter(pk__gt=last).exists()
        preceding = bool(items) and rows.filter(pk__lt=first).exists()
        return {
            "items": items,
            "total": rows.count(),
            "next_cursor": self.sealed(request, "behind", last) if following else None,
            "previous_cursor": self.sealed(request, "before", first) if preceding else None,
        }

    def sealed(self, request: Request, side: str, key: int) -> str:
        """A cursor for this list with these filters."""
        return signing.dumps([side, key, self.scope(request)], salt=request.path)

    def opened(self, request: Request) -> tuple[str, int]:
        """On which side of which print the page is."""
        given = request.query_params.get("cursor", "")
        if given == "":
            return "behind", 0
        try:
            side, key, scope = signing.loads(given, salt=request.path)
        except signing.BadSignature:
            raise Refused("cursor", "This is no cursor.") from None
        if scope != self.scope(request):
            raise Refused("cursor", "This cursor is for other filters.")
        return side, key

    def scope(self, request: Request) -> dict[str, Any]:
        """What a cursor is for."""
        return self.wanted(request)


# OData


class LetterList(MuseumList):
    """GET /letters/: a link leads on, and the last page has none."""

    model = Letter
    filters: ClassVar[Filters] = {"writer": text()}
    size = 15
    parameter = "$skiptoken"

    def page(self, request: Request, rows: QuerySet) -> Response:
        items = shown(self.rest(request, rows)[: self.size + 1])
        body: dict[str, Any] = {"value": items[: self.size]}
        if len(items) > self.size:
            body["@odata.nextLink"] = self.link(request, items[self.size - 1]["id"])
        return Response(body)

    def rest(self, request: Request, rows: QuerySet) -> QuerySet:
        """The rows behind what the link says."""
        given = request.query_params.get(self.parameter)
        if given is None:
            return rows
        key = digits(given)
        if key is None or len(given) > 18:
            raise Refused(self.parameter, "This is no token.")
        return rows.filter(pk__gt=key)

    def link(self, request: Request, key: int) -> str:
        """The address of the page behind a letter."""
        lists = request.query_params.lists()
        kept = [(name, value) for name, values in lists for value in values if name != self.parameter]
        return request.build_absolute_uri(f"{request.path}?{urlencode([*kept, (self.parameter, key)])}")
