"""How a request is refused by a document that says how: its own status, its own shape, and in it what is wrong.

What the document does not describe is told as by every server without a contract, with the usual status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation, Response
from apitwin.contracts.plain_schema import Plain, kinds
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server import messages
from apitwin.mock_server.generated.media import body, is_json, sent_as
from apitwin.mock_server.generated.values.by_name import Named
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.messages import ABSENT, Answer

INSTEAD: Mapping[int, tuple[int, ...]] = {
    400: (400, 422),
    401: (401, 403),
    403: (403, 401),
    404: (404, 410),
    415: (415, 400, 422),
    422: (422, 400),
}
"""The statuses that a document may have for a refusal, the usual one first (assumed)."""
OF_THEIR_OWN = (401, 402, 403, 404, 405, 406, 409, 410, 412, 429)
"""Statuses that say what a request is refused for, and never that it is not valid (RFC 9110 section 15.5)."""
METHOD_NOT_ALLOWED = 405
TELLING = ("message", "msg", "detail", "details", "description", "reason", "error", "errors", "title", "text")
"""Members of errors that say in words what is wrong (assumed)."""
NAMING = ("field", "parameter", "param", "property", "attribute", "name", "member", "path", "pointer", "source")
"""Members of errors that name what is wrong (assumed)."""
STATUSES = ("status", "statuscode", "code", "httpstatus", "httpstatuscode")
"""Members of errors that repeat the status, where they are numbers (assumed)."""


def told(answer: Answer, operation: Operation, maker_of: Callable[[CompiledSchema], Maker]) -> Answer:
    """Return a refusal as the document of an operation has it; where it has none the same, marked as beyond it.

    maker_of: gives what makes values of a schema.
    """
    if answer.refusal is None or answer.status == METHOD_NOT_ALLOWED or answer.status >= 500:
        return answer
    status, response = _documented(answer.status, operation)
    if response is None:
        return replace(answer, is_beyond_contract=True)
    media_type = next(filter(is_json, response.bodies), next(iter(response.bodies), None))
    if media_type is None:
        return replace(answer, status=status, body=b"", content_type=None)
    schema = response.bodies[media_type]
    if not is_json(media_type):
        text = str(answer.refusal.get("message", "")).encode() if media_type.startswith("text/plain") else b""
        return replace(answer, status=status, body=text or body(media_type, (), 0), content_type=sent_as(media_type))
    value = messages.decode(answer.body)
    sent = sent_as(media_type)
    if schema is not None and not (schema.accepts(value) and _says_enough(value, schema)):
        try:
            value = maker_of(schema).made("refusal", 0, "error", _prefers(answer.refusal, status, _text_in(value)))
        except Unmakeable:
            value = next(iter(response.examples.get(media_type, ())), value)
    return replace(answer, status=status, body=messages.encode(value), content_type=sent)


def _documented(status: int, operation: Operation) -> tuple[int, Response | None]:
    """Return the status that a document has for a refusal, and what it says of it."""
    responses = operation.responses
    for one in INSTEAD.get(status, (status,)):
        if str(one) in responses:
            return one, responses[str(one)]
    if "4XX" in responses or "default" in responses:
        return status, responses.get("4XX") or responses["default"]
    others = [key for key in responses if key.startswith("4") and key.isdigit() and int(key) not in OF_THEIR_OWN]
    if status in (400, 422) and others:
        return int(others[0]), responses[others[0]]
    return status, None


def _says_enough(value: Any, schema: Any) -> bool:
    """Return whether a body has nothing but what its schema names, where that names anything."""
    properties = schema.resolved.get("properties", {})
    return not properties or (isinstance(value, dict) and set(value) <= set(properties))


def _text_in(value: Any) -> str:
    """Return the first text in the body of an error, which says in words what is wrong."""
    if isinstance(value, str):
        return value
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return next(filter(None, map(_text_in, inner)), "")


def _prefers(refusal: Mapping[str, Any], status: int, otherwise: str) -> Any:
    """Return what puts the complaint into the members of an error that are there for it. otherwise: its words."""
    message = refusal.get("message")
    said = message if isinstance(message, str) and message else otherwise or "The request was refused."
    parameter = refusal.get("parameter")
    name = parameter if isinstance(parameter, str) else None
    location = str(refusal.get("location", "body"))
    whole = f"{name}: {said}" if name else said

    def preferred(named: Named, plain: Plain) -> Any:
        if {"enum", "const"} & plain.keys():
            return pointers.MISSING
        key, wanted = "".join(named.name), kinds(plain)
        if key == "loc" and "array" in wanted:
            return [location, *([name] if name else [])]
        if key in STATUSES and "integer" in wanted:
            return status
        if "string" not in wanted or {"pattern", "format"} & plain.keys():
            return pointers.MISSING
        if key in STATUSES and key != "code":
            return str(status)
        if key in TELLING:
            return whole
        if key in NAMING and name:
            return name
        if key in ("code", "type"):
            code = refusal.get("code")
            return str(refusal["error"] if code is ABSENT or not code else code)
        return pointers.MISSING

    return preferred
