"""A small Django REST framework server that plays the live API in tests.

It shares no code with the packages under test: paging, validation, errors and
authentication all come from Django REST framework itself.
"""

READS = (
    "users_current",
    "verify",
    "apps_list",
    "apps_read",
    "workspaces_list",
    "workspaces_read",
    "workspaces_app_version_settings",
    "workspaces_users_list",
    "workspaces_groups_list",
    "workspaces_entity_types_list",
    "workspaces_entity_types_read",
    "workspaces_entity_types_entity_types",
    "workspaces_entity_types_entities_read",
    "workspaces_entities_list",
    "workspaces_entities_read",
    "workspaces_entities_entities_read",
    "workspaces_entities_siblings",
    "workspaces_entities_parent",
    "workspaces_entities_parents",
    "workspaces_entities_revisions",
    "statistics_details_audit_events",
    "statistics_details_daily_developer_logins",
    "statistics_details_daily_user_logins",
)
WRITES = (
    "workspaces_entities_create",
    "workspaces_entities_entities_create",
    "workspaces_entities_update",
    "workspaces_entities_partial_update",
    "workspaces_entities_delete",
    "workspaces_entities_rename",
)
OPERATIONS = (*READS, *WRITES)
"""The operations of the VIKTOR contract that it has."""

SANDBOX = 500
"""The workspace to write to: nothing that other tests count is in it."""
