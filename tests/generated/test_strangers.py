"""A path that names a thing which no list has is answered as documented, also where the operation is no CRUD."""

from __future__ import annotations

import json
from pathlib import Path

import requests

from apitwin.mock_server import Twin

BOAT = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
ID = {"name": "boat_id", "in": "path", "required": True, "schema": {"type": "integer"}}
NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
MOORING = {"type": "object", "required": ["pier"], "properties": {"pier": {"type": "string"}}}


def _answers(schema: object, *statuses: str) -> dict[str, object]:
    told = {status: {"description": ""} for status in statuses}
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}, **told}


def test_the_one_of_a_thing_that_is_not_there(tmp_path: Path) -> None:
    paths = {
        "/boats": {"get": {"responses": _answers({"type": "array", "items": BOAT})}},
        "/boats/{boat_id}": {"get": {"parameters": [ID], "responses": _answers(BOAT, "404")}},
        "/boats/{boat_id}/mooring": {"get": {"parameters": [ID], "responses": _answers(MOORING, "404")}},
        "/fleets/{name}/boats/{boat_id}": {"get": {"parameters": [NAME, ID], "responses": _answers(MOORING, "404")}},
    }
    path = tmp_path / "boats.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Boats", "version": "1"}, "paths": paths}))
    with Twin(path, items=3, check_answers=True) as twin:
        listed = [boat["id"] for boat in requests.get(f"{twin.url}/boats", timeout=10).json()]
        stranger = max(listed) + 1000
        assert {requests.get(f"{twin.url}/boats/{one}/mooring", timeout=10).status_code for one in listed} == {200}
        assert requests.get(f"{twin.url}/boats/{stranger}/mooring", timeout=10).status_code == 404
        of_fleet = [requests.get(f"{twin.url}/fleets/north/boats/{one}", timeout=10) for one in (listed[0], stranger)]
        assert [answer.status_code for answer in of_fleet] == [200, 404]


def test_a_page_has_what_the_object_around_its_items_asks_for(tmp_path: Path) -> None:
    found = {"type": "object", "required": ["href", "items"], "properties": {
        "href": {"type": "string"}, "items": {"type": "array", "items": BOAT}}}  # fmt: skip
    page = {"type": "object", "properties": {"boats": found}}
    paths = {"/boats": {"get": {"responses": _answers(page)}}}
    path = tmp_path / "boats.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "Boats", "version": "1"}, "paths": paths}))
    with Twin(path, items=3, check_answers=True) as twin:
        answer = requests.get(f"{twin.url}/boats", timeout=10)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["boats"]["items"]) == 3
