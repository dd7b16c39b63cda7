"""A bearer token in the Authorization header. Source: RFC 6750 section 2.1."""

from __future__ import annotations

from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.words import Repeated
from apitwin.mock_server.engine.schemes.presented import Presented, after
from apitwin.mock_server.messages import Request


def presented(request: Request, scheme: Scheme, repeated: Repeated) -> Presented | None:
    """Return the token of a request, None where there is none.

    Another scheme, or anything but one word after the scheme, counts as no token at all (Django REST framework's
    reading; the contract's evidence says how sure that is).
    """
    header = request.headers.get("authorization", "")
    text = after("Bearer", header, scheme.rule.scheme_case == "sensitive")
    if not text or " " in text:
        return None
    return Presented(text.encode("utf-8", "replace"))
