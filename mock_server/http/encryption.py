"""TLS on one connection, as bytes in and bytes out: no socket is touched, so no client can make anything wait."""

from __future__ import annotations

import contextlib
import ssl

from apitwin.mock_server.http.bodies import Malformed

HANDSHAKE = b"\x16"
"""The first byte of every TLS connection (RFC 8446 section 5.1, and the versions before it)."""
NO_PLAIN_HTTP = "This twin speaks HTTPS on this port, and that was plain HTTP."
PIECE = 65_536


class Encryption:
    """What stands between a connection and its bytes. greeted: whether the handshake is done."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.greeted = self._is_tls = False

    def decrypted(self, data: bytes) -> bytes | None:
        """Take what came; return what it says, None at the end. What is to be sent for that is in `pending`.

        Raises Malformed for plain HTTP, which is answered in plain HTTP, and ssl.SSLError for broken encryption.
        """
        if not self._is_tls and data[:1] != HANDSHAKE:
            raise Malformed(NO_PLAIN_HTTP)
        self._is_tls = True
        self._incoming.write(data)
        said = bytearray()
        with contextlib.suppress(ssl.SSLWantReadError):
            if not self.greeted:
                self._session.do_handshake()
                self.greeted = True
            while piece := self._read():
                said += piece
            return bytes(said) or None
        return bytes(said)

    def _read(self) -> bytes:
        try:
            return self._session.read(PIECE)
        except ssl.SSLZeroReturnError:  # the client has said that it sends nothing more
            return b""

    def encrypted(self, data: bytes) -> bytes:
        """Return bytes as they are sent; as they are before the handshake, for who speaks plain HTTP."""
        if not self.greeted:
            return data
        self._session.write(data)
        return self.pending()

    def pending(self) -> bytes:
        """Return what TLS itself has to say."""
        return self._outgoing.read()

    def farewell(self) -> bytes:
        """Return what says that nothing more comes (RFC 8446 section 6.1)."""
        if self.greeted:
            with contextlib.suppress(ssl.SSLError):
                self._session.unwrap()
        return self.pending()
