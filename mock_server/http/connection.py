"""One connection to a twin."""

from __future__ import annotations

import contextlib

from cheroot.server import HTTPConnection


class Connection(HTTPConnection):
    """cheroot's connection, which in the end forgets what a client did not wait for.

    Otherwise that is tried once more when memory is cleared up, and Python 3.13 prints how it fails.
    """

    def close(self) -> None:
        """Close the connection."""
        super().close()
        with contextlib.suppress(OSError, ValueError):
            self.wfile.close()
