"""A small Django REST framework server that plays the live API in tests.

It shares no code with the packages under test: paging, validation, errors and
authentication all come from Django REST framework itself.
"""

OPERATIONS = (
    "users_current",
    "apps_list",
    "apps_read",
    "workspaces_list",
    "workspaces_read",
    "workspaces_entity_types_list",
    "workspaces_entity_types_read",
    "workspaces_entity_types_entity_types",
    "workspaces_entity_types_entities_read",
    "workspaces_entities_list",
    "workspaces_entities_read",
    "workspaces_entities_entities_read",
    "workspaces_entities_siblings",
    "workspaces_entities_parent",
)
"""The operations of the VIKTOR contract that it has."""
