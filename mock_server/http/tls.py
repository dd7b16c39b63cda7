"""HTTPS for a twin: a throw-away certificate authority, and connections that no client can disturb for the others.

Some clients speak only HTTPS, whatever address they are given. They believe this twin once they trust its authority,
which is made anew for each twin and whose private key is in no file that stays.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import ipaddress
import logging
import re
import socket
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cheroot.makefile import MakeFile
from cheroot.server import HTTPServer
from cheroot.ssl import Adapter

from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.http.bodies import Malformed
from apitwin.mock_server.http.connection import Connection

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""The names of a twin that listens on this machine only."""
VALID = datetime.timedelta(days=365)
"""How long a certificate is good for; some clients refuse one that is good for much longer than a year."""
CLOCKS_DIFFER = datetime.timedelta(days=1)
MARK = b"# The certificate authority of an apitwin. Each start makes another one.\n"
"""The first line of every file that is written here. What stands before a certificate is no part of it (RFC 7468)."""

HANDSHAKE = b"\x16"
"""The first byte of every TLS connection (RFC 8446 section 5.1, and the versions before it)."""
NO_PLAIN_HTTP = "This twin speaks HTTPS on this port, and that was plain HTTP."


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
    context.sslsocket_class = _Socket
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


def secure(server: HTTPServer, context: ssl.SSLContext) -> None:
    """Make a server that was not started yet speak HTTPS."""
    server.ssl_adapter = _Adapter(context)
    server.ConnectionClass = _Connection


class _Adapter(Adapter):
    """Wraps a connection without a handshake: cheroot's own makes it in the one thread that accepts.

    There, a client that connects and says nothing would keep all others waiting.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: socket.socket) -> socket.socket:
        return sock

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        try:
            return self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False), self.get_environ()
        except OSError as error:
            sock.close()
            raise _lost(error) from None

    def get_environ(self) -> dict[str, str]:
        return {"HTTPS": "on"}

    def makefile(self, sock: socket.socket, mode: str = "r", bufsize: int = -1) -> Any:
        return MakeFile(sock, mode, bufsize)


class _Connection(Connection):
    """A connection that begins with a handshake, a step whenever the client has said its part."""

    greeted = False
    speaks_tls = False

    def begin(self) -> bool:
        """Shake hands as far as that goes. Returns whether it is done; clients give up half-way, which is no error.

        Raises Malformed for plain HTTP, which is answered in plain HTTP, and ConnectionResetError.
        """
        if self.greeted:
            return True
        try:
            # The methods of socket, not those of SSLSocket, see what really came.
            if not self.speaks_tls:
                first = socket.socket.recv(self.socket, 1, socket.MSG_PEEK)
                if first not in (b"", HANDSHAKE):
                    raise Malformed(NO_PLAIN_HTTP)
                self.speaks_tls = bool(first)
            if self.speaks_tls:
                self.socket.do_handshake()
                self.greeted = True
                return True
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        except OSError as error:  # every error of TLS is one
            self.server.error_log(f"{self.remote_addr}: no TLS connection ({error})", level=logging.INFO)
        raise ConnectionResetError

    def receive(self, most: int) -> bytes:
        """Return what came, as it was before it was encrypted."""
        try:
            return super().receive(most)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise BlockingIOError from None

    def say(self, text: bytes) -> None:
        """Send a few bytes; before the handshake as they are."""
        if self.greeted:
            with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
                super().say(text)
        elif not self.speaks_tls:
            with contextlib.suppress(BlockingIOError):
                socket.socket.send(self.socket, text)


class _Socket(ssl.SSLSocket):
    """A socket on which broken encryption is a lost connection, which cheroot takes without a word.

    It would print all else with a traceback.
    """

    def getpeername(self) -> Any:
        try:
            return super().getpeername()
        except OSError as error:  # the client is gone already
            self.close()  # wrapping asks this first, and would leave the socket open
            raise _lost(error) from None

    def send(self, data: Any, flags: int = 0) -> int:
        try:
            return super().send(data, flags)
        except (ssl.SSLError, TimeoutError) as error:
            raise _lost(error) from error


def _lost(error: OSError) -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, str(error))
