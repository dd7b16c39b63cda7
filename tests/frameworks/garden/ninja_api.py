"""The garden by django-ninja, documented by itself."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, FilterSchema, ModelSchema, NinjaAPI, Query, Schema, Status
from ninja.pagination import LimitOffsetPagination, PageNumberPagination, paginate
from ninja.security import APIKeyHeader

from .models import TOKEN, Bed, Plant, Watering


class Key(APIKeyHeader):
    """The key of the garden."""

    param_name = "X-API-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> str | None:
        """Whoever has the key."""
        return key if key == TOKEN else None


class BedOut(ModelSchema):
    """A bed."""

    class Meta:
        model = Bed
        fields = ("id", "label", "is_raised")


class PlantOut(Schema):
    """A plant."""

    id: int
    name: str
    kind: Literal["herb", "shrub", "tree"]
    height: int | None = None
    price: Decimal
    planted_on: datetime.date | None = None
    edible: bool
    bed_id: int


class WateringOut(Schema):
    """A watering."""

    id: int
    plant_id: int
    litres: float
    at: datetime.datetime


class BedIn(Schema):
    """A new bed."""

    label: str
    is_raised: bool = False


class PlantFilter(FilterSchema):
    """Which plants."""

    kind: Literal["herb", "shrub", "tree"] | None = None
    edible: bool | None = None
    bed_id: int | None = None
    search: Annotated[str | None, Field(None, description="Search in names")] = None

    def filter_search(self, value: str | None) -> Any:
        """By a part of the name."""
        from django.db.models import Q

        return Q(name__icontains=value) if value else Q()


api = NinjaAPI(title="Garden", version="1.0.0", auth=Key(), docs_url=None)


@api.get("/plants", response=list[PlantOut])
@paginate(LimitOffsetPagination)
def list_plants(request: HttpRequest, wanted: Query[PlantFilter]) -> QuerySet[Plant]:
    """The plants."""
    return wanted.filter(Plant.objects.all())


@api.get("/plants/{plant_id}", response=PlantOut)
def read_plant(request: HttpRequest, plant_id: int) -> Plant:
    """One plant."""
    return get_object_or_404(Plant, id=plant_id)


@api.get("/beds", response=list[BedOut])
@paginate(PageNumberPagination, page_size=10)
def list_beds(request: HttpRequest, is_raised: bool | None = None) -> QuerySet[Bed]:
    """The beds."""
    beds = Bed.objects.all()
    return beds if is_raised is None else beds.filter(is_raised=is_raised)


@api.post("/beds", response={201: BedOut})
def create_bed(request: HttpRequest, given: BedIn) -> Any:
    """A new bed."""
    return Status(201, Bed.objects.create(**given.dict()))


@api.get("/beds/{bed_id}", response=BedOut)
def read_bed(request: HttpRequest, bed_id: int) -> Bed:
    """One bed."""
    return get_object_or_404(Bed, id=bed_id)


@api.delete("/beds/{bed_id}", response={204: None})
def delete_bed(request: HttpRequest, bed_id: int) -> Any:
    """Away with it."""
    get_object_or_404(Bed, id=bed_id).delete()
    return Status(204, None)


@api.get("/beds/{bed_id}/plants", response=list[PlantOut])
@paginate(LimitOffsetPagination)
def list_bed_plants(request: HttpRequest, bed_id: int) -> QuerySet[Plant]:
    """The plants of a bed."""
    return get_object_or_404(Bed, id=bed_id).plants.all()


@api.get("/waterings", response=list[WateringOut])
@paginate
def list_waterings(request: HttpRequest) -> QuerySet[Watering]:
    """The waterings, the newest first."""
    return Watering.objects.order_by("-at", "-id")
