"""One running twin for each test file, as it was at its start for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from apitwin.contracts import Contract
from tests.viktor.client import Client, Entity
from tests.viktor.worlds import Bridges, Site, built, running


@pytest.fixture(scope="module")
def started(viktor: Contract) -> Iterator[tuple[Site, Bridges]]:
    world, bridges = built(viktor)
    with running(world) as site:
        yield site, bridges


@pytest.fixture
def site(started: tuple[Site, Bridges]) -> Site:
    """The running twin, as it was at its start."""
    started[0].reset()
    return started[0]


@pytest.fixture
def bridges(started: tuple[Site, Bridges]) -> Bridges:
    """What is in its world."""
    return started[1]


@pytest.fixture
def client(site: Site, bridges: Bridges) -> Client:
    """The client of a member of the workspace Bridges."""
    return site.client(bridges.member)


@pytest.fixture
def root(client: Client, bridges: Bridges) -> Entity:
    """The entity at the top of that workspace, of which nothing has been read."""
    return client.get_entity(bridges.home.id, bridges.root.id)
