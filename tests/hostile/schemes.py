"""How a client proves who it is, as a hostile server sees it: the same zoo stands behind each security scheme."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

CONTRACT = Path(__file__).parent / "openapi.yaml"
DECLARED = "{type: http, scheme: bearer}"
"""The scheme of the contract, whose place another one takes."""
TOKEN = "MARKED_q7Zx9K-mT4_w8Rv2Lp5"
USERNAME = "warden"
PAIR = base64.b64encode(f"{USERNAME}:{TOKEN}".encode()).decode()
HEADER = re.compile(rb"(?i)\r\n(?:authorization: (?:bearer|token)|x-api-key:) ([^\r\n]+)")
BASIC = re.compile(rb"(?i)\r\nauthorization: basic ([A-Za-z0-9+/=]+)\r\n")
COOKIE = re.compile(rb"(?i)\r\ncookie: (?:[^\r\n]*; ?)?session=([^;\r\n]+)")
QUERY = re.compile(rb"\A[^\r\n]*[?&]api_key=([^& \r\n]+)")


@dataclass(frozen=True)
class Scheme:
    """declared: as the contract says it. environment: where a user puts the credential. secrets: what is never told."""

    declared: str
    environment: Mapping[str, str]
    secrets: tuple[str, ...] = (TOKEN,)

    def contract(self, folder: Path) -> Path:
        """Write the contract with this scheme into a folder, and return its path."""
        path = folder / "openapi.yaml"
        path.write_text(CONTRACT.read_text("utf-8").replace(DECLARED, self.declared), "utf-8")
        return path


ONE_TOKEN = {"APITWIN_TOKEN": TOKEN}
LOGIN = {"APITWIN_USERNAME": USERNAME, "APITWIN_PASSWORD": TOKEN}
OAUTH2 = "{type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://auth.invalid/token', scopes: {}}}}"
SCHEMES: Mapping[str, Scheme] = {
    "bearer": Scheme(DECLARED, ONE_TOKEN),
    "basic": Scheme("{type: http, scheme: basic}", LOGIN, (TOKEN, PAIR)),
    "token": Scheme("{type: http, scheme: token}", ONE_TOKEN),
    "key-in-header": Scheme("{type: apiKey, in: header, name: X-Api-Key}", ONE_TOKEN),
    "key-in-query": Scheme("{type: apiKey, in: query, name: api_key}", ONE_TOKEN),
    "key-in-cookie": Scheme("{type: apiKey, in: cookie, name: session}", ONE_TOKEN),
    "oauth2": Scheme(OAUTH2, ONE_TOKEN),
}
"""Each scheme that a contract can declare, by a name."""


def shown(head: bytes) -> str:
    """Return the secret that the head of a request shows in whatever place, "none" without one."""
    for pattern, read in READERS.items():
        match = pattern.search(head)
        if match is not None:
            return read(match[1].decode("latin-1"))
    return "none"


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded).decode("latin-1").partition(":")[2] or "none"
    except ValueError:
        return "none"


READERS: Mapping[re.Pattern[bytes], Callable[[str], str]] = {HEADER: str, BASIC: _password, COOKIE: str, QUERY: unquote}
