"""HTTPS for a twin: a throw-away certificate authority, and the files that clients trust it by.

Some clients speak only HTTPS, whatever address they are given. They believe this twin once they trust its authority,
which is made anew for each twin and whose private key is in no file that stays.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import re
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apitwin.mock_server.errors import TwinError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""The names of a twin that listens on this machine only."""
VALID = datetime.timedelta(days=365)
"""How long a certificate is good for; some clients refuse one that is good for much longer than a year."""
CLOCKS_DIFFER = datetime.timedelta(days=1)
MARK = b"# The certificate authority of an apitwin. Each start makes another one.\n"
"""The first line of every file that is written here. What stands before a certificate is no part of it (RFC 7468)."""


@dataclass(frozen=True)
class Tls:
    """What a twin needs to speak HTTPS. authority: the certificate to trust, PEM; context: holds the private key."""

    authority: bytes
    context: ssl.SSLContext


def certified(host: str = "127.0.0.1") -> Tls:
    """Return a new certificate for localhost, 127.0.0.1, ::1 and the host, by a new authority.

    host: what the twin listens on. Raises TwinError when the system has no place for a temporary file: Python reads
    a private key from a file only, so it is in one, readable by this user alone, for as long as that takes.
    """
    import trustme  # heavy, and nobody without TLS should wait for it

    authority = trustme.CA(organization_name="apitwin")
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = authority.issue_cert(
        *dict.fromkeys((*LOOPBACK, *_name(host))),
        organization_name="apitwin",
        not_before=now - CLOCKS_DIFFER,
        not_after=now + VALID,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        certificate.configure_cert(context)
    except OSError as error:
        raise TwinError(f"no temporary file can be written ({error.strerror}); TMPDIR chooses another folder") from None
    return Tls(authority.cert_pem.bytes(), context)


def _name(host: str) -> tuple[str, ...]:
    """Return a host as a certificate names it, nothing where it cannot: such a host is refused elsewhere."""
    try:
        return (str(ipaddress.ip_address(host.partition("%")[0])),)
    except ValueError:
        return (host.lower(),) if re.fullmatch(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*", host) else ()


@contextlib.contextmanager
def authority_file(tls: Tls, chosen: Path | None = None) -> Iterator[Path]:
    """Yield the absolute path of a file with the authority's certificate, for clients to trust.

    chosen: the file to write, which stays; without it, one in a new temporary folder, which is removed at the end.
    Raises TwinError when it cannot be written, or when it holds anything but the authority of an earlier twin:
    a list of authorities, which it may be taken for, must not be lost.
    """
    with contextlib.ExitStack() as stack:
        path = chosen
        try:
            if path is None:
                path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="apitwin-"))) / "ca.pem"
            _write(path, tls.authority)
        except OSError as error:
            place = "a temporary folder" if chosen is None else f"--ca-file {chosen}"
            raise TwinError(f"{place}: cannot be written ({error.strerror})") from None
        yield path.absolute()


def _write(path: Path, authority: bytes) -> None:
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(MARK)) not in (b"", MARK):
                problem = "is there already, and not from an earlier twin; it names the file to write, so name another"
                raise TwinError(f"--ca-file {path}: {problem}")
    path.write_bytes(MARK + authority)
