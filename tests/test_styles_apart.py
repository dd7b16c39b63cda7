"""No engine names a style of pagination outside the files of that style, so that another one is a file and a line."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from apitwin.contracts.pagination.styles import STYLES
from tests.harbour.test_harbour import ROOT, words

NAME = re.compile(r"offset|page.?number|cursor|start.?index", re.IGNORECASE)
"""The words of the styles. Comments and docstrings may use them, names and texts may not."""
STYLES_OF_FILES = ("limit_offset", "page_number", "cursor", "start_index")
HOMES = {
    "contracts/pagination": (*STYLES_OF_FILES, "styles"),
    "contracts/inference": ("said", "holders"),
    "mock_server/engine/pagination": (*STYLES_OF_FILES, "pagers"),
    "mock_server/generated": ("page_words",),
    "testkit/server/styles": (*STYLES_OF_FILES, "walkers"),
    "testkit/server/laws": (*STYLES_OF_FILES, "__init__"),
}
"""Where a style is known: a file of its own in each room, and the table in which it is a line. What people say of
parameters, what they call the objects about a page, and the members of one, are vocabularies of all styles.
"""
AT_HOME = {ROOT / folder / f"{name}.py" for folder, names in HOMES.items() for name in names}
ENGINE = sorted(
    path
    for room in ("apitwin", "contracts", "mock_server", "testkit")
    for path in (ROOT / room).rglob("*.py")
    if path not in AT_HOME and ROOT / "mock_server" / "viktor" not in path.parents
)


def named(source: str) -> set[str]:
    """Return the names and texts of a module in which a style is named."""
    return {word for word in words(ast.parse(source)) if NAME.search(word)}


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_engine_file_names_no_style(path: Path) -> None:
    assert named(path.read_text(encoding="utf-8")) == set()


def test_every_style_has_its_files() -> None:
    assert sorted(word.replace("-", "_") for word in STYLES) == sorted(STYLES_OF_FILES)
    assert [path for path in AT_HOME if not path.is_file()] == []


@pytest.mark.parametrize("source", ["offset = 1", "x.page_number", "f(cursor=1)", "x = 'PageNumber'", "import cursor"])
def test_a_style_in_code_would_be_seen(source: str) -> None:
    assert named(source)


def test_a_style_in_prose_is_no_matter() -> None:
    assert named('"""An offset."""\nx = 1  # a cursor\n"""A page number."""\n') == set()
