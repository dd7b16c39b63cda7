"""The operations that make, change and delete entities."""

from typing import ClassVar

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from . import bodies, models, query, serializers, views


class Writing(views.InWorkspace):
    """What all writes share; the answer is the entity as it is afterwards."""

    body_classes: ClassVar[dict[str, type[Serializer]]] = {}
    write_query_class: type[query.QuerySerializer] = query.PrivilegedQuery

    def get_query_class(self) -> type[query.QuerySerializer]:
        reads = self.request.method in ("GET", "HEAD")
        return super().get_query_class() if reads else self.write_query_class

    def entity(self) -> models.Entity:
        """The entity of the path, or 404."""
        entity = self.within(models.Entity).filter(pk=self.kwargs["id"]).first()
        if entity is None:
            raise NotFound
        return entity

    def body(self, entity: models.Entity | None = None, parent: models.Entity | None = None) -> Serializer:
        """The checked body, ready to be saved, or 400."""
        context = {"workspace": self.kwargs["workspace_id"], "parent": parent, "caller": self.request.user}
        reader = self.body_classes[self.request.method](entity, data=self.request.data, context=context)
        reader.is_valid(raise_exception=True)
        return reader

    def written(self, reader: Serializer, params: views.Params) -> Response:
        """Saves, and answers what is in the table then."""
        entity = reader.save()
        columns = serializers.entity_columns(params)
        return Response(self.get_serializer(self.pick(self.within(models.Entity), entity.id, *columns)).data)


class RootEntities(Writing, views.RootEntityList):
    """The entities without a parent."""

    http_method_names = ("get", "head", "post")
    body_classes: ClassVar = {"POST": bodies.EntityCreate}
    write_query_class = query.NoQuery

    def post(self, request: Request, **ids: int) -> Response:
        params = self.params()
        return self.written(self.body(), params)


class ChildEntities(Writing, views.ChildEntityList):
    """The entities directly below another one."""

    http_method_names = ("get", "head", "post")
    body_classes: ClassVar = {"POST": bodies.EntityCreate}

    def post(self, request: Request, **ids: int) -> Response:
        params = self.params()
        return self.written(self.body(parent=self.entity()), params)


class OneEntity(Writing, views.EntityRead):
    """One entity; PUT shows of it what its query says, PATCH everything."""

    http_method_names = ("get", "head", "put", "patch", "delete")
    body_classes: ClassVar = {"PUT": bodies.EntityUpdate, "PATCH": bodies.EntityUpdate}

    def get_query_class(self) -> type[query.QuerySerializer]:
        return query.EntityQuery if self.request.method == "PUT" else super().get_query_class()

    def put(self, request: Request, **ids: int) -> Response:
        params = self.params()
        return self.written(self.body(self.entity()), params)

    def patch(self, request: Request, **ids: int) -> Response:
        return self.put(request, **ids)

    def delete(self, request: Request, **ids: int) -> Response:
        self.params()
        self.entity().delete()  # and what stands below it: the tables cascade
        return Response(status=204)


class EntityRenaming(Writing):
    """Another name for an entity."""

    http_method_names = ("post",)
    body_classes: ClassVar = {"POST": bodies.EntityRename}

    def post(self, request: Request, **ids: int) -> Response:
        params = self.params()
        return self.written(self.body(self.entity()), params)
