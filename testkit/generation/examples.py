"""Drawing examples: Hypothesis as both judges use it, the one of servers and the one of clients."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, strategies
from hypothesis.errors import HypothesisWarning


def draw(example: Callable[[Any], None], most: int, seed: str) -> None:
    """Call a function with Hypothesis's data, so many times at most, and make what fails smaller.

    The same seed draws the same wherever the same modules are loaded: Hypothesis also tries numbers that it finds in
    the modules of the project it runs in. Raises what the smallest failing example raised, and Hypothesis's own errors.
    """
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
    run = hypothesis.seed(zlib.crc32(seed.encode()))(settings(hypothesis.given(strategies.data())(example)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)
        run()
