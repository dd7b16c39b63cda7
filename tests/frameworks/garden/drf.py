"""The garden by Django REST framework, documented by drf-spectacular, as its own documentation says to do it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework import generics, pagination, routers, serializers, viewsets

from .models import Bed, Plant, Watering


class BedSerializer(serializers.ModelSerializer):
    """A bed."""

    class Meta:
        model = Bed
        fields = ("id", "label", "is_raised")


class PlantSerializer(serializers.ModelSerializer):
    """A plant."""

    class Meta:
        model = Plant
        fields = ("id", "name", "kind", "height", "price", "planted_on", "edible", "bed")


class WateringSerializer(serializers.ModelSerializer):
    """A watering."""

    class Meta:
        model = Watering
        fields = ("id", "plant", "litres", "at")


class Numbered(pagination.PageNumberPagination):
    """Pages by number."""

    page_size = 10
    page_size_query_param = "page_size"
    max_page_size = 20


class ByOffset(pagination.LimitOffsetPagination):
    """Pages by offset."""

    default_limit = 25
    max_limit = 99


class ByCursor(pagination.CursorPagination):
    """Pages by cursor, the newest first."""

    page_size = 10
    ordering = ("-at", "-id")


class PlantFilter(django_filters.FilterSet):
    """Which plants."""

    planted_after = django_filters.DateFilter("planted_on", "gte")

    class Meta:
        model = Plant
        fields = {  # noqa: RUF012
            "kind": ["exact", "in"],
            "edible": ["exact"],
            "bed": ["exact"],
            "height": ["gte", "lte"],
        }


class BedViewSet(viewsets.ModelViewSet):
    """Beds."""

    queryset = Bed.objects.all()
    serializer_class = BedSerializer
    pagination_class = Numbered
    filterset_fields = ("is_raised",)
    ordering_fields = ("label",)


class PlantViewSet(viewsets.ModelViewSet):
    """Plants."""

    queryset = Plant.objects.all()
    serializer_class = PlantSerializer
    pagination_class = ByOffset
    filterset_class = PlantFilter
    search_fields = ("name",)
    ordering_fields = ("name", "height", "price")


class WateringViewSet(viewsets.ReadOnlyModelViewSet):
    """Waterings."""

    queryset = Watering.objects.all()
    serializer_class = WateringSerializer
    pagination_class = ByCursor
    filter_backends = ()


class BedPlants(generics.ListCreateAPIView):
    """The plants of a bed."""

    queryset = Plant.objects.all()
    serializer_class = PlantSerializer
    pagination_class = ByOffset
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        """Only those of the bed."""
        return super().get_queryset().filter(bed_id=self.kwargs["bed_id"])


router = routers.DefaultRouter()
router.include_root_view = False
router.register("beds", BedViewSet)
router.register("plants", PlantViewSet)
router.register("waterings", WateringViewSet)
document = SpectacularJSONAPIView.as_view(authentication_classes=[])
