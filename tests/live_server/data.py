"""The rows of the server, the same at every start.

Counts worth knowing: 130 workspaces (12 archived, 6 for development, one of them
both), 105 apps (5 archived). Workspace 1 holds eight entity types and the roots
1 to 123; the roots 1 to 5 have 200, 100, 1, 0 and 57 children. Workspace 500, for
development too, is there to be written to: eight roots, the first with five children.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from django.db import connection

from . import SANDBOX, models
from .auth import ADMIN, RESTRICTED

START = datetime(2025, 1, 6, 8, 30, 0, 123456, tzinfo=timezone.utc)
SLUG_WORDS = ("north", "delta", "quay", "lock", "weir")
ODD_NAMES = (
    '100% & more + "quotes"',
    "a/b?c=d",
    "Brücke Ålesund 橋",
    "Pump 🚰 station",
    "under_score [1] \\ back",
    "section a",
)
ACTIONS = ["read", "read-basic", "read-nav", "update", "rename", "create", "delete"]
CHILDREN_OF_ROOTS = {1: 200, 2: 100, 3: 1, 5: 57, 10: 3}
LABEL_ROWS = (
    (1, "civil", "Roads and water", "#3366cc"),
    (2, "structural", "", "#CC3300"),
    (3, "draft", "Not ready", "808080"),
    (4, "unused", "On nothing", "#ffffff"),
)


def create_tables() -> None:
    """Makes the empty tables."""
    tables = (
        *(models.Label, models.App, models.AppMaintainer, models.AppLabel),
        *(models.Workspace, models.WorkspaceLabel, models.EntityType, models.Entity, models.Revision),
        *(models.User, models.Group, models.GroupMember, models.Member, models.AuditEvent, models.Login),
    )
    with connection.schema_editor() as editor:
        for table in tables:
            editor.create_model(table)


def fill() -> None:
    """Makes all rows."""
    labels = [
        models.Label(id=pk, name=name, description=description, color=color)
        for pk, name, description, color in LABEL_ROWS
    ]
    models.Label.objects.bulk_create(labels)
    models.App.objects.bulk_create(apps())
    models.AppMaintainer.objects.bulk_create(
        models.AppMaintainer(app_id=app.id, user_id=user) for app in apps() for user in app.maintainers
    )
    models.AppLabel.objects.bulk_create(
        models.AppLabel(app_id=pk, label_id=label) for pk in range(1, 106) for label in labels_of(pk + 1)
    )
    models.Workspace.objects.bulk_create(workspaces())
    models.WorkspaceLabel.objects.bulk_create(
        models.WorkspaceLabel(workspace_id=pk, label_id=label) for pk in range(1, 131) for label in labels_of(pk)
    )
    models.EntityType.objects.bulk_create(entity_types())
    models.Entity.objects.bulk_create([*entities(), *sandbox()])
    models.Revision.objects.bulk_create(revisions())


def labels_of(pk: int) -> list[int]:
    """Ids of the labels of a workspace: none, one, two or all three in use."""
    return [[], [1], [1, 2], [2], [3, 1, 2]][pk % 5]


def apps() -> Iterator[models.App]:
    """105 apps, every twentieth archived."""
    for pk in range(1, 106):
        name = f"{SLUG_WORDS[pk % 5]}-app-{pk:03}"
        readable_name = ODD_NAMES[pk % 6] if pk % 9 == 4 else f"App {chr(65 + pk % 7)}"
        repository = f"https://git.example.test/{name}" if pk % 3 else None
        yield models.App(
            id=pk,
            name=name,
            short_name=f"app{pk}",
            full_name=f"example/{name}",
            readable_name=readable_name,
            description=f"Designs things, kind {pk % 4}" if pk % 4 else "",
            long_description="A longer text.\n" * (pk % 3),
            is_verified=pk % 4 == 1,
            is_public=pk % 6 == 2,
            public_workspace_slug=f"public-{name}",
            allow_personal_workers=pk % 2 == 0,
            repository_url=repository,
            repository_host_platform=("github", "gitlab", "azure", "other")[pk % 4],
            created_from=("scratch", "app_builder", "app_template")[pk % 3],
            maintainers=[[], [ADMIN.id], [RESTRICTED.id, ADMIN.id]][pk % 3],
            created_at=START + timedelta(days=(pk * 37) % 105 // 2),
            is_archived=pk % 20 == 0,
            is_published=pk % 5 != 3,
            name_folded=name.casefold(),
            readable_name_folded=readable_name.casefold(),
        )


def workspaces() -> Iterator[models.Workspace]:
    """130 workspaces and the sandbox; those for development have no app."""
    shown_labels = {
        pk: {"id": pk, "name": name, "description": description, "color": color}
        for pk, name, description, color in LABEL_ROWS
    }
    for pk in (*range(1, 131), SANDBOX):
        is_dev = pk in (5, 25, 47, 63, 88, 124, SANDBOX)
        name = ODD_NAMES[pk % 6] if pk % 10 == 3 else f"Bridge {chr(65 + pk * 7 % 26)}"
        description = f"Work on the Überbau, part {pk % 8}" if pk % 8 else ""
        created_at = START + timedelta(hours=(pk * 53) % 130 // 3)
        yield models.Workspace(
            id=pk,
            name=name,
            slug=f"{SLUG_WORDS[pk % 5]}-{pk}",
            description=description,
            created_at=created_at,
            updated_at=created_at + timedelta(days=pk % 4, microseconds=pk),
            visibility="PRIVATE" if is_dev or pk % 4 == 0 else "INTERNAL",
            type="DEVELOPMENT" if is_dev else ("PROJECT", "PUBLIC", "TEST")[pk % 3],
            app_id=None if is_dev else pk % 40 + 1,
            app_version=None if is_dev and pk % 2 else app_version(pk),
            labels=[shown_labels[label] for label in labels_of(pk)],
            is_dev=is_dev,
            is_archived=pk % 10 == 7 and pk < 120,
            is_active=pk % 13 != 0,
            is_initialized=pk % 17 != 0,
            project=pk % 5 + 1 if pk % 2 else None,
            nr_views=(pk * 31) % 50,
            nr_views_last_30_days=(pk * 31) % 50 % 7,
            user_last_visit=START + timedelta(days=pk % 9) if pk % 3 else None,
            start_entity_id={1: 1, 2: 5001}.get(pk),
            name_folded=name.casefold(),
            description_folded=description.casefold(),
        )


def app_version(pk: int) -> dict[str, Any]:
    """The published version behind a workspace."""
    created_at = START - timedelta(days=pk)
    return {
        "id": 9000 + pk,
        "tag": f"v1.{pk}.0",
        "status": "PUBLISHED",
        "app_type": ("tree", "simple", "editor")[pk % 3] if pk > 2 else "tree",
        "python_version": ("3.10", "3.11")[pk % 2],
        "sdk_version": "14.20.1",
        "created_at": f"{created_at:%Y-%m-%dT%H:%M:%S.%fZ}",
    }


def entity_types() -> Iterator[models.EntityType]:
    """Eight types in workspace 1, two in 2, one in 3 and in the sandbox."""
    yield entity_type(1, 401, "Project", children=[402, 403, 404])
    yield entity_type(1, 402, "Section", children=[404])
    yield entity_type(1, 403, "Subsoil")
    yield entity_type(1, 404, "Report")
    yield entity_type(1, 405, "Upload", is_file=True)
    yield entity_type(1, 406, "Folder", children=[406, 401])
    yield entity_type(1, 407, "Settings")
    yield entity_type(1, 408, None)
    yield entity_type(2, 411, "Project", children=[412])
    yield entity_type(2, 412, "Section")
    yield entity_type(3, 421, "Lonely")
    yield entity_type(SANDBOX, 501, "Castle", children=[501])


def entity_type(
    workspace: int,
    pk: int,
    class_name: str | None,
    children: list[int] | None = None,
    is_file: bool = False,
) -> models.EntityType:
    """One entity type."""
    view = {
        "label": "3D",
        "view_type": "geometry",
        "description": None,
        "update_label": None,
        "view_settings": {},
        "duration_guess": 1,
        "controller_method": "show",
        "automatic_update": True,
    }
    return models.EntityType(
        id=pk,
        workspace_id=workspace,
        name=class_name or "Nameless class",
        class_name=class_name,
        preprocess_method="",
        is_file=is_file,
        has_designer=not is_file,
        show_children_as="Table" if children else "None",
        views=[view] if pk % 2 else [],
        summary=[],
        scope="everyone",
        actions=ACTIONS,
        child_entity_type_ids=children or [],
        file_constraints={"max_size": 50_000_000, "file_types": None},
        viktor_store_table_option_field_value=True,
        viktor_enforce_field_constraints=True,
        parametrization_width=40 if pk % 2 else None,
        views_only=False,
        show_file_manager=False,
        navigate_to_editor=False,
        section_expansion_setting="local-per-section",
        allow_saving=True,
    )


def entities() -> list[models.Entity]:
    """The trees of workspaces 1 and 2, parents first."""
    tree: list[models.Entity] = []
    for pk in range(1, 124):
        tree.append(entity(1, pk, (406, "Folder") if pk > 100 else (401, "Project")))
    next_id = 1001
    for root, count in CHILDREN_OF_ROOTS.items():
        for place in range(count):
            kind = (403, "Subsoil") if place % 10 == 9 else (402, "Section")
            tree.append(entity(1, next_id, kind, tree[root - 1]))
            next_id += 1
    by_id = {node.id: node for node in tree}
    for parent, count in {1001: 12, 1002: 3, 1301: 1}.items():
        for _ in range(count):
            by_id[next_id] = entity(1, next_id, (404, "Report"), by_id[parent])
            next_id += 1
    deepest = by_id[next_id - 1]
    by_id[next_id] = entity(1, next_id, (404, "Report"), deepest)
    top = entity(2, 5001, (411, "Project"))
    below = [entity(2, pk, (412, "Section"), top) for pk in range(5002, 5005)]
    return [*by_id.values(), top, *below, entity(2, 5005, (411, "Project"))]


def sandbox() -> list[models.Entity]:
    """Eight roots, the first of them with five children."""
    roots = [entity(SANDBOX, pk, (501, "Castle")) for pk in range(6001, 6009)]
    return [*roots, *(entity(SANDBOX, pk, (501, "Castle"), roots[0]) for pk in range(6011, 6016))]


def revisions() -> Iterator[models.Revision]:
    """Many of the first entities, one of the third, none of the others."""
    pk = 7000
    for entity_id, count in {1: 130, 2: 100, 3: 1, 6: 12, 5001: 4}.items():
        for place in range(count):
            pk += 1
            yield models.Revision(
                id=pk,
                entity_id=entity_id,
                name=entity_name(entity_id + place // 5),
                properties={"general": {"width": place / 4}} if place else None,
                param_types={"general.width": {"type": "number"}} if place else None,
                created_at=START + timedelta(days=place // 3, microseconds=place % 3),
                previous_revision_id=pk - 1 if place else None,
                message="Wider" if place % 2 else "",
                created_by=(ADMIN.id, RESTRICTED.id, None)[place % 3],
            )


def entity_name(pk: int) -> str:
    """Mostly a few names over and over, now and then an odd one."""
    if pk % 11 == 3:
        return ODD_NAMES[pk // 11 % len(ODD_NAMES)]
    return f"Section {'AABACADB'[pk % 8]}"


def entity(
    workspace: int,
    pk: int,
    kind: tuple[int, str],
    parent: models.Entity | None = None,
) -> models.Entity:
    """One entity; groups of seven share their time of update."""
    type_id, type_name = kind
    locker = RESTRICTED.public()
    locker["name"] = f"{RESTRICTED.first_name} {RESTRICTED.last_name}"
    del locker["job_title"]
    created_at = (START + timedelta(minutes=pk)).replace(microsecond=pk % 4 * 250_000)
    updated_at = START + timedelta(days=30, hours=(pk // 7 * 5) % 29)
    summarised_at = None if pk % 5 == 0 else updated_at + timedelta(seconds=pk % 3)
    name = entity_name(pk)
    return models.Entity(
        id=pk,
        workspace_id=workspace,
        parent_id=parent.id if parent else None,
        name=name,
        properties={"general": {"width": pk / 4, "title": name}, "count": pk % 10},
        summary_status="finished",
        summary={"area": {"label": "Area", "value": pk * 1.5, "suffix": "m²"}},
        summary_updated_at=summarised_at,
        summary_types={"area": {"type": "number"}},
        deleted=False,
        locked=pk % 19 == 0,
        locked_by=locker if pk % 19 == 0 else None,
        entity_type_id=type_id,
        entity_type_name=type_name,
        updated_at=updated_at,
        created_at=created_at,
        parent_count=parent.parent_count + 1 if parent else 0,
        actions=ACTIONS if pk % 23 else None,
        param_types={
            "general.width": {"type": "number"},
            "general.title": {"type": "text"},
            "count": {"type": "integer"},
        },
        created_by=(ADMIN.id, RESTRICTED.id, None, ADMIN.id)[pk % 4],
        last_updated_by=(RESTRICTED.id, ADMIN.id, None)[pk % 3],
        path=[*parent.path, pk] if parent else [pk],
        show_on_dashboard=False,
        name_folded=name.casefold(),
    )
