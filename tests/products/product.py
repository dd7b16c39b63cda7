"""What has to be known of a product to judge it, and the place where one lives while it is judged."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECRET = "0123456789abcdef0123456789abcdef"
"""The credential of products that take one from outside."""


@dataclass(frozen=True)
class Place:
    """Where a product is installed and runs. folder: all of it is in there. port: where it shall answer."""

    folder: Path
    port: int

    @property
    def base(self) -> str:
        """The scheme, the host and the port of the product."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """The folder in which it runs, and where it keeps what it is told; empty at each start."""
        return self.folder / "data"

    @property
    def bin(self) -> Path:
        """The folder of the commands of its environment."""
        return self.folder / "venv" / "bin"

    def path(self, *before: Path) -> dict[str, str]:
        """Return the variable PATH, with the folders of its own commands first."""
        return {"PATH": os.pathsep.join([*map(str, before), str(self.bin), os.environ["PATH"]])}

    def run(self, *words: str, env: Mapping[str, str] | None = None) -> str:
        """Run a command of it to its end and return what it printed. Raises CalledProcessError."""
        environment = {**os.environ, **self.path(), **(env or {})}
        done = subprocess.run(words, cwd=self.data, env=environment, check=True, capture_output=True, text=True)
        return done.stdout


def nothing(place: Place) -> None:
    """Do nothing: the product needs none of that."""


def no_environment(place: Place) -> dict[str, str]:
    """Return no variables: the product needs none."""
    return {}


def no_token(place: Place) -> str | None:
    """Return no token: the product asks for none."""
    return None


@dataclass(frozen=True)
class Product:
    """A product. packages: the requirements to install, with their versions.

    prepare: writes its configuration, before the start. command: starts it. environment: variables of its process.
    ready: the path that answers with success once it is up. fill: makes so many things in it that lists have pages.
    document: fetches its own document and returns the file. token: what it is asked with, None for nothing.
    address: what is added to its base to make the target. options: of `apitwin check`, beside the usual.
    """

    name: str
    packages: tuple[str, ...]
    command: Callable[[Place], list[str]]
    ready: str
    document: Callable[[Place], Path]
    prepare: Callable[[Place], None] = nothing
    fill: Callable[[Place], None] = nothing
    environment: Callable[[Place], dict[str, str]] = no_environment
    token: Callable[[Place], str | None] = no_token
    address: str = ""
    options: tuple[str, ...] = field(default=())
