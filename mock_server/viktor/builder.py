"""A world in code: what is there, said in a line each.

    world = WorldBuilder()
    bridges = world.workspace("Bridges")
    section = bridges.entity_type("Section")
    root = section.entity("Rhine", properties={"width": 2.5})
    root.entities("Span {n}", section, count=250)
    world.method("calculate", lambda params: {"data": {"area": params["width"] * 2}})
    app = create_app(world.contract, world.world)

Things may be added while the twin runs, too; a reset takes those away again. What is not said is as a new thing on
the platform has it. A field that no schema knows, or a value that does not fit, is refused with its name.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts import Contract, load
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.viktor.defaults import filled
from apitwin.mock_server.viktor.entities import param_types, placed
from apitwin.mock_server.viktor.jobs import Compute
from apitwin.mock_server.viktor.rights import ADMIN, APP, EXTERNAL
from apitwin.mock_server.viktor.world_items import finalize_world
from apitwin.mock_server.world.blobs import Blob
from apitwin.mock_server.world.clock import Clock
from apitwin.mock_server.world.earlier import ValuesByIdentity
from apitwin.mock_server.world.fitting import require_known, require_valid
from apitwin.mock_server.world.world import Token, World

ADMIN_TOKEN = "vktrpat_TwinAdmin00001_abcdefghijklmnopqrstuvwxyz"
"""The token of the first user of a new world, an organisation admin."""


class WorldBuilder:
    """A world that is being filled. world: what `create_app` takes; it holds one user, an admin, from the start."""

    def __init__(self, contract: Contract | None = None, clock: Clock | None = None) -> None:
        """contract: VIKTOR's, or one like it; clock: the time in the world, to move it in a test."""
        self.contract = contract or load("viktor")
        self.world = World(self.contract, clock=clock)
        self.admin = self.user("Ada", admin=True, token=ADMIN_TOKEN)

    def user(
        self,
        first_name: str,
        *,
        token: str | None = None,
        admin: bool = False,
        external: bool = False,
        app: bool = False,
        **fields: Any,
    ) -> User:
        """Add a user with a token of its own.

        token: its secret; without one it is made of the user's number. admin: of the organisation; external: sees no
        INTERNAL workspace; app: the token is one of an app and not of a person.
        """
        kind = "admin" if admin else "external" if external else "member"
        last = fields.pop("last_name", "Test")
        named = {ADMIN: admin, EXTERNAL: external, APP: app}
        roles = frozenset(role for role, has in named.items() if has)
        with self.world.changing():
            number = self.world.tables["users"].next_identity()
            email = fields.pop("email", f"user{number}@example.test")
            values = {"first_name": first_name, "last_name": last, "email": email, "kind": kind, **fields}
            values = added(self.world, "users", values)
            secret = token or f"vktrpat_TwinUser{number:06d}_{string.ascii_lowercase}"
            self.world.tokens = (*self.world.tokens, Token(secret, user=str(values["id"]), roles=roles))
        return User(values["id"], secret)

    def workspace(
        self,
        name: str,
        *,
        members: Iterable[User] = (),
        admins: Iterable[User] = (),
        app_type: str = "tree",
        **fields: Any,
    ) -> Workspace:
        """Add a workspace with an app. members, admins: who was invited; app_type: tree, simple or editor."""
        with self.world.changing():
            said: dict[str, Any] = {
                "name": name,
                "members": [user.id for user in members],
                "admins": [user.id for user in admins],
                "app_version": self._app_version(app_type),
            }
            if "app" not in fields:
                number = self.app(
                    f"app-{self.world.tables['apps'].next_identity()}", readable_name=f"App of {name}"[:64]
                )
                app = self.world.tables["apps"].by_identity[str(number)].values
                said["app"] = {key: app[key] for key in ("id", "name", "readable_name")}
            values = added(self.world, "workspaces", {**said, **fields})
        return Workspace(self.world, values["id"])

    def _app_version(self, app_type: str) -> dict[str, Any]:
        return {
            "id": self.world.tables["workspaces"].next_identity(),
            "tag": "v1.0.0",
            "status": "PUBLISHED",
            "app_type": app_type,
            "sdk_version": "14.0.0",
            "python_version": "3.11",
            "created_at": filled(self.world, "workspaces", {})["created_at"],
        }

    def app(self, name: str, **fields: Any) -> int:
        """Add an app and return its number."""
        return int(added(self.world, "apps", {"name": name, "readable_name": name, **fields})["id"])

    def method(
        self,
        name: str,
        result: Mapping[str, Any] | Compute | None = None,
        *,
        error: Mapping[str, Any] | None = None,
        seconds: float = 0,
        progress: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        """Say what a method of the app computes when a job asks for it.

        result: the result itself, or a function of the params; raising `UserError` in it fails the job as an app would.
        While it runs, nobody else can write to the world: it must not send a request that writes to this twin.
        error: `{"type": "error_user", "message": ...}` for one that always fails. seconds: how long it takes on the
        world's clock. progress: `{"after": seconds, "message": text, "percentage": number}`, in order of time.
        """
        said = {"name": name, "error": error, "seconds": seconds, "progress": list(progress)}
        values = fitting(self.world, "methods", {**said, "result": {} if callable(result) else result})
        whole = {**values, "result": result} if callable(result) else values  # a function fits no schema
        self.world.tables["methods"].add([whole], checked=False)

    def file(self, key: str, content: bytes, filename: str | None = None) -> str:
        """Store a file and return its key, for the `file` of an entity."""
        self.world.storage.put(key, Blob(content, filename or key.rpartition("/")[2]))
        return key


def added(world: World, collection: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Put a thing into a world and return all its values. Raises TwinError naming the field that does not fit."""
    with world.changing():
        numbered = {"id": world.tables[collection].next_identity(), **values}
        whole = fitting(world, collection, filled(world, collection, numbered))
        world.tables[collection].add([whole], checked=False)
    return whole


def fitting(world: World, collection: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a thing if they fit. Raises TwinError naming the field that does not."""
    holder = world.tables[collection].collection
    require_known(values, holder, collection)
    require_valid(values, holder, f"{collection} {values.get('name')!r}")
    return values


@dataclass(frozen=True)
class User:
    """A user that was added. token: its secret."""

    id: int
    token: str


@dataclass(frozen=True)
class Workspace:
    """A workspace that was added, to put things into."""

    world: World
    id: int

    def entity_type(self, class_name: str, *, below: EntityType | None = None, **fields: Any) -> EntityType:
        """Add an entity type. below: a type under whose entities it may stand."""
        values = {"name": class_name, "class_name": class_name, "workspace": self.id, **fields}
        with self.world.changing():
            made = EntityType(self.world, added(self.world, "entity_types", values)["id"])
            if below is not None:
                table = self.world.tables["entity_types"]
                allowed = table.by_identity[str(below.id)].values["child_entity_type_ids"]
                table.update(str(below.id), {"child_entity_type_ids": [*allowed, made.id]})
        return made


@dataclass(frozen=True)
class EntityType:
    """An entity type that was added."""

    world: World
    id: int

    def entity(self, name: str, **fields: Any) -> Entity:
        """Add an entity of this type at the top of its workspace."""
        return self.entities(name, count=1, **fields)[0]

    def entities(self, name: str, *, count: int, **fields: Any) -> list[Entity]:
        """Add some entities of this type at the top of their workspace; `{n}` in the name is the number from 1."""
        return _entities(self.world, name, self, count, None, fields)


@dataclass(frozen=True)
class Entity:
    """An entity that was added."""

    world: World
    id: int

    def entity(self, name: str, kind: EntityType, **fields: Any) -> Entity:
        """Add an entity below this one."""
        return self.entities(name, kind, count=1, **fields)[0]

    def entities(self, name: str, kind: EntityType, *, count: int, **fields: Any) -> list[Entity]:
        """Add some entities below this one; `{n}` in the name is the number from 1."""
        return _entities(self.world, name, kind, count, self, fields)


def _entities(
    world: World, name: str, kind: EntityType, count: int, above: Entity | None, fields: Mapping[str, Any]
) -> list[Entity]:
    table = world.tables["entities"]
    place = {"entity_type": kind.id, "parent": None if above is None else above.id}
    with world.changing():
        earlier = ValuesByIdentity(table)
        first, made = table.next_identity(), []
        for number in range(count):
            values = {"id": first + number, "name": name.replace("{n}", str(number + 1)), **place, **fields}
            made.append(_entity(world, values, earlier))
        table.add(made, checked=False)
        finalize_world(world)
    return [Entity(world, values["id"]) for values in made]


def _entity(world: World, values: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    values = filled(world, "entities", values)
    key = values["file"]
    if key is not None and (not isinstance(key, str) or world.storage.get(key) is None):
        raise TwinError(
            f"entities {values['name']!r}/file: nothing is stored under {key!r}; store it with file() first"
        )
    values.setdefault("param_types", param_types(values["properties"]))
    try:
        return fitting(world, "entities", placed(world, values, earlier))
    except LookupError as error:
        raise TwinError(f"entities {values['name']!r}: {error.args[0]}") from None
