"""Python's collector rests while a document is read, and goes on afterwards, whatever came of it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from apitwin.contracts import ContractError, load
from apitwin.contracts.collecting import collector_put_off


def test_the_collector_rests_and_goes_on() -> None:
    with collector_put_off():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError):
        load(tmp_path / "absent.json")
    assert gc.isenabled()


def test_one_inside_another_leaves_it_resting_until_the_outer_one_ends() -> None:
    with collector_put_off():
        with collector_put_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        load("viktor")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_is_kept_is_never_looked_at_again() -> None:
    before = gc.get_freeze_count()
    try:
        with collector_put_off(is_kept=True):
            pass
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()


def test_what_failed_is_not_kept() -> None:
    before = gc.get_freeze_count()
    with pytest.raises(ValueError, match="no"), collector_put_off(is_kept=True):
        raise ValueError("no")
    assert gc.get_freeze_count() == before
