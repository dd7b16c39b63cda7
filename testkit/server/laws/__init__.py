"""The laws: named, documented, registered. A law is a function of a `Probe` that returns when the law was seen to hold.

Adding one is a function with `@law` in the module of its topic, a heading in `docs/laws.md`, and a sabotage that it
catches. `registered()` imports the modules; nothing else needs to know them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from apitwin.contracts.model import Contract, Operation
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.subjects import Subject
from apitwin.testkit.transport.target import Target

MODULES = ("pagination", "limits", "links", "order", "selection", "auth", "shape", "state")

Need = Callable[[Operation, Target, Contract], str | None]
"""Why a law says nothing about an operation on a target, or None where it does."""
Examine = Callable[[Probe], None]


@dataclass(frozen=True)
class Law:
    """A named claim about a server. prefers: the subjects to ask about, if there are any such.

    writes: whether it changes what it looks at.
    """

    name: str
    topic: str
    claim: str
    examine: Examine
    needs: tuple[Need, ...]
    prefers: Callable[[Subject, Operation], bool] | None
    writes: bool

    def unmet(self, operation: Operation, target: Target, contract: Contract) -> str | None:
        """Return the first reason why this law says nothing here, or None."""
        return next((reason for need in self.needs if (reason := need(operation, target, contract))), None)


_LAWS: dict[str, Law] = {}


def law(
    name: str,
    topic: str,
    *needs: Need,
    prefers: Callable[[Subject, Operation], bool] | None = None,
    writes: bool = False,
) -> Callable[[Examine], Examine]:
    """Register a function as a law; the first paragraph of its docstring is the claim.

    Raises TypeError when the name is taken or there is no docstring.
    """

    def register(examine: Examine) -> Examine:
        if name in _LAWS:
            raise TypeError(
                f"the law {name!r} is already {_LAWS[name].examine.__module__}.{_LAWS[name].examine.__name__}"
            )
        if not examine.__doc__:
            raise TypeError(f"the law {name!r} has no docstring, and so no claim")
        claim = " ".join(examine.__doc__.split("\n\n")[0].split())
        _LAWS[name] = Law(name, topic, claim, examine, needs, prefers, writes)
        return examine

    return register


def registered() -> tuple[Law, ...]:
    """Return every law, in the order of the modules."""
    for module in MODULES:
        importlib.import_module(f"apitwin.testkit.server.laws.{module}")
    return tuple(_LAWS.values())
