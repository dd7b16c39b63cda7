"""What each query parameter leaves of a list."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from . import models
from .query import MAX_STORED_INTEGER

Params = dict[str, Any]
Narrower = Callable[[QuerySet, Any], QuerySet]


def storable(numbers: Iterable[int]) -> set[int]:
    """The numbers a column can hold; no row has any other."""
    return {n for n in numbers if abs(n) <= MAX_STORED_INTEGER}


def equal(column: str) -> Narrower:
    """Keeps rows whose column has the value (or passes the lookup)."""
    return lambda rows, value: rows.filter(**{column: value})


def one_of(column: str) -> Narrower:
    """Keeps rows whose column has one of the numbers."""
    return lambda rows, values: rows.filter(**{f"{column}__in": storable(values)})


def linked(model: type, row: str, value: str) -> Narrower:
    """Keeps rows that a linking table ties to one of the numbers."""

    def narrow(rows: QuerySet, values: list[int]) -> QuerySet:
        links = model.objects.filter(**{f"{value}__in": storable(values)})
        return rows.filter(pk__in=links.values(row))

    return narrow


def found_in(*columns: str) -> Narrower:
    """Keeps rows with the text somewhere in a column, whatever its case."""

    def narrow(rows: QuerySet, value: str) -> QuerySet:
        hit = Q()
        for column in columns:
            place = StrIndex(f"{column}_folded", Value(value.casefold()))
            hit |= Q(GreaterThan(place, 0))
        return rows.filter(hit)

    return narrow


def of_entity_type(rows: QuerySet, values: list[str]) -> QuerySet:
    """Keeps entities of the types named by id or class name."""
    ids = storable(int(v) for v in values if v.isascii() and v.isdigit())
    return rows.filter(Q(entity_type__in=ids) | Q(entity_type_name__in=values))


def narrow(rows: QuerySet, params: Params, table: dict[str, Narrower]) -> QuerySet:
    """Applies every parameter that was sent."""
    for name, narrower in table.items():
        if name in params:
            rows = narrower(rows, params[name])
    return rows


def narrow_workspaces(rows: QuerySet, params: Params) -> QuerySet:
    """Archived and development workspaces are hidden unless asked for."""
    table = {
        "visibility": equal("visibility__in"),
        "app": one_of("app"),
        "label": linked(models.WorkspaceLabel, "workspace", "label"),
        "project": equal("project"),
        "search": found_in("name", "description"),
    }
    rows = narrow(rows, params, table)
    if params.get("archived"):
        rows = rows.filter(is_archived=True)
    elif not params.get("include_archived"):
        rows = rows.filter(is_archived=False)
    if params.get("is_dev"):
        rows = rows.filter(is_dev=True)
    elif not params.get("include_development"):
        rows = rows.filter(is_dev=False)
    return rows


def narrow_apps(rows: QuerySet, params: Params) -> QuerySet:
    """Archived apps are hidden unless asked for."""
    table = {
        "maintainer": linked(models.AppMaintainer, "app", "user_id"),
        "label": linked(models.AppLabel, "app", "label"),
        "search": found_in("name", "readable_name"),
        "is_published": equal("is_published"),
        "is_verified": equal("is_verified"),
        "is_public": equal("is_public"),
    }
    rows = narrow(rows, params, table)
    if not params.get("include_archived"):
        rows = rows.filter(is_archived=False)
    return rows


def narrow_entities(rows: QuerySet, params: Params) -> QuerySet:
    """The filters all lists of entities share."""
    table = {
        "entity_type": of_entity_type,
        "name": equal("name"),
        "search": found_in("name"),
        "created_by": one_of("created_by"),
        "last_updated_by": one_of("last_updated_by"),
        "created_at_min": equal("created_at__gte"),
        "created_at_max": equal("created_at__lte"),
        "updated_at_min": equal("updated_at__gte"),
        "updated_at_max": equal("updated_at__lte"),
    }
    return narrow(rows, params, table)


def narrow_groups(rows: QuerySet, params: Params) -> QuerySet:
    """Groups have a search only."""
    return narrow(rows, params, {"search": found_in("name", "description")})


def narrow_events(rows: QuerySet, params: Params) -> QuerySet:
    """Events of one type between two moments, both included."""
    table = {
        "event_type": equal("event_type"),
        "start_date": equal("timestamp__gte"),
        "end_date": equal("timestamp__lte"),
        "user": one_of("user"),
        "app": one_of("app"),
        "workspace": one_of("workspace"),
    }
    return narrow(rows, params, table)


def narrow_logins(rows: QuerySet, params: Params) -> QuerySet:
    """Logins between two moments, both included."""
    table = {
        "start_date": equal("date__gte"),
        "end_date": equal("date__lte"),
        "user": one_of("user"),
        "workspace": one_of("workspace"),
    }
    return narrow(rows, params, table)
