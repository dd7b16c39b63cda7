"""Arrays in queries, over sockets: `explode: false` is read by the twin, sent by the laws, and kept by links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin import Twin
from apitwin.contracts import load
from apitwin.contracts.parameter_styles import can_be_written, values, written
from tests.contracts.minimal import document, write
from tests.servers import ROOT
from tests.testkit.test_cli import apitwin

LISTED = [("colour", "red"), ("colour", "blue")]
STYLES = [
    ({}, LISTED),
    ({"explode": False}, [("colour", "red,blue")]),
    ({"style": "form", "explode": True}, LISTED),
    ({"style": "spaceDelimited"}, [("colour", "red blue")]),
    ({"style": "pipeDelimited", "explode": False}, [("colour", "red|blue")]),
    ({"style": "pipeDelimited", "explode": True}, LISTED),
]


def styled(folder: Path, words: dict[str, Any]) -> Path:
    """Write the minimal contract with a style for the filter by colour, and three crates."""
    value = document()
    operation = value["paths"]["/crates/"]["get"]
    colour = next(parameter for parameter in operation["parameters"] if parameter["name"] == "colour")
    colour.update(words, schema={"type": "array", "items": {"enum": ["red", "blue"]}})
    operation["x-apitwin"].update(where={}, restricted={})
    path = write(folder, value)
    records = [{"id": number, "name": "A", "colour": colour} for number, colour in enumerate(("red", "blue", None), 1)]
    tokens = [{"token": "crates-token-1", "roles": ["admin"]}]
    (folder / "world.yaml").write_text(
        json.dumps({"tokens": tokens, "collections": {"crates": records}}), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize(("words", "query"), STYLES)
def test_values_are_written_and_read_by_their_style(
    tmp_path: Path, words: dict[str, Any], query: list[tuple[str, str]]
) -> None:
    parameters = load(styled(tmp_path, words)).operation("crates_list").parameters
    colour = next(parameter for parameter in parameters if parameter.name == "colour")

    sent = written(parameters, [("limit", "1"), *LISTED, ("search", "a,b")])

    assert sent == (("limit", "1"), *query, ("search", "a,b"))
    assert values(colour, [value for name, value in sent if name == "colour"]) == ["red", "blue"]
    assert can_be_written(colour, "a,b") is (query[0][1] != "red,blue")


def test_a_twin_reads_a_comma_list_and_its_links_keep_it(tmp_path: Path) -> None:
    with Twin(str(styled(tmp_path, {"explode": False}))) as twin:
        headers = {"Authorization": f"Bearer {twin.token}"}
        page = requests.get(f"{twin.url}/crates/?colour=red,blue&limit=1", headers=headers, timeout=10).json()
        refused = requests.get(f"{twin.url}/crates/?colour=red,green", headers=headers, timeout=10)

    assert page["count"] == 2
    assert "colour=red%2Cblue" in page["next"]
    assert refused.status_code == 400


def test_no_law_accuses_a_twin_that_reads_comma_lists(tmp_path: Path) -> None:
    path = styled(tmp_path, {"explode": False})
    laws = [word for law in ("filter", "link-query", "filters-intersect") for word in ("--law", law)]

    done = apitwin("check", str(path), "--operation", "crates_list", *laws, cwd=ROOT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 holds, 1 skipped" in done.stdout
