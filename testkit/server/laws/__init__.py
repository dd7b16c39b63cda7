"""The laws: named, documented, registered. A law is a function of a `Probe` that returns when the law was seen to hold.

Adding one is a function with `@law` in the module of its topic, and a sabotage in `tests/sabotage/` that it catches;
`python -m tests.laws_page` then writes `docs/laws.md`. A new module also needs its name in `MODULES`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from apitwin.contracts.model import Contract, Operation
from apitwin.testkit.server.applicability import Condition, paginated
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.subjects import Subject
from apitwin.testkit.transport.target import Target

MODULES = (
    "pagination",
    "limits",
    "limit_offset",
    "page_number",
    "cursor",
    "start_index",
    "links",
    "order",
    "selection",
    "auth",
    "shape",
    "state",
)

TOPICS_OF_LISTS = ("pagination", "links", "order", "selection")
"""Topics whose laws claim something of the items of a list."""

Examine = Callable[[Probe], None]


@dataclass(frozen=True)
class Law:
    """A named claim about a server. applicability: the conditions under which it says something.

    prefers: the subjects to ask about, if there are any such. writes: whether it changes what it looks at.
    """

    name: str
    topic: str
    claim: str
    examine: Examine
    applicability: tuple[Condition, ...]
    prefers: Callable[[Subject, Operation], bool] | None
    writes: bool

    @property
    def needs_a_list(self) -> bool:
        """Whether what it claims is of the items of a list: an empty one does as any law of lists says."""
        return paginated in self.applicability and self.topic in TOPICS_OF_LISTS

    def inapplicable(self, operation: Operation, target: Target, contract: Contract) -> str | None:
        """Return the first reason why this law says nothing here, or None."""
        reasons = (condition(operation, target, contract) for condition in self.applicability)
        return next((reason for reason in reasons if reason), None)


_LAWS: dict[str, Law] = {}


def law(
    name: str,
    topic: str,
    *applicability: Condition,
    prefers: Callable[[Subject, Operation], bool] | None = None,
    writes: bool = False,
) -> Callable[[Examine], Examine]:
    """Register a function as a law; the first paragraph of its docstring is the claim.

    Raises TypeError when the name is taken or there is no docstring.
    """

    def register(examine: Examine) -> Examine:
        if name in _LAWS:
            taken_by = _LAWS[name].examine
            raise TypeError(f"the law {name!r} is already {taken_by.__module__}.{taken_by.__name__}")
        if not examine.__doc__:
            raise TypeError(f"the law {name!r} has no docstring, and so no claim")
        claim = " ".join(examine.__doc__.split("\n\n")[0].split())
        _LAWS[name] = Law(name, topic, claim, examine, applicability, prefers, writes)
        return examine

    return register


def registered() -> tuple[Law, ...]:
    """Return every law, in the order of the modules."""
    for module in MODULES:
        importlib.import_module(f"apitwin.testkit.server.laws.{module}")
    return tuple(_LAWS.values())
