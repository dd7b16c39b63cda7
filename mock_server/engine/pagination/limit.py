"""How many items a page is to have: the limit that was sent, as the contract reads it."""

from __future__ import annotations

from collections.abc import Mapping

from apitwin.contracts.pagination.rules import LimitRule
from apitwin.contracts.words import Absent, Treatment
from apitwin.mock_server.engine import numbers
from apitwin.mock_server.engine.pagination.asked import ASSUMED_DEFAULT
from apitwin.mock_server.messages import Rejected


def read(text: str | None, rule: LimitRule) -> int | Rejected | None:
    """Return how many items were asked for, None for all of them as a bare array. text: None where none was sent."""
    if text is None:
        return _treated(rule.when_absent, "required", "", 0, rule)
    number = numbers.read(text, rule.spelling, rule.largest)
    if number.kind == "empty":
        return _treated(rule.when_empty, "integer", text, 0, rule)
    if number.kind == "fraction":
        return _treated(rule.when_fraction, "integer", text, number.value, rule)
    if number.kind == "text":
        return _treated(rule.when_text, "integer", text, 0, rule)
    if number.value == 0:
        return _treated(rule.when_zero, "minimum", text, 0, rule)
    if number.value < 0:
        return _treated(rule.when_negative, "minimum", text, 0, rule)
    return _within_maximum(number.value, text, rule)


def _within_maximum(limit: int, text: str, rule: LimitRule) -> int | Rejected:
    if rule.maximum is None or limit <= rule.maximum or rule.over_maximum == "honour":
        return limit
    if rule.over_maximum == "reject":
        return Rejected(str(rule.parameter), "maximum", text, rule.maximum)
    return rule.maximum


def _treated(
    treatment: Treatment | Absent, message: str, text: str, floor: int, rule: LimitRule
) -> int | Rejected | None:
    """Return what a treatment named by the contract makes of a limit that is no positive integer."""
    if treatment == "reject":
        return Rejected(str(rule.parameter), message, text, 1 if message == "minimum" else None)
    if treatment == "bare-array":
        return None
    if treatment == "floor" and floor > 0:
        return _within_maximum(floor, text, rule)
    known: Mapping[str, int | None] = {
        "empty": 0,
        "floor": 0,
        "one": 1,
        "maximum": rule.maximum,
        "default": rule.default,
    }
    limit = known.get(treatment)
    return limit if limit is not None else rule.default or rule.maximum or ASSUMED_DEFAULT
