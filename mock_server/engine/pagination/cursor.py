"""Cursors on the twin: a cursor says after which item the page begins, wherever that item stands by then.

An opaque cursor is signed, with the list and the filters that it is for, so that one that is cut off, made up or meant
for another list is known for what it is.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from apitwin.contracts import pointers
from apitwin.contracts.pagination.cursor import Cursor
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.table import Record

USUAL_PARAMETER = "cursor"
"""What the twin calls the parameter in its links where the contract gives it no name."""
SIGNATURE_BYTES = 6

Mark = list[Any]
"""What an opaque cursor holds: the identity of the item before the page, and how many items were before the page.

The first page has no item before it: null.
"""


def start(asked: Asked, style: Cursor, limit: int, records: Sequence[Record]) -> int | Rejected:
    """Return where the page begins, or why the cursor is refused."""
    text = asked.text(_parameter(style))
    if text is None:
        return 0
    if text == "" and style.when_empty != "unspecified":
        return _treated(style.when_empty, text, style, records)
    index = _after_item(text, asked, records) if style.value == "identity" else _after_mark(text, asked, style, records)
    return _treated(style.when_unknown, text, style, records) if index is None else index


def _parameter(style: Cursor) -> str:
    return USUAL_PARAMETER if style.parameter is None else style.parameter


def _treated(treatment: str, text: str, style: Cursor, records: Sequence[Record]) -> int | Rejected:
    """Return what becomes of a cursor that was never given out; where the contract does not say, it is refused."""
    if treatment == "first":
        return 0
    if treatment == "empty":
        return len(records)
    return Rejected(_parameter(style), "other", text, None, style.refused_as)


def _after_item(identity: str, asked: Asked, records: Sequence[Record]) -> int | None:
    """Return the index after the item with an identity, None where there is none."""
    at = (index for index, record in enumerate(records, 1) if _identity(record, asked) == identity)
    return next(at, None)


def _after_mark(text: str, asked: Asked, style: Cursor, records: Sequence[Record]) -> int | None:
    mark = _opened(text, asked, style)
    if mark is None:
        return None
    identity, index = mark
    if identity is None:
        return 0
    after = _after_item(identity, asked, records)
    # An item that is gone by now has left its place to the one behind it.
    return index - 1 if after is None else after


def _identity(record: Record, asked: Asked) -> str:
    pointer = "" if asked.collection is None else asked.collection.identity
    return str(pointers.find(record.values, pointer))


def names(style: Cursor) -> tuple[str, ...]:
    """Return the parameter of the cursor, the twin's own where the contract gives it no name."""
    return (_parameter(style),)


def parameters(asked: Asked, style: Cursor, index: int, limit: int, records: Sequence[Record]) -> dict[str, str]:
    """Return what leads to the page that begins at an index."""
    return {_parameter(style): _cursor(asked, style, index, records)}


def _cursor(asked: Asked, style: Cursor, index: int, records: Sequence[Record]) -> str:
    identity = _identity(records[min(index, len(records)) - 1], asked) if index > 0 else None
    return identity or "" if style.value == "identity" else _sealed([identity, index], asked, style)


def last(style: Cursor, limit: int, count: int) -> int:
    """Return where the last page of a list begins, for one who comes from its start."""
    return max(0, count - 1) // limit * limit if limit else 0


def members(asked: Asked, style: Cursor, seen: Window, records: Sequence[Record]) -> Mapping[str, Any]:
    """Return the cursors of the pages beside this one, null where there is none."""
    before = max(0, seen.start - (seen.limit or 0))
    return {
        "next-cursor": _cursor(asked, style, seen.after, records) if seen.after < len(records) and seen.limit else None,
        "previous-cursor": _cursor(asked, style, before, records) if seen.start > 0 and seen.limit else None,
    }


def itself(asked: Asked, style: Cursor) -> Mapping[str, Any]:
    """Return the cursor of the page that was asked for, as the next one."""
    text = asked.text(_parameter(style)) or _cursor(asked, style, 0, ())
    return {"next-cursor": text} if text else {}


# Sealing


def _sealed(mark: Mark, asked: Asked, style: Cursor) -> str:
    payload = json.dumps(mark, separators=(",", ":")).encode()
    return urlsafe_b64encode(_signature(payload, asked, style) + payload).decode().rstrip("=")


def _opened(text: str, asked: Asked, style: Cursor) -> Mark | None:
    """Return what a cursor holds, None where it was never given out for this list and these filters."""
    try:
        sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    signature, payload = sealed[:SIGNATURE_BYTES], sealed[SIGNATURE_BYTES:]
    if signature != _signature(payload, asked, style):
        return None
    mark: Mark = json.loads(payload)
    # Two texts may mean the same bytes; only the one that was given out is a cursor.
    return mark if _sealed(mark, asked, style) == text else None


def _signature(payload: bytes, asked: Asked, style: Cursor) -> bytes:
    """Return a short digest of a mark and of what it is for: the list, and every parameter that is no page's."""
    names = {_parameter(style), asked.rule.limit.parameter}
    others = sorted((name, value) for name, value in asked.query if name not in names)
    scope = json.dumps([urlsplit(asked.base).path, others]).encode("utf-8", "replace")
    return hashlib.blake2b(payload + scope, digest_size=SIGNATURE_BYTES).digest()
