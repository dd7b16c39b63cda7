"""Reading the body of a request: bytes in, a JSON value that fits the operation's schema out, or why it is refused.

Source of the order: Django REST framework 3.18 (parsers, then serializer fields), measured.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import parse_qsl

from apitwin.contracts.model import Body, Contract
from apitwin.contracts.requests import RequestRules
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server import messages
from apitwin.mock_server.engine.forms import FORM, base_of, documented, is_json, members
from apitwin.mock_server.messages import ABSENT, Answer, Objection, Rejected

if TYPE_CHECKING:
    import jsonschema

OPAQUE: dict[str, Any] = {}
"""The value of a body that is neither JSON nor a form, such as a file: it has no members, and is not judged."""
DEEPEST = 100
"""Levels of nesting that are read: far more than any body needs, far fewer than Python's stack holds."""


@dataclass(frozen=True)
class Unreadable(Objection):
    """A body that is no value at all. error: a name of the contract's errors; names: what its text is filled with."""

    error: str
    names: Mapping[str, Any]

    def answer(self, contract: Contract) -> Answer:
        """Return the contract's error of that name."""
        return messages.error(contract.errors[self.error], **self.names)


class _Malformed(ValueError):
    """Why bytes are no JSON that is taken here."""


def read(content: bytes, media_type: str, rule: Body, contract: Contract) -> Any | Rejected | Unreadable:
    """Return the value of a body, None where there is none and none is needed.

    content, media_type: as they came. Rejected names the first member that does not fit, Unreadable says why there is
    no value.
    """
    sent = base_of(media_type)
    key = documented(sent, rule.schemas)
    schema = rule.schema if key is None else rule.schemas[key]
    value = _parsed(content, sent, key, schema)
    if isinstance(value, Unreadable):
        return None if rule.when_unreadable == "ignore" else value
    if value is None and not content:
        if not rule.required:
            return None
        if contract.requests.absent_body == "reject":
            return Rejected(None, "required", location="body")
        value = {}  # a form without fields: each required one is complained of
    return value if value is OPAQUE else _fitting(value, schema, contract.requests) or value


def _parsed(content: bytes, media_type: str, key: str | None, schema: CompiledSchema | None) -> Any | Unreadable:
    """Return what bytes hold. key: the documented media type that they are of, None where none is."""
    if not content:
        return None
    if key is None:
        return Unreadable("unsupported-media-type", {"media_type": media_type[:100]})
    if not is_json(media_type) and media_type != FORM:
        return OPAQUE
    try:
        text = content.decode("utf-8")
        if media_type == FORM:
            fields = members(parse_qsl(text, keep_blank_values=True), None if schema is None else schema.schema)
            _require_storable(fields, DEEPEST)
            return fields
        return _json(text)
    except UnicodeDecodeError as error:
        return _malformed(f"not UTF-8 at byte {error.start}")
    except json.JSONDecodeError as error:
        names = {"message": str(error), "reason": error.msg, "position": error.pos}
        return Unreadable("malformed-body", names)
    except _Malformed as error:
        return _malformed(str(error))
    except ValueError as error:  # a number of more digits than Python reads, or more fields than a form may have
        return _malformed(str(error).partition(";")[0])
    except RecursionError:
        return _malformed("nested too deeply")


def _malformed(reason: str) -> Unreadable:
    return Unreadable("malformed-body", {"message": reason, "reason": reason, "position": ABSENT})


def _json(text: str) -> Any:
    value = json.loads(text, parse_constant=_refused)
    _require_storable(value, DEEPEST)
    return value


def _refused(constant: str) -> NoReturn:
    raise _Malformed(f"Out of range float values are not JSON compliant: {constant}")


def _require_storable(value: Any, levels: int) -> None:
    """Refuse what no database would give back as it came: half a character, an endless number, bottomless nesting."""
    if isinstance(value, (dict, list)):
        if levels == 0:
            raise _Malformed(f"nested more than {DEEPEST} levels deep")
        # A name and its value count as one level below the object that they stand in.
        for member in map(list, value.items()) if isinstance(value, dict) else value:
            _require_storable(member, levels - 1)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise _Malformed("Out of range float values are not JSON compliant")
    elif isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise _Malformed("half of a surrogate pair, which is no character") from None


def _fitting(value: Any, schema: CompiledSchema | None, requests: RequestRules) -> Rejected | None:
    """Return what of a value does not fit the body's schema: the first member, in the order of the schema."""
    if schema is None or schema.accepts(value):
        return _null_character(value) if requests.null_character == "reject" else None
    errors = list(schema.errors(value))
    shallow = min(errors, key=lambda error: (len(error.absolute_path), error.validator != "required"))
    return _rejected(shallow)


def _rejected(error: jsonschema.ValidationError) -> Rejected:
    path = [str(step) for step in error.absolute_path]
    if not path and error.validator == "required":
        members: Any = error.instance
        required: Any = error.validator_value
        missing = next(name for name in required if name not in members)
        return Rejected(missing, "required", location="body", found=members)
    if not path:
        return Rejected(None, "body", _kind(error.instance), location="body", found=error.instance)
    message, limit = _message(error)
    value = _kind(error.instance) if message in ("list", "object") else str(error.instance)
    choices: Any = error.validator_value if message == "choice" else ()
    return Rejected(path[0], message, value, limit, "body", error.instance, tuple(map(str, choices)))


def _message(error: jsonschema.ValidationError) -> tuple[str, int | None]:
    """Return the name of the contract's message for a broken rule, and the bound it speaks of."""
    bound: Any = error.validator_value
    limit = bound if isinstance(bound, int) and not isinstance(bound, bool) else None
    if error.instance is None:
        return "null", None
    if error.validator == "type":
        types = bound if isinstance(bound, list) else [bound]
        return next((BY_TYPE[name] for name in types if name in BY_TYPE), "other"), None
    if error.validator == "format":
        return {"uuid": "uuid", "date-time": "date-time", "date": "date-time"}.get(str(bound), "other"), None
    if error.validator == "minLength" and error.instance == "":
        return "blank", None
    return BY_RULE.get(str(error.validator), "other"), limit


BY_TYPE: Mapping[str, str] = {
    "integer": "integer",
    "number": "integer",
    "boolean": "boolean",
    "string": "string",
    "array": "list",
    "object": "object",
}
"""The message for a value of another type than the schema's, by that type."""

BY_RULE: Mapping[str, str] = {
    "enum": "choice",
    "minimum": "minimum",
    "maximum": "maximum",
    "minLength": "too-short",
    "maxLength": "too-long",
    "required": "required",
}
"""The message for a value that breaks a rule of the schema, by the schema's word."""


def _null_character(value: Any) -> Rejected | None:
    """Return the first member with a NUL in it, which PostgreSQL stores in no text. Source: Django, CharField."""
    if not isinstance(value, dict):
        return None
    wrong = next((name for name, member in value.items() if _has_null_character(member)), None)
    return None if wrong is None else Rejected(wrong, "null-character", location="body", found=value[wrong])


def _has_null_character(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in name or _has_null_character(member) for name, member in value.items())
    return isinstance(value, list) and any(map(_has_null_character, value))


def _kind(value: Any) -> str:
    return type(value).__name__
