"""The headers that a document promises with an answer, where nothing has set them yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation, Response, documented
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.messages import Answer

NOT_MADE_UP = frozenset(
    ("content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "link", "set-cookie",
     "retry-after", "allow", "date", "www-authenticate")
)  # fmt: skip
"""Headers that mean something to every client, and would lead it astray where they are made up."""
HARMLESS: Mapping[str, str] = {
    "link": '<{base}>; rel="self"',
    "set-cookie": "apitwin=1; Path=/; HttpOnly",
    "retry-after": "1",
    "www-authenticate": "Bearer",
}
"""What those of them say that a document requires: a link to itself, a cookie that means nothing."""


def with_headers(
    answer: Answer, operation: Operation, base: str, maker_of: Callable[[CompiledSchema], Maker]
) -> Answer:
    """Return an answer with a value for each documented header.

    base: scheme, host and path of the request; maker_of: gives what makes values of a schema.
    """
    response = documented(operation.responses, answer.status)
    if response is None or not (response.headers or response.required_headers):
        return answer
    there = {name.lower() for name, _ in answer.headers}
    required = response.required_headers
    wanted = [
        *(name for name in response.headers if name not in NOT_MADE_UP or name in required),
        *sorted(name for name in required if name not in response.headers),
    ]
    texts = {name: _text(name, response, answer, operation, base, maker_of) for name in wanted if name not in there}
    return answer.with_headers([(name.title(), text) for name, text in texts.items() if text is not None])


def _text(
    name: str,
    response: Response,
    answer: Answer,
    operation: Operation,
    base: str,
    maker_of: Callable[[CompiledSchema], Maker],
) -> str | None:
    """Return the value of a header, None where none is found that is one line of ASCII."""
    if name in ("location", "content-location"):
        return _location(answer, operation, base)
    if name in NOT_MADE_UP:
        return HARMLESS[name].format(base=base) if name in HARMLESS else None
    schema = response.headers.get(name)
    try:
        text = "value" if schema is None else _written(maker_of(schema).made((operation.id, name), 0))
    except Unmakeable:
        return None
    return text if text.isascii() and text.isprintable() else None


def _written(value: Any) -> str:
    """Return a value in the style `simple` (OpenAPI 3.1.1, section 4.8.12.4)."""
    if isinstance(value, list):
        return ",".join(map(_written, value))
    if isinstance(value, dict):
        return ",".join(f"{name},{_written(member)}" for name, member in value.items())
    return value if isinstance(value, str) else json.dumps(value)


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
