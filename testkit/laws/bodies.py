"""Bodies for writing operations: valid ones drawn by their schema, and ones that it must refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies

from contracts.model import Operation
from testkit.probe import Probe

TEXTS = ("Träger №5", "x=1&limit=2", '100 % & more + "quotes"', "梁", "a/b?c#d", "two  spaces")
VALUES = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers(-(2**31), 2**31) | strategies.sampled_from(TEXTS),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(strategies.sampled_from(("width", "höhe", "step.one")), inner, max_size=3)
    ),
    max_leaves=6,
)
"""JSON values, small ones."""
MISFITS: tuple[Any, ...] = ([[]], {"a": []}, "", None, True)
"""Values that few members take; no number, for many servers take one for a text (Django REST framework does)."""


def body(probe: Probe, operation: Operation, items: Sequence[Any]) -> dict[str, Any]:
    """Draw a body that an operation takes: its required members, and of the others those that can be read back.

    items: things of the same kind. A number that a body shares with them, such as the type of a new thing, is taken
    from one of them, for it names something that has to exist.
    """
    schema = _schema(operation)
    like = probe.draw(strategies.sampled_from(list(items)), "like") if items else None
    required = schema.get("required", ())
    drawn: dict[str, Any] = {}
    for name, member in schema.get("properties", {}).items():
        if name in required or (isinstance(like, dict) and name in like and _is_free(member)):
            drawn[name] = probe.draw(_strategy(name, member, like), name)
    return drawn


def refusable(probe: Probe, operation: Operation, items: Sequence[Any]) -> Any | None:
    """Draw a body that the operation's schema refuses, None where no simple change makes it so."""
    compiled = operation.body.schema if operation.body is not None else None
    if compiled is None:
        return None
    good = body(probe, operation, items)
    lacking = [{name: one for name, one in good.items() if name != gone} for gone in good]
    mistyped = [{**good, name: value} for name in good for value in MISFITS]
    candidates: list[Any] = [*lacking, *mistyped, [], "text", [good]]
    wrong = [one for one in candidates if not compiled.accepts(one)]
    return probe.draw(strategies.sampled_from(wrong), "wrong body") if wrong else None


def _schema(operation: Operation) -> Mapping[str, Any]:
    schema = operation.body.schema if operation.body is not None else None
    return schema.resolved if schema is not None else {}


def _is_free(member: Any) -> bool:
    """Whether any text or object will do: an optional number or choice may depend on things a law knows nothing of."""
    kinds = member.get("type") if isinstance(member, dict) else None
    return bool({"string", "object"} & set(kinds if isinstance(kinds, list) else [kinds])) and "format" not in member


def _strategy(name: str, member: Mapping[str, Any], like: Any) -> strategies.SearchStrategy[Any]:
    kinds = member.get("type", "object")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "enum" in member:
        return strategies.sampled_from(list(member["enum"]))
    if "object" in kinds:
        return strategies.dictionaries(strategies.sampled_from(("geometry", "größe", "a b")), VALUES, max_size=3)
    if "string" in kinds:
        most = member.get("maxLength", 40)
        return strategies.sampled_from(TEXTS) | strategies.text(
            strategies.characters(categories=("L", "N")),
            min_size=max(1, member.get("minLength", 1)),
            max_size=min(most, 40),
        )
    if isinstance(like, dict) and name in like:
        return strategies.just(like[name])
    if "boolean" in kinds:
        return strategies.booleans()
    return strategies.integers(member.get("minimum", 0), member.get("maximum", member.get("minimum", 0) + 1000))
