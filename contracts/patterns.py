"""Patterns of a contract: one engine, and one answer, for the twin, the checks and what is drawn for them.

A pattern comes from whoever wrote the document, and the text from whoever sends a request. Python's `re` goes back and
tries again: `^(a+)+$` holds it for ever over forty letters. The engine of `jsonschema-rs` takes linear time. Only
lookaround and backreferences make it go back too, and then it stops after `Budgets.backtracks` steps: such a text is
not judged, so it counts as one that matches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs

from apitwin.contracts.budgets import BUDGETS

OPTIONS = jsonschema_rs.FancyRegexOptions(backtrack_limit=BUDGETS.backtracks, size_limit=BUDGETS.pattern_bytes)
"""How every compiled schema reads its patterns."""
_LINEAR = jsonschema_rs.RegexOptions(size_limit=BUDGETS.pattern_bytes)
_GAVE_UP = jsonschema_rs.ValidationErrorKind.BacktrackLimitExceeded
_COUNT = re.compile(r"(?<=[{,])[0-9]+(?=[,}])")
_KEPT = 1024
"""Patterns that are kept compiled."""


class PatternError(ValueError):
    """A text is no pattern that the engine understands, or one that is too large when it is compiled."""


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern of ECMA-262 (JSON Schema Validation 6.3.3), which may match anywhere in a text.

    is_linear: whether the engine never goes back for it, so that every text is judged.
    """

    text: str
    is_linear: bool
    _validator: Any

    def judges(self, text: str) -> bool | None:
        """Return whether the pattern matches a text; None where the engine went back too often to say.

        A lone surrogate, which is no character of Unicode, counts as U+FFFD (assumed).
        """
        text = text if text.isascii() else _whole(text)
        if self._validator.is_valid(text):
            return True
        if self.is_linear:
            return False
        kinds = [error.kind for error in self._validator.iter_errors(text)]
        return None if any(isinstance(kind, _GAVE_UP) for kind in kinds) else False

    def matches(self, text: str) -> bool:
        """Return whether the pattern matches a text, or cannot be judged."""
        return self.judges(text) is not False


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def compiled(text: str) -> Pattern:
    """Return a pattern ready to match, compiled once. Raises PatternError."""
    pattern = _compiled(text)
    if pattern is None:
        raise PatternError("no pattern of ECMA-262 that is understood here, or too large when it is compiled")
    return pattern


@lru_cache(maxsize=_KEPT)
def _compiled(text: str) -> Pattern | None:
    if any(int(count[-12:]) > BUDGETS.pattern_repetitions for count in _COUNT.findall(text)):
        return None
    for is_linear, options in ((True, _LINEAR), (False, OPTIONS)):
        try:
            validator = jsonschema_rs.Draft202012Validator({"pattern": text}, pattern_options=options)
        except (ValueError, jsonschema_rs.ValidationError):
            continue
        return Pattern(text, is_linear, validator)
    return None


def goes_back(text: str) -> bool:
    """Return whether a pattern needs the engine that goes back, and so an end to it. One not understood needs none."""
    pattern = _compiled(text)
    return pattern is not None and not pattern.is_linear


def is_understood(text: str) -> bool:
    """Return whether a text is a pattern that can be compiled."""
    return _compiled(text) is not None
