"""What a command prints: nothing in it controls a terminal, and no secret is in it."""

from __future__ import annotations

import sys
from typing import IO, Any

import click

from apitwin.contracts.printable import printable
from apitwin.contracts.security.spellings import Spellings


class Guarded:
    """A stream that leaves out the secrets of the run in every text that is written to it, whoever writes it."""

    def __init__(self, stream: IO[str], secrets: Spellings) -> None:
        self._stream = stream
        self._secrets = secrets

    def write(self, text: str) -> int:
        """Write a text without secrets; return how many characters the caller may think were written."""
        self._stream.write(self._secrets.cleaned(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard(secrets: Spellings) -> None:
    """Let no secret of a run pass to standard output and standard error from now on."""
    sys.stdout, sys.stderr = Guarded(sys.stdout, secrets), Guarded(sys.stderr, secrets)


def say(text: str, *, error: bool = False) -> None:
    """Print a text of one or more lines. error: on standard error."""
    click.echo(printable(text), err=error)
