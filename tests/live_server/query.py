"""One serializer per operation for the query string.

`limit` appears only where the API promises to check it; elsewhere, like `offset`
everywhere, it is left to the paginator.
"""

from typing import Any

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

MAX_STORED_INTEGER = 2**63 - 1
EVENT_TYPES = tuple(
    f"{subject}.{event}"
    for subject, events in {
        "APP": "ARCHIVE CREATE PUBLISH PUBLISH_FAIL UNARCHIVE UPDATE UPDATE_VARIABLES",
        "EDITOR": "COMPUTE ENTER EXIT",
        "ENTITY": "COPY COPY_RECURSIVE CREATE DELETE RENAME REVISE SAVE",
        "ORG": "DELETE_USERS INVITE_USERS INVITE_USERS_BY_EMAIL",
        "USER": (
            "CLI_DOWNLOAD DEV_PAIRING_ACTIVATE DEV_PAIRING_RETRIEVE DEV_PAIRING_VERIFY "
            "LOCK LOGIN LOGIN_FAIL LOGOUT SUBMIT_SUPPORT_TICKET"
        ),
        "WORKSPACE": "ARCHIVE CHANGE_VISIBILITY CREATE DELETE_USERS ENTER INVITE_USERS UNARCHIVE",
    }.items()
    for event in events.split()
)


def messages(detail: Any) -> list[str]:
    """All messages of a field in one list, also those kept per array index."""
    if isinstance(detail, dict):
        return [text for part in detail.values() for text in messages(part)]
    if isinstance(detail, list):
        return [text for part in detail for text in messages(part)]
    return [detail]


class QuerySerializer(serializers.Serializer):
    """Reads a query string; parameters it does not know are ignored."""

    def to_internal_value(self, data: QueryDict) -> dict[str, Any]:
        plain = {name: self.raw_value(field, data, name) for name, field in self.fields.items() if name in data}
        plain = {name: value for name, value in plain.items() if value is not None}
        try:
            return super().to_internal_value(plain)
        except ValidationError as error:
            raise ValidationError({name: messages(detail) for name, detail in error.detail.items()}) from None

    @staticmethod
    def raw_value(field: serializers.Field, data: QueryDict, name: str) -> Any:
        """All values of an array, else the last one; None counts as absent."""
        if isinstance(field, serializers.ListField):
            return data.getlist(name)
        empty_means_absent = (serializers.IntegerField, serializers.BooleanField)
        if data[name] == "" and isinstance(field, empty_means_absent):
            return None
        return data[name]


def flag() -> serializers.BooleanField:
    """An optional boolean."""
    return serializers.BooleanField(required=False)


def text() -> serializers.CharField:
    """An optional text that must not be blank."""
    return serializers.CharField(required=False)


def moment() -> serializers.DateTimeField:
    """An optional date-time."""
    return serializers.DateTimeField(required=False)


def choice(*values: str) -> serializers.ChoiceField:
    """An optional choice."""
    return serializers.ChoiceField(values, required=False)


def positive() -> serializers.IntegerField:
    """An optional whole number of at least one."""
    return serializers.IntegerField(min_value=1, required=False)


def several(child: serializers.Field) -> serializers.ListField:
    """An optional array, sent by repeating its key."""
    return serializers.ListField(child=child, required=False)


def whole_numbers() -> serializers.ListField:
    """An optional array of whole numbers."""
    return several(serializers.IntegerField())


def with_directions(*keys: str) -> tuple[str, ...]:
    """Each sort key bare, ascending and descending."""
    return tuple(f"{key}{end}" for key in keys for end in ("", ":asc", ":desc"))


class NoQuery(QuerySerializer):
    """An operation that reads no parameter of its own."""


class LimitedQuery(QuerySerializer):
    """A list that checks its `limit`."""

    limit = positive()


class WorkspaceListQuery(QuerySerializer):
    """GET workspaces/"""

    detail_level = choice("minimal", "basic", "full")
    include_development = flag()
    include_archived = flag()
    visibility = several(choice("INTERNAL", "PRIVATE", "DEVELOPMENT", "PUBLIC"))
    is_dev = flag()
    archived = flag()
    app = whole_numbers()
    label = whole_numbers()
    project = positive()
    sort = choice(*with_directions("name", "created_at", "views", "views_last_30_days", "user_last_visit"))
    search = text()


class AppListQuery(QuerySerializer):
    """GET apps/"""

    detail_level = choice("minimal", "basic", "full")
    maintainer = whole_numbers()
    label = whole_numbers()
    sort = several(
        choice(
            *with_directions("is_verified", "created_at", "readable_name", "name"),
            *with_directions("views", "views_last_30_days", "dev_connect"),
        )
    )
    search = text()
    is_published = flag()
    include_archived = flag()
    is_verified = flag()
    is_public = flag()


class GroupListQuery(QuerySerializer):
    """GET workspaces/{workspace_id}/groups/"""

    sort = choice(*with_directions("name"))
    search = text()


class PrivilegedQuery(QuerySerializer):
    """An operation on an entity that reads nothing else."""

    privileged = flag()


class RevisionListQuery(PrivilegedQuery):
    """The revisions of an entity."""

    param_types = flag()


class LoginListQuery(QuerySerializer):
    """GET statistics/details/daily_developer_logins/"""

    start_date = moment()
    end_date = moment()
    user = whole_numbers()
    export = choice("csv")


class UserLoginListQuery(LoginListQuery):
    """GET statistics/details/daily_user_logins/"""

    workspace = whole_numbers()


class AuditEventListQuery(QuerySerializer):
    """GET statistics/details/audit_events/"""

    event_type = serializers.ChoiceField(EVENT_TYPES)
    start_date = serializers.DateTimeField()
    end_date = serializers.DateTimeField()
    user = whole_numbers()
    app = whole_numbers()
    workspace = whole_numbers()
    sort = choice(*with_directions("timestamp"))
    export = choice("csv")


class EntityQuery(QuerySerializer):
    """One entity."""

    privileged = flag()
    properties = flag()
    clean_params = flag()
    param_types = flag()
    summary_types = flag()


class EntityListQuery(EntityQuery):
    """A list of entities."""

    only_name = flag()
    entity_type = several(serializers.CharField())
    sort = several(choice("name", "updated_at", "summary_updated_at", "summary"))
    name = text()
    search = text()
    created_by = whole_numbers()
    last_updated_by = whole_numbers()
    created_at_min = moment()
    created_at_max = moment()
    updated_at_min = moment()
    updated_at_max = moment()


class LimitedEntityListQuery(EntityListQuery, LimitedQuery):
    """A list of entities that checks its `limit`."""
