"""Tokens, the two users behind them, and who may see what."""

import secrets
import string
from dataclasses import asdict, dataclass, field

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from .models import Workspace

ALPHABET = string.ascii_letters + string.digits


@dataclass(frozen=True)
class ApiUser:
    """The owner of a token."""

    id: int
    first_name: str
    last_name: str
    email: str
    job_title: str | None
    is_org_admin: bool = field(default=False)
    is_authenticated: bool = field(default=True)

    def public(self) -> dict[str, object]:
        """The fields the API shows of a user."""
        hidden = {"is_org_admin", "is_authenticated"}
        return {key: value for key, value in asdict(self).items() if key not in hidden}


ADMIN = ApiUser(374, "Ada", "Test", "ada@example.test", "Engineer", is_org_admin=True)
RESTRICTED = ApiUser(375, "Rudi", "Ömer", "rudi@example.test", None)


def new_token() -> str:
    """A fresh random token in the shape of a personal access token."""
    first, second = ("".join(secrets.choice(ALPHABET) for _ in range(n)) for n in (14, 26))
    return f"vktrpat_{first}_{second}"


@dataclass(frozen=True)
class Tokens:
    """The four tokens of one server run; each start has its own."""

    token: str = field(default_factory=new_token)
    expired_token: str = field(default_factory=new_token)
    revoked_token: str = field(default_factory=new_token)
    restricted_token: str = field(default_factory=new_token)

    def owner(self, token: str) -> ApiUser | None:
        """The user of a token that still works, else None."""
        return {self.token: ADMIN, self.restricted_token: RESTRICTED}.get(token)


TOKENS = Tokens()


class BearerAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer <token>`; anything else is no credentials."""

    def authenticate(self, request: Request) -> tuple[ApiUser, str] | None:
        token = self.read_token(request)
        if token is None:
            return None
        user = TOKENS.owner(token)
        if user is None:
            raise AuthenticationFailed("Invalid token.")
        return user, token

    def read_token(self, request: Request) -> str | None:
        """The one word after the scheme, or None if the header is another shape."""
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != b"bearer":
            return None
        return words[1].decode("iso-8859-1")

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class WorkspaceAccess(BasePermission):
    """Refuses paths below a workspace that does not exist."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return Workspace.objects.filter(pk=view.kwargs["workspace_id"]).exists()


class OrganisationAdmin(BasePermission):
    """Refuses everyone else."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.user.is_org_admin
