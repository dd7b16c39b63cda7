"""Keywords of a schema whose values are no values of theirs: they are taken out, and the rest of the schema holds.

Source: JSON Schema 2020-12, Validation sections 6 to 9 and Core sections 8 to 10, as its own meta-schema says it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from apitwin.contracts.pattern_dialects import translated
from apitwin.contracts.setting_aside.choices import without_overlap
from apitwin.contracts.walking import Place, Walk, shown

TYPES = frozenset({"null", "boolean", "object", "array", "number", "integer", "string"})
UNSUPPORTED = ("$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$anchor", "$recursiveAnchor")
"""Keywords of references that are not followed here."""
Test = Callable[[Any], bool]
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _count(value: Any) -> bool:
    return _number(value) and value >= 0 and value == int(value)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _schemas(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _named(value: Any) -> bool:
    return isinstance(value, dict)


def _schema(value: Any) -> bool:
    return isinstance(value, (dict, bool))


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _type(value: Any) -> bool:
    if isinstance(value, str):  # nearly every one
        return value in TYPES
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one in TYPES for one in value)


def _pattern(value: Any) -> bool:
    return isinstance(value, str)


_A_NUMBER, _A_COUNT, _A_TEXT = (_number, "a number"), (_count, "a whole number, 0 or more"), (_text, "a text")
_A_TRUTH, _A_SCHEMA, _MAP = (_truth, "true or false"), (_schema, "a schema"), (_named, "an object of schemas")
_LIST: tuple[Test, str] = (_schemas, "a list of schemas")
IS_OF: Mapping[str, Test] = {
    "null": lambda value: value is None,
    "boolean": _truth,
    "object": _named,
    "array": lambda value: isinstance(value, list),
    "number": _number,
    "integer": lambda value: _number(value) and value == int(value),
    "string": _text,
}
"""Whether a value is of a type (JSON Schema 2020-12, Validation section 6.1.1)."""
KEYWORDS: Mapping[str, tuple[Test, str]] = {
    "type": (_type, f"one of {', '.join(sorted(TYPES))}, or a list of them"),
    "enum": (lambda value: isinstance(value, list), "a list"),
    "multipleOf": (lambda value: _number(value) and value > 0, "a number above 0"),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _A_NUMBER),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"), _A_COUNT),
    **dict.fromkeys(("minProperties", "maxProperties"), _A_COUNT),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), _A_TRUTH),
    **dict.fromkeys(("title", "description", "format", "$comment", "contentEncoding", "contentMediaType"), _A_TEXT),
    "pattern": (_pattern, "a regular expression"),
    "examples": (lambda value: isinstance(value, list), "a list"),
    "required": (_names, "a list of names"),
    "dependentRequired": (
        lambda value: isinstance(value, dict) and all(map(_names, value.values())),
        "an object of lists of names",
    ),
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"), _MAP),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _LIST),
    **dict.fromkeys(
        ("items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"),
        _A_SCHEMA,
    ),
    **dict.fromkeys(("not", "if", "then", "else"), _A_SCHEMA),
    **dict.fromkeys(("$id", "$schema"), _A_TEXT),
    "contentSchema": _A_SCHEMA,
}
"""What each keyword has to be: a test, and how it is called."""


def schema(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Take out of a schema what is no value of its keyword, and what is not understood."""
    _repeated_names(value)
    wrong = [word for word, held in value.items() if word in KEYWORDS and not KEYWORDS[word][0](held)]
    for word in wrong:
        _replace(value, word, KEYWORDS[word][1], place, walk)
    for word in UNSUPPORTED if not value.keys().isdisjoint(UNSUPPORTED) else ():
        if word in value:
            walk.aside(place, f"{word} is not supported; use $ref with a JSON pointer")
            del value[word]
    if "oneOf" in value:
        without_overlap(value, place, walk)
    if "enum" in value and "type" in value:
        _possible(value, place, walk)
    if "pattern" in value:
        _understood(value, place, walk)
    if "patternProperties" in value:
        _understood_names(value["patternProperties"], place, walk)
    return value


def _possible(value: dict[str, Any], place: Place, walk: Walk) -> None:
    """Take out an enum of which no value is of the type beside it: no value could be valid, and a server's is."""
    listed = value["type"] if isinstance(value["type"], list) else [value["type"]]
    types = [kind for kind in listed if kind != "null"]
    values = [one for one in value["enum"] if one is not None]
    if not types or not values or any(IS_OF[kind](one) for one in values for kind in types):
        return
    meant = _as_type(values, types[0])
    if meant is not None:
        value["enum"] = [*meant, *([None] if None in value["enum"] else [])]
        return
    walk.aside(place.inside("enum"), f"no value of it is of the type {' or '.join(types)}; the type is judged")
    del value["enum"]


def _as_type(values: list[Any], kind: str) -> list[Any] | None:
    """Return whole numbers and truth values written as texts, or texts without quotes, as what they mean."""
    if kind == "string" and all(isinstance(one, (bool, int)) for one in values):
        return [json.dumps(one) for one in values]
    if kind in ("integer", "number") and all(isinstance(one, str) and _WHOLE.fullmatch(one) for one in values):
        return [int(one) for one in values]
    if kind == "boolean" and all(one in ("true", "false") for one in values):
        return [one == "true" for one in values]
    return None


LISTS = ("required", "type")
"""Keywords with lists of names."""


def _repeated_names(value: dict[str, Any]) -> None:
    """A name that is required twice is required once: nothing of it is unclear, and nothing is said."""
    for word in LISTS:
        listed = value.get(word)
        if isinstance(listed, list) and all(isinstance(name, str) for name in listed):
            value[word] = list(dict.fromkeys(listed))


def _replace(value: dict[str, Any], word: str, expected: str, place: Place, walk: Walk) -> None:
    """Take a keyword out, or put in its place what was certainly meant by it."""
    found = value.pop(word)
    if word == "items" and isinstance(found, list) and found:
        value["prefixItems"] = found  # as it was called before 2020-12
        return
    walk.aside(place.inside(word), f"found {shown(found)}; expected {expected}")


def _understood(value: dict[str, Any], place: Place, walk: Walk) -> None:
    """Keep a pattern that is understood, or that can be translated; take out another one, which is then not judged."""
    walk.references.note_pattern(value["pattern"], f"{place.holder}#{place.pointer}")
    text = translated(value["pattern"])
    if text is None:
        walk.aside(place.inside("pattern"), f"the pattern {shown(value['pattern'])} {NOT_UNDERSTOOD}")
        del value["pattern"]
    else:
        value["pattern"] = text


def _understood_names(named: dict[str, Any], place: Place, walk: Walk) -> None:
    for name in list(named):
        walk.references.note_pattern(name, f"{place.holder}#{place.pointer}")
        text = translated(name)
        held = named.pop(name)
        if text is None:
            walk.aside(place.inside("patternProperties"), f"the pattern {shown(name)} {NOT_UNDERSTOOD}")
        else:
            named[text] = held


NOT_UNDERSTOOD = "is none of ECMA-262 that is understood here; it is not judged"
