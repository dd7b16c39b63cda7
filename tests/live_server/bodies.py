"""One serializer per body: what it takes, and what it does to the tables.

The fields are the stock ones: texts lose the space around them, and a number will do for a text.
"""

from datetime import datetime, timezone
from typing import Any

from django.db import transaction
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from . import models
from .data import ACTIONS

Values = dict[str, Any]
LONGEST_NAME = 128
KINDS = {bool: "boolean", int: "integer", float: "number", list: "array"}


def inputs(properties: Values | None) -> Values | None:
    """What each input is, by its dotted path."""
    if properties is None:
        return None
    kinds: Values = {}
    for name, value in properties.items():
        below = inputs(value) if isinstance(value, dict) else None
        if below:
            kinds |= {f"{name}.{inner}": kind for inner, kind in below.items()}
        else:
            kinds[name] = {"type": KINDS.get(type(value), "text")}
    return kinds


def name_field(**options: Any) -> serializers.CharField:
    """The name of an entity."""
    return serializers.CharField(max_length=LONGEST_NAME, **options)


def save_revision(entity: models.Entity, message: str = "") -> None:
    """Keeps what an entity is now."""
    before = models.Revision.objects.filter(entity=entity).order_by("id").last()
    models.Revision.objects.create(
        entity=entity,
        name=entity.name,
        properties=entity.properties,
        param_types=entity.param_types,
        created_at=entity.updated_at,
        previous_revision_id=before.id if before else None,
        message=message,
        created_by=entity.last_updated_by,
    )


class TypeField(serializers.PrimaryKeyRelatedField):
    """The number of an entity type of the workspace."""

    def get_queryset(self) -> Any:
        return models.EntityType.objects.filter(workspace=self.context["workspace"])


class EntityCreate(serializers.Serializer):
    """Makes an entity, below `parent` where the context has one."""

    entity_type = TypeField()
    properties = serializers.DictField(allow_null=True)
    name = name_field(required=False)
    filename = serializers.CharField(max_length=LONGEST_NAME, required=False)
    groups = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False)

    def validate_entity_type(self, kind: models.EntityType) -> models.EntityType:
        parent = self.context["parent"]
        allowed = parent.entity_type.child_entity_type_ids if parent else []
        if allowed and kind.id not in allowed:
            raise ValidationError(f"{kind.name} may not stand below this entity.")
        return kind

    def validate_filename(self, filename: str) -> str:
        raise ValidationError("Nothing was uploaded under this name.")

    def validate(self, attrs: Values) -> Values:
        if attrs["entity_type"].is_file:
            raise ValidationError({"filename": ["This field is required."]})
        return attrs

    @transaction.atomic
    def create(self, validated_data: Values) -> models.Entity:
        kind, parent, caller = validated_data["entity_type"], self.context["parent"], self.context["caller"]
        now = datetime.now(timezone.utc)
        name = validated_data.get("name", kind.name)
        properties = validated_data["properties"]
        entity = models.Entity.objects.create(
            workspace_id=self.context["workspace"],
            parent=parent,
            name=name,
            name_folded=name.casefold(),
            properties=properties,
            param_types=inputs(properties),
            summary_status="finished",
            summary={},
            summary_updated_at=now,
            summary_types={},
            deleted=False,
            locked=False,
            entity_type=kind,
            entity_type_name=kind.class_name or kind.name,
            created_at=now,
            updated_at=now,
            created_by=caller.id,
            last_updated_by=caller.id,
            parent_count=parent.parent_count + 1 if parent else 0,
            actions=ACTIONS,
            path=[],
            show_on_dashboard=False,
        )
        entity.path = [*parent.path, entity.id] if parent else [entity.id]
        entity.save(update_fields=["path"])
        save_revision(entity)
        return entity


class EntityUpdate(serializers.Serializer):
    """Changes what the body names, and nothing else."""

    properties = serializers.DictField(allow_null=True, required=False)
    name = name_field(required=False)
    filename = serializers.CharField(required=False)
    message = serializers.CharField(required=False)

    def validate_filename(self, filename: str) -> str:
        raise ValidationError("Nothing was uploaded under this name.")

    @transaction.atomic
    def update(self, instance: models.Entity, validated_data: Values) -> models.Entity:
        if "name" in validated_data:
            instance.name = validated_data["name"]
            instance.name_folded = instance.name.casefold()
        if "properties" in validated_data:
            instance.properties = validated_data["properties"]
            instance.param_types = inputs(instance.properties)
        instance.updated_at = datetime.now(timezone.utc)
        instance.last_updated_by = self.context["caller"].id
        instance.save()
        save_revision(instance, validated_data.get("message", ""))
        return instance


class EntityRename(EntityUpdate):
    """Changes the name alone."""

    properties = None
    filename = None
    message = None
    name = name_field()
