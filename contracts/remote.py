"""Documents at an address: fetched only where the user names the address, or the host that references may lead to.

The one document that is asked for is fetched, from its own host, within bounds of size and time; what it refers to on
another host, or on its own, comes only from hosts that are named, and is kept on the disk for the next time.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from apitwin.contracts.errors import ContractError

SECONDS = 30.0
"""For a whole document. Assumed."""
REDIRECTS = 5
"""Assumed: RFC 9110 section 15.4 gives no number."""
_CHUNK = 2**16


def is_address(text: str) -> bool:
    """Return whether a text is an address of HTTP."""
    return text.lower().startswith(("http://", "https://"))


def shown(url: str) -> str:
    """Return an address without what may be secret in it: a password, a query."""
    parts = _parts(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"


def fetched(url: str, most: int) -> tuple[bytes, str]:
    """Return what an address holds, at most so many bytes, and the address that it came from after redirects.

    Raises ContractError where it is no address of HTTP, holds a password, does not answer 200 in time, is larger, or
    sends on to another host.
    """
    parts = _parts(url)
    if parts.scheme not in ("http", "https"):
        raise ContractError(shown(url), "is no address of HTTP")
    if parts.username is not None or parts.password is not None:
        raise ContractError(shown(url), "the address holds a user name or a password; fetch it with another tool")
    end = time.monotonic() + SECONDS
    request = urllib.request.Request(url, headers={"Accept": "application/json, application/yaml, */*;q=0.5"})
    opener = urllib.request.build_opener(_SameHost(parts.hostname or ""))
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return _read(answer, url, most, end), answer.geturl()
    except urllib.error.HTTPError as error:
        error.close()
        raise ContractError(shown(url), f"the server answers {error.code}; expected 200 with a document") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ContractError(shown(url), f"cannot be fetched ({reason or type(error).__name__})") from None


def _parts(url: str) -> Any:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ContractError("the address of the document", f"is none ({error})") from None
    return parts


def _read(answer: Any, url: str, most: int, end: float) -> bytes:
    content = bytearray()
    while True:
        if time.monotonic() > end:
            raise ContractError(shown(url), f"took more than {SECONDS:.0f} s; save it to a file first")
        chunk = answer.read1(_CHUNK)
        if not chunk:
            return bytes(content)
        content += chunk
        if len(content) > most:
            raise ContractError(shown(url), f"has more than {most} bytes, which is the most that is read of a file")


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects on one host, never from HTTPS to HTTP."""

    max_redirections = REDIRECTS

    def __init__(self, host: str) -> None:
        self._host = host

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """Return the next request. Raises ContractError where it leads to another host."""
        parts = _parts(newurl)
        allowed = ("https",) if req.type == "https" else ("http", "https")
        if parts.hostname != self._host or parts.scheme not in allowed:
            fp.close()
            raise ContractError(shown(req.full_url), f"redirects to {shown(newurl)}; name that address if it is right")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Remote:
    """The addresses that the references of one document may lead to, and where they are kept on the disk.

    A file that was fetched is not fetched again: remove the folder to get it anew.
    """

    def __init__(self, hosts: Iterable[str] = (), cache: Path | None = None) -> None:
        """hosts: names of hosts, such as `schemas.example.com`. cache: the folder; None for the user's own."""
        self.hosts = frozenset(host.lower() for host in hosts)
        self._cache = cache
        self._addresses: dict[Path, str] = {}

    def know(self, path: Path, address: str) -> None:
        """Remember that a file came from an address, to which what it refers to is relative."""
        self._addresses[path] = address

    def address(self, name: str, holder: Path) -> str | None:
        """Return the address that a reference names in a file; None where it names a file on the disk."""
        if holder in self._addresses:
            return urljoin(self._addresses[holder], name)
        return name if "://" in name else None

    def path(self, address: str, place: str, reference: str, most: int) -> Path:
        """Return the file that holds what an address does. Raises ContractError where its host was not named."""
        host = _parts(address).hostname or ""
        if not is_address(address) or host.lower() not in self.hosts:
            how = f"name its host to fetch it (--refs-from {host})" if host else "only files and HTTP are read"
            raise ContractError(
                place, f"$ref {reference!r} is a network address; a contract only reads local files: {how}"
            )
        name = _parts(address).path.rpartition("/")[2][-60:] or "document"
        folder = (self._cache or default_cache()) / host / hashlib.sha256(address.encode()).hexdigest()[:16]
        path = folder / name
        if not path.is_file():
            content, _ = fetched(address, most)
            try:
                folder.mkdir(parents=True, exist_ok=True)
                part = folder / f"{name}.{os.getpid()}.part"
                part.write_bytes(content)
                part.replace(path)
            except OSError as error:
                raise ContractError(str(path), f"cannot be kept ({error.strerror})") from None
        self.know(path, address)
        return path


def default_cache() -> Path:
    """Return the folder for what is fetched: XDG_CACHE_HOME or ~/.cache (XDG Base Directory Specification 0.8)."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "apitwin" / "references"
