"""Drawing examples: Hypothesis as both judges use it, the one of servers and the one of clients."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, strategies
from hypothesis.errors import HypothesisException, HypothesisWarning


def draw(example: Callable[[Any], None], most: int, seed: str) -> None:
    """Call a function with Hypothesis's data, so many times at most, and make what fails smaller.

    The same seed draws the same wherever the same modules are loaded: Hypothesis also tries numbers that it finds in
    the modules of the project it runs in. Raises what the smallest failing example raised, and Hypothesis's own errors.
    """
    smallest: Exception | None = None

    def attempt(data: Any) -> None:
        nonlocal smallest
        failure = _failure(example, data)
        if failure is not None:
            smallest = failure  # Hypothesis ends with the smallest; the others may hold much
            raise _Failed from None

    settings = hypothesis.settings(
        max_examples=most,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
        print_blob=False,
    )
    run = hypothesis.seed(zlib.crc32(seed.encode()))(settings(hypothesis.given(strategies.data())(attempt)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)
        try:
            run()
        except _Failed as failed:
            raise smallest or failed from None


class _Failed(Exception):
    """An example failed. It comes to Hypothesis with one frame: it writes each failure out with the source of all."""


def _failure(example: Callable[[Any], None], data: Any) -> Exception | None:
    """Return what an example raises, without the frames that it went through. Hypothesis's own errors go their way."""
    try:
        example(data)
    except HypothesisException:
        raise
    except Exception as error:
        return error.with_traceback(None)
    return None
