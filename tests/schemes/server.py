"""`python -m tests.schemes.server KIND`: things behind Django REST framework's own paging and authentication.

It shares no code with the packages under test. It prints its address, then serves until it is stopped.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

from tests.serving import serve_until_stopped

settings.configure(
    SECRET_KEY="only-for-tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="tests.schemes.server",
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    LOGGING_CONFIG=None,
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "UNAUTHENTICATED_USER": None,
        "UNAUTHENTICATED_TOKEN": None,
        "URL_FORMAT_OVERRIDE": None,
    },
)
django.setup()

from django.http import Http404  # noqa: E402
from rest_framework import authentication  # noqa: E402
from rest_framework.authentication import BaseAuthentication, BasicAuthentication, TokenAuthentication  # noqa: E402
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated  # noqa: E402
from rest_framework.pagination import LimitOffsetPagination  # noqa: E402
from rest_framework.permissions import BasePermission  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.utils.urls import remove_query_param  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from tests.schemes.kinds import COUNT, KEY, PASSWORD, TOKEN, USERNAME  # noqa: E402

THINGS = [{"id": number, "name": f"Thing {number}"} for number in range(1, COUNT + 1)]


class Pages(LimitOffsetPagination):
    """Pages whose links do not repeat an API key."""

    default_limit = 10
    max_limit = 50
    hides_key = True

    def get_next_link(self) -> str | None:
        return self.without_key(super().get_next_link())

    def get_previous_link(self) -> str | None:
        return self.without_key(super().get_previous_link())

    def without_key(self, link: str | None) -> str | None:
        return remove_query_param(link, "api_key") if link and self.hides_key else link


class ApiKey(BaseAuthentication, ABC):
    """A key, wherever `read` finds it."""

    @abstractmethod
    def read(self, request: Any) -> str | None:
        """Return the key of a request, None where there is none."""

    def is_right(self, key: str) -> bool:
        return key == KEY

    def authenticate(self, request: Any) -> Any:
        key = self.read(request)
        if not key:
            return None
        if not self.is_right(key):
            raise AuthenticationFailed("Invalid key.")
        return object(), "key"

    def authenticate_header(self, request: Any) -> str:
        return 'Key realm="things"'


class HeaderKey(ApiKey):
    def read(self, request: Any) -> str | None:
        return request.headers.get("X-Api-Key")


class QueryKey(ApiKey):
    def read(self, request: Any) -> str | None:
        return request.query_params.get("api_key")


class CookieKey(ApiKey):
    def read(self, request: Any) -> str | None:
        return request.COOKIES.get("session")


class Login(BasicAuthentication):
    """Django REST framework's own reading of HTTP Basic, with one user."""

    www_authenticate_realm = "things"

    def authenticate_credentials(self, userid: str, password: str, request: Any = None) -> Any:
        if (userid, password) != (USERNAME, PASSWORD):
            raise AuthenticationFailed("Invalid username/password.")
        return object(), None


class Bearer(TokenAuthentication):
    """Django REST framework's own reading of a token, with one token."""

    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> Any:
        if key != TOKEN:
            raise AuthenticationFailed("Invalid token.")
        return object(), key


class OwnToken(Bearer):
    """Its keyword as it stands in Django REST framework."""

    keyword = TokenAuthentication.keyword


class Both(BaseAuthentication):
    """A key and a token, both of them."""

    needed = 2

    def authenticate(self, request: Any) -> Any:
        found = [kind().authenticate(request) for kind in (HeaderKey, Bearer)]
        return found[0] or found[1] if len([one for one in found if one]) >= self.needed else None

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class Known(BasePermission):
    """Lets in whom an authentication class knew."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if request.user is None:
            raise NotAuthenticated
        return True


class View(APIView):
    permission_classes = (Known,)


class Things(View):
    def get(self, request: Any) -> Response:
        pages = Pages()
        return pages.get_paginated_response(pages.paginate_queryset(THINGS, request, self))


class Thing(View):
    def get(self, request: Any, number: int) -> Response:
        found = [thing for thing in THINGS if thing["id"] == number]
        if not found:
            raise Http404
        return Response(found[0])


urlpatterns = [path("things/", Things.as_view()), path("things/<int:number>/", Thing.as_view())]

CLASSES: dict[str, tuple[type[BaseAuthentication], ...]] = {
    "key-in-header": (HeaderKey,),
    "key-in-query": (QueryKey,),
    "key-in-cookie": (CookieKey,),
    "basic": (Login,),
    "oauth2": (Bearer,),
    "token": (OwnToken,),
    "connect": (Bearer,),
    "basic-or-token": (Login, Bearer),
    "key-and-token": (Both,),
}


# Sabotages: each makes one thing wrong


def key_in_query_too() -> None:
    HeaderKey.read = lambda self, request: request.headers.get("X-Api-Key") or request.query_params.get("X-Api-Key")


def key_after_bearer_too() -> None:
    QueryKey.read = lambda self, request: (
        request.query_params.get("api_key") or request.headers.get("Authorization", "").removeprefix("Bearer ")
    )


def header_for_cookie() -> None:
    CookieKey.read = lambda self, request: request.COOKIES.get("session") or request.headers.get("session")


def name_in_any_case() -> None:
    QueryKey.read = lambda self, request: next(
        (text for name, text in request.query_params.items() if name.lower() == "api_key"), None
    )


def bearer_before_key() -> None:
    HeaderKey.is_right = lambda self, key: key.removeprefix("Bearer ") == KEY


def prefix_of_key() -> None:
    ApiKey.is_right = lambda self, key: key.startswith(KEY.partition("_")[0])


def key_in_any_case() -> None:
    ApiKey.is_right = lambda self, key: key.lower() == KEY.lower()


def key_stays_in_links() -> None:
    Pages.hides_key = False


def refusing(is_right: Callable[[str, str], bool]) -> None:
    def authenticate_credentials(self: Login, userid: str, password: str, request: Any = None) -> Any:
        if not is_right(userid, password):
            raise AuthenticationFailed("Invalid username/password.")
        return object(), None

    Login.authenticate_credentials = authenticate_credentials


def bearer_for_token() -> None:
    """Take a bearer token as well."""
    View.authentication_classes = (OwnToken, Bearer)


def any_user() -> None:
    refusing(lambda user, password: password == PASSWORD)


def empty_password() -> None:
    refusing(lambda user, password: user == USERNAME and password in ("", PASSWORD))


def no_password() -> None:
    refusing(lambda user, password: user == USERNAME)


def basic_is_optional() -> None:
    stock = authentication.get_authorization_header

    def get_authorization_header(request: Any) -> bytes:
        header = stock(request)
        return header if not header or b" " in header else b"Basic " + header

    authentication.get_authorization_header = get_authorization_header


def case_of_basic() -> None:
    stock = Login.authenticate

    def authenticate(self: Login, request: Any) -> Any:
        return stock(self, request) if request.META.get("HTTP_AUTHORIZATION", "").startswith("Basic") else None

    Login.authenticate = authenticate


def no_challenge() -> None:
    Login.authenticate_header = lambda self, request: "Login"


def one_is_enough() -> None:
    Both.needed = 1


def second_alternative_closed() -> None:
    def authenticate_credentials(self: Bearer, key: str) -> Any:
        raise AuthenticationFailed("Invalid token.")

    Bearer.authenticate_credentials = authenticate_credentials


def echoing() -> None:
    def denied(self: Any, request: Any, message: Any = None, code: Any = None) -> None:
        raise NotAuthenticated

    stock = APIView.handle_exception

    def handle_exception(self: Any, error: Any) -> Any:
        response = stock(self, error)
        response.data = {"detail": f"{response.data['detail']} You sent {self.request.META.get('HTTP_AUTHORIZATION')}"}
        return response

    View.permission_denied, View.handle_exception = denied, handle_exception


SABOTAGES: dict[str, tuple[str, str, Callable[[], None]]] = {
    "key-in-query-too": ("key-in-header", "token-place", key_in_query_too),
    "key-after-bearer-too": ("key-in-query", "token-place", key_after_bearer_too),
    "header-for-cookie": ("key-in-cookie", "token-place", header_for_cookie),
    "name-in-any-case": ("key-in-query", "scheme", name_in_any_case),
    "bearer-before-key": ("key-in-header", "scheme", bearer_before_key),
    "prefix-of-key": ("key-in-cookie", "bad-token", prefix_of_key),
    "key-in-any-case": ("key-in-header", "bad-token", key_in_any_case),
    "key-stays-in-links": ("key-in-query", "not-echoed", key_stays_in_links),
    "bearer-for-token": ("token", "scheme", bearer_for_token),
    "any-user": ("basic", "bad-token", any_user),
    "empty-password": ("basic", "bad-token", empty_password),
    "no-password": ("basic", "bad-token", no_password),
    "basic-is-optional": ("basic", "scheme", basic_is_optional),
    "case-of-basic": ("basic", "scheme", case_of_basic),
    "no-challenge": ("basic", "token-required", no_challenge),
    "echoing": ("basic", "not-echoed", echoing),
    "one-is-enough": ("key-and-token", "token-required", one_is_enough),
    "second-alternative-closed": ("basic-or-token", "scheme", second_alternative_closed),
}
"""What each makes wrong: the kind of server, and the law that must notice."""


def main(kind: str, sabotage: str | None = None) -> None:
    """Serve a kind of server until it is stopped."""
    View.authentication_classes = CLASSES[kind]
    if sabotage is not None:
        SABOTAGES[sabotage][2]()
    serve_until_stopped(get_wsgi_application(), str)


if __name__ == "__main__":
    # As the module of that name, which the settings above name for the paths: not once more under its own name.
    sys.modules["tests.schemes.server"] = sys.modules[__name__]
    main(*sys.argv[1:])
