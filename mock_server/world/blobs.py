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

PREFIX = "/__twin__/storage/"
"""Where the addresses lie: under the one prefix that the imitated API cannot own."""


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

    def is_signed(self, signature: str, method: str, key: str, most: int = 0) -> bool:
        """Return whether a signature is the one that was handed out for a method, a key and a largest size."""
        return hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(method, key, most).encode())
