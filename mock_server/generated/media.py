"""Bodies that are no JSON: the smallest correct one of each media type, where a document shows none itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from apitwin.mock_server.engine import forms
from apitwin.mock_server.engine.forms import base_of as base_of

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")
"""One pixel."""
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""One pixel."""
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
"""One pixel."""
ZIP = b"PK\x05\x06" + b"\0" * 18
"""An archive without files (APPNOTE.TXT 4.3.16)."""
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
BODIES: Mapping[str, bytes] = {
    "application/pdf": PDF,
    "application/zip": ZIP,
    "application/x-zip-compressed": ZIP,
    "application/xml": b'<?xml version="1.0"?><example/>',
    "application/x-www-form-urlencoded": b"example=1",
    "application/x-ndjson": b"{}\n",
    "application/jsonl": b"{}\n",
    "application/yaml": b"example: 1\n",
    "image/gif": GIF,
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/svg+xml": SVG,
    "text/csv": b"id,name\r\n1,example\r\n",
    "text/event-stream": b"data: {}\n\n",
    "text/html": b"<!DOCTYPE html><html><head><title>example</title></head><body></body></html>",
    "text/xml": b'<?xml version="1.0"?><example/>',
}
"""The smallest correct body of each media type."""


def is_json(media_type: str) -> bool:
    """Return whether answers of a documented media type are sent as JSON: of a range that it is in, too."""
    return forms.is_json(media_type) or base_of(media_type) in ("*/*", "application/*")


def sent_as(media_type: str) -> str:
    """Return the media type that an answer of a documented one has: of a range the usual one."""
    base = base_of(media_type)
    if base in ("*/*", "application/*"):
        return "application/json"
    if base.endswith("/*"):
        return {"image/*": "image/png", "text/*": "text/plain"}.get(base, "application/octet-stream")
    return media_type


def body(media_type: str, examples: tuple[Any, ...], chosen: int) -> bytes:
    """Return a body of a media type that is no JSON: of its examples the one of a number, or the smallest there is."""
    if examples:
        example = examples[chosen % len(examples)]
        return example.encode() if isinstance(example, str) else json.dumps(example, ensure_ascii=False).encode()
    base = base_of(sent_as(media_type))
    usual = (
        BODIES["application/xml"] if base.endswith("+xml") else b"example\n" if base.startswith("text/") else b"example"
    )
    return BODIES.get(base, usual)
