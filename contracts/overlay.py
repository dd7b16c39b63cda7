"""Overlays: what is said of a document in a file beside it, laid over the document before it is read.

Source: OpenAPI Overlay Specification 1.0.0. Of JSONPath (RFC 9535) a target may use what names one place: `$`, members
as `.name` or `['name']`, and elements as `[0]`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apitwin.contracts import documents, pointers
from apitwin.contracts.errors import ContractError, shortened
from apitwin.contracts.files import Account
from apitwin.contracts.nearest import hint

VERSIONS = ("1.0.0", "1.1.0")
"""The versions of the specification whose overlays are read; what 1.1.0 adds, `copy`, is refused."""
KEYS = ("target", "description", "update", "remove")
_STEP = re.compile(r"\.([A-Za-z_$][\w$-]*)|\['((?:[^'\\]|\\.)*)'\]|\[\"((?:[^\"\\]|\\.)*)\"\]|\[(\d+)\]")
_ESCAPED = re.compile(r"\\(.)")


def laid_over(document: dict[str, Any], path: Path, account: Account) -> dict[str, Any]:
    """Return a document with an overlay file laid over it; the document itself stays as it is.

    account: what was read of the contract before. Raises ContractError where the file is no overlay, or where one of
    its actions names what the document does not have: an overlay that has got out of step with its document.
    """
    overlay = documents.read(path, account)
    if not isinstance(overlay, dict) or not isinstance(overlay.get("actions"), list):
        raise ContractError(str(path), "found no list of actions; expected an OpenAPI Overlay")
    if overlay.get("overlay") not in VERSIONS:
        found = overlay.get("overlay")
        raise ContractError(f"{path}#/overlay", f"found {found!r}; expected one of {', '.join(VERSIONS)}")
    result: Any = document
    for index, action in enumerate(overlay["actions"]):
        result = _applied(result, action, f"{path}#/actions/{index}")
    if not isinstance(result, dict):
        raise ContractError(str(path), "its actions leave no document")
    return result


def _applied(document: Any, action: Any, place: str) -> Any:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise ContractError(place, "expected an object with a target")
    for key in action:
        if key not in KEYS and not key.startswith("x-"):
            raise ContractError(f"{place}/{key}", f"no key of an action; there is: {', '.join(KEYS)}{hint(key, KEYS)}")
    steps = _steps(action["target"], f"{place}/target")
    if action.get("remove") is True:
        return _changed(document, steps, lambda value: pointers.MISSING, f"{place}/target")
    if "update" not in action:
        return document
    return _changed(document, steps, lambda value: merged(value, action["update"]), f"{place}/target")


def _steps(target: str, place: str) -> list[str | int]:
    """Return the members and elements that a target leads through. Raises ContractError where it names no one place."""
    steps: list[str | int] = []
    position = 1
    while position < len(target):
        match = _STEP.match(target, position)
        if match is None:
            break
        plain, single, double, number = match.groups()
        quoted = single if single is not None else double
        name = _ESCAPED.sub(r"\1", quoted) if quoted is not None else plain
        steps.append(int(number) if number is not None else name)
        position = match.end()
    if not target.startswith("$") or position < len(target):
        allowed = "expected one place, such as $.paths['/books'].get"
        raise ContractError(place, f"{shortened(target, 120)!r} cannot be read; {allowed}")
    return steps


def _changed(value: Any, steps: list[str | int], change: Any, place: str) -> Any:
    """Return a value with the place changed that some steps lead to; only what is on the way is copied."""
    if not steps:
        return change(value)
    step, rest = steps[0], steps[1:]
    is_there = step in value if isinstance(value, dict) else isinstance(value, list) and step in range(len(value))
    if not is_there:
        known = [str(key) for key in value] if isinstance(value, dict) else []
        raise ContractError(place, f"the document has no {step!r} there{hint(str(step), known)}")
    inner = _changed(value[step], rest, change, place)
    if isinstance(value, list):
        before, after = value[: int(step)], value[int(step) + 1 :]
        return [*before, *([] if inner is pointers.MISSING else [inner]), *after]
    if inner is pointers.MISSING:
        return {key: held for key, held in value.items() if key != step}
    return {**value, step: inner}


def merged(value: Any, update: Any) -> Any:
    """Return a value with an update: objects are merged member by member, lists are added to, all else is replaced."""
    if isinstance(value, dict) and isinstance(update, Mapping):
        return {**value, **{key: merged(value[key], new) if key in value else new for key, new in update.items()}}
    if isinstance(value, list):
        return [*value, *update] if isinstance(update, list) else [*value, update]
    return update
