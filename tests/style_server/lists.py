"""What all lists share: their query, read and refused, and the rows that are left."""

import re
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

Row = dict[str, Any]
Filters = dict[str, serializers.Field]


class Refused(ValidationError):
    """A 400 that names a parameter."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__({"detail": f"{parameter}: {message}"})


class ListView(APIView, ABC):
    """A list of one model, filtered by columns. A page is what `page` makes of the rows."""

    model: ClassVar[type[Model]]
    filters: ClassVar[Filters] = {}
    order: ClassVar[str] = "pk"

    def get(self, request: Request) -> Response:
        """Answers a page."""
        return self.page(request, self.rows(request))

    def rows(self, request: Request) -> QuerySet:
        """The rows that the query asks for, in order."""
        return self.ordered(self.narrowed(self.model.objects.all(), self.wanted(request)), request)

    def wanted(self, request: Request) -> Row:
        """The filters of a query with their values."""
        return {
            name: read(name, field, request) for name, field in self.filters.items() if name in request.query_params
        }

    def narrowed(self, rows: QuerySet, wanted: Row) -> QuerySet:
        """The rows that pass all filters."""
        return rows.filter(**wanted)

    def ordered(self, rows: QuerySet, request: Request) -> QuerySet:
        """The rows in the order of the list."""
        return rows.order_by(self.order)

    @abstractmethod
    def page(self, request: Request, rows: QuerySet) -> Response:
        """A page of the rows."""


def read(name: str, field: serializers.Field, request: Request) -> Any:
    """The value of a parameter, the last one if it was sent more than once."""
    try:
        return field.run_validation(request.query_params[name])
    except ValidationError as error:
        raise Refused(name, " ".join(map(str, error.detail))) from None


def shown(rows: Any) -> list[Row]:
    """The rows as they are shown."""
    return [{field.attname: getattr(row, field.attname) for field in row._meta.fields} for row in rows]


def text() -> serializers.CharField:
    """A text that must not be empty."""
    return serializers.CharField(trim_whitespace=False)


def century() -> serializers.IntegerField:
    """A century after Christ."""
    return serializers.IntegerField(min_value=1, max_value=30)


def digits(text: str) -> int | None:
    """A number that is written in ASCII digits and nothing else, None for any other text."""
    return int(text) if re.fullmatch("[0-9]{1,1000}", text) else None
