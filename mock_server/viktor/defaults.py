"""What a new thing has on VIKTOR where nothing else is said: `defaults.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from apitwin.contracts import documents
from apitwin.mock_server.world.clock import written
from apitwin.mock_server.world.world import World

NOW = "now"
"""In the defaults: the moment at which the thing is made."""
FIRST = ("id", "uid", "name")
"""Members that come first, where a reader looks for them."""


@cache
def _defaults() -> Mapping[str, Mapping[str, Any]]:
    defaults: dict[str, dict[str, Any]] = documents.read(Path(__file__).with_name("defaults.yaml"))
    return defaults


def filled(world: World, collection: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a thing's values, with those of a new one of its collection where it has none of its own."""
    now = written(world.clock.now())
    new = {name: now if value == NOW else value for name, value in _defaults().get(collection, {}).items()}
    first: dict[str, Any] = {name: values[name] for name in FIRST if name in values}
    return {**first, **new, **values}
