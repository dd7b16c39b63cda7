"""The laws of a client: what its paging loop must do with what a server may do. Sources: docs/client-laws.md.

A law draws scenarios, from the plainest on, and says of what a client did in one whether that will do. Adding one is a
function with `@law` in the module of its topic, and a client in the tests' zoo that it catches. A new module also needs
its name in `MODULES`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.clients.harness import ClientRun
from apitwin.testkit.clients.scenario import Scenario
from apitwin.testkit.clients.settings import PAGE_MAXIMUMS

Draw = Callable[[strategies.SearchStrategy[Any]], Any]

MODULES = ("reading", "failing", "secrets", "harsh")
USUAL_LIMIT = 100
"""What most clients ask for."""
USUAL, HARSH, SLOW = "usual", "harsh", "slow"
KINDS = {
    USUAL: "What servers do",
    HARSH: "What servers may do, and seldom do",
    SLOW: "What takes as long as the client waits",
}
"""The kinds of laws. Harsh laws judge only where that is wanted, slow laws only where they are named."""


@dataclass(frozen=True)
class Setting:
    """What a law may draw from.

    elsewhere: the address of a host that is not to be trusted. seconds: for one call. page_maximums: the most items
    on a page, the smallest first; reads_alone: the client asks for each item by itself, too.
    """

    operation: Operation
    elsewhere: str
    seconds: float
    page_maximums: tuple[int, ...] = PAGE_MAXIMUMS
    reads_alone: bool = False

    @property
    def small_page_maximums(self) -> tuple[int, ...]:
        """The page maximums below what clients ask for, all of them where none is below."""
        return tuple(maximum for maximum in self.page_maximums if maximum < USUAL_LIMIT) or self.page_maximums


@dataclass(frozen=True)
class Problem:
    """Why a client broke a law: what it did, what was expected, what was found.

    lost: whether the problem is that items are missing or too many; it then counts only where the client reads the
    same list rightly without a fault.
    """

    says: str
    expected: str
    found: str
    lost: bool = False


Judge = Callable[[ClientRun, Operation], "Problem | None"]


@dataclass(frozen=True)
class ClientLaw:
    """A named claim about a client. kind: one of `KINDS`; examples: scenarios, None for as many as are asked for."""

    name: str
    claim: str
    draw: Callable[[Draw, Setting], Scenario]
    judge: Judge
    kind: str = USUAL
    examples: int | None = None


_LAWS: dict[str, ClientLaw] = {}


def registered() -> tuple[ClientLaw, ...]:
    """Return every law of a client, in the order of the modules."""
    for module in MODULES:
        importlib.import_module(f"apitwin.testkit.clients.laws.{module}")
    return tuple(_LAWS.values())


def law(
    name: str,
    draw: Callable[[Draw, Setting], Scenario],
    kind: str = USUAL,
    examples: int | None = None,
) -> Callable[[Judge], Judge]:
    """Register a function as the judge of a law; its docstring is the claim.

    Raises TypeError when the name is taken or there is no docstring.
    """

    def register(judge: Judge) -> Judge:
        if name in _LAWS:
            taken_by = _LAWS[name].judge
            raise TypeError(f"the law {name!r} is already {taken_by.__module__}.{taken_by.__name__}")
        if not judge.__doc__:
            raise TypeError(f"the law {name!r} has no docstring, and so no claim")
        _LAWS[name] = ClientLaw(name, " ".join(judge.__doc__.split()), draw, judge, kind, examples)
        return judge

    return register
