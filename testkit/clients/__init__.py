"""Checks of a client: does its paging loop survive what a real server does? `check_client` judges a function.

Nothing is imported before it is used: a project that only installs this pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from testkit.clients.judge import Report


def __getattr__(name: str) -> Any:
    if name == "ClientBroken":
        from testkit.clients.judge import ClientBroken

        return ClientBroken
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


FetchAll = Callable[[str, str], Iterable[Any]]
"""What is judged: (base URL, token) -> everything there is, as items or as their ids."""


def check_client(
    fetch_all: FetchAll,
    operation: str | None = None,
    *,
    contract: str | None = None,
    seed: str | None = None,
    laws: Iterable[str] = (),
    without: Iterable[str] = (),
    harsh: bool = False,
    examples: int = 12,
    draws: int = 0,
    seconds: float = 10.0,
    caps: Iterable[int] = (),
) -> Report:
    """Judge a client's function that fetches everything; return the report, or raise ClientBroken with its stories.

    fetch_all: called with the twin's address and a token; returns or yields the items, or their ids. operation: the
    list that it reads; without one, the one that it asked for when it was tried. contract, seed: of the twin, the first
    bundled one if none is named. laws: only these. without: all but these. harsh: ask also what a server may do and
    seldom does. examples: scenarios for each law. draws: another number draws others. seconds: how long a call may
    take. caps: items a page of the server, at most, where other sizes shall be tried than usual. Raises UsageError for
    a wrong word, and where the client fails in a world without any misdeed.
    """
    __tracebackhide__ = True
    from contracts import bundled
    from testkit.clients.client import FunctionClient
    from testkit.clients.judge import ClientBroken, judged
    from testkit.clients.settings import CAPS, Settings, names

    chosen = Settings(
        contract=contract or bundled()[0],
        operation=operation,
        seed=seed,
        laws=names("laws", laws),
        without=names("without", without),
        harsh=harsh,
        examples=examples,
        draws=draws,
        seconds=seconds,
        caps=tuple(sorted(caps)) or CAPS,
    )
    report = judged(FunctionClient(fetch_all, seconds), chosen)
    if report.broken:
        raise ClientBroken(report)
    return report
