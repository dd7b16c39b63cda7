"""Stored files on the wire: fetched and sent at the addresses that a twin hands out, without a token.

Source of the statuses and the XML: Amazon S3, presigned URLs and browser-based uploads with POST.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

import flask

from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.blobs import PREFIX, Blob, Storage

BINARY = "application/octet-stream"
XML = "application/xml"


def answer(storage: Storage, request: flask.Request) -> Answer:
    """Answer a request for a stored file: GET fetches it, POST takes one in."""
    if request.method in ("GET", "HEAD"):
        query = request.query_string.decode("utf-8", "replace")  # Flask's own fails where a byte is no UTF-8
        signature = dict(parse_qsl(query, keep_blank_values=True, errors="replace")).get("signature", "")
        return fetch(storage, request.path.removeprefix(PREFIX), signature)
    if request.method == "POST":
        return receive(storage, request.form, _sent(request))
    return _error(405, "MethodNotAllowed", "A stored file is fetched with GET and sent with POST.")


def fetch(storage: Storage, key: str, signature: str) -> Answer:
    """Answer a GET of an address that `Storage.download` gave."""
    if not storage.is_signed(signature, "GET", key):
        return _error(403, "AccessDenied", "The signature is not that of this address.")
    blob = storage.get(key)
    if blob is None:
        return _error(404, "NoSuchKey", "The specified key does not exist.")
    disposition = f"attachment; filename*=UTF-8''{quote(blob.filename, safe='')}"
    return Answer(200, blob.content, blob.content_type, (("Content-Disposition", disposition),))


def receive(storage: Storage, fields: Mapping[str, str], blob: Blob | None) -> Answer:
    """Answer a POST to where `Storage.upload` pointed: 204, as S3 gives. blob: the file of the form, None without."""
    key, most = fields.get("key", ""), fields.get("most", "")
    largest = int(most) if most.isascii() and most.isdigit() and len(most) < 19 else -1
    if not storage.is_signed(fields.get("signature", ""), "POST", key, largest):
        return _error(403, "AccessDenied", "The fields are not those that were handed out.")
    if blob is None:
        return _error(400, "InvalidArgument", "POST requires exactly one file upload per request.")
    if len(blob.content) > largest:
        return _error(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    storage.put(key, blob)
    return Answer(204)


def _sent(request: flask.Request) -> Blob | None:
    """Return the file of a form; nothing is left open, for a large one is in a temporary file."""
    file = request.files.get("file")
    blob = None if file is None else Blob(file.read(), file.filename or "file", file.mimetype or BINARY)
    for sent in request.files.values():
        sent.close()
    return blob


def _error(status: int, code: str, message: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return Answer(status, body.encode(), XML)
