"""What a twin is asked and what it answers, as values: no web framework is involved."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.model import Contract, ErrorRule

JSON = "application/json"
NAME = re.compile(r"{(\w+)}")
Query = Sequence[tuple[str, str]]
"""The decoded pairs of a query string, in the order they came."""


def chosen(query: Query, name: str, repeated: str) -> str | None:
    """Return the value of a scalar parameter, or None: of a repeated one the last or the first, by the contract."""
    values = [value for key, value in query if key == name]
    if not values:
        return None
    return values[0] if repeated == "first" else values[-1]


@dataclass(frozen=True)
class Request:
    """One HTTP request.

    headers: lower-case names; query: decoded pairs; base: scheme, host and path, for links; body: its bytes.
    """

    method: str
    path: str
    query: Query
    headers: Mapping[str, str]
    base: str
    body: bytes = b""


@dataclass(frozen=True)
class Wire:
    """What happens to an answer on its way. delay_s: how late it is sent.

    dropped: whether the connection is closed `before` anything of it is sent, or `in-body`, half-way.
    """

    delay_s: float = 0.0
    dropped: str | None = None


UNHARMED = Wire()
SILENCE = "apitwin.silence"
"""The key of a WSGI environment whose value, when called, keeps the server from sending even a status line."""
PAUSE = "apitwin.pause"
"""The key of a WSGI environment whose value waits for so many seconds, or until the server stops."""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer. content_type is None where there is no body."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    wire: Wire = UNHARMED


class Objection(ABC):
    """Why a step of the engine refuses a request, said as a value: what it is about, and not yet how it is told."""

    @abstractmethod
    def answer(self, contract: Contract) -> Answer:
        """Return the answer that says so, in the contract's own words."""


@dataclass(frozen=True)
class Rejected(Objection):
    """A parameter or a member of a body that cannot be read.

    message: a key of the contract's messages; value: what was sent; limit: the bound that it broke.
    """

    parameter: str
    message: str
    value: str = ""
    limit: int | None = None

    def answer(self, contract: Contract) -> Answer:
        """Return the contract's error `invalid-parameter`."""
        limit = "" if self.limit is None else str(self.limit)
        template = contract.parameters.messages[self.message]
        message = filled(template, {"value": self.value[:200], "limit": limit})
        return error(contract.errors["invalid-parameter"], parameter=self.parameter, message=message)


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: Any) -> bytes:
    """Return a value as compact UTF-8 JSON, as REST framework renders it."""
    return _written(value).encode("utf-8", "replace")


def error(rule: ErrorRule, **names: str) -> Answer:
    """Return the answer of an error rule, with the `{names}` of its body filled in."""
    return Answer(rule.status, encode(filled(rule.body, names)), rule.content_type)


def filled(template: Any, names: Mapping[str, str]) -> Any:
    """Return a JSON template with each `{name}` in its keys and texts replaced, once; other braces stay."""
    if isinstance(template, str):
        return NAME.sub(lambda match: names.get(match[1], match[0]), template)
    if isinstance(template, list):
        return [filled(value, names) for value in template]
    if isinstance(template, dict):
        return {filled(key, names): filled(value, names) for key, value in template.items()}
    return template
