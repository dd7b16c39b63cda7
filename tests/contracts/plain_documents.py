"""Plain documents for the tests of inference, in the shape of published ones; every name and value is made up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apitwin.contracts import Contract, Operation, load

TEXT, WHOLE, NUMBER, TRUTH = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))
MOMENT = {"type": "string", "format": "date-time"}
BOOK = {
    "type": "object",
    "properties": {
        "id": WHOLE,
        "author_id": WHOLE,
        "title": TEXT,
        "genre": {"enum": ["crime", "poetry"]},
        "price": NUMBER,
        "in_print": TRUTH,
        "created_at": MOMENT,
        "labels": {"type": "array", "items": TEXT},
    },
}
AUTHOR = {"type": "object", "properties": {"id": WHOLE, "name": TEXT}}


def array(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def holding(**members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members}


def query(**schemas: Any) -> list[dict[str, Any]]:
    """Return query parameters; a schema may be a pair with a description."""
    return [
        {"name": name, "in": "query", "schema": schema[0], "description": schema[1]}
        if isinstance(schema, tuple)
        else {"name": name, "in": "query", "schema": schema}
        for name, schema in schemas.items()
    ]


def get(answer: Any, parameters: list[dict[str, Any]] | None = None, headers: Any = None) -> dict[str, Any]:
    response = {"description": "", "content": {"application/json": {"schema": answer}}}
    if headers is not None:
        response["headers"] = headers
    return {"parameters": parameters or [], "responses": {"200": response}}


def writing(sent: Any, answer: Any, status: str = "201") -> dict[str, Any]:
    content = {"application/json": {"schema": sent}}
    return {**get(answer), "requestBody": {"content": content}} | {
        "responses": {status: get(answer)["responses"]["200"]}
    }


def written(folder: Path, paths: Mapping[str, Mapping[str, Any]], **components: Any) -> Path:
    """Write a document. The parameters of paths are texts, and whole numbers where their name ends with `id`."""
    whole: dict[str, dict[str, Any]] = {}
    for path, methods in paths.items():
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        in_path = [
            {"name": name, "in": "path", "required": True, "schema": WHOLE if name.lower().endswith("id") else TEXT}
            for name in names
        ]
        whole[path] = {**methods, "parameters": in_path}
    document = {"openapi": "3.1.0", "info": {"title": "A shop", "version": "1"}, "paths": whole}
    if components:
        document["components"] = {"schemas": components}
    path_of_it = folder / "openapi.json"
    path_of_it.write_text(json.dumps(document), encoding="utf-8")
    return path_of_it


def loaded(folder: Path, paths: Mapping[str, Mapping[str, Any]], **components: Any) -> Contract:
    return load(written(folder, paths, **components))


def books(folder: Path, answer: Any, headers: Any = None, **parameters: Any) -> Operation:
    """Return the operation that lists books."""
    return loaded(folder, {"/books": {"get": get(answer, query(**parameters), headers)}}).operation("get /books")
