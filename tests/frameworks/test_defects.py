"""Defects of a server are found by its plain document; all of them by `python -m tests.frameworks --defects`."""

from __future__ import annotations

import pytest

from tests.frameworks.bookshop.defects import DEFECTS
from tests.frameworks.caught import CAUGHT, NOT_CAUGHT, caught

SAMPLE = ("search-ignored", "nested-list-shows-all")


def test_every_defect_is_in_the_table() -> None:
    assert sorted([*CAUGHT, *NOT_CAUGHT]) == sorted(DEFECTS)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_defect_is_caught(name: str) -> None:
    outcome, reason = caught(name)

    assert outcome == "broken", reason
