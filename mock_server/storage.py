"""The bytes behind a twin's files: what an API keeps elsewhere, behind addresses that carry their own right.

An API of this kind does not send files itself. It hands out an address to fetch a file from, or an address and form
fields to send one to, and either opens without a token. Source: Amazon S3, presigned URLs and browser-based uploads
with POST (assumed as far as VIKTOR goes: recorded answers show the addresses and the names of the fields).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mock_server.answers import Answer

PREFIX = "/__twin__/storage/"
"""Where the addresses lie: under the one prefix that the imitated API cannot own."""
XML = "application/xml"


@dataclass(frozen=True)
class Blob:
    """One stored file. filename: what a browser would save it as."""

    content: bytes
    filename: str
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Upload:
    """Where to send a file, and the form fields to send before it."""

    url: str
    fields: Mapping[str, str]


class Storage:
    """Blobs by key. The state is one immutable mapping, swapped as a whole, as that of a table is."""

    def __init__(self, writing: AbstractContextManager[Any] | None = None) -> None:
        """writing: the lock of the world that the storage is in; one of its own where it is in none."""
        self.state: Mapping[str, Blob] = {}
        self._secret = secrets.token_bytes(16)
        self._writing = writing if writing is not None else threading.RLock()

    def get(self, key: str) -> Blob | None:
        """Return what is stored under a key, or None."""
        return self.state.get(key)

    def put(self, key: str, blob: Blob) -> None:
        """Store a blob, in place of what was there."""
        with self._writing:
            self.state = {**self.state, key: blob}

    def download(self, origin: str, key: str) -> str:
        """Return the address that a file can be fetched from. origin: scheme and host of the twin."""
        return f"{origin}{PREFIX}{quote(key)}?signature={self._signature('GET', key, 0)}"

    def upload(self, origin: str, key: str, most: int) -> Upload:
        """Return where a file can be sent to. most: its largest size in bytes."""
        fields = {"key": key, "most": str(most), "signature": self._signature("POST", key, most)}
        return Upload(f"{origin}{PREFIX}", fields)

    def _signature(self, method: str, key: str, most: int) -> str:
        said = f"{method} {most} {key}".encode("utf-8", "replace")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()[:32]

    def fetched(self, key: str, signature: str) -> Answer:
        """Answer a GET of an address that `download` gave."""
        if not self._signed(signature, "GET", key, 0):
            return _error(403, "AccessDenied", "The signature is not that of this address.")
        blob = self.get(key)
        if blob is None:
            return _error(404, "NoSuchKey", "The specified key does not exist.")
        disposition = f"attachment; filename*=UTF-8''{quote(blob.filename, safe='')}"
        return Answer(200, blob.content, blob.content_type, (("Content-Disposition", disposition),))

    def received(self, fields: Mapping[str, str], blob: Blob | None) -> Answer:
        """Answer a POST to where `upload` pointed: 204, as S3 gives. blob: the file of the form, None without one."""
        key, most = fields.get("key", ""), fields.get("most", "")
        number = int(most) if most.isascii() and most.isdigit() and len(most) < 19 else -1
        if not self._signed(fields.get("signature", ""), "POST", key, number):
            return _error(403, "AccessDenied", "The fields are not those that were handed out.")
        if blob is None:
            return _error(400, "InvalidArgument", "POST requires exactly one file upload per request.")
        if len(blob.content) > number:
            return _error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
        self.put(key, blob)
        return Answer(204)

    def _signed(self, signature: str, method: str, key: str, most: int) -> bool:
        return hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(method, key, most).encode())


def _error(status: int, code: str, message: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, body.encode(), XML)
