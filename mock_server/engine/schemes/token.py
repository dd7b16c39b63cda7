"""A token after `Token` in the Authorization header. Source: Django REST framework, TokenAuthentication."""

from __future__ import annotations

from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.words import Repeated
from apitwin.mock_server.engine.schemes.presented import Presented, after
from apitwin.mock_server.messages import Request


def presented(request: Request, scheme: Scheme, repeated: Repeated) -> Presented | None:
    """Return the token of a request, None where there is none: anything but one word after the scheme is none."""
    text = after("Token", request.headers.get("authorization", ""), scheme.rule.scheme_case == "sensitive")
    return Presented(text.encode("utf-8", "replace")) if text and " " not in text else None
