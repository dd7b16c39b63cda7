"""Checks of a client: does its paging loop survive what a real server does? `check_client` judges a function.

Nothing is imported before it is used: a project that only installs this pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apitwin.testkit.clients.judge import Report
    from apitwin.testkit.transport.twins import Extension


def __getattr__(name: str) -> Any:
    if name == "ClientBroken":
        from apitwin.testkit.clients.judge import ClientBroken

        return ClientBroken
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


FetchAll = Callable[[str, str], Iterable[Any]]
"""What is judged: (base URL, token) -> everything there is, as items or as their ids."""


def check_client(
    fetch_all: FetchAll,
    operation: str | None = None,
    *,
    contract: str | None = None,
    world: str | None = None,
    extension: Extension | str | None = None,
    laws: Iterable[str] = (),
    without: Iterable[str] = (),
    harsh: bool = False,
    examples: int = 12,
    random_seed: int = 0,
    seconds: float = 10.0,
    page_maximums: Iterable[int] = (),
    overlay: str | None = None,
    root: str | None = None,
) -> Report:
    """Judge a client's function that fetches everything; return the report, or raise ClientBroken with what it broke.

    fetch_all: called with the twin's address and a token; returns or yields the items, or their ids. operation: the
    list that it reads; if it is left out, the list that the client asks for when it is tried. contract, world,
    extension: those of the twin; the first bundled contract if none is named. laws: only these. without: all but
    these. harsh: also judge by what a server may do and seldom does. examples: scenarios for each law. random_seed:
    another number draws other scenarios. seconds: how long a call may take. page_maximums: the most items on a page
    of the server, where other sizes than the usual ones are to be tried. overlay, root: of the contract, as `load`
    takes them. Raises UsageError for a wrong argument, and where the client fails on a server without faults.
    """
    __tracebackhide__ = True
    from apitwin.contracts import bundled
    from apitwin.testkit.clients.client import FunctionClient
    from apitwin.testkit.clients.judge import ClientBroken, judged
    from apitwin.testkit.clients.settings import PAGE_MAXIMUMS, Settings, names

    chosen = Settings(
        contract=contract or bundled()[0],
        operation=operation,
        world=world,
        extension=extension,
        laws=names("laws", laws),
        without=names("without", without),
        harsh=harsh,
        examples=examples,
        random_seed=random_seed,
        seconds=seconds,
        page_maximums=tuple(sorted(page_maximums)) or PAGE_MAXIMUMS,
        overlay=overlay,
        root=root,
    )
    report = judged(FunctionClient(fetch_all, seconds), chosen)
    if report.broken:
        raise ClientBroken(report)
    return report
