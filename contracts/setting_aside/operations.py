"""What is set aside of a document, its paths and their operations. Source: OpenAPI 3.1.1, sections 4.8.1 to 4.8.10."""

from __future__ import annotations

import re
from typing import Any

from apitwin.contracts.objects import METHODS
from apitwin.contracts.setting_aside.members import STATUS
from apitwin.contracts.walking import Place, Walk, shown

_TEMPLATE = re.compile(r"(?:[^{}]|{[^{}/]+})*")
_OPERATOR = re.compile(r"{[+#./;?&]?([^{}/*]+?)(?::\d+)?\*?}")
"""An expression of RFC 6570 with an operator or a modifier, which OpenAPI has not."""


def document(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Take out paths that no request can have, and security that is none."""
    paths = value.get("paths")
    if not isinstance(paths, dict):
        walk.aside(place.inside("paths"), f"found {shown(paths)}; expected an object of paths")
        paths = {}
    value["paths"] = dict(_routed(paths, place.inside("paths"), walk))
    if not value["paths"]:
        walk.aside(place.inside("paths"), "there is no path that a request can have, and so no operation")
    _securities(value, place, walk)
    _requirements(value, value, place, walk)
    if not isinstance(value.get("components", {}), dict):
        walk.aside(place.inside("components"), f"found {shown(value['components'])}; expected an object")
        del value["components"]
    return value


def _routed(paths: dict[str, Any], place: Place, walk: Walk) -> Any:
    seen: dict[str, str] = {}
    for path, item in paths.items():
        if path.startswith("x-"):
            continue
        reason = _unroutable(path)
        plain = _OPERATOR.sub(r"{\1}", path)
        alike = re.sub(r"{[^{}]*}", "{}", plain)
        if reason is None and alike in seen and plain == seen[alike]:
            reason = f"it is the same path as {shown(seen[alike])}"
        if reason is not None:
            walk.aside(place.inside(path), reason)
            continue
        if plain != path:
            walk.aside(place.inside(path), f"a path of OpenAPI has no such expression; it is read as {plain}")
        seen[alike] = plain
        yield plain, item


def _unroutable(path: str) -> str | None:
    if not path.startswith("/"):
        return f"the path {shown(path)} does not start with '/'"
    for mark, what in (("#", "a fragment, which no request carries"), ("?", "a query; write it as parameters")):
        if mark in re.sub(r"{[^{}]*}", "", path):
            return f"the path has {what}"
    if not _TEMPLATE.fullmatch(path):
        return "the path has a brace that is not closed, or not opened"
    return None


def path_item(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Take out what is no operation, without a word where it is empty."""
    for method in METHODS:
        if method in value and value[method] is None:
            del value[method]
    return value


def operation(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Mend what an operation says of itself, and take out responses of no status."""
    said = value.get("operationId")
    if said is not None and not isinstance(said, str):
        walk.aside(place.inside("operationId"), f"found {shown(said)}; expected a text")
        del value["operationId"]
    responses = value.get("responses")
    if not isinstance(responses, dict) or not responses:
        walk.aside(place.inside("responses"), "no response is documented; none is judged")
        value["responses"] = {}
    else:
        value["responses"] = dict(_answers(responses, place.inside("responses"), walk))
    if value.get("requestBody", {}) is None:
        del value["requestBody"]
    _requirements(value, walk.document, place, walk)
    return value


def _answers(responses: dict[str, Any], place: Place, walk: Walk) -> Any:
    for status, response in responses.items():
        if status.startswith("x-"):
            continue
        plain = status.strip().upper() if status.lower() != "default" else "default"
        if not STATUS.fullmatch(plain):
            walk.aside(place.inside(status), f"found {shown(status)}; expected a status such as 200")
        else:
            yield plain, response


def _securities(value: dict[str, Any], place: Place, walk: Walk) -> None:
    """Take out schemes when they are no object of them."""
    components = value.get("components")
    schemes = components.get("securitySchemes", {}) if isinstance(components, dict) else {}
    if not isinstance(schemes, dict):
        walk.aside(place.inside("components").inside("securitySchemes"), f"found {shown(schemes)}; expected an object")
        del value["components"]["securitySchemes"]


def _requirements(value: dict[str, Any], whole: dict[str, Any], place: Place, walk: Walk) -> None:
    """Take out alternatives of security that name no scheme of the document."""
    if "security" not in value:
        return
    listed, where = value["security"], place.inside("security")
    if not isinstance(listed, list):
        walk.aside(where, f"found {shown(listed)}; expected a list of security requirements")
        del value["security"]
        return
    components = whole.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    schemes = schemes if isinstance(schemes, dict) else {}
    kept = []
    for index, requirement in enumerate(listed):
        if not isinstance(requirement, dict):
            walk.aside(where.inside(index), f"found {shown(requirement)}; expected an object of security schemes")
            continue
        unknown = [name for name in requirement if not isinstance(schemes.get(name), dict)]
        if unknown:
            walk.aside(where.inside(index), f"found {shown(unknown[0])}, no security scheme of this document")
        else:
            scopes = {name: held if isinstance(held, list) else [] for name, held in requirement.items()}
            kept.append(scopes)
    value["security"] = kept
