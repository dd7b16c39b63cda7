"""Tokens, and the two ways to bring one: a header of its own, and a password."""

import base64
import binascii
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


def new_token() -> str:
    """A fresh random token."""
    return f"key-{secrets.token_urlsafe(24)}"


@dataclass(frozen=True)
class Tokens:
    """The tokens of one server run; each start has its own."""

    token: str = field(default_factory=new_token)
    expired_token: str = field(default_factory=new_token)
    revoked_token: str = field(default_factory=new_token)


TOKENS = Tokens()
USERNAME = "visitor"
"""Who all visitors of the museum are."""


class Unauthorized(APIException):
    """A 401, with a challenge where the door has one."""

    status_code = 401

    def __init__(self, detail: str, challenge: str | None) -> None:
        super().__init__(detail)
        self.auth_header = challenge


class Authentication(BaseAuthentication, ABC):
    """Reads a token, and refuses one that opens nothing."""

    scheme: bytes = b""
    wrong = ""
    challenge: str | None = None

    def authenticate(self, request: Request) -> tuple[object, str] | None:
        token = self.own(request)
        if token is None:
            return None
        if not secrets.compare_digest(token.encode(), TOKENS.token.encode()):
            raise Unauthorized(self.wrong, self.challenge)
        return object(), token

    def after(self, scheme: bytes, request: Request) -> str | None:
        """The one word after a scheme in the Authorization header, or None if the header is another shape."""
        words = get_authorization_header(request).split()
        return words[1].decode("iso-8859-1") if len(words) == 2 and words[0].lower() == scheme else None

    @abstractmethod
    def own(self, request: Request) -> str | None:
        """The token as this door wants it."""


class ApiKey(Authentication):
    """The header `X-Api-Key`."""

    wrong = "Invalid key."

    def own(self, request: Request) -> str | None:
        return request.headers.get("X-Api-Key") or None


class Basic(Authentication):
    """The user name of all visitors, and the token as the password."""

    wrong = "Nobody here has that name and password."
    challenge = 'Basic realm="museum"'

    def own(self, request: Request) -> str | None:
        word = self.after(b"basic", request)
        if word is None:
            return None
        try:
            pair = base64.b64decode(word, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""
        username, _, password = pair.partition(":")
        return password if username == USERNAME else ""


class Known(BasePermission):
    """Refuses who brought no token."""

    missing = ""
    challenge: str | None = None

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.auth is None:
            raise Unauthorized(self.missing, self.challenge)
        return True


class Visitor(Known):
    """Somebody with a name and a password."""

    missing = "Say who you are."
    challenge = Basic.challenge


class KeyHolder(Known):
    """Somebody with a key."""

    missing = "Authentication credentials were not provided."
