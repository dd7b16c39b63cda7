"""The options that say how a document is read, the same for every command that reads one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

ROOT = click.option(
    "--root",
    metavar="FOLDER",
    help="The folder that the contract's other files may lie in. [default: the contract's own]",
)
STRICT = click.option(
    "--strict/--no-strict",
    default=None,
    help="Refuse a document for every detail that is not understood, instead of leaving it out. [default: only "
    "where it has an x-apitwin of its own]",
)
REFS_FROM = click.option(
    "--refs-from",
    multiple=True,
    metavar="HOST",
    help="Fetch from this host what the document refers to there, and keep it on the disk. Repeatable.",
)
OVERLAY = click.option(
    "--overlay",
    metavar="FILE",
    help="An OpenAPI Overlay to lay over the contract first, such as `apitwin contract infer` writes.",
)
READING = (ROOT, STRICT, REFS_FROM, OVERLAY)
"""All of them, in the order of the help."""


def reading(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how a document is read."""
    for option in reversed(READING):
        command = option(command)
    return command
