"""The operations of the API."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from . import filters, models, ordering, query, serializers
from .auth import BearerAuthentication, WorkspaceAccess
from .pagination import ApiPagination

Params = dict[str, Any]
Row = dict[str, Any]


class ApiView(GenericAPIView):
    """Checks the query string, then answers; to read is all that may be done with most things."""

    http_method_names = ("get", "head")
    authentication_classes = (BearerAuthentication,)
    permission_classes = (IsAuthenticated,)
    pagination_class = ApiPagination
    serializer_class = serializers.RowSerializer
    query_class: type[query.QuerySerializer] = query.NoQuery

    def get_query_class(self) -> type[query.QuerySerializer]:
        """What the query string of this request may hold."""
        return self.query_class

    def params(self) -> Params:
        """The checked parameters, or 400."""
        reader = self.get_query_class()(data=self.request.query_params)
        reader.is_valid(raise_exception=True)
        return reader.validated_data

    def pick(self, rows: QuerySet, pk: int, *columns: str) -> Row:
        """One row, or 404."""
        row = rows.filter(pk=pk).values(*columns).first()
        if row is None:
            raise NotFound
        return row


class ColumnsView(ApiView, ABC):
    """Answers with some columns of rows."""

    @abstractmethod
    def columns(self, params: Params) -> tuple[str, ...]:
        """The columns the answer shows."""


class ReadView(ColumnsView):
    """One object by its id."""

    @abstractmethod
    def candidates(self) -> QuerySet:
        """The rows the id may name."""

    def get(self, request: Request, **ids: int) -> Response:
        columns = self.columns(self.params())
        row = self.pick(self.candidates(), self.kwargs["id"], *columns)
        return Response(self.get_serializer(row).data)


class ListView(ColumnsView):
    """A list that is filtered, then ordered, then cut into pages."""

    sort_columns: ClassVar[dict[str, str]] = {}
    admin_only: tuple[str, ...] = ()

    @abstractmethod
    def rows(self) -> QuerySet:
        """The list before any filter, or 404 if its owner is unknown."""

    def narrowed(self, rows: QuerySet, params: Params) -> QuerySet:
        """The rows the parameters leave."""
        return rows

    def order_terms(self, params: Params) -> list[OrderBy]:
        """The order of the list."""
        keys = params.get("sort", [])
        keys = [keys] if isinstance(keys, str) else keys
        return ordering.order_terms(keys, self.sort_columns)

    def ordered(self, rows: QuerySet, params: Params) -> QuerySet:
        """Ordered rows with the columns of the answer."""
        return rows.order_by(*self.order_terms(params)).values(*self.columns(params))

    def items(self, rows: QuerySet | list[Row], first: int) -> list[Row]:
        """The objects of the rows; `first` is the place of the first one."""
        return self.get_serializer(rows, many=True).data

    def params(self) -> Params:
        """The checked parameters, or 400, or 403 for those of admins."""
        params = super().params()
        asks_admin = any(params.get(name) for name in self.admin_only)
        if asks_admin and not self.request.user.is_org_admin:
            raise PermissionDenied
        return params

    def get(self, request: Request, **ids: int) -> Response:
        params = self.params()
        kept = self.ordered(self.narrowed(self.rows(), params), params)
        page = self.paginate_queryset(kept)
        if page is None:
            return Response(self.items(kept, 0))
        return self.get_paginated_response(self.items(page, self.paginator.offset))


class CurrentUser(ApiView):
    """The owner of the token."""

    def get(self, request: Request) -> Response:
        return Response(request.user.public())


class Verify(ApiView):
    """Says by its status that the token is good."""

    def get(self, request: Request) -> Response:
        return Response({})


class AppList(ListView):
    """All apps."""

    query_class = query.AppListQuery
    sort_columns = ordering.APP_KEYS
    admin_only = ("include_archived",)

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.APP_COLUMNS[params.get("detail_level", "full")]

    def rows(self) -> QuerySet:
        return models.App.objects.all()

    def narrowed(self, rows: QuerySet, params: Params) -> QuerySet:
        return filters.narrow_apps(rows, params)


class AppRead(ReadView):
    """One app."""

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.APP_COLUMNS["full"]

    def candidates(self) -> QuerySet:
        return models.App.objects.all()


class WorkspaceList(ListView):
    """All workspaces."""

    query_class = query.WorkspaceListQuery
    serializer_class = serializers.WorkspaceSerializer
    sort_columns = ordering.WORKSPACE_KEYS
    admin_only = ("include_archived", "include_development")

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.WORKSPACE_COLUMNS[params.get("detail_level", "full")]

    def rows(self) -> QuerySet:
        return models.Workspace.objects.all()

    def narrowed(self, rows: QuerySet, params: Params) -> QuerySet:
        return filters.narrow_workspaces(rows, params)


class WorkspaceRead(ReadView):
    """One workspace."""

    serializer_class = serializers.WorkspaceSerializer

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.WORKSPACE_COLUMNS["full"]

    def candidates(self) -> QuerySet:
        return models.Workspace.objects.all()


class SettingsRead(ReadView):
    """The settings of the app version that a workspace runs."""

    serializer_class = serializers.SettingsSerializer

    def columns(self, params: Params) -> tuple[str, ...]:
        return ("app_version",)

    def candidates(self) -> QuerySet:
        return models.Workspace.objects.all()


class InWorkspace(ApiView):
    """A path below one workspace."""

    permission_classes = (IsAuthenticated, WorkspaceAccess)

    def within(self, model: type) -> QuerySet:
        """The rows of this workspace."""
        return model.objects.filter(workspace_id=self.kwargs["workspace_id"])


class EntityTypeList(InWorkspace, ListView):
    """The entity types of a workspace."""

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.ENTITY_TYPE_COLUMNS

    def rows(self) -> QuerySet:
        return self.within(models.EntityType)


class EntityTypeRead(InWorkspace, ReadView):
    """One entity type."""

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.ENTITY_TYPE_COLUMNS

    def candidates(self) -> QuerySet:
        return self.within(models.EntityType)


class ChildTypeList(EntityTypeList):
    """The entity types allowed below another one."""

    query_class = query.LimitedQuery

    def rows(self) -> QuerySet:
        types = super().rows()
        parent = self.pick(types, self.kwargs["id"], "child_entity_type_ids")
        return types.filter(pk__in=parent["child_entity_type_ids"])


class EntityList(InWorkspace, ListView):
    """What all lists of entities share."""

    query_class = query.EntityListQuery
    sort_columns = ordering.ENTITY_KEYS

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.entity_columns(params)

    def narrowed(self, rows: QuerySet, params: Params) -> QuerySet:
        return filters.narrow_entities(rows, params)


class RootEntityList(EntityList):
    """The entities without a parent."""

    def rows(self) -> QuerySet:
        return self.within(models.Entity).filter(parent=None)


class EntityOfTypeList(EntityList):
    """The entities of one type, wherever they are in the tree."""

    query_class = query.LimitedEntityListQuery

    def rows(self) -> QuerySet:
        kind = self.pick(self.within(models.EntityType), self.kwargs["id"], "id")
        return self.within(models.Entity).filter(entity_type=kind["id"])


class ChildEntityList(EntityList):
    """The entities directly below another one."""

    query_class = query.LimitedEntityListQuery

    def rows(self) -> QuerySet:
        entities = self.within(models.Entity)
        parent = self.pick(entities, self.kwargs["id"], "id")
        return entities.filter(parent=parent["id"])


class SiblingEntityList(EntityList):
    """The entities with the same parent, without the one asked about."""

    def rows(self) -> QuerySet:
        entities = self.within(models.Entity)
        entity = self.pick(entities, self.kwargs["id"], "id", "parent")
        return entities.filter(parent=entity["parent"]).exclude(pk=entity["id"])


class EntityRead(InWorkspace, ReadView):
    """One entity."""

    query_class = query.EntityQuery

    def columns(self, params: Params) -> tuple[str, ...]:
        return serializers.entity_columns(params)

    def candidates(self) -> QuerySet:
        return self.within(models.Entity)


class ParentEntityRead(EntityRead):
    """The entity above another one, or 204 above a root."""

    def get(self, request: Request, **ids: int) -> Response:
        columns = self.columns(self.params())
        entities = self.candidates()
        parent = self.pick(entities, self.kwargs["id"], "parent")["parent"]
        if parent is None:
            return Response(status=204)
        return Response(self.get_serializer(self.pick(entities, parent, *columns)).data)


class ParentEntityList(EntityRead):
    """All entities above another one, the root first; never a page."""

    query_class = query.NoQuery

    def get(self, request: Request, **ids: int) -> Response:
        columns = self.columns(self.params())
        entities = self.candidates()
        path = self.pick(entities, self.kwargs["id"], "path")["path"]
        above = entities.filter(pk__in=path[:-1]).order_by("parent_count").values(*columns)
        return Response(self.get_serializer(above, many=True).data)


class RevisionList(InWorkspace, ListView):
    """The saved states of an entity, the first one first."""

    query_class = query.RevisionListQuery

    def columns(self, params: Params) -> tuple[str, ...]:
        shown = serializers.REVISION_COLUMNS
        return shown if params.get("param_types", True) else tuple(name for name in shown if name != "param_types")

    def rows(self) -> QuerySet:
        entity = self.pick(self.within(models.Entity), self.kwargs["id"], "id")
        return models.Revision.objects.filter(entity=entity["id"])
