"""A twin that checks itself: every answer is held against the contract before it is sent.

A mistake of the twin, of its world file or of its contract then shows where it is made, not in somebody's client.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from apitwin.contracts.model import Operation, Response, documented
from apitwin.contracts.printable import one_line
from apitwin.mock_server.engine.steps import Steps
from apitwin.mock_server.messages import JSON, Answer

LOGGER = logging.getLogger("apitwin.twin")
MOST_TOLD = 3
"""Problems of one answer that are told; how many more there are is counted."""
MOST_REMEMBERED = 4096
"""Answers that were right and are remembered as such: a twin says the same things again and again."""
WITHOUT_BODY = (204, 205, 304)
"""Statuses whose answers have no body (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5)."""
METHOD_NOT_ALLOWED = 405
"""The one status that needs no documentation: it is for a method that the contract does not have (RFC 9110 15.5.6)."""


class ContractViolation(Exception):
    """An answer of the twin's own that its contract does not allow. The text says how."""


def checked(steps: Steps) -> Steps:
    """Return the steps with one more at the end: an answer that breaks the contract is a `server-error`.

    Whoever calls `finish` answers that error, which says how the contract is broken. Checked are the status, the
    media type and the body: its JSON Schema where it is JSON, and that there is none where none is documented. The
    problem is logged as an error under `apitwin.twin` too. Not checked are what never gets as far as an operation
    (an unknown path, a body that is too large), the 405 of a method that is not there, and a refusal that a generated
    twin has to make and whose document is silent about it. What a request changed
    stays changed: the answer is wrong, the request was not.
    """

    right: dict[bytes, None] = {}  # digests of answers that were right, which are not judged again

    def finish(answer: Answer, operation: Operation, headers: Mapping[str, str]) -> Answer:
        finished = steps.finish(answer, operation, headers)
        digest = _digest(finished, operation)
        if digest in right:
            return finished
        wrong = problems(finished, operation)
        if wrong:
            raise _contract_violation(finished, operation, wrong)
        if len(right) >= MOST_REMEMBERED:
            right.clear()
        right[digest] = None
        return finished

    return replace(steps, finish=finish)


def _digest(answer: Answer, operation: Operation) -> bytes:
    """Return what tells an answer to an operation from every other, in a few bytes."""
    what = f"{operation.id} {answer.status} {answer.content_type}\n".encode()
    return hashlib.blake2b(what + answer.body, digest_size=16).digest()


def problems(answer: Answer, operation: Operation) -> list[str]:
    """Return every way in which an answer is not what the contract says of the operation, in words."""
    if answer.status == METHOD_NOT_ALLOWED or answer.is_beyond_contract:
        return []
    response = documented(operation.responses, answer.status)
    if response is None:
        return [f"the status is not documented (documented: {', '.join(operation.responses) or 'none'})"]
    if answer.status in WITHOUT_BODY and not answer.body:
        return []  # also where a document describes a body, which no client would ever get
    return list(_wrong(answer, response))


def _wrong(answer: Answer, response: Response) -> Iterator[str]:
    if not response.bodies:
        if answer.body:
            yield f"a body of {len(answer.body)} bytes, where none is documented"
        return
    media_type = (answer.content_type or "").partition(";")[0].strip().lower()
    key = _meant(media_type, response)
    if key is None:
        yield f"the media type {media_type or 'none'}, where {', '.join(response.bodies)} is documented"
    elif media_type == JSON or media_type.endswith("+json"):
        yield from _wrong_json(answer.body, response, key)


def _meant(media_type: str, response: Response) -> str | None:
    """Return the documented media type that covers one: itself before a range such as `application/*` (OpenAPI 3.1)."""
    known = {key.partition(";")[0].strip().lower(): key for key in response.bodies}
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_type and media_range in known:
            return known[media_range]
    return None


def _wrong_json(body: bytes, response: Response, key: str) -> Iterator[str]:
    try:
        value = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        yield f"the body is no JSON ({error})"
        return
    schema = response.bodies[key]
    if schema is not None:
        yield from map(str, schema.violations(value))


def _refuse(constant: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON does not have (RFC 8259)."""
    raise ValueError(f"{constant} is no number of JSON")


def _contract_violation(answer: Answer, operation: Operation, wrong: list[str]) -> ContractViolation:
    first = "; ".join(wrong[:MOST_TOLD])
    more = f"; and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
    problem = one_line(f"{operation.id}, status {answer.status}: {first}{more}")
    detail = f"apitwin: its own answer breaks the contract: {problem}"
    LOGGER.error("%s", detail)
    return ContractViolation(detail)
