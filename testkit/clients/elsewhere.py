"""A host that is none of a client's business: it notes who brings a token, and answers an empty page."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any

from apitwin.testkit.transport.client_key import ClientKey
from apitwin.testkit.transport.twins import RunningTwin

BODY = b'{"count": 0, "next": null, "previous": null, "results": []}'


class Elsewhere:
    """A server for the length of a `with` block.

    tokens: the paths at which a request brought an Authorization header, or the secret in whatever place. key: whose
    secret that is, None before there is one.
    """

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.key: ClientKey | None = None
        self._running = RunningTwin(self._answer)

    @property
    def url(self) -> str:
        """Its address, by another host name than that of a twin."""
        return f"http://localhost:{self._running.port}"

    def __enter__(self) -> Elsewhere:
        self._running.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.__exit__(kind, error, traceback)

    def forget(self) -> None:
        """Forget the requests so far."""
        self.tokens.clear()

    def _is_told(self, environ: dict[str, Any]) -> bool:
        """Return whether a request brought the secret in a header, a cookie or its query."""
        texts = [text for name, text in environ.items() if name.startswith("HTTP_") or name == "QUERY_STRING"]
        return self.key is not None and self.key.is_among(texts)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_AUTHORIZATION") or self._is_told(environ):
            self.tokens.append(environ.get("PATH_INFO", "/"))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
        return [BODY]
