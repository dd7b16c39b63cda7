"""The headers that a document says an answer has: that the required ones are there, and that their values are valid.

Source: OpenAPI 3.1.1, section 4.8.21 (Header Object): a header is written in the style `simple`, and `Content-Type` is
described elsewhere. Which type a text is read as follows from the schema; where it may be of several, one of them does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from apitwin.contracts.model import Response
from apitwin.contracts.plain_schema import kinds, plain_schemas
from apitwin.contracts.validation import CompiledSchema

DESCRIBED_ELSEWHERE = frozenset({"content-type"})
OF_THE_CONNECTION = frozenset(
    ("connection", "content-encoding", "content-length", "date", "keep-alive", "server", "trailer", "transfer-encoding",
     "upgrade", "via", "alt-svc")
)  # fmt: skip
"""Headers that servers and proxies set and take away, whatever an API means to send (RFC 9110 section 7.6)."""
OF_STANDARDS = frozenset(
    ("age", "allow", "cache-control", "content-disposition", "content-language", "content-location", "content-range",
     "etag", "expires", "last-modified", "link", "location", "pragma", "retry-after", "set-cookie", "vary",
     "www-authenticate")
)  # fmt: skip
"""Headers whose syntax is that of RFC 9110 and its like, whatever schema a document has for them."""
_WHOLE = re.compile(r"[+-]?[0-9]{1,100}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?([eE][+-]?[0-9]{1,3})?")


def problems(response: Response, headers: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the headers of an answer. headers: by their names in lower case."""
    return list(_problems(response, headers))


def _problems(response: Response, headers: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(response.required_headers - DESCRIBED_ELSEWHERE - OF_THE_CONNECTION):
        if name not in headers:
            yield f"the header {name} is missing"
    for name, schema in response.headers.items():
        is_judged = name in headers and name not in DESCRIBED_ELSEWHERE | OF_THE_CONNECTION | OF_STANDARDS
        if is_judged and not any(map(schema.accepts, readings(headers[name], schema))):
            yield f"the header {name} is {headers[name][:80]!r}, which its schema does not take"


def readings(text: str, schema: CompiledSchema) -> list[Any]:
    """Return the values that the text of a header may be by its schema, itself where that is of no other type."""
    ways = plain_schemas(schema.schema, schema.schema)
    found = [value for way in ways for kind in kinds(way) for value in _read(text, kind, way, schema)]
    return found or [text]


def _read(text: str, kind: str, way: Mapping[str, Any], schema: CompiledSchema) -> list[Any]:
    text = text.strip()
    if kind == "integer":
        return [int(text)] if _WHOLE.fullmatch(text) else [text]
    if kind == "number":
        return [float(text)] if _NUMBER.fullmatch(text) else [text]
    if kind == "boolean":
        return [text.lower() == "true"] if text.lower() in ("true", "false") else [text]
    if kind == "array":
        return [[_element(part, way.get("items", True), schema) for part in text.split(",")] if text else []]
    if kind == "object":
        return [_members(text, way.get("properties", {}), schema)]
    return [text] if kind != "null" else []


def _element(text: str, items: Any, schema: CompiledSchema) -> Any:
    """Return the value of one element: of the first type that its schema has, and that the text can be."""
    for way in plain_schemas(items, schema.schema):
        for kind in kinds(way):
            if kind not in ("array", "object", "null"):
                return _read(text, kind, way, schema)[0]
    return text.strip()


def _members(text: str, properties: Mapping[str, Any], schema: CompiledSchema) -> dict[str, Any]:
    """Return an object in the style `simple`: `a=1,b=2` where it is exploded, `a,1,b,2` where it is not."""
    parts = [part.strip() for part in text.split(",")] if text else []
    if all("=" in part for part in parts):
        pairs = [tuple(part.split("=", 1)) for part in parts]
    else:
        pairs = list(zip(parts[::2], parts[1::2], strict=False))
    return {name: _element(value, properties.get(name, True), schema) for name, value in pairs}
