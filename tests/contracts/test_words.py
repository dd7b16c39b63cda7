"""The words of `x-apitwin` have one source: the types in code, which its schema and its documentation are held to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import requests, words
from apitwin.contracts.pagination import cursor, limit_offset, page_number, start_index

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "contracts" / "extension.schema.json").read_text(encoding="utf-8"))
KINDS: dict[str, Any] = {
    "scheme-case": words.SchemeCase,
    "repeated": words.Repeated,
    "behaviour": words.Behaviour,
    "effect": words.Effect,
    "unreadable-body": words.UnreadableBody,
    "directions": words.Directions,
    "nulls": words.Nulls,
    "collation": words.Collation,
    "search.match": words.SearchMatch,
    "filters.match": words.FilterMatch,
    "status": words.EvidenceStatus,
    "certainty": words.Certainty,
    "order": requests.Check,
    "null-character": requests.NullCharacter,
    "empty-text": requests.EmptyText,
    "wrong-path": requests.WrongPath,
    "absent-body": requests.AbsentBody,
}
"""Which kind of words each key of the schema takes; where two keys have one name, with the key around it."""


def enumerations(schema: Any, around: str = "", key: str = "") -> Iterator[tuple[str, list[str]]]:
    """Give every list of words in a schema with the key that takes one of them, and the key around that."""
    if isinstance(schema, dict):
        if "enum" in schema:
            yield (f"{around}.{key}" if f"{around}.{key}" in KINDS else key), schema["enum"]
        for name, value in schema.get("properties", {}).items():
            yield from enumerations(value, key, name)
        for inside in (schema.get("additionalProperties"), schema.get("items")):
            yield from enumerations(inside, around, key)


ENUMERATIONS = [pair for part in SCHEMA["$defs"].values() for pair in enumerations(part)]


@pytest.mark.parametrize(("key", "listed"), ENUMERATIONS, ids=[key for key, _ in ENUMERATIONS])
def test_the_schema_takes_the_words_that_the_code_knows(key: str, listed: list[str]) -> None:
    assert tuple(listed) == words.words(KINDS[key])


def test_the_schema_has_words_for_every_kind() -> None:
    assert {key for key, _ in ENUMERATIONS} == set(KINDS)


DOCUMENTED: dict[str, Any] = {
    "limit.over-maximum": words.OverMaximum,
    "limit.when-absent": words.Absent,
    "limit.when-zero": words.Treatment,
    "spelling": words.Spelling,
    "links.form": words.LinkForm,
    "links.limit": words.LinkLimit,
    "links.order": words.LinkOrder,
    "offset.past-end": words.PastEnd,
    "offset.when-negative": limit_offset.OffsetTreatment,
    "page.past-end": words.PastEnd,
    "page.when-below": page_number.PageTreatment,
    "start.past-end": words.PastEnd,
    "start.when-below": start_index.IndexTreatment,
    "cursor.value": cursor.CursorValue,
    "cursor.when-unknown": cursor.CursorTreatment,
    "cursor.when-foreign": cursor.ForeignTreatment,
}
"""Rows of the tables of the documentation, and the kind of words in them."""


def rows() -> dict[str, str]:
    """Return the rows of every table of the contract's documentation: the first name in each, and its last cell."""
    pages = [ROOT / "docs" / "contracts.md", *(ROOT / "docs" / "styles").glob("*.md")]
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {cell[0].split("`")[1]: cell[-1] for cell in cells}


@pytest.mark.parametrize("key", DOCUMENTED)
def test_the_documentation_names_the_words_that_the_code_knows(key: str) -> None:
    assert set(re.findall(r"`([a-z-]+)`", rows()[key])) == set(words.words(DOCUMENTED[key]))


@pytest.mark.parametrize("match", words.words(words.FilterMatch))
def test_the_documentation_names_every_filter(match: str) -> None:
    assert f"`{match}`" in (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
