"""A session of requests that talks to a twin in this process, without a socket."""

from __future__ import annotations

import re
from typing import Any

import requests
from requests.adapters import BaseAdapter

from apitwin.testkit.transport.twins import IN_PROCESS, Twin, everyday, keyring, short_way
from apitwin.testkit.transport.wsgi import WsgiAdapter


class TwinSession(requests.Session):
    """A `requests.Session` that knows a twin's base URL and token, and calls it in this process, without a socket.

    It reaches nothing else, so that a wrong address can never be that of a real system.
    """

    def __init__(self, twin: Twin) -> None:
        """twin: need not run."""
        super().__init__()
        self.base_url = IN_PROCESS
        self.trust_env = False  # no .netrc in place of the token, no proxies
        self.adapters.clear()
        self.mount(f"{IN_PROCESS}/", WsgiAdapter(short_way(twin.application)))
        keys = keyring(twin.contract, twin.world)
        credential = keys.credential(everyday(twin.contract))
        for part in credential.parts_in("header"):
            self.headers[part.name] = keys.text(part)
        for part in credential.parts_in("cookie"):
            self.cookies.set(part.name, keys.text(part))
        self.params = {part.name: keys.text(part) for part in credential.parts_in("query")}

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; an address without a host is one of the twin."""
        text = url.decode() if isinstance(url, bytes) else url
        if not re.match("[A-Za-z][A-Za-z0-9+.-]*://", text):
            text = f"{self.base_url}/{text.removeprefix('/')}"
        return super().request(method, text, *args, **kwargs)

    def get_adapter(self, url: Any) -> BaseAdapter:
        """Return what sends to an address. Raises requests' InvalidSchema where that is not the twin's."""
        try:
            return super().get_adapter(url)
        except requests.exceptions.InvalidSchema:
            problem = f"this session reaches its twin only, at {self.base_url}; found {url!r}"
            raise requests.exceptions.InvalidSchema(problem) from None
