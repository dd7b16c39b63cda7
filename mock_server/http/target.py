"""The first line of a request: which method on which path, in which version (RFC 9112 section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from apitwin.mock_server.http.bodies import Malformed

_SLASH = re.compile(rb"(?i:%2f)")
_AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class Target:
    """What is asked for. path: with its escapes resolved, but for that of a slash; query: as it was sent."""

    method: bytes
    target: bytes
    path: bytes
    query: bytes
    version: bytes


def read_target(line: bytes) -> Target:
    """Return what a request line asks for. Raises Malformed where it asks a proxy, or for no path."""
    method, target, version = line.split(b" ")
    if method != method.upper():
        raise Malformed("expected a method in capitals")
    if method == b"CONNECT":
        raise Malformed("this is no proxy", "405 Method Not Allowed")
    if target == b"*" and method == b"OPTIONS":
        return Target(method, target, b"/*", b"", version)
    if _AUTHORITY.match(target) or target.startswith(b"//"):
        raise Malformed("expected a path, for this is no proxy")
    if not target.startswith(b"/"):
        raise Malformed("expected a target that begins with a slash")
    if b"#" in target:
        raise Malformed("expected a target without a fragment")
    path, _, query = target.partition(b"?")
    # An escaped slash is a part of a segment, and no end of it.
    return Target(method, target, b"%2F".join(map(unquote_to_bytes, _SLASH.split(path))), query, version)
