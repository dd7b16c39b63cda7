"""The addresses of both APIs."""

from django.urls import include, path

from . import drf
from .ninja_api import api

urlpatterns = [
    path("drf/", include(drf.router.urls)),
    path("drf/beds/<int:bed_id>/plants/", drf.BedPlants.as_view()),
    path("schema/", drf.document, name="schema"),
    path("ninja/", api.urls),
]
