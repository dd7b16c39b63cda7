"""Who may use the control plane: a program on this machine, or one that shows its token, and no page of a browser.

A page of any site can make the browser beside a twin send requests to it. So the name that a request used must be one
that no stranger can own (DNS rebinding), and it must come from no other page. Sources: RFC 9110 sections 7.4 and
15.5.20 (421), RFC 6454 (Origin), Fetch Metadata of the W3C (Sec-Fetch-Site), RFC 6750 (Bearer).
"""

from __future__ import annotations

import hmac
import ipaddress
import re

import flask

from apitwin.mock_server.messages import JSON, LISTENS, Answer, encode

OWN_PAGE = ("same-origin", "none")
"""What a browser says of a request that the user, or a page of this twin, made."""
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:/?#@\[\]\s]+)(:[0-9]{0,5})?")


def refusal(request: flask.Request, token: str | None) -> Answer | None:
    """Return what refuses a request to the control plane, None where it may be answered.

    token: what opens it to other machines, and is then asked of everybody; None where only this machine may use it.
    """
    foreign = _foreign_page(request)
    if foreign is not None:
        return _said(403, f"{foreign}; the control plane is for programs, and for no page of another origin")
    if token is not None:
        if not _shows(request, token):
            problem = "the control plane wants Authorization: Bearer with the token that --control-token named"
            return _said(401, problem, (("WWW-Authenticate", "Bearer"),))
    else:
        listens = request.environ.get(LISTENS, "")
        peer = request.environ.get("REMOTE_ADDR") or ""
        if not all(address == "" or _is_here(address) for address in (listens, peer)):
            problem = (
                "the control plane answers this machine only, on a twin that listens on 127.0.0.1, ::1 or localhost"
            )
            return _said(403, f"{problem}; start it with --control-token to use it from elsewhere")
        host = request.environ.get("HTTP_HOST")
        if host is not None and not _is_own_name(host, listens):
            return _said(421, f"found Host: {host[:100]}; the control plane answers as localhost, 127.0.0.1 or [::1]")
    return _unwanted_body(request)


def _foreign_page(request: flask.Request) -> str | None:
    """Return what shows that the page of another origin sent a request."""
    origin = request.environ.get("HTTP_ORIGIN")
    if origin is not None and origin != f"{request.scheme}://{request.environ.get('HTTP_HOST', '')}":
        return f"found Origin: {origin[:100]}"
    site = request.environ.get("HTTP_SEC_FETCH_SITE")
    return None if site is None or site in OWN_PAGE else f"found Sec-Fetch-Site: {site[:100]}"


def _shows(request: flask.Request, token: str) -> bool:
    scheme, _, shown = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    is_same = hmac.compare_digest(shown.strip().encode("utf-8", "replace"), token.encode("utf-8", "replace"))
    return bool(scheme.lower() == "bearer") and is_same


def _unwanted_body(request: flask.Request) -> Answer | None:
    """Refuse a body that is no JSON: the media types of forms are what a foreign page can send unasked."""
    media_type = request.mimetype
    is_json = media_type == JSON or (media_type.startswith("application/") and media_type.endswith("+json"))
    if request.method in ("GET", "HEAD") or is_json or (not media_type and not request.get_data()):
        return None
    return _said(415, f"found Content-Type: {media_type[:100] or 'none'}; expected application/json")


def is_loopback(address: str) -> bool:
    """Return whether an address or a name is that of this machine alone."""
    return address.lower().rstrip(".") == "localhost" or _is_here(address)


def _is_here(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (found if mapped is None else mapped).is_loopback


def _is_own_name(host: str, listens: str) -> bool:
    parts = _HOST.fullmatch(host)
    return parts is not None and (is_loopback(parts[1]) or parts[1].strip("[]") == listens)


def _said(status: int, problem: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, encode({"detail": problem}), JSON, headers)
