"""The traceback of what apitwin itself failed at: where it happened and what kind of error it is, and no values."""

from __future__ import annotations

import sys
import traceback


def show_traceback(error: BaseException) -> None:
    """Print on standard error where an error was raised. Its own text, which may hold what a server sent, is left out.

    The lines of the program are its source, and hold no secret.
    """
    frames = "".join(traceback.format_tb(error.__traceback__))
    line = f"Traceback of a verdict that could not be made:\n{frames}{type(error).__name__}\n"
    print(line.encode("ascii", "backslashreplace").decode(), end="", file=sys.stderr, flush=True)
