"""The world that the replay of the official client is run against, and a running twin of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from apitwin.contracts import Contract
from apitwin.mock_server import STEPS, Backend, RunningTwin, create_app
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.viktor.builder import Entity, EntityType, User, Workspace, WorldBuilder
from apitwin.mock_server.world.clock import Clock
from tests.viktor import client

START = datetime(2026, 5, 4, 8, 30, 0, 250, tzinfo=timezone.utc)
"""When it is, in a world whose clock stands still until a test moves it."""
LABEL = {"id": 1, "name": "L", "description": "", "color": "#3366cc"}


@dataclass(frozen=True)
class Site:
    """A running twin whose answers are held against the contract."""

    world: WorldBuilder
    twin: Backend
    url: str

    def client(self, user: User | str | None) -> client.Client:
        """Return the client with the token of a user, with a token that is given as it is, or without one.

        It waits by moving the twin's clock.
        """
        token = user.token if isinstance(user, User) else user
        return client.Client(self.url, token, self.world.world.clock.advance)

    def reset(self) -> None:
        self.twin.reset()


@contextmanager
def running(world: WorldBuilder, contract: Contract | None = None) -> Iterator[Site]:
    """Run a twin of a world. contract: the one it is served under, where that is not the one it was built with."""
    application = create_app(contract or world.contract, world.world, checked(STEPS))
    with RunningTwin(application) as served:
        yield Site(world, application.extensions["apitwin"], served.url)


@dataclass(frozen=True)
class Bridges:
    """What is in the world, by name.

    member: was invited to the workspace `home`; outsider: was not. spans: the 250 children of `root`; deck: below the
    first of them; report: of a type with files, and its file is there.
    """

    member: User
    outsider: User
    home: Workspace
    secret: Workspace
    folder: EntityType
    root: Entity
    spans: list[Entity]
    deck: Entity
    report: Entity
    secret_root: Entity


def built(contract: Contract) -> tuple[WorldBuilder, Bridges]:
    """Return a world with 250 children, 121 workspaces for a member, and 122 apps."""
    world = WorldBuilder(contract, Clock(START))
    member = world.user("Max", last_name="Bauer", job_title="Engineer")
    design = _app(world, "bridge-design", 900)
    home = world.workspace("Bridges", members=[member], app=design, labels=[LABEL], description="Over the Rhine")
    for number in range(1, 121):
        world.workspace(f"Site {number}", visibility="INTERNAL")
    world.workspace("Old site", visibility="INTERNAL", is_archived=True)
    for number in range(120):
        world.app(f"piles-{number}")
    world.workspace("Piles", visibility="INTERNAL", app=_app(world, "piles", 2000), app_version=None, labels=None)
    folder = home.entity_type("Folder")
    section = home.entity_type("Section", below=folder)
    survey = home.entity_type("Survey", below=folder, is_file=True)
    root = folder.entity(
        "Rhine", properties={"geometry": {"width": 2.5, "lanes": 2}}, summary={"mass": {"value": 18.4}}
    )
    spans = root.entities("Span {n}", section, count=250, properties={"length": 24.5})
    deck = spans[0].entity("Deck", section)
    report = root.entity("Borehole 7", survey, file=world.file("stored/bore.gef", b"#GEFID= 1, 1, 0\r\n"))
    secret = world.workspace("Secret", members=[])
    secret_root = secret.entity_type("Folder").entity("Hidden")
    return world, Bridges(member, world.user("Otto"), home, secret, folder, root, spans, deck, report, secret_root)


def _app(world: WorldBuilder, name: str, number: int) -> dict[str, Any]:
    return {"id": world.app(name, id=number), "name": name, "readable_name": name}
