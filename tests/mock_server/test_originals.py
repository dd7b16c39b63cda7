"""Twins of one world file begin alike, each with a world of its own, and none with a world that is out of date."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin.contracts import Contract, load
from apitwin.mock_server import Extension, Twin
from apitwin.mock_server.world.world import World
from tests.servers import ROOT

LIBRARY = ROOT / "tests" / "library"


@pytest.fixture
def library(tmp_path: Path) -> Contract:
    """A contract whose world file lies in a folder of the test."""
    return load(shutil.copytree(LIBRARY, tmp_path / "library") / "openapi.yaml")


def rooms(twin: Twin) -> int:
    with twin:
        answer = requests.get(f"{twin.url}/rooms/", headers={"X-Api-Key": str(twin.token)}, timeout=10)
        count: int = answer.json()["meta"]["total"]
        return count


def test_what_one_twin_is_told_the_other_does_not_know(library: Contract) -> None:
    first, second = Twin(library), Twin(library)
    first.world.tables["rooms"].add([{"code": "attic", "seats": 1}])
    first.world.tokens = first.world.tokens[:1]

    assert (rooms(first), rooms(second), rooms(Twin(library))) == (46, 45, 45)
    assert len(second.world.tokens) == len(first.world.tokens) + 1
    first.reset()
    assert rooms(first) == 45


def test_a_file_that_was_written_anew_is_read_anew(library: Contract) -> None:
    assert library.world is not None
    assert rooms(Twin(library)) == 45
    text = library.world.read_text("utf-8").replace("repeat: 45", "repeat: 46")
    library.world.write_text(text, "utf-8")
    os.utime(library.world, (1, 1))

    assert rooms(Twin(library)) == 46


@pytest.mark.parametrize(("fills_alike", "reads"), [(False, 2), (True, 1)])
def test_own_code_is_asked_for_each_world_unless_it_says_that_it_need_not(
    library: Contract, monkeypatch: pytest.MonkeyPatch, fills_alike: bool, reads: int
) -> None:
    filled: list[Any] = []

    def fill(world: World, name: str, values: dict[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
        filled.append(name)
        return values

    extension = Extension(fill_item=fill, fills_alike=fills_alike)
    assert [rooms(Twin(library, extension=extension)) for _ in range(2)] == [45, 45]
    assert filled.count("rooms") == reads * 45
    later = time.time() + 61  # what is filled in may be the time
    monkeypatch.setattr(time, "time", lambda: later)
    Twin(library, extension=extension)
    assert filled.count("rooms") == (reads + 1) * 45


def test_a_twin_with_shorter_pages_begins_alike(library: Contract) -> None:
    filled: list[Any] = []

    def fill(world: World, name: str, values: dict[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
        filled.append(name)
        return values

    extension = Extension(fill_item=fill, fills_alike=True)
    assert rooms(Twin(library, extension=extension)) == 45
    assert rooms(Twin(library, extension=extension, page_maximum=2)) == 45
    assert filled.count("rooms") == 45
