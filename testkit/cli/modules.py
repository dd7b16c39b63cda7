"""Importing what a user names: a command finds modules in the folder that it is run in, as `python -m` does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def modules_from_here() -> Iterator[None]:
    """Let `module:NAME` mean a module of the working folder too; a script knows only its own folder.

    It is looked in last, so that no file that happens to lie there replaces a module of an installed package.
    """
    here = os.getcwd()
    if here in sys.path:
        yield
        return
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)
