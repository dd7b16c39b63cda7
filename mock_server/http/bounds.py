"""How large the bodies of requests may be."""

from __future__ import annotations

from apitwin.mock_server.world import blobs

LARGEST_BODY = 2_621_440
"""Bytes in the body of a request to the API: Django's DATA_UPLOAD_MAX_MEMORY_SIZE (assumed)."""
LARGEST_UPLOAD = 256 * 1024 * 1024
"""Bytes in a file sent to the storage; a smaller bound is in the fields of each upload."""


def largest_body(target: str | bytes) -> int:
    """Return how many bytes the body of a request for a target may have."""
    path = target.decode("latin-1") if isinstance(target, bytes) else target
    return LARGEST_UPLOAD if path.startswith(blobs.PREFIX) else LARGEST_BODY
