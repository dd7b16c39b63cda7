"""Names that the tables of sabotages share: the operations to examine, and answers that broken servers give."""

from __future__ import annotations

from apitwin.mock_server.messages import JSON, Answer, encode

APPS, APP = "apps_list", "apps_read"
USER = "users_current"
WORKSPACES, WORKSPACE = "workspaces_list", "workspaces_read"
ROOTS, CHILDREN, SIBLINGS = (
    "workspaces_entities_list",
    "workspaces_entities_entities_read",
    "workspaces_entities_siblings",
)
ENTITY, ENTITY_TYPES = "workspaces_entities_read", "workspaces_entity_types_list"

FAILURE = Answer(500, b"<!doctype html><title>Server Error (500)</title>", "text/html; charset=utf-8")
"""How Django answers when a view raises."""
REFUSAL = Answer(400, encode({"offset": ["A valid integer is required."]}), JSON)
FORBIDDEN = Answer(403, encode({"detail": "You do not have permission to perform this action."}), JSON)
"""A refusal in the documented shape, given where it should not be."""
