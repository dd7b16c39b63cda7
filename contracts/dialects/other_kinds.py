"""Documents that are no OpenAPI, told by what they have: what it is, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Told = Callable[[dict[str, Any]], bool]


def _has(*names: str) -> Told:
    return lambda document: all(name in document for name in names)


def _schema_of_info(document: dict[str, Any]) -> bool:
    info = document.get("info")
    return isinstance(info, dict) and ("_postman_id" in info or "postman" in str(info.get("schema", "")).lower())


def _is_introspection(document: dict[str, Any]) -> bool:
    data = document.get("data", document)
    return isinstance(data, dict) and "__schema" in data


def _is_archive(document: dict[str, Any]) -> bool:
    log = document.get("log")
    return isinstance(log, dict) and "entries" in log


def _is_raml(document: dict[str, Any]) -> bool:
    return "title" in document and "paths" not in document and any(name.startswith("/") for name in document)


def _has_no_version(document: dict[str, Any]) -> bool:
    return "paths" in document and not document.keys() & {"openapi", "swagger"}


def _is_schema(document: dict[str, Any]) -> bool:
    return "paths" not in document and bool(document.keys() & {"$schema", "$defs", "properties"})


KINDS: tuple[tuple[Told, str], ...] = (
    (_has("asyncapi"), "this is an AsyncAPI document, of messages and not of a REST API; name the OpenAPI document"),
    (_schema_of_info, "this is a Postman collection; export the API as OpenAPI from Postman, or name its document"),
    (_has("swaggerVersion"), "this is a Swagger 1.x document; convert it to 2.0 or newer first"),
    (_has("openrpc"), "this is an OpenRPC document, of remote calls; name the OpenAPI document"),
    (_has("arazzo"), "this is an Arazzo document, of workflows; name the OpenAPI document that it refers to"),
    (_has("overlay", "actions"), "this is an OpenAPI overlay; name the document that it goes on"),
    (_has("discoveryVersion"), "this is a Google API Discovery document; convert it to OpenAPI first"),
    (_has("smithy"), "this is a Smithy model; let Smithy write it as OpenAPI"),
    (_has("__export_format"), "this is an Insomnia export; export the design document, which is OpenAPI"),
    (_is_introspection, "this is a GraphQL schema, which has no paths; only REST APIs are read"),
    (_is_archive, "this is an HTTP archive (HAR), of what was said once; name the OpenAPI document"),
    (_is_raml, "this looks like RAML; convert it to OpenAPI first"),
    (_has_no_version, "there is no `openapi` that says the version; begin it with a line such as openapi: 3.1.0"),
    (_is_schema, "this is a JSON Schema alone; refer to it from an OpenAPI document"),
)
"""What each kind is told by, most certain first, and what is said of it."""
TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE),
        "this is an HTML page; name the document that the page shows, which often ends in /openapi.json",
    ),
    (re.compile(r"\s*<[?!a-zA-Z]"), "this is XML, such as WSDL or WADL; only OpenAPI is read"),
    (re.compile(r"#%RAML"), "this is RAML; convert it to OpenAPI first"),
    (re.compile(r"FORMAT:\s*1A"), "this is API Blueprint; convert it to OpenAPI first"),
    (re.compile(r'\s*syntax\s*=\s*"proto'), "this is a Protocol Buffers file; only OpenAPI is read"),
    (
        re.compile(r"(\s|#[^\n]*\n|\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\")*(type|schema|interface|enum|input)\b[ \w&@]*{"),
        "this is a GraphQL schema, which has no paths; only REST APIs are read",
    ),
)
"""How texts begin that are neither JSON nor YAML, or would be read as other YAML than was meant."""
LOOKED_AT = 4000
"""Characters of a text that are looked at to tell what it is."""


def told(document: Any) -> str | None:
    """Return what a value is that is no OpenAPI, and what to do; None where that is not known."""
    if isinstance(document, str):
        return told_by_text(document)
    if not isinstance(document, dict):
        return None
    return next((said for is_it, said in KINDS if is_it(document)), None)


def told_by_text(text: str) -> str | None:
    """Return what a text is that is no OpenAPI, and what to do; None where that is not known."""
    beginning = text[:LOOKED_AT].removeprefix("\ufeff")
    return next((said for pattern, said in TEXTS if pattern.match(beginning)), None)
