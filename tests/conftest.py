"""Fixtures that several test files share: each server is started once."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from apitwin.contracts import Contract, load
from tests.servers import live_server

pytest_plugins = ["pytester"]


def pytest_collection_finish() -> None:
    """What thousands of tests are made of stays to the end: Python need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def viktor() -> Contract:
    """The VIKTOR contract."""
    return load("viktor")


@pytest.fixture(scope="session")
def live() -> Iterator[dict[str, str]]:
    """A correct Django REST framework server: its url and tokens."""
    with live_server() as running:
        yield running
