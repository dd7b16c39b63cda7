"""What is set aside of parameters, bodies and responses. Source: OpenAPI 3.1.1, sections 4.8.12 to 4.8.17."""

from __future__ import annotations

import re
from typing import Any

from apitwin.contracts.walking import DROPPED, Place, Walk, shown
from apitwin.contracts.words import ParameterPlace, words

STATUS = re.compile(r"[1-5](\d\d|XX)|default")
PLACES = words(ParameterPlace)


def parameter(value: dict[str, Any], place: Place, walk: Walk) -> Any:
    """Leave out a parameter that has no name or stands nowhere; give a schema to one without."""
    if not isinstance(value.get("name"), str) or value.get("in") not in PLACES:
        found = {word: value[word] for word in ("name", "in") if word in value}
        walk.aside(place, f"found {shown(found)}; expected a parameter with a name and in: {', '.join(PLACES)}")
        return DROPPED
    if "schema" not in value and not isinstance(value.get("content"), dict):
        walk.aside(place, f"the parameter {shown(value['name'])} has no schema; any text is taken for its value")
        value["schema"] = {}
    if "schema" in value and not isinstance(value["schema"], (dict, bool)):
        walk.aside(place.inside("schema"), f"found {shown(value['schema'])}; expected a schema")
        value["schema"] = {}
    return value


def request_body(value: dict[str, Any], place: Place, walk: Walk) -> Any:
    """Leave out a body without any media type."""
    if not isinstance(value.get("content"), dict) or not value["content"]:
        walk.aside(place.inside("content"), "expected an object with at least one media type; no body is sent")
        return DROPPED
    return value


def response(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Take out content that is no object of media types."""
    if value.get("content") is None:
        value.pop("content", None)
    return value
