"""What a user has to mend: one line, and exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from apitwin.contracts import ContractError
from apitwin.contracts.printable import one_line
from apitwin.testkit.cli.exit_codes import EXIT_COULD_NOT_RUN
from apitwin.testkit.errors import TestkitError


class Refused(click.ClickException):
    """What could not be run, in one line."""

    exit_code = EXIT_COULD_NOT_RUN

    def show(self, file: Any = None) -> None:
        """Print the line on standard error."""
        click.echo(f"apitwin: {one_line(self.format_message())}", err=True)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn every error that is the user's to mend into one line and exit code 2."""
    try:
        yield
    except (ContractError, TestkitError) as error:
        raise Refused(str(error)) from None
