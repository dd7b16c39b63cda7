"""A key in a header, a query parameter or a cookie. Source: OpenAPI 3.1, Security Scheme Object."""

from __future__ import annotations

from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.words import Repeated
from apitwin.mock_server.engine.schemes.presented import Presented
from apitwin.mock_server.messages import Request, chosen


def presented(request: Request, scheme: Scheme, repeated: Repeated) -> Presented | None:
    """Return the key of a request, None where it has none; an empty one is none (assumed)."""
    if scheme.place == "header":
        # WSGI makes one of `-` and `_` in the names of headers (PEP 3333, environ variables).
        text = request.headers.get(scheme.parameter.lower()) or request.headers.get(_as_wsgi(scheme.parameter))
    elif scheme.place == "query":
        text = chosen(request.query, scheme.parameter, repeated)
    else:
        text = _cookie(request.headers.get("cookie", ""), scheme.parameter)
    return Presented(text.encode("utf-8", "replace")) if text else None


def _as_wsgi(name: str) -> str:
    return name.lower().replace("_", "-")


def _cookie(header: str, name: str) -> str | None:
    """Return the value of a cookie, the first of that name (RFC 6265 section 5.4 puts the nearest path first)."""
    for pair in header.split(";"):
        key, mark, value = pair.strip().partition("=")
        if mark and key == name:
            return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    return None
