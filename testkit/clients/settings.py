"""What a user asks for when a client is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from apitwin.contracts import DEFAULT
from apitwin.testkit.errors import UsageError

if TYPE_CHECKING:
    from apitwin.testkit.transport.twins import Extension

PAGE_MAXIMUMS = (7, 25, 50, 100)
"""Page maximums that a server may have: the usual one, and smaller ones that nobody announced. The smallest come first:
the smaller its pages, the plainer a report."""


@dataclass(frozen=True)
class Settings:
    """See `check_client`; command: the command that is judged, an empty text for a function.

    Raises UsageError, naming the setting, for a value that it cannot have.
    """

    contract: str = DEFAULT
    operation: str | None = None
    world: str | None = None
    overlay: str | None = None
    root: str | None = None
    extension: Extension | str | None = None
    laws: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    harsh: bool = False
    examples: int = 12
    random_seed: int = 0
    seconds: float = 10.0
    page_maximums: tuple[int, ...] = PAGE_MAXIMUMS
    command: str = ""
    deadline: float | None = None
    debug: Callable[[BaseException], None] | None = None

    def __post_init__(self) -> None:
        _require(_is_whole(self.examples, 1), "examples", self.examples, "a whole number, 1 or more")
        _require(_is_whole(self.random_seed, 0), "random_seed", self.random_seed, "a whole number, 0 or more")
        _require(_is_number(self.seconds), "seconds", self.seconds, "a number above 0")
        _require(self.deadline is None or _is_number(self.deadline), "deadline", self.deadline, "a number above 0")
        _require(bool(self.page_maximums), "page_maximums", self.page_maximums, "one page size or more")
        for page_maximum in self.page_maximums:
            _require(_is_whole(page_maximum, 1), "page_maximums", page_maximum, "whole numbers, 1 or more")


def _require(holds: bool, name: str, value: object, expected: str) -> None:
    if not holds:
        raise UsageError(f"{name}: found {value!r}; expected {expected}")


def _is_whole(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf")


def names(name: str, value: object) -> tuple[str, ...]:
    """Return several names; a single name will do as well. Raises UsageError, naming the setting, for anything else."""
    listed = (value,) if isinstance(value, str) else value
    several = tuple(listed) if isinstance(listed, Iterable) else (listed,)
    if not all(isinstance(single, str) for single in several):
        raise UsageError(f"{name}: found {value!r}; expected names, such as ['reads-everything']")
    return several
