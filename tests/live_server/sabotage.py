"""Deliberate faults: each function breaks one class of the server.

A test suite that still passes with a fault switched on is not looking.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from . import serializers
from .auth import BearerAuthentication, WorkspaceAccess
from .bodies import EntityCreate, EntityUpdate, Values
from .models import Entity
from .pagination import ApiPagination
from .views import ApiView, EntityList, ListView, Params, Row, SiblingEntityList
from .writing import ChildEntities, OneEntity, RootEntities, Writing


def count_is_page_length() -> None:
    """`count` tells the length of the page, not of the list."""
    stock = ApiPagination.get_paginated_response

    def get_paginated_response(self: ApiPagination, data: list[Row]) -> Response:
        response = stock(self, data)
        response.data["count"] = len(data)
        return response

    ApiPagination.get_paginated_response = get_paginated_response


def no_cap() -> None:
    """Any `limit` is served in full."""
    ApiPagination.max_limit = None


def unstable_order() -> None:
    """Every request shuffles the list."""
    ListView.order_terms = lambda self, params: ["?"]


def filter_after_slicing() -> None:
    """The page is cut first and filtered afterwards."""

    def get(self: ListView, request: Request, **ids: int) -> Response:
        params = self.params()
        rows = self.rows()
        wanted = set(self.narrowed(rows, params).values_list("id", flat=True))
        page = self.paginate_queryset(self.ordered(rows, params))
        if page is None:
            kept = self.ordered(self.narrowed(rows, params), params)
            return Response(self.items(kept, 0))
        page = [row for row in page if row["id"] in wanted]
        return self.get_paginated_response(self.items(page, self.paginator.offset))

    ListView.get = get


def open_endpoint() -> None:
    """The siblings of an entity are shown to anyone."""
    SiblingEntityList.authentication_classes = ()
    SiblingEntityList.permission_classes = (WorkspaceAccess,)


def query_token() -> None:
    """A token in the query string opens the API too."""
    stock = BearerAuthentication.read_token

    def read_token(self: BearerAuthentication, request: Request) -> str | None:
        return stock(self, request) or request.query_params.get("token")

    BearerAuthentication.read_token = read_token


def next_drops_filters() -> None:
    """`next` carries only `limit` and `offset`."""
    stock = ApiPagination.get_next_link

    def get_next_link(self: ApiPagination) -> str | None:
        if stock(self) is None:
            return None
        url = self.request.build_absolute_uri(self.request.path)
        url = replace_query_param(url, "limit", self.limit)
        return replace_query_param(url, "offset", self.offset + self.limit)

    ApiPagination.get_next_link = get_next_link


def count_is_text() -> None:
    """`count` is a string."""
    stock = ApiPagination.get_paginated_response

    def get_paginated_response(self: ApiPagination, data: list[Row]) -> Response:
        response = stock(self, data)
        response.data["count"] = str(response.data["count"])
        return response

    ApiPagination.get_paginated_response = get_paginated_response


def late_item_lacks_field() -> None:
    """Items from the fifty-first on have no name."""
    stock = ListView.items

    def items(self: ListView, rows: Any, first: int) -> list[Row]:
        data = stock(self, rows, first)
        for place, item in enumerate(data, first):
            if place >= 50:
                item.pop("name", None)
        return data

    ListView.items = items


def offset_rounded_down() -> None:
    """`offset` falls back to the start of a whole page."""
    stock = ApiPagination.get_offset

    def get_offset(self: ApiPagination, request: Request) -> int:
        return stock(self, request) // self.limit * self.limit

    ApiPagination.get_offset = get_offset


def html_404() -> None:
    """404 is answered with a web page."""
    stock = ApiView.handle_exception

    def handle_exception(self: ApiView, exc: Exception) -> HttpResponseBase:
        response = stock(self, exc)
        if response.status_code == 404:
            return HttpResponse("<!doctype html><h1>Not Found</h1>", status=404)
        return response

    ApiView.handle_exception = handle_exception


def ties_in_random_order() -> None:
    """With a sort key, equal items change places at random."""
    stock = ListView.order_terms

    def order_terms(self: ListView, params: Params) -> list[Any]:
        *keys, tie_breaker = stock(self, params)
        return [*keys, "?"] if keys else [tie_breaker]

    ListView.order_terms = order_terms


def delete_forgets() -> None:
    """What is deleted stays."""

    def delete(self: OneEntity, request: Request, **ids: int) -> Response:
        self.entity()
        return Response(status=204)

    OneEntity.delete = delete


def deleted_can_be_read() -> None:
    """What is deleted leaves the lists, and is still read alone."""
    stock = EntityList.narrowed

    def delete(self: OneEntity, request: Request, **ids: int) -> Response:
        entity = self.entity()
        entity.deleted = True
        entity.save()
        return Response(status=204)

    OneEntity.delete = delete
    EntityList.narrowed = lambda self, rows, params: stock(self, rows, params).filter(deleted=False)


def update_forgets() -> None:
    """A change is answered with 200 and never made."""
    EntityUpdate.update = lambda self, instance, validated_data: instance


def refused_write_writes() -> None:
    """Of a body that is refused, what is good in it is written all the same."""
    stock = Writing.body

    def body(self: Writing, entity: Entity | None = None, parent: Entity | None = None) -> Any:
        try:
            return stock(self, entity, parent)
        except ValidationError as error:
            write_rest(self, stock, error, entity, parent)
            raise

    Writing.body = body


def write_rest(
    view: Writing, read: Callable[..., Any], error: ValidationError, entity: Entity | None, parent: Entity | None
) -> None:
    """Writes a refused body without the members that were complained of, if the others will do."""
    if not isinstance(view.request.data, dict):
        return
    for name in error.detail:
        view.request.data.pop(name, None)
    try:
        read(view, entity, parent).save()
    except ValidationError:
        return


def new_is_not_listed() -> None:
    """What was made after the start is read alone, and in no list."""
    stock = EntityList.narrowed
    newest = 6015
    EntityList.narrowed = lambda self, rows, params: stock(self, rows, params).filter(pk__lte=newest)


def create_touches_others() -> None:
    """Making an entity writes the others with the same parent anew."""
    stock = EntityCreate.create

    def create(self: EntityCreate, validated_data: Values) -> Entity:
        entity = stock(self, validated_data)
        others = Entity.objects.filter(workspace=entity.workspace, parent=entity.parent).exclude(pk=entity.pk)
        others.update(parent_count=F("parent_count") + 1)
        return entity

    EntityCreate.create = create


def create_answers_another() -> None:
    """Making an entity makes it, and answers with the first one that has the same parent."""
    stock = Writing.written

    def written(self: Writing, reader: Any, params: Params) -> Response:
        response = stock(self, reader, params)
        if not isinstance(self, (RootEntities, ChildEntities)):
            return response
        first = Entity.objects.filter(workspace=self.kwargs["workspace_id"], parent=self.kwargs.get("id"))
        columns = serializers.entity_columns(params)
        return Response(self.get_serializer(first.order_by("id").values(*columns)[0]).data)

    Writing.written = written


SABOTAGES: dict[str, Callable[[], None]] = {
    "count-is-page-length": count_is_page_length,
    "no-cap": no_cap,
    "unstable-order": unstable_order,
    "filter-after-slicing": filter_after_slicing,
    "open-endpoint": open_endpoint,
    "query-token": query_token,
    "next-drops-filters": next_drops_filters,
    "count-is-text": count_is_text,
    "late-item-lacks-field": late_item_lacks_field,
    "offset-rounded-down": offset_rounded_down,
    "html-404": html_404,
    "ties-in-random-order": ties_in_random_order,
    "delete-forgets": delete_forgets,
    "deleted-can-be-read": deleted_can_be_read,
    "update-forgets": update_forgets,
    "refused-write-writes": refused_write_writes,
    "new-is-not-listed": new_is_not_listed,
    "create-touches-others": create_touches_others,
    "create-answers-another": create_answers_another,
}
