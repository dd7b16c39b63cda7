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
GROUP_COLUMNS = columns_of(models.Group)
REVISION_COLUMNS = (
    *("id", "name", "properties", "param_types", "created_at"),
    *("previous_revision_id", "message", "created_by"),
)
PERSON_COLUMNS = ("user__id", "user__first_name", "user__last_name", "user__email")
PLACE_COLUMNS = ("workspace__id", "workspace__name")
MEMBER_COLUMNS = (
    *PERSON_COLUMNS,
    *("user__job_title", "user__username", "user__last_login", "user__previous_login", "user__is_org_admin"),
    *("groups", "is_ws_deletable", "is_workspace_admin", "last_visit", "nr_visits"),
)
EVENT_COLUMNS = (
    *("row_id", "timestamp", "event_type", "details"),
    *(*PERSON_COLUMNS, "app__id", "app__name", *PLACE_COLUMNS),
)
LOGIN_COLUMNS = ("row_id", "date", *PERSON_COLUMNS, *PLACE_COLUMNS)


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


class SettingsSerializer(RowSerializer):
    """The settings in the version of an app; a workspace without a version has those of the first SDK."""

    def to_representation(self, instance: Row) -> Row:
        version = instance["app_version"] or {"sdk_version": "1.0.0", "app_type": "tree"}
        major, minor, patch = map(int, version["sdk_version"].split("."))
        complete = version["sdk_version"]
        return {
            "uses_privileged_api": False,
            "welcome_text": "",
            "sdk_version": {"complete": complete, "major": major, "minor": minor, "patch": patch, "pre": None},
            "app_type": version["app_type"],
            "required_oauth2_integrations": [],
        }


class FoldingSerializer(RowSerializer):
    """A row whose columns from other tables stand in one object for each, null where it has no id."""

    def to_representation(self, instance: Row) -> Row:
        row: Row = {}
        folded: dict[str, Row] = {}
        for key, value in super().to_representation(instance).items():
            table, mark, column = key.partition("__")
            if mark:
                folded.setdefault(table, {})[column] = value
            else:
                row[key] = value
        return row | {table: None if values["id"] is None else values for table, values in folded.items()}


class MemberSerializer(RowSerializer):
    """A user, with what a workspace knows of them."""

    def to_representation(self, instance: Row) -> Row:
        row = {key.removeprefix("user__"): value for key, value in super().to_representation(instance).items()}
        return {**row, "name": f"{row['first_name']} {row['last_name']}"}
