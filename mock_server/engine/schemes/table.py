"""How the credential of each kind of security scheme is read: a line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from apitwin.contracts.security.api_key import ApiKey
from apitwin.contracts.security.basic import Basic
from apitwin.contracts.security.bearer import Bearer
from apitwin.contracts.security.scheme import Scheme
from apitwin.contracts.security.token import Token
from apitwin.contracts.words import Repeated
from apitwin.mock_server.engine.schemes import api_key, basic, bearer, token
from apitwin.mock_server.engine.schemes.presented import Presented
from apitwin.mock_server.messages import Request

Reader = Callable[[Request, Scheme, Repeated], Presented | None]
"""(request, scheme, which of a repeated parameter counts) -> what the request shows, None where it shows nothing."""

READERS: Mapping[type[Scheme], Reader] = {
    Bearer: bearer.presented,
    Basic: basic.presented,
    ApiKey: api_key.presented,
    Token: token.presented,
}
