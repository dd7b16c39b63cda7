"""Python's collector of circles, put off while much is made of which nearly all is kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_put_off(*, is_kept: bool = False) -> Iterator[None]:
    """Let the collector rest: in a large document it looks at a million objects again and again, and finds nothing.

    It goes on afterwards, if it went before. What is read is bounded (`budgets.py`), and so is what lies about.
    is_kept: whether it never looks at what was made, in a process that keeps its document until its end.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        if is_kept:
            gc.freeze()
    finally:
        if was_on:
            gc.enable()
