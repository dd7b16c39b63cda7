"""The headers that a document promises with an answer, where nothing has set them yet."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation, documented
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.messages import Answer

NOT_MADE_UP = frozenset(
    ("content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "link", "set-cookie",
     "retry-after", "allow", "date", "www-authenticate")
)  # fmt: skip
"""Headers that mean something to every client, and would lead it astray where they are made up."""


def with_headers(
    answer: Answer, operation: Operation, base: str, maker_of: Callable[[CompiledSchema], Maker]
) -> Answer:
    """Return an answer with a value for each documented header.

    base: scheme, host and path of the request; maker_of: gives what makes values of a schema.
    """
    response = documented(operation.responses, answer.status)
    if response is None or not response.headers:
        return answer
    there = {name.lower() for name, _ in answer.headers}
    more = [
        (name.title(), text)
        for name, schema in response.headers.items()
        if name not in there and name not in NOT_MADE_UP
        for text in _text(name, schema, answer, operation, base, maker_of)
    ]
    return answer.with_headers(more)


def _text(
    name: str,
    schema: CompiledSchema,
    answer: Answer,
    operation: Operation,
    base: str,
    maker_of: Callable[[CompiledSchema], Maker],
) -> list[str]:
    """Return the value of a header as a list: of nothing where none is found that is one line of ASCII."""
    if name in ("location", "content-location"):
        return [_location(answer, operation, base)]
    try:
        value = maker_of(schema).made((operation.id, name), 0)
    except Unmakeable:
        return []
    text = value if isinstance(value, str) else json.dumps(value)
    return [text] if text.isascii() and text.isprintable() else []


def _location(answer: Answer, operation: Operation, base: str) -> str:
    """Return the address of what was made (RFC 9110 section 10.2.2), or of what was asked for."""
    if operation.behaviour != "create" or operation.collection is None:
        return base
    try:
        body: Any = json.loads(answer.body)
    except ValueError:
        return base
    identity = pointers.find(body, operation.collection.identity)
    return base if identity is None else f"{base.rstrip('/')}/{identity}"
