"""Turns database rows (dictionaries) into the objects of the answers."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from . import models

Row = dict[str, Any]

#: Columns that exist for filtering only, and those an answer shows on request.
HIDDEN = {"workspace", "parent", "is_archived", "is_published", "summary_types"}


def columns_of(model: type, keep: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Names of the columns shown in full answers."""
    names = (column.name for column in model._meta.concrete_fields)
    return tuple(name for name in names if name in keep or (name not in HIDDEN and not name.endswith("_folded")))


APP_COLUMNS = {
    "minimal": ("id", "name"),
    "basic": (
        *("id", "name", "short_name", "full_name", "readable_name"),
        *("description", "is_verified", "is_public", "created_at"),
    ),
    "full": columns_of(models.App),
}
WORKSPACE_COLUMNS = {
    "minimal": ("id", "name"),
    "basic": (
        *("id", "name", "description", "visibility", "created_at", "updated_at"),
        *("is_dev", "is_archived", "is_active", "is_initialized"),
    ),
    "full": (
        *columns_of(models.Workspace, keep=("is_archived",)),
        *("app__name", "app__readable_name"),
    ),
}
ENTITY_TYPE_COLUMNS = columns_of(models.EntityType)
ENTITY_COLUMNS = columns_of(models.Entity)


def entity_columns(params: Row) -> tuple[str, ...]:
    """Columns of an entity after the switches of the request."""
    shown = [name for name in ENTITY_COLUMNS if name not in ("properties", "param_types") or params.get(name, True)]
    if params.get("summary_types", False):
        shown.append("summary_types")
    return tuple(shown)


class RowSerializer(serializers.BaseSerializer):
    """A row as it is, with date-times in UTC down to the microsecond."""

    def to_representation(self, instance: Row) -> Row:
        for key, value in instance.items():
            if isinstance(value, datetime):
                instance[key] = f"{value:%Y-%m-%dT%H:%M:%S.%fZ}"
        return instance


class WorkspaceSerializer(RowSerializer):
    """A workspace row, its app folded into one object."""

    def to_representation(self, instance: Row) -> Row:
        row = super().to_representation(instance)
        if "app" in row:
            app = {
                "id": row["app"],
                "name": row.pop("app__name"),
                "readable_name": row.pop("app__readable_name"),
            }
            row["app"] = None if app["id"] is None else app
        return row
