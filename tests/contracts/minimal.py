"""The smallest contract that uses every rule once, as a value to break on purpose."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "minLength": 1, "pattern": "^[A-Z]"},
        "colour": {"enum": ["red", "blue", None]},
        "packed_at": {"type": "string", "format": "date-time"},
        "lid": {"type": ["boolean", "null"]},
        "inside": {"type": "array", "items": {"$ref": "#/components/schemas/Crate"}},
    },
    "additionalProperties": True,
}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Crates", "version": "1"},
    "security": [{"token": []}],
    "x-apitwin": {
        "name": "crates",
        "world": "world.yaml",
        "auth": {
            "missing": "unauthenticated",
            "invalid": "invalid-token",
            "challenge": "Bearer",
            "scheme-case": "insensitive",
        },
        "errors": {"not-found": {"status": 404, "body": {"detail": "No crate."}, "content-type": "application/json"}},
        "parameters": {
            "repeated": "last",
            "true": ["true"],
            "false": ["false"],
            "messages": {"integer": "No integer."},
        },
        "pagination": {
            "pages": {
                "limit": {
                    "parameter": "limit",
                    "maximum": 50,
                    "default": 20,
                    "over-maximum": "truncate",
                    "when-absent": "default",
                    "when-invalid": "reject",
                    "spelling": "strict",
                },
                "offset": {"parameter": "offset", "past-end": "empty", "when-invalid": "zero", "spelling": "strict"},
                "envelope": {"count": "/count", "results": "/results", "next": "/next", "previous": "/previous"},
                "links": {"form": "absolute", "limit": "effective"},
            }
        },
        "collections": {
            "crates": {
                "schema": {"$ref": "#/components/schemas/Crate"},
                "identity": "/id",
                "order": ["/id"],
                "private": ["inside"],
            }
        },
        "evidence": {"/pagination/pages/limit/maximum": {"status": "assumed", "source": "made up"}},
    },
    "paths": {
        "/crates/": {
            "get": {
                "operationId": "crates_list",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                    {"name": "offset", "in": "query", "schema": {"type": "integer"}},
                    {"name": "sort", "in": "query", "schema": {"enum": ["name", "name:asc", "name:desc"]}},
                    {"name": "search", "in": "query", "schema": {"type": "string", "minLength": 1}},
                    {"name": "colour", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "empty", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "detail", "in": "query", "schema": {"enum": ["some", "all"]}},
                    {"name": "magic", "in": "query", "schema": {"type": "boolean"}},
                ],
                "responses": {
                    "200": {
                        "description": "A page",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}},
                    }
                },
                "x-apitwin": {
                    "pagination": "pages",
                    "collection": "crates",
                    "where": {"lid": True},
                    "sort": {
                        "parameter": "sort",
                        "keys": {"name": "/name"},
                        "directions": "suffix",
                        "several": False,
                        "nulls": "largest",
                        "collation": "codepoint",
                    },
                    "search": {"parameter": "search", "fields": ["/name"], "match": "substring"},
                    "filters": {
                        "colour": {"fields": ["/colour"], "match": "any-of"},
                        "empty": {"match": "hidden-unless-true", "revealed-by": ["empty"]},
                    },
                    "projection": {
                        "blocks": {"empty": {"member": "inside", "default": False}},
                        "levels": {"parameter": "detail", "default": "all", "members": {"some": ["id"]}},
                    },
                    "restricted": {"empty": {"value": True, "to": "admin"}},
                    "unspecified": ["magic"],
                    "evidence": {"/sort": {"status": "documented", "source": "made up"}},
                },
            }
        },
        "/crates/{id}/": {
            "get": {
                "operationId": "crates_read",
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer"},
                        "x-apitwin": {"drawn-from": {"operation": "crates_list", "pointer": "/id"}},
                    }
                ],
                "responses": {
                    "200": {
                        "description": "A crate",
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Crate"},
                                "example": {"id": 1, "name": "Apples"},
                            }
                        },
                    }
                },
                "x-apitwin": {
                    "collection": "crates",
                    "identified-by": "id",
                    "within": {"id": {"field": "id", "collection": "crates", "unknown": "not-found"}},
                },
            }
        },
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Crate": ITEM,
            "Page": {
                "type": "object",
                "required": ["count", "next", "previous", "results"],
                "properties": {
                    "count": {"type": "integer"},
                    "next": {"type": ["string", "null"]},
                    "previous": {"type": ["string", "null"]},
                    "results": {"type": "array", "items": {"$ref": "#/components/schemas/Crate"}},
                },
            },
        },
    },
}


def document() -> dict[str, Any]:
    """Return the contract as a value of its own, to be changed at will."""
    return copy.deepcopy(DOCUMENT)


def write(folder: Path, value: Any, name: str = "crates.json") -> Path:
    """Write a contract and an empty seed into a folder, and return the contract's file."""
    (folder / "world.yaml").write_text("{}", encoding="utf-8")
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
