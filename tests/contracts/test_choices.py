"""A `oneOf` whose alternatives overlap is read as what it means; one that tells them apart is read as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import load
from tests.contracts.test_set_aside import SCHEMA, written

CAT = {"type": "object", "properties": {"name": {"type": "string"}, "lives": {"type": "integer"}}}
DOG = {"type": "object", "properties": {"name": {"type": "string"}, "bark": {"type": "string"}}}
WITH_LIVES = {**CAT, "required": ["lives"]}
WITH_BARK = {**DOG, "required": ["bark"]}
TEXT, DATE = {"type": "string"}, {"type": "string", "format": "date"}


def accepts(folder: Path, choices: list[Any], value: Any) -> bool:
    contract = load(written(folder, SCHEMA, {"oneOf": choices}))
    judged = contract.operation("cat").responses["200"].schema
    assert judged is not None
    assert len(contract.set_aside) == 0
    return judged.accepts(value)


@pytest.mark.parametrize(
    ("choices", "value"),
    [
        ([CAT, DOG], {"name": "Tom"}),
        ([CAT, DOG, WITH_BARK], {"bark": "wow"}),
        ([{"allOf": [CAT]}, {"allOf": [DOG, {"description": "a dog"}]}], {}),
        ([{"type": "integer"}, {"type": "number"}], 1),
        ([TEXT, DATE], "2024-02-29"),
        ([{"description": "anything"}, TEXT], "x"),
        ([{"type": "object"}, WITH_BARK], {"bark": "wow"}),
    ],
)
def test_what_meets_several_alternatives_that_are_not_told_apart_is_valid(
    tmp_path: Path, choices: list[Any], value: Any
) -> None:
    assert accepts(tmp_path, choices, value)


@pytest.mark.parametrize(
    ("choices", "value"),
    [
        ([WITH_LIVES, WITH_BARK], {"lives": 9, "bark": "miaow"}),
        ([CAT, WITH_BARK], {"bark": "wow"}),
        ([{"type": "integer", "minimum": 0}, {"type": "number", "maximum": 9}], 5),
        ([CAT, {"type": "array"}], "neither"),
    ],
)
def test_alternatives_that_say_what_they_ask_for_are_judged_as_they_stand(
    tmp_path: Path, choices: list[Any], value: Any
) -> None:
    assert not accepts(tmp_path, choices, value)


def test_alternatives_behind_references_are_looked_at(tmp_path: Path) -> None:
    def choice(name: str) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{name}"}

    path = written(tmp_path, "/components/schemas", {"Cat": CAT, "Dog": choice("Hound"), "Hound": DOG})
    text = path.read_text(encoding="utf-8").replace(
        '"schema": {"type": "object", "properties": {"name": {"type": "string"}}}',
        '"schema": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]}',
    )
    path.write_text(text, encoding="utf-8")

    judged = load(path).operation("cat").responses["200"].schema

    assert judged is not None
    assert judged.accepts({"name": "Rex"})
