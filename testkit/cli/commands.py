"""The commands, gathered under the name `apitwin`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from apitwin.testkit.cli.check import check
from apitwin.testkit.cli.check_client import check_client
from apitwin.testkit.cli.contract import contract
from apitwin.testkit.cli.faults import faults
from apitwin.testkit.cli.laws import laws
from apitwin.testkit.cli.operations import operations
from apitwin.testkit.cli.serve import serve
from apitwin.testkit.cli.stopping import STOPPING


class Commands(click.Group):
    """The commands, each of which can be stopped: click's own exit code for that would mean a broken law."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:  # between two lines of a `with` statement
            STOPPING.conclude()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="apitwin", prog_name="apitwin")
def apitwin() -> None:
    """A twin of a paginated REST API, and the laws that it and the real API must obey.

    \b
    Start a fake VIKTOR backend:      apitwin serve viktor
    Check the twin against the laws:  apitwin check viktor
    Check a live API:                 apitwin check viktor --target https://demo.viktor.ai --token-env TOKEN
    Check a client of yours:          apitwin check-client "python my_client.py"
    What is checked:                  apitwin laws
    What a document looks like:       apitwin operations openapi.yaml

    \b
    Exit codes:
      0  every law holds, was skipped or stayed open; or serve was stopped
      1  a law is broken
      2  it could not be run, or was stopped before its end
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a console that cannot show a character shows its number instead
            reconfigure(errors="backslashreplace")


for command in (serve, check, check_client, operations, contract, laws, faults):
    apitwin.add_command(command)
