"""Cursors on the twin: a cursor says after which item the page begins, wherever that item stands by then.

An opaque cursor is signed, with the list and the filters that it is for, so that one that is cut off, made up or meant
for another list is known for what it is.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from apitwin.contracts import pointers
from apitwin.contracts.pagination.cursor import Cursor, CursorValue
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.messages import Rejected
from apitwin.mock_server.world.conditions import Has
from apitwin.mock_server.world.listed import as_records
from apitwin.mock_server.world.order import Rank
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records

USUAL_PARAMETER = "cursor"
"""What the twin calls the parameter in its links where the contract gives it no name."""
SIGNATURE_BYTES = 6
LONGEST_NUMBER = 19
"""Digits of a number that 64 bits hold in any case."""
BEFORE_ALL: Rank = []
"""What an opaque cursor of the first page holds; every other one holds the rank of the item before the page."""


def start(asked: Asked, style: Cursor, limit: int, records: Sequence[Record]) -> int | Rejected:
    """Return where the page begins, or why the cursor is refused."""
    text = asked.text(_parameter(style))
    if text is None:
        return 0
    if text == "" and style.when_empty != "unspecified":
        return _treated(style.when_empty, text, style, records)
    listed = as_records(records)
    index = AFTER[style.value](text, asked, style, listed)
    return _treated(style.when_unknown, text, style, records) if index is None else index


def _parameter(style: Cursor) -> str:
    return USUAL_PARAMETER if style.parameter is None else style.parameter


def _treated(treatment: str, text: str, style: Cursor, records: Sequence[Record]) -> int | Rejected:
    """Return what becomes of a cursor that was never given out; where the contract does not say, it is refused."""
    if treatment == "first":
        return 0
    if treatment == "empty":
        return len(records)
    return Rejected(_parameter(style), "other", text, None, error=style.refused_as)


def _after_item(identity: str, asked: Asked, style: Cursor, records: Records) -> int | None:
    """Return the index after the item with an identity, None where there is none."""
    of_that_name = records.where(Has((_pointer(asked),), (("text", identity),)))
    return records.place_after(records.rank(of_that_name[0])) if of_that_name else None


def _after_rank(text: str, asked: Asked, style: Cursor, records: Records) -> int | None:
    """Return the index after the item that a cursor was made of, also where that is gone by now."""
    rank = _opened(text, asked, style)
    return 0 if rank == BEFORE_ALL else None if rank is None else records.place_after(rank)


def _after_number(text: str, asked: Asked, style: Cursor, records: Records) -> int | None:
    """Return the index that a cursor says as a number, None where none was given out that says so much."""
    is_number = text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER
    return int(text) if is_number and int(text) <= len(records) else None


AFTER: Mapping[CursorValue, Callable[[str, Asked, Cursor, Records], int | None]] = {
    "opaque": _after_rank,
    "identity": _after_item,
    "number": _after_number,
}
"""How it is found where the page of a cursor begins, by what the cursor is."""


def _pointer(asked: Asked) -> str:
    return "" if asked.collection is None else asked.collection.identity


def names(style: Cursor) -> tuple[str, ...]:
    """Return the parameter of the cursor, the twin's own where the contract gives it no name."""
    return (_parameter(style),)


def parameters(asked: Asked, style: Cursor, index: int, limit: int, records: Sequence[Record]) -> dict[str, str]:
    """Return what leads to the page that begins at an index."""
    return {_parameter(style): str(_cursor(asked, style, index, records))}


def _cursor(asked: Asked, style: Cursor, index: int, records: Sequence[Record]) -> str | int:
    if style.value == "number":
        return max(0, index)
    if index <= 0:
        return "" if style.value == "identity" else _sealed(BEFORE_ALL, asked, style)
    before = records[min(index, len(records)) - 1]
    if style.value == "identity":
        return str(pointers.find(before.values, _pointer(asked)))
    return _sealed(as_records(records).rank(before), asked, style)


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


def fitted(style: Cursor, kinds: Mapping[str, str]) -> Cursor:
    """Return the style with cursors of the type that pages have room for. kinds: types of members, by their words."""
    return replace(style, value="number") if kinds.get("next-cursor") in ("integer", "number") else style


def itself(asked: Asked, style: Cursor) -> Mapping[str, Any]:
    """Return the cursor of the page that was asked for, as the next one."""
    text = asked.text(_parameter(style)) or _cursor(asked, style, 0, ())
    return {"next-cursor": text} if text else {}


# Sealing


def _sealed(rank: Rank, asked: Asked, style: Cursor) -> str:
    payload = json.dumps(rank, separators=(",", ":")).encode()
    return urlsafe_b64encode(_signature(payload, asked, style) + payload).decode().rstrip("=")


def _opened(text: str, asked: Asked, style: Cursor) -> Rank | None:
    """Return what a cursor holds, None where it was never given out for this list and these filters."""
    try:
        sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    signature, payload = sealed[:SIGNATURE_BYTES], sealed[SIGNATURE_BYTES:]
    if signature != _signature(payload, asked, style):
        return None
    rank: Rank = json.loads(payload)
    # Two texts may mean the same bytes; only the one that was given out is a cursor.
    return rank if _sealed(rank, asked, style) == text else None


def _signature(payload: bytes, asked: Asked, style: Cursor) -> bytes:
    """Return a short digest of a rank and of what it is for: the list, and every parameter that is no page's."""
    names = {_parameter(style), asked.rule.limit.parameter}
    others = sorted((name, value) for name, value in asked.query if name not in names)
    scope = json.dumps([urlsplit(asked.base).path, others]).encode("utf-8", "replace")
    return hashlib.blake2b(payload + scope, digest_size=SIGNATURE_BYTES).digest()
