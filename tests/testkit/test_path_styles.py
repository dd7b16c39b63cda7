"""Values in a path are written as their parameter says: a dot or a semicolon before them, arrays in one text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin.contracts import load, path_parameters
from apitwin.mock_server import Twin
from apitwin.testkit.server.judge import judge
from apitwin.testkit.settings import Settings, plan
from tests.serving import answering_json

NUMBERS = {"type": "array", "items": {"type": "integer"}}
ONE = {"type": "integer"}
STYLES = [
    ({"schema": ONE}, "3", "3"),
    ({"schema": ONE, "style": "label"}, "3", ".3"),
    ({"schema": ONE, "style": "matrix"}, "3", ";ids=3"),
    ({"schema": NUMBERS}, "3,4", "3,4"),
    ({"schema": NUMBERS, "style": "label"}, "3,4", ".3,4"),
    ({"schema": NUMBERS, "style": "label", "explode": True}, "3,4", ".3.4"),
    ({"schema": NUMBERS, "style": "matrix"}, "3,4", ";ids=3,4"),
    ({"schema": NUMBERS, "style": "matrix", "explode": True}, "3,4", ";ids=3;ids=4"),
]


def document(folder: Path, words: Mapping[str, Any]) -> Path:
    """Write a document of tides, and of some of them by their numbers. words: of the parameter in the path."""
    tide = {"type": "object", "required": ["id"], "properties": {"id": ONE, "height": {"type": "number"}}}

    def answer(schema: Any) -> dict[str, Any]:
        return {"description": "", "content": {"application/json": {"schema": schema}}}

    ids = {"name": "ids", "in": "path", "required": True, "example": [1, 2], **words}
    ids = ids if ids["schema"] is NUMBERS else {**ids, "example": 1}
    responses = {"200": answer({"type": "object"}), "404": answer({"type": "object"})}
    paths = {
        "/tides": {"get": {"operationId": "tides", "responses": {"200": answer({"type": "array", "items": tide})}}},
        "/heights/{ids}": {"get": {"operationId": "heights", "parameters": [ids], "responses": responses}},
    }
    path = folder / "tides.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Tides", "version": "1"}, "paths": paths}))
    return path


@pytest.mark.parametrize(("words", "text", "segment"), STYLES)
def test_a_value_is_written_and_read_in_its_style(
    tmp_path: Path, words: Mapping[str, Any], text: str, segment: str
) -> None:
    (ids,) = load(document(tmp_path, words)).operation("heights").path_parameters()

    assert path_parameters.written(ids, text) == segment
    assert path_parameters.read(ids, segment) == text
    with Twin(load(document(tmp_path, words))) as twin:
        asked = [segment, segment.replace("3", "three")]
        assert [requests.get(f"{twin.url}/heights/{one}", timeout=30).status_code for one in asked] == [200, 404]


@pytest.mark.parametrize(("words", "text", "segment"), STYLES)
def test_the_laws_write_it_so(tmp_path: Path, words: Mapping[str, Any], text: str, segment: str) -> None:
    seen = set()

    def answer(target: str, header: str | None) -> tuple[int, Any]:
        seen.add(target.rpartition("/")[2])
        return 200, {}

    with answering_json(answer) as address:
        run = plan(Settings(str(document(tmp_path, words)), target=address, laws=("schema",), operations=("heights",)))
        verdict = judge(*run.pairs[0], run.context)

    assert verdict.outcome == "holds"
    assert seen == {segment.replace("4", "2").replace("3", "1")}
