"""A user name and a password in the Authorization header. Source: RFC 7617 section 2."""

from __future__ import annotations

import base64

from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.words import Repeated
from apitwin.mock_server.engine.schemes.presented import UNREADABLE, Presented, after
from apitwin.mock_server.messages import Request


def presented(request: Request, scheme: Scheme, repeated: Repeated) -> Presented | None:
    """Return the user name and the password of a request, None where there is no `Basic`.

    What stands after `Basic` and cannot be read counts as a wrong password (as in Django REST framework).
    """
    header = request.headers.get("authorization", "")
    text = after("Basic", header, scheme.rule.scheme_case == "sensitive")
    if text is None:
        return None
    try:
        decoded = base64.b64decode(text.encode("utf-8", "replace"), validate=True)
    except ValueError:
        return UNREADABLE
    username, colon, password = decoded.partition(b":")
    return Presented(password, username) if colon else UNREADABLE
