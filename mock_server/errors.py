"""The one family of errors that `mock_server` raises; what a twin answers to a client is never an exception."""

from __future__ import annotations

from operator import methodcaller

from apitwin.contracts.errors import bounded_line


class TwinError(Exception):
    """A twin cannot be made or run: a world file that does not fit its contract, a port in use. One line says which."""

    def __init__(self, problem: str) -> None:
        super().__init__(bounded_line(problem))


HIDDEN = methodcaller("errisinstance", TwinError)
"""What a module that tests call says to pytest as `__tracebackhide__`: to show the line of the test, not its own."""
