"""Which of its documented responses an operation answers with when all goes well."""

from __future__ import annotations

from dataclasses import dataclass

from apitwin.contracts.model import Operation, Response
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.generated.media import is_json

USUAL = {"GET": 200, "POST": 201, "DELETE": 204}
"""The statuses that are preferred where several are documented (RFC 9110 sections 9.3 and 15.3)."""
NO_BODY = (204, 205, 304)
"""Statuses whose answers have no body (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5)."""


@dataclass(frozen=True)
class Success:
    """What is answered. media_type: None where there is no body; schema: None where its media type has none."""

    status: int
    response: Response
    media_type: str | None
    schema: CompiledSchema | None

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        return self.media_type is not None and is_json(self.media_type)


def success_of(operation: Operation, usual: int | None = None) -> Success | None:
    """Return the success of an operation, JSON before other media types; None where nothing describes one.

    usual: the status that is preferred. A redirection counts where there is no other success, and `default` where
    there is no status at all.
    """
    key = _key(operation, USUAL.get(operation.method, 200) if usual is None else usual)
    if key is None:
        return None
    response = operation.responses[key]
    status = int(key) if key.isdigit() else int(key[0]) * 100 if key[0].isdigit() else 200
    if status in NO_BODY or not response.bodies:
        return Success(status, response, None, None)
    media_type = next(filter(is_json, response.bodies), next(iter(response.bodies)))
    return Success(status, response, media_type, response.bodies[media_type])


def _key(operation: Operation, usual: int) -> str | None:
    keys = list(operation.responses)
    if str(usual) in keys:
        return str(usual)
    for leading in ("2", "3", "d"):
        found = sorted(key for key in keys if key.startswith(leading))
        if found:
            return found[0]
    return next((key for key in keys if key.startswith("1")), None)
