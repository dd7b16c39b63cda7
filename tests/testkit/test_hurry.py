"""A document of very many operations is checked with fewer examples, so that a person waits for it, and it is said."""

from __future__ import annotations

from pathlib import Path

from tests.contracts.plain_documents import AUTHOR, get, written
from tests.testkit.test_cli import apitwin


def _document(folder: Path, operations: int) -> Path:
    return written(folder, {f"/shelf-{number}": {"get": get(AUTHOR)} for number in range(operations)})


def test_many_operations_of_a_twin_are_tried_with_fewer_examples(tmp_path: Path) -> None:
    said = apitwin("check", str(_document(tmp_path, 90)), "--law", "sort").stderr

    assert said.startswith("90 operations are many: 7 examples of each law are tried, not 15; --examples 15 tries as ")


def test_operations_that_are_named_are_tried_with_all_examples(tmp_path: Path) -> None:
    document = str(_document(tmp_path, 90))

    said = apitwin("check", document, "--law", "status", "--operation", "get /shelf-3").stderr

    assert "are many" not in said


def test_who_says_how_many_examples_is_told_nothing_of_it(tmp_path: Path) -> None:
    document = str(_document(tmp_path, 90))

    said = apitwin("check", document, "--law", "sort", "--examples", "3").stderr

    assert "are many" not in said
