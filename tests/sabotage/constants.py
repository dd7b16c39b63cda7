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
NO_PAGE = Answer(404, encode({"detail": "Invalid page."}), JSON)
FORBIDDEN = Answer(403, encode({"detail": "You do not have permission to perform this action."}), JSON)
"""A refusal in the documented shape, given where it should not be."""

LIBRARY, MUSEUM = "tests/library/openapi.yaml", "tests/museum/openapi.yaml"
"""The contracts of page numbers and of cursors, from the top of the repository."""
BOOKS, LOANS, READERS, ROOMS = "books_list", "loans_list", "readers_list", "rooms_list"
DIRECTORY, PEOPLE = "tests/directory/openapi.yaml", "people_list"
"""The contract of start and count, and its list."""
PAINTINGS, DRAWINGS, PRINTS, LETTERS = "paintings_list", "drawings_list", "prints_list", "letters_list"
