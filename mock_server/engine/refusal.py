"""The one way to refuse a request: an exception with the answer, raised where the reason is found.

The backend catches it, in one place.
"""

from __future__ import annotations

from typing import TypeVar

from apitwin.contracts.model import Contract
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Access, Call
from apitwin.mock_server.messages import Answer, Objection, Rejected

T = TypeVar("T")


class Refusal(Exception):
    """A request that is refused. answer: what is sent instead of what was asked for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refusal(access: Access, error: str) -> Refusal:
    """Return the refusal with the contract's error of that name."""
    rule = access.contract.errors[error]
    return Refusal(messages.error(rule, method=access.operation.method, path=access.base))


def invalid(access: Access, member: str, message: str) -> Refusal:
    """Return the refusal that complains about one member of the body, in the shape of the contract's own complaints."""
    found = access.body.get(member) if isinstance(access, Call) and isinstance(access.body, dict) else None
    rejected = Rejected(member, "other", location="body", found=found)
    return Refusal(rejected.saying(message, access.contract))


def accepted(value: T | Objection, contract: Contract) -> T:
    """Return what a step has read. Raises Refusal where it objects to the request instead."""
    if isinstance(value, Objection):
        raise Refusal(value.answer(contract))
    return value
