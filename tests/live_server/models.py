"""Tables. Columns ending in `_folded` hold the case-folded text for searching."""

from django.db import models


class User(models.Model):
    """Somebody with an account."""

    first_name = models.TextField()
    last_name = models.TextField()
    email = models.TextField()
    job_title = models.TextField(null=True)
    username = models.TextField()
    last_login = models.DateTimeField(null=True)
    previous_login = models.DateTimeField(null=True)
    is_org_admin = models.BooleanField()


class Label(models.Model):
    """A coloured tag on workspaces and apps."""

    name = models.TextField()
    description = models.TextField()
    color = models.TextField()


class App(models.Model):
    """An application; `is_archived` and `is_published` are only filtered on."""

    name = models.TextField()
    short_name = models.TextField()
    full_name = models.TextField()
    readable_name = models.TextField()
    description = models.TextField()
    long_description = models.TextField()
    is_verified = models.BooleanField()
    is_public = models.BooleanField()
    public_workspace_slug = models.TextField()
    allow_personal_workers = models.BooleanField()
    repository_url = models.TextField(null=True)
    repository_host_platform = models.TextField()
    created_from = models.TextField()
    maintainers = models.JSONField()
    created_at = models.DateTimeField()
    is_archived = models.BooleanField()
    is_published = models.BooleanField()
    name_folded = models.TextField()
    readable_name_folded = models.TextField()


class AppMaintainer(models.Model):
    """The searchable form of `App.maintainers`."""

    app = models.ForeignKey(App, models.CASCADE)
    user_id = models.IntegerField()


class AppLabel(models.Model):
    """A label on an app."""

    app = models.ForeignKey(App, models.CASCADE)
    label = models.ForeignKey(Label, models.CASCADE)


class Workspace(models.Model):
    """A workspace; `labels` repeats the linked labels in the shape of the answer."""

    name = models.TextField()
    slug = models.TextField()
    description = models.TextField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    visibility = models.TextField()
    type = models.TextField()
    app = models.ForeignKey(App, models.CASCADE, null=True)
    app_version = models.JSONField(null=True)
    labels = models.JSONField()
    is_dev = models.BooleanField()
    is_archived = models.BooleanField()
    is_active = models.BooleanField()
    is_initialized = models.BooleanField()
    project = models.IntegerField(null=True)
    nr_views = models.IntegerField()
    nr_views_last_30_days = models.IntegerField()
    user_last_visit = models.DateTimeField(null=True)
    start_entity_id = models.IntegerField(null=True)
    name_folded = models.TextField()
    description_folded = models.TextField()


class WorkspaceLabel(models.Model):
    """The searchable form of `Workspace.labels`."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    label = models.ForeignKey(Label, models.CASCADE)


class EntityType(models.Model):
    """A kind of entity within one workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.TextField()
    class_name = models.TextField(null=True)
    preprocess_method = models.TextField(null=True)
    is_file = models.BooleanField()
    has_designer = models.BooleanField()
    show_children_as = models.TextField()
    views = models.JSONField()
    summary = models.JSONField()
    scope = models.TextField()
    actions = models.JSONField()
    child_entity_type_ids = models.JSONField()
    file_constraints = models.JSONField()
    viktor_store_table_option_field_value = models.BooleanField()
    viktor_enforce_field_constraints = models.BooleanField()
    parametrization_width = models.IntegerField(null=True)
    views_only = models.BooleanField()
    show_file_manager = models.BooleanField()
    navigate_to_editor = models.BooleanField()
    section_expansion_setting = models.TextField()
    allow_saving = models.BooleanField()


class Entity(models.Model):
    """A node in the tree of a workspace; a root has no parent."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    parent = models.ForeignKey("self", models.CASCADE, null=True)
    name = models.TextField()
    properties = models.JSONField(null=True)
    summary_status = models.TextField()
    summary = models.JSONField()
    summary_updated_at = models.DateTimeField(null=True)
    summary_types = models.JSONField()
    deleted = models.BooleanField()
    locked = models.BooleanField()
    locked_by = models.JSONField(null=True)
    entity_type = models.ForeignKey(EntityType, models.CASCADE)
    entity_type_name = models.TextField()
    updated_at = models.DateTimeField()
    created_at = models.DateTimeField()
    parent_count = models.IntegerField()
    actions = models.JSONField(null=True)
    param_types = models.JSONField(null=True)
    created_by = models.IntegerField(null=True)
    last_updated_by = models.IntegerField(null=True)
    path = models.JSONField()
    show_on_dashboard = models.BooleanField()
    name_folded = models.TextField()


class Revision(models.Model):
    """What an entity was when it was saved."""

    entity = models.ForeignKey(Entity, models.CASCADE)
    name = models.TextField()
    properties = models.JSONField(null=True)
    param_types = models.JSONField(null=True)
    created_at = models.DateTimeField()
    previous_revision_id = models.IntegerField(null=True)
    message = models.TextField()
    created_by = models.IntegerField(null=True)


class Group(models.Model):
    """Users of one workspace; `members` repeats the linked users in the shape of the answer."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    name = models.TextField()
    description = models.TextField()
    members = models.JSONField()
    members_only_in_this_group = models.JSONField()
    is_default = models.BooleanField()
    name_folded = models.TextField()
    description_folded = models.TextField()


class GroupMember(models.Model):
    """The searchable form of `Group.members`."""

    group = models.ForeignKey(Group, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)


class Member(models.Model):
    """A user in a workspace; `groups` holds the numbers of the groups there."""

    workspace = models.ForeignKey(Workspace, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    groups = models.JSONField()
    is_ws_deletable = models.BooleanField()
    is_workspace_admin = models.BooleanField()
    last_visit = models.DateTimeField(null=True)
    nr_visits = models.IntegerField()


class AuditEvent(models.Model):
    """Something that somebody did."""

    row_id = models.TextField(unique=True)
    timestamp = models.DateTimeField()
    event_type = models.TextField()
    user = models.ForeignKey(User, models.CASCADE, null=True)
    app = models.ForeignKey(App, models.CASCADE, null=True)
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True)
    details = models.JSONField()


class Login(models.Model):
    """A user, or a developer, on one day."""

    row_id = models.TextField(unique=True)
    is_developer = models.BooleanField()
    user = models.ForeignKey(User, models.CASCADE)
    date = models.DateTimeField()
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True)
