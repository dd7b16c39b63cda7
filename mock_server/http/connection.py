"""One connection to a twin: bytes in, whole requests out, and answers back, in the one thread of the loop."""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Literal

from apitwin.mock_server.http import patience
from apitwin.mock_server.http.arrival import Arrival, Whole
from apitwin.mock_server.http.bodies import Malformed
from apitwin.mock_server.http.bounds import largest_body
from apitwin.mock_server.http.encryption import Encryption
from apitwin.mock_server.http.gateway import lost
from apitwin.mock_server.http.loop import Loop

LOGGER = logging.getLogger("apitwin.twin")
MOST_UNSENT = 262_144
"""Bytes that a thread hands over before it waits for them to be sent."""
Stage = Literal["silence", "handshake", "head", "body", "answering", "leaving"]
"""What a connection is waited for."""


class Connection:
    """A client.

    peer: its address; since, deadline: from when and until when it is waited for; has_asked: whether it ever sent a
    whole request.
    """

    def __init__(
        self,
        loop: Loop,
        sock: socket.socket,
        peer: str,
        encryption: Encryption | None,
        respond: Callable[[Connection, Whole], object],
        forget: Callable[[Connection], object],
    ) -> None:
        """respond: answers a request, now or later, by `reply`; forget: is told when the connection is closed."""
        self.loop, self.peer, self.deadline, self.has_asked, self.is_closed = loop, peer, 0.0, False, False
        self._socket, self._encryption = sock, encryption
        self._respond, self._forget = respond, forget
        self._arrival = Arrival(largest_body)
        self._stage: Stage | None = None
        self.since, self._received, self._sent = 0.0, 0, 0.0
        self._watched, self._is_cut = 0, False
        self._unsent = bytearray()
        self._when_sent: list[Callable[[], object]] = []
        self._await()

    @property
    def is_answering(self) -> bool:
        """Whether a request is being answered, or an answer sent."""
        return self._stage == "answering" or bool(self._unsent)

    # What came

    def _ready(self, events: int) -> None:
        if self.is_closed:
            return
        try:
            if events & selectors.EVENT_WRITE:
                self._flush()
            if events & selectors.EVENT_READ and not self.is_closed:
                self._read()
        except (BlockingIOError, InterruptedError):
            return
        except Malformed as problem:
            self.leave(problem.answer())
        except ssl.SSLError as error:
            LOGGER.info("%s: no TLS connection (%s)", self.peer, error)
            self._say_of_tls()
            self.close()
        except OSError:  # the client is gone
            self.close()
        except Exception:  # a mistake of ours, which the loop logs: nobody shall wait for an answer that does not come
            self.close()
            raise

    def _read(self) -> None:
        if self._stage == "answering":  # its next request has time until this one is answered
            return self._watch(self._watched & ~selectors.EVENT_READ)
        data = self._socket.recv(patience.PIECE)
        if self._stage == "leaving":
            return None if data else self.close()
        if data and self._encryption is not None:
            said = self._encryption.decrypted(data)
            self._say_of_tls()
            if said == b"":  # a part of the handshake, or of a record
                return self._await()
            data = said or b""
        if not data:
            return self._end()
        self._received += len(data)
        return self._take(data)

    def _take(self, data: bytes) -> None:
        """Take what was said; answer the request that is now whole, or wait for more of it."""
        whole = self._arrival.take(data)
        if whole is not None:
            self._stage, self.deadline, self.has_asked = "answering", float("inf"), True
            self._is_cut = whole.is_cut
            self._respond(self, whole)
            return
        if self._arrival.has_head and self._arrival.expects_continue:
            self._arrival.expects_continue = False
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._await()

    def _end(self) -> None:
        """Answer who stopped sending: in the middle of a request he is told so, as he may still read."""
        if self._arrival.has_begun:
            raise Malformed("the request ends before its end")
        self._close_when_sent()

    def _await(self) -> None:
        """Wait for more, until the deadline of what is there of a request."""
        arrival = self._arrival
        stage: Stage = "body" if arrival.has_head else "head" if arrival.has_begun else "silence"
        if self._encryption is not None and not self._encryption.greeted:
            stage = "handshake"
        if self._stage != stage:
            self._stage, self.since = stage, time.monotonic()
        allowed = {
            "body": patience.BODY_S + self._received / 2**20,
            "silence": patience.SILENCE_S,
        }.get(stage, patience.HEAD_S)
        self.deadline = self.since + allowed
        self._watch(self._watched | selectors.EVENT_READ)

    # What is answered

    def reply(self, data: bytes, stays: bool) -> None:
        """Send the end of an answer. stays: whether the connection may ask again."""
        try:
            self._send(data)
            if self.is_closed:
                return
            if not stays:
                # What is left unread would take the answer away with it.
                self.leave(b"") if self._arrival.has_begun or self._is_cut else self._close_when_sent()
                return
            self.when_sent(self._await_next)  # who does not read is not answered further
        except OSError:
            self.close()

    def _await_next(self) -> None:
        if self.is_closed:
            return
        self._stage, self._received = None, 0
        if self._arrival.has_begun:  # others have their turn before the next request of this one
            self.loop.call(self._go_on)
        self._await()

    def _go_on(self) -> None:
        if self.is_closed or self._stage in ("answering", "leaving"):
            return
        try:
            self._take(b"")
        except Malformed as problem:
            self.leave(problem.answer())
        except OSError:
            self.close()
        except Exception:  # as in `_ready`
            self.close()
            raise

    def leave(self, text: bytes) -> None:
        """Say the last thing, and read on for a moment."""
        self._arrival.close()
        self._stage, self.deadline = "leaving", time.monotonic() + patience.LEAVING_S
        try:
            self._send(text)
            self.when_sent(self._say_that_this_was_all)
            if not self.is_closed:
                self._watch(self._watched | selectors.EVENT_READ)
        except OSError:
            self.close()

    def drop(self) -> None:
        """Close the connection once all is sent, without a good-bye."""
        self.when_sent(self.close)

    def expire(self) -> None:
        """Let go of a client whose time is over; in the middle of a request he is told so."""
        if self._stage in ("head", "body") and self._arrival.has_begun and not self._unsent:
            self.leave(Malformed(f"the {self._stage} of a request took too long", "408 Request Timeout").answer())
        else:
            self.close()

    def when_sent(self, act: Callable[[], object]) -> None:
        """Do something when all is sent, or will never be."""
        if self._unsent and not self.is_closed:
            self._when_sent.append(act)
        else:
            act()

    def close(self) -> None:
        """Close the connection, whatever it is doing."""
        if self.is_closed:
            return
        self.is_closed = True
        with contextlib.suppress(OSError):
            self._watch(0)
        self._socket.close()
        self._arrival.close()
        self._unsent.clear()
        self._told()
        self._forget(self)

    # The socket

    def _send(self, data: bytes) -> None:
        if data and not self.is_closed:
            self._put(data if self._encryption is None else self._encryption.encrypted(data))

    def send(self, data: bytes) -> None:
        """Send a part of an answer."""
        try:
            self._send(data)
        except OSError:
            self.close()

    def _say_of_tls(self) -> None:
        if self._encryption is not None:
            with contextlib.suppress(OSError):
                self._put(self._encryption.pending())

    def _put(self, data: bytes) -> None:
        if not self._unsent:
            with contextlib.suppress(BlockingIOError, InterruptedError):
                data = data[self._socket.send(data) :]
            if not data:
                return
            self._sent = time.monotonic()
            self._watch(self._watched | selectors.EVENT_WRITE)
        self._unsent += data

    def _flush(self) -> None:
        del self._unsent[: self._socket.send(self._unsent)]
        self._sent = time.monotonic()
        if not self._unsent:
            self._watch(self._watched & ~selectors.EVENT_WRITE)
            self._told()

    def _told(self) -> None:
        acts, self._when_sent = self._when_sent, []
        for act in acts:
            act()

    def is_late(self, now: float) -> bool:
        """Return whether its time is over: to say something, or to read what it was told."""
        return now > (self._sent + patience.SENDING_S if self._unsent else self.deadline)

    def _close_when_sent(self) -> None:
        def close() -> None:
            if self._encryption is not None and not self.is_closed:
                self._put(self._encryption.farewell())
            self.close()

        self.when_sent(close)

    def _say_that_this_was_all(self) -> None:
        with contextlib.suppress(OSError):
            if self._encryption is not None:
                self._put(self._encryption.farewell())
            self._socket.shutdown(socket.SHUT_WR)

    def _watch(self, events: int) -> None:
        if events != self._watched:
            self.loop.watch(self._socket, events, self._ready)
            self._watched = events


class Channel:
    """What a thread answers through: it waits while the client reads too slowly, and is told when he is gone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._handed = 0

    def write(self, data: bytes) -> None:
        """Send bytes. Raises ConnectionResetError where nobody reads them any more."""
        connection = self._connection
        if connection.is_closed:
            raise lost("the client is gone")
        connection.loop.call(partial(connection.send, data))
        self._handed += len(data)
        if self._handed > MOST_UNSENT:
            self._handed = 0
            flushed = threading.Event()
            connection.loop.call(partial(connection.when_sent, flushed.set))
            while not flushed.wait(1) and not connection.is_closed:
                continue

    def finish(self, stays: bool) -> None:
        """Say that this was all. stays: whether the connection may ask again."""
        self._connection.loop.call(partial(self._connection.reply, b"", stays))

    def drop(self) -> None:
        """Close the connection, once what was written is sent."""
        self._connection.loop.call(self._connection.drop)
