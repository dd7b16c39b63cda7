"""What a twin is asked and what it answers, as values: no web framework is involved."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from apitwin.contracts import pointers
from apitwin.contracts.model import Contract, ErrorRule
from apitwin.contracts.words import Repeated

JSON = "application/json"
NAME = re.compile(r"{(\w+)}")
ABSENT: Any = object()
"""What a template is filled with where there is nothing to say."""
Query = Sequence[tuple[str, str]]
"""The decoded pairs of a query string, in the order they came."""


def chosen(query: Query, name: str, repeated: Repeated) -> str | None:
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

LISTENS = "apitwin.listens"
"""The key of a WSGI environment whose value is the address that the server listens on."""


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer. content_type is None where there is no body.

    refusal: what an error was filled with, None where it is no error; is_beyond_contract: whether it refuses a request
    in a way that its document is silent about.
    """

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    wire: Wire = UNHARMED
    refusal: Mapping[str, Any] | None = field(default=None, compare=False)
    is_beyond_contract: bool = field(default=False, compare=False)

    def with_headers(self, more: Iterable[tuple[str, str]]) -> Answer:
        """Return the same with some more headers."""
        added = tuple(more)
        return replace(self, headers=(*self.headers, *added)) if added else self

    @classmethod
    def of_json(cls, value: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
        """Return the answer with a value as its JSON body."""
        return cls(status, encode(value), JSON, headers)


class Objection(ABC):
    """Why a step of the engine refuses a request, said as a value: what it is about, and not yet how it is told."""

    @abstractmethod
    def answer(self, contract: Contract) -> Answer:
        """Return the answer that says so, in the contract's own words."""


Location = Literal["query", "path", "body", "cookie"]
"""Where in a request a mistake is."""


@dataclass(frozen=True)
class Rejected(Objection):
    """A parameter or a member of a body that cannot be read.

    parameter: its name, None for the body as a whole; message: a key of the contract's messages; value: what was sent,
    as the message says it; limit: the bound that it broke; location: where it stands; found: the value itself in a
    body; choices: what would have been taken; error: the contract's error that is answered, None for the usual one.
    """

    parameter: str | None
    message: str
    value: str = ""
    limit: int | None = None
    location: Location = "query"
    found: Any = field(default=None, compare=False)
    choices: tuple[str, ...] = field(default=(), compare=False)
    error: str | None = None

    def answer(self, contract: Contract) -> Answer:
        """Return the error that it names, or of a body `invalid-member` if there is one, else `invalid-parameter`."""
        limit = "" if self.limit is None else str(self.limit)
        names = {"value": self.value[:200], "limit": limit, "choices": _either(self.choices)}
        return self.saying(str(filled(contract.parameters.messages[self.message], names)), contract)

    def saying(self, message: str, contract: Contract) -> Answer:
        """Return the same error with a message of its own."""
        is_in_body = self.location == "body"
        sent = None if self.message == "required" else self.value
        name = "invalid-member" if is_in_body and "invalid-member" in contract.errors else "invalid-parameter"
        return error(
            contract.errors[self.error or name],
            parameter=self._name(contract),
            message=message,
            location=self.location,
            code=contract.parameters.codes.get(self.message, self.message),
            pointer=pointers.join([] if self.parameter is None else [self.parameter]) if is_in_body else ABSENT,
            value=self.value[:200],
            input=self.found if is_in_body else sent,
        )

    def _name(self, contract: Contract) -> Any:
        if self.parameter is not None:
            return self.parameter
        whole = contract.requests.whole_body
        return ABSENT if whole is None else whole


def _either(choices: Sequence[str]) -> str:
    """Return choices as a sentence has them: 'a', 'b' or 'c'."""
    quoted = [f"'{choice}'" for choice in choices]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(value: Any) -> bytes:
    """Return a value as compact UTF-8 JSON, as REST framework renders it."""
    return _written(value).encode("utf-8", "replace")


def decode(body: bytes) -> Any:
    """Return the value of a body that the twin has encoded itself; None of an empty one."""
    return json.loads(body) if body else None


def error(rule: ErrorRule, **names: Any) -> Answer:
    """Return the answer of an error rule, with the `{names}` of its body filled in."""
    return Answer(
        rule.status, encode(filled(rule.body, names)), rule.content_type, refusal={"error": rule.name, **names}
    )


def filled(template: Any, names: Mapping[str, Any]) -> Any:
    """Return a JSON template with each `{name}` in its keys and texts replaced, once; other braces stay.

    A text that is one name and nothing else becomes the value itself, whatever its type; where that is ABSENT, the
    member or the element is left out.
    """
    if isinstance(template, str):
        alone = NAME.fullmatch(template)
        return names.get(alone[1], template) if alone is not None else _text(template, names)
    if isinstance(template, list):
        values = (filled(value, names) for value in template)
        return [value for value in values if value is not ABSENT]
    if isinstance(template, dict):
        members = {_text(key, names): filled(value, names) for key, value in template.items()}
        return {key: value for key, value in members.items() if value is not ABSENT}
    return template


def _text(template: str, names: Mapping[str, Any]) -> str:
    known = {name: "" if value is ABSENT else str(value) for name, value in names.items()}
    return NAME.sub(lambda match: known.get(match[1], match[0]), template)
